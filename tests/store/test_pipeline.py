"""The wire to PostgreSQL: changes wait for the next question, go in one journey, and what was wrong is told in time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from sqlalchemy import (
    BigInteger,
    LargeBinary,
    Text,
    bindparam,
    column,
    func,
    insert,
    select,
    table,
    text,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.sql.expression import ClauseElement

from engine.domain.errors import ChangedMeanwhile, Unavailable
from engine.store.pipeline import Line, Pipeline
from engine.store.statements import Composed, Prepared

NOTE = table("note", column("id", BigInteger), column("said", Text), column("body", LargeBinary))


def prepared(statement: ClauseElement) -> Prepared:
    """The statement as it is sent."""
    return Prepared(statement, "postgresql")


WRITE = prepared(
    insert(NOTE)
    .values(id=bindparam("id"), said=bindparam("said", type_=Text), body=bindparam("body"))
    .inline()
)
CHANGE = prepared(
    update(NOTE)
    .values(said=bindparam("to", type_=Text))
    .where(NOTE.c.id == bindparam("is", type_=BigInteger))
)
READ = prepared(select(NOTE.c.id, NOTE.c.said, NOTE.c.body).order_by(NOTE.c.id))
COUNT = prepared(select(func.count()).select_from(NOTE))
NONSENSE = prepared(text("SELECT nothing FROM nowhere"))


class Counted(Line):
    """A line that counts its journeys."""

    journeys = 0

    def journey(self, statements: Any) -> Any:
        self.journeys += 1
        return super().journey(statements)


@pytest.fixture
def connection(postgres_url: str) -> Iterator[psycopg.Connection[Any]]:
    url = make_url(postgres_url)
    with psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database) as opened:
        opened.execute("CREATE TEMP TABLE note (id BIGINT PRIMARY KEY, said TEXT, body BYTEA)")
        opened.commit()
        yield opened


@pytest.fixture
def line(connection: psycopg.Connection[Any]) -> Counted:
    return Counted(connection)


def test_changes_wait_for_the_next_question_and_go_in_one_journey(line: Counted) -> None:
    wire = Pipeline(line)

    wire.write(WRITE, (1, "one", b"\x00\xff"))
    wire.write_many(WRITE, [(2, None, None), (3, "drei % %s $1", b"")])
    wire.change_many(CHANGE, [("two", 2)])

    assert line.journeys == 0
    assert wire.read(READ) == [(1, "one", b"\x00\xff"), (2, "two", None), (3, "drei % %s $1", b"")]
    assert line.journeys == 1


def test_values_of_every_kind_come_back_as_they_were(line: Counted) -> None:
    sent = [
        Decimal("0.10"),
        2**62,
        -1,
        True,
        "网点",
        datetime(2026, 11, 26, 1, 2, 3, 4, tzinfo=UTC),
        None,
        [1, 2],
    ]
    kinds = "numeric", "bigint", "integer", "boolean", "text", "timestamptz", "text", "bigint[]"
    asked = ", ".join(f"CAST(:v{n} AS {kind})" for n, kind in enumerate(kinds))

    (found,) = Pipeline(line).read(prepared(text(f"SELECT {asked}")), sent)

    assert list(found) == sent


def test_a_percent_sign_of_a_statement_is_one(line: Counted) -> None:
    assert Pipeline(line).read(prepared(text("SELECT '100 %' || CAST(:more AS text)")), ("!",)) == [
        ("100 %!",)
    ]


def test_a_change_that_meets_no_row_is_told_with_the_next_journey(line: Counted) -> None:
    wire = Pipeline(line)
    wire.write(WRITE, (1, "one", None))
    wire.change_many(CHANGE, [("uno", 1), ("due", 2)])

    with pytest.raises(ChangedMeanwhile):
        wire.settle()


def test_a_change_is_counted_where_somebody_wants_to_know(line: Counted) -> None:
    wire = Pipeline(line)
    wire.write(WRITE, (1, "one", None))

    assert [wire.count(CHANGE, ("uno", number)) for number in (1, 2)] == [1, 0]


def test_a_second_row_with_the_key_is_told_as_changed_meanwhile(line: Counted) -> None:
    wire = Pipeline(line)
    wire.write_many(WRITE, [(1, "one", None), (1, "again", None)])

    with pytest.raises(ChangedMeanwhile):
        wire.settle()


def test_what_was_written_in_a_mark_is_taken_back_and_what_was_before_it_is_kept(line: Counted) -> None:
    wire = Pipeline(line)
    wire.write(WRITE, (1, "before", None))
    wire.mark()
    wire.write(WRITE, (2, "inside, read", None))
    wire.read(READ)
    wire.write(WRITE, (1, "inside, never sent: there is one already", None))
    wire.undo_to_mark()

    assert [row[0] for row in wire.read(READ)] == [1]


def test_an_inner_mark_that_was_never_sent_falls_alone(line: Counted) -> None:
    wire = Pipeline(line)
    wire.mark()
    wire.mark()
    wire.write(WRITE, (1, "inner", None))
    wire.undo_to_mark()
    wire.write(WRITE, (2, "outer", None))
    wire.forget_mark()

    assert [row[0] for row in wire.read(READ)] == [2]


def test_an_error_inside_a_mark_is_undone_with_it(line: Counted) -> None:
    wire = Pipeline(line)
    wire.write(WRITE, (1, "before", None))
    wire.mark()
    wire.write(WRITE, (1, "again", None))
    with pytest.raises(ChangedMeanwhile):
        wire.settle()
    wire.undo_to_mark()

    assert [row[1] for row in wire.read(READ)] == ["before"]


def test_an_error_from_before_a_mark_is_told_before_it(line: Counted) -> None:
    wire = Pipeline(line)
    wire.write_many(WRITE, [(1, "one", None), (1, "again", None)])

    with pytest.raises(ChangedMeanwhile):
        wire.mark()


def test_a_statement_the_server_did_not_learn_is_told_to_it_again(
    line: Counted, connection: psycopg.Connection[Any]
) -> None:
    wire = Pipeline(line)
    with pytest.raises(psycopg.errors.UndefinedTable):
        wire.read(NONSENSE)
    connection.rollback()
    # Behind one that fails the server reads nothing, so it does not know this one's name either.
    wire.write_many(WRITE, [(1, "one", None), (1, "again", None)])
    with pytest.raises(ChangedMeanwhile):
        wire.read(READ)
    connection.rollback()

    assert Pipeline(line).read(READ) == []
    connection.execute("CREATE TEMP TABLE nowhere (nothing TEXT)")
    assert Pipeline(line).read(NONSENSE) == []


def test_what_is_foreseen_goes_along_and_is_asked_no_more(line: Counted) -> None:
    wire = Pipeline(line)
    wire.write(WRITE, (1, "one", None))
    wire.foresee(COUNT)

    wire.read(READ)

    assert wire.read(COUNT) == [(1,)]
    assert line.journeys == 1
    assert wire.read(COUNT) == [(1,)]
    assert line.journeys == 2


def test_what_was_foreseen_is_asked_again_after_a_change(line: Counted) -> None:
    wire = Pipeline(line)
    wire.foresee(COUNT)
    wire.read(READ)
    wire.write(WRITE, (1, "one", None))
    changed = wire.read(COUNT)
    wire.mark()
    wire.write(WRITE, (2, "two", None))
    wire.foresee(COUNT)
    wire.read(READ)
    wire.undo_to_mark()

    assert (changed, wire.read(COUNT)) == ([(1,)], [(1,)])


def test_a_transaction_is_kept_on_the_journey_of_its_changes(line: Counted) -> None:
    wire = Pipeline(line)
    wire.write(WRITE, (1, "kept", None))

    wire.finish("COMMIT")

    assert (line.journeys, line.is_idle) == (1, True)
    assert Pipeline(line).read(READ) == [(1, "kept", None)]


def test_nothing_travels_for_a_transaction_that_never_began(line: Counted) -> None:
    Pipeline(line).finish("COMMIT")

    assert line.journeys == 0


def test_a_change_that_meets_no_row_keeps_nothing(line: Counted, connection: psycopg.Connection[Any]) -> None:
    wire = Pipeline(line)
    wire.write(WRITE, (1, "one", None))
    wire.change_many(CHANGE, [("due", 2)])

    with pytest.raises(ChangedMeanwhile):
        wire.finish("COMMIT")
    connection.rollback()
    assert Pipeline(line).read(READ) == []


def test_a_failure_nobody_told_is_told_at_the_end(line: Counted) -> None:
    wire = Pipeline(line)
    wire.write_many(WRITE, [(1, "one", None), (1, "again", None)])
    with pytest.raises(ChangedMeanwhile):
        wire.settle()

    with pytest.raises(Unavailable):
        wire.finish("COMMIT")


def test_names_outlive_a_rollback_of_a_connection_that_others_use_too(
    line: Counted, connection: psycopg.Connection[Any]
) -> None:
    Pipeline(line).read(COUNT)
    for _ in range(10):
        connection.execute("SELECT 1")
    connection.rollback()

    assert Pipeline(line).read(COUNT) == [(0,)]


def test_what_will_not_be_asked_again_has_no_name(line: Counted) -> None:
    wire = Pipeline(line)
    wire.write(WRITE, (1, "one", None))
    once = Composed(select(NOTE.c.id).where(NOTE.c.id.in_([1, 2])), "postgresql")

    assert wire.read(once, once.values({})) == [(1,)]
    (named,) = wire.read(
        prepared(text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%.id IN %'"))
    )
    assert named == (1,), "the question itself alone"


def test_a_value_that_cannot_be_sent_leaves_the_line_as_it_was(line: Counted) -> None:
    wire = Pipeline(line)
    wire.write_many(WRITE, [(1, "one", None), (2, "a null: \0", None)])

    with pytest.raises(psycopg.DataError):
        wire.settle()

    assert line.is_idle
    assert Pipeline(line).read(READ) == []


def test_more_than_the_buffers_hold_goes_both_ways(line: Counted) -> None:
    wire, body = Pipeline(line), bytes(200_000)
    echo = prepared(text("INSERT INTO note (id, body) VALUES (:id, :body) RETURNING body"))

    wire.write_many(echo, [(number, body) for number in range(100)])

    assert sum(len(row[2]) for row in wire.read(READ)) == 100 * len(body)


def test_a_connection_that_dies_on_the_way_is_unavailable(
    line: Counted, connection: psycopg.Connection[Any]
) -> None:
    wire = Pipeline(line)
    wire.write(WRITE, (1, "lost", None))

    with pytest.raises(Unavailable):
        wire.read(prepared(text("SELECT pg_terminate_backend(pg_backend_pid())")))
    with pytest.raises(Unavailable):
        wire.read(READ)
    assert wire.failed is not None
    connection.close()
