"""Fixtures that several rooms share: a clock, an empty database on SQLite and on a real PostgreSQL."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.engine import make_url

from engine.runtime.clock import MovableClock
from engine.store.migrations import upgrade
from engine.store.store import Store
from engine.store.tables import metadata
from tests import postgres

SHARED = pytest.StashKey[Path]()
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
A_MONDAY_MORNING = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """One scratch folder a run, shared by all its workers."""
    of_controller = getattr(config, "workerinput", {}).get("shared_folder")
    config.stash[SHARED] = Path(of_controller or tempfile.mkdtemp(prefix="redress-run-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the shared folder is."""
    node.workerinput["shared_folder"] = str(node.config.stash[SHARED])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that some worker started, when the last one is done."""
    if hasattr(config, "workerinput"):
        return
    shared = config.stash[SHARED]
    if (shared / "server").exists():
        postgres.stop(postgres.PostgresServer(Path((shared / "server").read_text())))
    shutil.rmtree(shared, ignore_errors=True)


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands on a Monday morning in Shanghai until a test moves it."""
    return MovableClock(A_MONDAY_MORNING)


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> postgres.PostgresServer:
    """The PostgreSQL server of this run; the first worker that needs it starts it."""
    shared = request.config.stash[SHARED]
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (shared / "server").exists():
            return postgres.PostgresServer(Path((shared / "server").read_text()))
        server = postgres.start()
        (shared / "server").write_text(str(server.folder))
        return server


@pytest.fixture(scope="session")
def postgres_database(postgres_server: postgres.PostgresServer) -> str:
    """The URL of this worker's database, with all tables."""
    url = postgres_server.make_database(f"redress_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    upgrade(url)
    return url


@pytest.fixture
def postgres_url(postgres_database: str) -> str:
    """The URL of this worker's database, emptied."""
    tables = ", ".join(f'"{name}"' for name in metadata.tables)
    url = make_url(postgres_database)
    with psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database) as connection:
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE".encode())
    return postgres_database


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with all tables, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "empty.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(migrated_sqlite_file: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database with all tables."""
    return f"sqlite:///{shutil.copy(migrated_sqlite_file, tmp_path / 'redress.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database, once on each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def store(database_url: str, clock: MovableClock) -> Iterator[Store]:
    """A store on a fresh database, once on each kind."""
    opened = Store(database_url, clock)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_url: str, clock: MovableClock) -> Iterator[Store]:
    """A store on a fresh SQLite database."""
    opened = Store(sqlite_url, clock)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless, with a new profile; one a worker, for Playwright runs once in a process."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "These tests need Chromium: apt-get install chromium (or name it in CHROMIUM)."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
