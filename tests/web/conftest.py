"""A real house on SQLite for the pages to stand on: prepared once, copied for every test."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import bootstrap
from engine.domain.actor import SYSTEM
from engine.domain.organisation import Role
from engine.runtime import logs
from engine.runtime.clock import MovableClock
from engine.runtime.keys import demo_password
from engine.settings import Settings
from tests.web.desk_browser import Desk
from web.app import create_app

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai


def settings_in(home: Path) -> Settings:
    """The settings of a house that lives in this folder."""
    return Settings.from_env({"REDRESS_HOME": str(home), "REDRESS_TICK_SECONDS": "0"})


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo bank and the definitions that ship."""
    logs.configure("critical")
    home = tmp_path_factory.mktemp("redress")
    bootstrap.prepare(settings_in(home), demo=True, clock=MovableClock(START))
    return home


@pytest.fixture
def clock() -> MovableClock:
    """The time of the house, moved by hand."""
    return MovableClock(START)


@pytest.fixture
def house(prepared: Path, tmp_path: Path, clock: MovableClock) -> Iterator[bootstrap.App]:
    """A house of its own."""
    home = tmp_path / "home"
    shutil.copytree(prepared, home)
    app = bootstrap.build(settings_in(home), clock=clock)
    yield app
    app.close()


@pytest.fixture
def browsers(house: bootstrap.App) -> Callable[[], Desk]:
    """Makes browsers; each has its own cookies."""
    web = create_app(house)
    web.config["TESTING"] = True
    password = demo_password(house.settings)
    assert password is not None
    return lambda: Desk(web.test_client(), house, password)


@pytest.fixture
def desk(browsers: Callable[[], Desk]) -> Desk:
    """One browser."""
    return browsers()


@pytest.fixture
def triage_task(desk: Desk, house: bootstrap.App) -> str:
    """A complaint that waits for triage: the path of its task."""
    told = {"text": "The fee was never told.", "customer_name": "Li Na", "contact_by": "email"}
    desk.post("/complain", **told, customer_email="l@example.com")
    with house.ports.unit_of_work(SYSTEM) as work:
        (found,) = [task for task in work.tasks.find(form="triage") if task.is_open]
    return f"/desk/tasks/{found.key}"


@pytest.fixture
def officer(browsers: Callable[[], Desk], house: bootstrap.App) -> Desk:
    """A triage officer at the desk."""
    desk = browsers()
    desk.sign_in(house.reads.people(Role.TRIAGE_OFFICER, 1)[0].login)
    return desk
