"""What steering keeps: messages held for instances on hold, migrations that can be taken back, bulk jobs.

Revision 0003.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.column_types import Id, Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ALIVE = sa.text("state IN ('running', 'suspended')")
RUNNING = sa.text("state = 'running'")
BY_HAND = sa.text(
    "complaint_id IS NULL AND kind IN ('process.suspended', 'process.resumed', 'process.cancelled', "
    "'process.migrated', 'process.migration_taken_back', 'token.added', 'token.cancelled', 'variable.set')"
)
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Add tables and columns."""
    op.add_column(
        "task", sa.Column("oldest_version", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.create_index("ix_instance_alive", "instance", ["id"], sqlite_where=ALIVE, postgresql_where=ALIVE)
    op.create_index(
        "ix_history_by_hand",
        "history",
        ["instance_id"],
        sqlite_where=BY_HAND,
        postgresql_where=BY_HAND,
    )
    _held_messages()
    _migrations()
    _bulk()
    _bulk_items()


def downgrade() -> None:
    """Take them away."""
    op.drop_table("bulk_item")
    op.drop_table("bulk")
    op.drop_table("migration")
    op.drop_table("held_message")
    op.drop_index("ix_history_by_hand", table_name="history")
    op.drop_index("ix_instance_alive", table_name="instance")
    op.drop_column("task", "oldest_version")


def _held_messages() -> None:
    op.create_table(
        "held_message",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("instance_id", Id, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("variables", Json, nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=False),
        sa.Column("buffered_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_held_message_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_held_message"),
    )
    op.create_index("ix_held_message_instance_id", "held_message", ["instance_id"])


def _migrations() -> None:
    op.create_table(
        "migration",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("instance_id", Id, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_release_id", Id, autoincrement=False, nullable=False),
        sa.Column("to_release_id", Id, autoincrement=False, nullable=False),
        sa.Column("mapping", Json, nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("left_version", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_migration_instance_id"),
        sa.ForeignKeyConstraint(["from_release_id"], ["release.id"], name="fk_migration_from_release_id"),
        sa.ForeignKeyConstraint(["to_release_id"], ["release.id"], name="fk_migration_to_release_id"),
        sa.PrimaryKeyConstraint("id", name="pk_migration"),
    )
    op.create_index("ix_migration_instance_id", "migration", ["instance_id"])


def _bulk() -> None:
    op.create_table(
        "bulk",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("person_id", Id, autoincrement=False, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("act", Json, nullable=False),
        sa.Column("wanted", Json, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("not_needed", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_bulk_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bulk"),
    )
    op.create_index("ix_bulk_running", "bulk", ["id"], sqlite_where=RUNNING, postgresql_where=RUNNING)


def _bulk_items() -> None:
    op.create_table(
        "bulk_item",
        sa.Column("bulk_id", Id, autoincrement=False, nullable=False),
        sa.Column("instance_id", Id, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk.id"], name="fk_bulk_item_bulk_id"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_bulk_item_instance_id"),
        sa.PrimaryKeyConstraint("bulk_id", "instance_id", name="pk_bulk_item"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_bulk_item_waiting",
        "bulk_item",
        ["bulk_id", "instance_id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index("ix_bulk_item_instance_id", "bulk_item", ["instance_id"])
