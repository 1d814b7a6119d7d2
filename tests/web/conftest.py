"""A real house on SQLite for the pages to stand on: prepared once, copied for every test."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from engine import bootstrap
from engine.domain.actor import SYSTEM, Actor
from engine.domain.organisation import Role
from engine.runtime.clock import MovableClock
from engine.runtime.keys import demo_password
from engine.settings import Settings
from engine.use_cases.demo_bank import accounts
from web.app import create_app

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai


def settings_in(home: Path) -> Settings:
    """The settings of a house that lives in this folder."""
    return Settings.from_env({"REDRESS_HOME": str(home), "REDRESS_TICK_SECONDS": "0"})


class Desk:
    """A browser without JavaScript: follows forms as people do, with the CSRF token of the page."""

    def __init__(self, client: FlaskClient, house: bootstrap.App, password: str) -> None:
        self.client = client
        self.house = house
        self._password = password

    def get(self, path: str, **more: object):  # type: ignore[no-untyped-def]
        """Open a page."""
        return self.client.get(path, **more)

    def post(self, path: str, page: str | None = None, **form: object):  # type: ignore[no-untyped-def]
        """Send a form as it stands on `page`, with these answers."""
        token = self.token(page or path)
        files = {name: value for name, value in form.items() if name == "files"}
        data = {"csrf_token": token, **form}
        kind = "multipart/form-data" if files else None
        return self.client.post(path, data=data, content_type=kind)

    def token(self, page: str) -> str:
        """The CSRF token of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found is not None, f"no form on {page}"
        return found[1]

    def login_of(self, role: Role) -> str:
        """Somebody of this role."""
        return next(person.login for held, person in accounts(self.house.ports) if held is role)

    def sign_in(self, login: str) -> None:
        """Sign in as this person, in English."""
        self.client.set_cookie("language", "en")
        answer = self.post("/desk/sign-in", login=login, password=self._password)
        assert answer.status_code == 303

    def actor(self, login: str) -> Actor:
        """This person, as use cases see them."""
        person = self.house.reads.login(login)
        assert person is not None
        return self.house.reads.actor_for(person.id)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo bank and the definitions that ship."""
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
def browser(house: bootstrap.App) -> Callable[[], Desk]:
    """Makes browsers; each has its own cookies."""
    web = create_app(house)
    web.config["TESTING"] = True
    password = demo_password(house.settings)
    assert password is not None
    return lambda: Desk(web.test_client(), house, password)


@pytest.fixture
def desk(browser: Callable[[], Desk]) -> Desk:
    """One browser."""
    return browser()


def the_only_complaint(house: bootstrap.App):  # type: ignore[no-untyped-def]
    """The complaint of a test that makes one."""
    with house.ports.unit_of_work(SYSTEM) as work:
        (complaint,) = work.complaints.find()
    return complaint
