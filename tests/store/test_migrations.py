"""Migrations lead to the tables the code speaks of, and back to nothing."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from engine.runtime.clock import MovableClock
from engine.store.database import migrating_engine
from engine.store.migrations import downgrade, is_described, upgrade
from engine.store.store import Store
from engine.store.tables import metadata
from tests.postgres import PostgresServer


def test_a_migrated_database_is_what_the_tables_say(database_url: str) -> None:
    engine = migrating_engine(database_url)

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_described}
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_migrating_sqlite_makes_the_same_schema_as_making_the_tables(sqlite_url: str) -> None:
    made = migrating_engine("sqlite:///" + sqlite_url.removeprefix("sqlite:///") + "-made")
    metadata.create_all(made)
    migrated = migrating_engine(sqlite_url)
    schema = text(
        "SELECT name, sql FROM sqlite_master WHERE name <> 'alembic_version' AND tbl_name <> 'alembic_version'"
    )

    with made.connect() as connection:
        expected = {name: _words(sql) for name, sql in connection.execute(schema)}
    with migrated.connect() as connection:
        actual = {name: _words(sql) for name, sql in connection.execute(schema)}
    made.dispose()
    migrated.dispose()

    assert expected == actual


def test_migrating_postgresql_makes_the_same_indexes_as_making_the_tables(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    name = "made_" + postgres_url.partition("@/")[2].partition("?")[0]
    made = migrating_engine(postgres_server.make_database(name))
    metadata.create_all(made)
    migrated = migrating_engine(postgres_url)
    indexes = text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")

    with made.connect() as connection:
        expected = {name: definition for name, definition in connection.execute(indexes)}
    with migrated.connect() as connection:
        actual = {name: definition for name, definition in connection.execute(indexes)}
    made.dispose()
    migrated.dispose()
    postgres_server.drop_database(name)

    assert expected == {name: definition for name, definition in actual.items() if "alembic" not in name}


def test_sqlite_goes_down_to_nothing_and_up_again(sqlite_url: str) -> None:
    downgrade(sqlite_url, "base")

    assert _tables(sqlite_url) == ["alembic_version"]

    upgrade(sqlite_url)

    assert set(metadata.tables) < set(_tables(sqlite_url))


def test_postgresql_goes_down_to_nothing_and_up_again(postgres_server: PostgresServer) -> None:
    url = postgres_server.make_database("redress_down_and_up")

    upgrade(url)
    downgrade(url, "base")
    left = _tables(url)
    upgrade(url)
    again = _tables(url)
    postgres_server.drop_database("redress_down_and_up")

    assert left == ["alembic_version"]
    assert set(metadata.tables) < set(again)


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    before = _tables(database_url)

    upgrade(database_url)

    assert before == _tables(database_url)


def _tables(url: str) -> list[str]:
    engine = migrating_engine(url)
    names = sorted(inspect(engine).get_table_names())
    engine.dispose()
    return names


def _words(sql: str | None) -> list[str]:
    """The words of a definition, whatever the order of its constraints."""
    return sorted((sql or "").replace(",", " ").split())


def test_a_database_is_current_while_its_tables_are_those_of_the_newest_migration(
    sqlite_url: str, clock: MovableClock
) -> None:
    store = Store(sqlite_url, clock)

    assert store.is_current()
    downgrade(sqlite_url, "base")
    assert not store.is_current()
    store.close()


def test_a_database_on_postgresql_is_current_too(postgres_url: str, clock: MovableClock) -> None:
    store = Store(postgres_url, clock)

    assert store.is_current()
    store.close()
