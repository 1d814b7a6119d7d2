"""The inbox, newest first: an index that gives it in its order.

Revision 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_task_newest",
        "task",
        ["role", "opened_at", "unit_id", "grade_rank", "due_at", "complaint_id", "state"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_task_newest", table_name="task")
