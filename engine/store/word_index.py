"""The index of words: which complaints that are worked on hold which n-grams, in their text, their number, their customer.

It narrows a search down; whoever asks looks at the texts themselves, and at who may read them. SQLite has it as a table of
its full-text module, PostgreSQL as a column with an inverted index. Archived complaints are not in it, unless they
have got a task again.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import DDL, event, text
from sqlalchemy.sql.expression import ClauseElement

from engine.domain.complaint import Complaint
from engine.store.ngrams import asked_ngrams, ngrams
from engine.store.statements import Prepared, prepare, prepared
from engine.store.tables import metadata
from engine.store.wire import Wire

NAME = "word_index"
DEFINITIONS = {
    "sqlite": (
        "CREATE VIRTUAL TABLE word_index USING fts5(ngrams, detail=none, columnsize=0, "
        "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co Cn'\")",
    ),
    "postgresql": (
        "CREATE TABLE word_index (complaint_id BIGINT NOT NULL, ngrams TSVECTOR NOT NULL, "
        "CONSTRAINT pk_word_index PRIMARY KEY (complaint_id), "
        "CONSTRAINT fk_word_index_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id))",
        # A short list of what is not yet in order, for every search reads it whole.
        "CREATE INDEX ix_word_index_ngrams ON word_index USING gin (ngrams) WITH (gin_pending_list_limit = 256)",
    ),
}
for dialect, definitions in DEFINITIONS.items():
    for definition in definitions:
        made: Any = DDL(definition)  # type: ignore[no-untyped-call]
        event.listen(metadata, "after_create", made.execute_if(dialect=dialect))

STATEMENTS = {
    ("sqlite", "put"): "INSERT OR REPLACE INTO word_index (rowid, ngrams) VALUES (:id, :ngrams)",
    ("sqlite", "drop"): "DELETE FROM word_index WHERE rowid = :id",
    ("sqlite", "ask"): "SELECT rowid FROM word_index WHERE word_index MATCH :ngrams LIMIT :row_limit",
    ("postgresql", "put"): "INSERT INTO word_index VALUES (:id, array_to_tsvector(CAST(:ngrams AS text[]))) "
    "ON CONFLICT (complaint_id) DO UPDATE SET ngrams = excluded.ngrams",
    ("postgresql", "drop"): "DELETE FROM word_index WHERE complaint_id = :id",
    ("postgresql", "ask"): "SELECT complaint_id FROM word_index WHERE ngrams @@ CAST(:ngrams AS tsquery) "
    "LIMIT :row_limit",
}


class WordIndex:
    """The index inside the open transaction."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def changed(self, before: Complaint | None, complaint: Complaint) -> None:
        """Keep the index as the complaint is now; `before` is what it was made from."""
        wanted = _searched(complaint)
        if before is not None and _searched(before) == wanted:
            return
        if wanted is not None:
            self.put(complaint.id, wanted)
        elif before is not None:
            self._wire.write(statement(self._wire.dialect, "drop"), (complaint.id,))

    def put(self, complaint_id: int, texts: Iterable[str | None]) -> None:
        """Have this complaint in the index with these texts."""
        found = ngrams(texts)
        in_its_way = " ".join(found) if self._wire.dialect == "sqlite" else found
        self._wire.write(statement(self._wire.dialect, "put"), (complaint_id, in_its_way))


def texts_of(complaint: Complaint) -> tuple[str | None, ...]:
    """What of a complaint is searched."""
    return complaint.number, complaint.customer_name, complaint.text


def look_up(wire: Wire, typed: str, limit: int) -> list[int] | None:
    """At most so many complaints that may hold what was typed, by id; None if it has no letter to look for."""
    whole, beginnings = asked_ngrams(typed)
    if not whole and not beginnings:
        return None
    if wire.dialect == "sqlite":
        asked = " ".join([f'"{each}"' for each in whole] + [f'"{each}"*' for each in beginnings])
    else:
        asked = " & ".join([f"'{each}'" for each in whole] + [f"'{each}':*" for each in beginnings])
    return [row[0] for row in wire.read(statement(wire.dialect, "ask"), (asked, limit))]


def statement(dialect: str, name: str) -> Prepared:
    """One of the index's statements."""
    key = ("word index", dialect, name)
    made: ClauseElement = text(STATEMENTS[dialect, name])
    return prepared(key) or prepare(key, made, dialect)


def _searched(complaint: Complaint) -> tuple[str | None, ...] | None:
    return texts_of(complaint) if complaint.archived_at is None else None
