"""PostgreSQL for the benchmark: a server as durable as PostgreSQL is by itself, on the core that helps."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from tests import postgres
from tests.bench.cores import HELPING, on_core


@contextmanager
def server() -> Iterator[postgres.PostgresServer]:
    """A running server, gone with its folder at the end."""
    with on_core(HELPING):
        started = postgres.start(durable=True)
    try:
        yield started
    finally:
        postgres.stop(started)


def connect(database_url: str) -> psycopg.Connection[Any]:
    """Psycopg's own connection to a database, by its SQLAlchemy URL."""
    url = make_url(database_url)
    return psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database)


def database_bytes(database_url: str) -> int:
    """How much the database holds on the disk."""
    with connect(database_url) as connection:
        found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert found is not None
    return int(found[0])
