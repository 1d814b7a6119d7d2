"""Alembic's entry: runs the migrations on the connection it is given, all in one transaction."""

from alembic import context

from engine.store.migrations import is_described
from engine.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    include_name=is_described,
    transactional_ddl=True,
)

with context.begin_transaction():
    context.run_migrations()
