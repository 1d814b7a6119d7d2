"""The store's own limit: what one completion of W1 writes, as bare SQL on SQLite, committed durably.

Started by run.py; prints one line of JSON.
"""

import sqlite3
import sys
from functools import partial
from pathlib import Path

from tests.bench.measuring import Watch, sqlite_bytes

TABLES = (
    "CREATE TABLE instance (id INTEGER PRIMARY KEY, tokens BLOB, version INTEGER)",
    "CREATE TABLE scope (instance_id INTEGER, number INTEGER, content TEXT, PRIMARY KEY (instance_id, number))",
    "CREATE TABLE task (instance_id INTEGER, token INTEGER, state TEXT, role TEXT, due TEXT, "
    "PRIMARY KEY (instance_id, token))",
    "CREATE INDEX task_inbox ON task (role, due) WHERE state = 'open'",
    "CREATE TABLE history (id INTEGER PRIMARY KEY, instance_id INTEGER, kind TEXT, at TEXT, detail TEXT)",
)


def main(folder: str, cases: int) -> None:
    """Write as many completions as W1 has in so many cases."""
    database = str(Path(folder) / "bare.sqlite")
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    for table in TABLES:
        connection.execute(table)
    watch, content, detail = Watch(), "x" * 400, "y" * 120
    tokens = bytes(600)
    before = sqlite_bytes(database)

    def complete(case: int, step: int) -> None:
        run = connection.execute
        run("BEGIN IMMEDIATE")
        run("SELECT tokens, version FROM instance WHERE id = ?", (case,)).fetchone()
        run("SELECT * FROM task WHERE instance_id = ? AND token = ?", (case, step)).fetchone()
        run("UPDATE instance SET tokens = ?, version = version + 1 WHERE id = ?", (tokens, case))
        run("INSERT OR REPLACE INTO scope VALUES (?, 0, ?)", (case, content))
        run("UPDATE task SET state = 'done' WHERE instance_id = ? AND token = ?", (case, step))
        run(
            "INSERT INTO task VALUES (?, ?, 'open', 'handler', '2026-11-23T09:00:00')",
            (case, step + 1),
        )
        for kind in ("task.completed", "task.opened"):
            run("INSERT INTO history VALUES (NULL, ?, ?, '2026-11-23T09:00:00', ?)", (case, kind, detail))
        run("COMMIT")

    for case in range(cases):
        connection.execute("INSERT INTO instance VALUES (?, ?, 0)", (case, tokens))
        connection.execute(
            "INSERT INTO task VALUES (?, 0, 'open', 'handler', '2026-11-23T09:00:00')", (case,)
        )
        for step in range(8):
            watch.time(partial(complete, case, step))
    watch.report(cases, sqlite_bytes(database) - before)
    connection.close()


main(sys.argv[1], int(sys.argv[2]))
