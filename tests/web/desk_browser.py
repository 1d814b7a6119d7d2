"""A browser without JavaScript, for the tests of pages."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.bootstrap import App
from engine.domain.actor import Actor
from engine.domain.organisation import Person, Role
from engine.use_cases.demo_bank import accounts


class Desk:
    """A browser without JavaScript: follows forms as people do, with the CSRF token of the page."""

    def __init__(self, client: FlaskClient, house: App, password: str) -> None:
        self.client = client
        self.house = house
        self.person: Person | None = None
        self._password = password

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **more)

    def post(self, path: str, page: str | None = None, **form: Any) -> TestResponse:
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
        self.person = self.house.reads.login(login)

    @property
    def name(self) -> str:
        """Who is signed in."""
        assert self.person is not None
        return self.person.name

    @property
    def login(self) -> str:
        """Their login."""
        assert self.person is not None
        return self.person.login

    def actor(self, login: str) -> Actor:
        """This person, as use cases see them."""
        person = self.house.reads.login(login)
        assert person is not None
        return self.house.reads.actor_for(person.id)


def found(pattern: str, text: str) -> str:
    """What the pattern's first group finds in a page."""
    match = re.search(pattern, text)
    assert match is not None, f"{pattern} is not on the page"
    return match[1]
