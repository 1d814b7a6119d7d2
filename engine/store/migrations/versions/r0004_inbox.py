"""The inbox in its other orders, and by words: an index of the newest tasks, and one of the words of complaints.

Revision 0004.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.ngrams import ngrams

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
STILL_SEARCHED = """
    SELECT id, number, customer_name, text FROM complaint
    WHERE archived_at IS NULL OR id IN (SELECT complaint_id FROM task WHERE state IN ('open', 'claimed'))
"""


def upgrade() -> None:
    """Add both indexes."""
    op.create_index(
        "ix_task_newest",
        "task",
        ["role", "opened_at", "unit_id", "grade_rank", "due_at", "complaint_id", "state"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE word_index USING fts5(ngrams, detail=none, columnsize=0, "
            "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co Cn'\")"
        )
    else:
        op.execute(
            "CREATE TABLE word_index (complaint_id BIGINT NOT NULL, ngrams TSVECTOR NOT NULL, "
            "CONSTRAINT pk_word_index PRIMARY KEY (complaint_id), "
            "CONSTRAINT fk_word_index_complaint_id FOREIGN KEY(complaint_id) REFERENCES complaint (id))"
        )
    _index_words(op.get_bind())
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE INDEX ix_word_index_ngrams ON word_index USING gin (ngrams) "
            "WITH (gin_pending_list_limit = 256)"
        )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("word_index")
    op.drop_index("ix_task_newest", table_name="task")


def _index_words(connection: sa.Connection) -> None:
    on_sqlite = connection.dialect.name == "sqlite"
    insert = sa.text(
        "INSERT INTO word_index (rowid, ngrams) VALUES (:id, :ngrams)"
        if on_sqlite
        else "INSERT INTO word_index VALUES (:id, array_to_tsvector(CAST(:ngrams AS text[])))"
    )
    for rows in connection.execute(sa.text(STILL_SEARCHED)).partitions(AT_ONCE):
        found = [(row[0], ngrams(row[1:])) for row in rows]
        connection.execute(
            insert, [{"id": id, "ngrams": " ".join(each) if on_sqlite else each} for id, each in found]
        )
