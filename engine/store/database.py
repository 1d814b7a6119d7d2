"""Database engines: how SQLite and PostgreSQL are opened for writing units of work and for reading."""

from typing import Any

from psycopg import IsolationLevel
from psycopg.types.json import set_json_loads
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from engine.store.column_types import from_json_text, to_json_text

BUSY_SECONDS = 5
TURN_SECONDS = 20
"""How long a command waits for the one writer SQLite has. Its driver asks now and then, not in turn, so that among several busy
processes somebody is passed over again and again; five seconds of that were seen."""
KEPT_OPEN, MOST_OPEN = 8, 32
"""Connections a process keeps to PostgreSQL, and how many it may have; to SQLite it keeps all: they cost next to nothing."""
CACHED_KB = 16_000
"""Kilobytes of pages that SQLite's writer remembers: its own 2 MB are too few for thirty commands at once."""


def writing_engine(database_url: str, *, durable: bool = True) -> Engine:
    """Connections for units of work; the driver's transactions are begun and ended by the unit of work alone."""
    url = _url(database_url)
    engine = _create(url)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        _prepare(connection, url, durable=durable)
        if _is_sqlite(url):
            connection.execute(f"PRAGMA cache_size = {-CACHED_KB}")

    return engine


def migrating_engine(database_url: str) -> Engine:
    """Connections for changing the tables, in transactions that SQLAlchemy begins and ends."""
    engine = writing_engine(database_url)
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def reading_engine(database_url: str) -> Engine:
    """Connections that cannot write; each transaction sees one moment of the database."""
    url = _url(database_url)
    engine = _create(url)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        _prepare(connection, url)
        if _is_sqlite(url):
            connection.execute("PRAGMA query_only = ON")
        else:
            connection.read_only = True
            connection.isolation_level = IsolationLevel.REPEATABLE_READ

    _begin_with(engine, "BEGIN")
    return engine


def _begin_with(engine: Engine, text: str) -> None:
    """SQLite's driver is told not to begin transactions by itself, so that nothing begins them late."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "begin")
        def begin(connection: Any) -> None:
            connection.exec_driver_sql(text)


def _create(url: URL) -> Engine:
    more: dict[str, Any] = (
        {"connect_args": {"isolation_level": None, "timeout": TURN_SECONDS, "cached_statements": 512}}
        if _is_sqlite(url)
        else {
            "pool_pre_ping": True,
            "connect_args": {"options": f"-c lock_timeout={BUSY_SECONDS}s -c timezone=UTC"},
        }
    )
    return create_engine(
        url,
        pool_size=MOST_OPEN if _is_sqlite(url) else KEPT_OPEN,
        max_overflow=0 if _is_sqlite(url) else MOST_OPEN - KEPT_OPEN,
        pool_timeout=BUSY_SECONDS,
        json_serializer=to_json_text,
        json_deserializer=from_json_text,
        **more,
    )


def _prepare(connection: Any, url: URL, *, durable: bool = True) -> None:
    if not _is_sqlite(url):
        set_json_loads(from_json_text, connection)
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    # What is deleted is overwritten where that costs no writing of its own; Debian's SQLite else writes every page it frees.
    connection.execute("PRAGMA secure_delete = FAST")


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _url(database_url: str) -> URL:
    url = make_url(database_url)
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    return url
