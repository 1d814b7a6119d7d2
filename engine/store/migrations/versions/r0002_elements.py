"""What the wider dialect keeps: buffered messages, start timers, version tags, candidates of tasks.

Revision 0002.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.column_types import Id, Json, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns."""
    _messages()
    _starts()
    _candidates()
    op.add_column("subscription", sa.Column("process", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("subscription", "process")
    op.drop_table("candidate")
    op.drop_column("task", "candidates")
    op.drop_index("uq_instance_started", table_name="instance")
    op.drop_column("instance", "start_key")
    op.drop_table("version_tag")
    op.drop_table("start_timer")
    op.drop_table("buffered_message")


def _messages() -> None:
    op.create_table(
        "buffered_message",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("variables", Json, nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("complaint_id", Id, autoincrement=False, nullable=True),
        sa.Column("heard", Json, nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name="fk_buffered_message_complaint_id"),
        sa.PrimaryKeyConstraint("id", name="pk_buffered_message"),
    )
    op.create_index("ix_buffered_message_expires_at", "buffered_message", ["expires_at"])
    op.create_index("ix_buffered_message_name_key", "buffered_message", ["name", "key"])
    op.create_index(
        "uq_buffered_message_once",
        "buffered_message",
        ["name", "key", "message_id"],
        unique=True,
        sqlite_where=sa.text("message_id IS NOT NULL"),
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )


def _starts() -> None:
    op.create_table(
        "start_timer",
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("release_id", Id, autoincrement=False, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=True),
        sa.Column("cycle", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_start_timer_release_id"),
        sa.PrimaryKeyConstraint("process", "element", name="pk_start_timer"),
    )
    op.create_index(
        "ix_start_timer_due_at",
        "start_timer",
        ["due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "version_tag",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("release_id", Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_version_tag_release_id"),
        sa.PrimaryKeyConstraint("kind", "name", "tag", name="pk_version_tag"),
    )
    op.add_column("instance", sa.Column("start_key", sa.Text(), nullable=True))
    op.create_index(
        "uq_instance_started",
        "instance",
        ["process", "start_key"],
        unique=True,
        sqlite_where=sa.text("start_key IS NOT NULL AND state IN ('running', 'suspended')"),
        postgresql_where=sa.text("start_key IS NOT NULL AND state IN ('running', 'suspended')"),
    )


def _candidates() -> None:
    op.add_column("task", sa.Column("candidates", Json, nullable=False, server_default=sa.text("'[]'")))
    op.create_table(
        "candidate",
        sa.Column("instance_id", Id, autoincrement=False, nullable=False),
        sa.Column("token", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_candidate_instance_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_candidate_person_id"),
        sa.PrimaryKeyConstraint("instance_id", "token", "person_id", name="pk_candidate"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_candidate_person_id", "candidate", ["person_id"])
