"""What was tried again by hand stands among the acts on instances that have no complaint.

Revision 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ACTS = (
    "complaint_id IS NULL AND kind IN ('process.suspended', 'process.resumed', 'process.cancelled', "
    "'process.migrated', 'process.migration_taken_back', {}'token.added', 'token.cancelled', 'variable.set')"
)


def upgrade() -> None:
    """Index them too."""
    _index(sa.text(ACTS.format("'incident.retried', ")))


def downgrade() -> None:
    """Leave them out."""
    _index(sa.text(ACTS.format("")))


def _index(acts: sa.TextClause) -> None:
    op.drop_index("ix_history_by_hand", table_name="history")
    op.create_index(
        "ix_history_by_hand",
        "history",
        ["instance_id"],
        unique=False,
        sqlite_where=acts,
        postgresql_where=acts,
    )
