"""Migrations: the tables as they changed, applied without an alembic.ini."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config

from engine.store.database import migrating_engine


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring a database up to this revision."""
    _run(command.upgrade, database_url, revision)


def downgrade(database_url: str, revision: str) -> None:
    """Take a database back to this revision; "base" leaves no table of ours."""
    _run(command.downgrade, database_url, revision)


def _run(step: Any, database_url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    engine = migrating_engine(database_url)
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            step(config, revision)
    finally:
        engine.dispose()
