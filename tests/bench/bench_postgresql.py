"""PostgreSQL's own limit: one update and two inserts a transaction by bare psycopg, from so many connections at once.

Started by run.py; prints one line of JSON. Plain, each statement is a journey to the server; as a pipeline, a
transaction is one.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from threading import local
from typing import Any

from psycopg import Connection

from tests.bench.measuring import Watch
from tests.bench.postgresql import connect, database_bytes

TABLES = (
    "CREATE TABLE instance (id bigint PRIMARY KEY, tokens bytea, version integer)",
    "CREATE TABLE task (instance_id bigint, token integer, state text, role text, due timestamptz, "
    "PRIMARY KEY (instance_id, token))",
    "CREATE TABLE history (id bigserial PRIMARY KEY, instance_id bigint, kind text, at timestamptz, detail text)",
)
STEPS = 8
TOKENS, DETAIL, AT = bytes(600), "y" * 120, "2026-11-23T09:00:00Z"


def write(connection: Connection[Any], case: int, step: int) -> None:
    """What a completion writes at the least: where the instance stands, the next task, a line of history."""
    run = connection.execute
    run("UPDATE instance SET tokens = %s, version = version + 1 WHERE id = %s", (TOKENS, case))
    run("INSERT INTO task VALUES (%s, %s, 'open', 'handler', %s)", (case, step, AT))
    run(
        "INSERT INTO history (instance_id, kind, at, detail) VALUES (%s, 'completed', %s, %s)",
        (case, AT, DETAIL),
    )
    connection.commit()


def main(database_url: str, cases: int, people: int, *, pipeline: bool) -> None:
    """Write as many completions as W1 has in so many cases."""
    with connect(database_url) as connection:
        for table in TABLES:
            connection.execute(table.encode())
        connection.cursor().executemany(
            "INSERT INTO instance VALUES (%s, %s, 0)", [(case, TOKENS) for case in range(cases)]
        )
    mine, opened, watch = local(), [], Watch()

    def sit_down() -> None:
        mine.connection = connect(database_url)
        opened.append(mine.connection)

    def complete(case: int, step: int) -> None:
        with mine.connection.pipeline() if pipeline else nullcontext():
            write(mine.connection, case, step)

    def work_through(case: int) -> None:
        for step in range(STEPS):
            watch.time(partial(complete, case, step))

    before = database_bytes(database_url)
    with ThreadPoolExecutor(people, initializer=sit_down) as pool:
        list(pool.map(lambda _: None, range(people * 4)))
        with watch.whole():
            list(pool.map(work_through, range(cases)))
    for connection in opened:
        connection.close()
    watch.report(cases, database_bytes(database_url) - before)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), pipeline=sys.argv[4] == "pipeline")
