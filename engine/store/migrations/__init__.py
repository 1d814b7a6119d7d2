"""Migrations: the tables as they changed, applied without an alembic.ini."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from engine.store.database import migrating_engine
from engine.store.word_index import NAME

HERE = Path(__file__).parent


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring a database up to this revision."""
    _run("upgrade", database_url, revision)


def downgrade(database_url: str, revision: str) -> None:
    """Take a database back to this revision; "base" leaves no table of ours."""
    _run("downgrade", database_url, revision)


def newest() -> str:
    """The newest revision there is: the files are named r<revision>_<what>.py."""
    return max(path.stem[1:].partition("_")[0] for path in (HERE / "versions").glob("r*.py"))


def is_described(name: str | None, kind: str, parents: Mapping[Any, str | None]) -> bool:
    """Whether SQLAlchemy's tables describe this one; the index of words is written in each database's own way."""
    table = name if kind == "table" else parents.get("table_name")
    return table is None or not table.startswith(NAME)


def _run(step: Literal["upgrade", "downgrade"], database_url: str, revision: str) -> None:
    # Alembic takes a noticeable moment to import and is needed when tables change, not at every start.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    engine = migrating_engine(database_url)
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            getattr(command, step)(config, revision)
    finally:
        engine.dispose()
