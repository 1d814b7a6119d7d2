"""What people may not see is not there: not on a page, not in a list, not in a count."""

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from engine.bootstrap import App
from engine.domain.actor import SYSTEM
from engine.domain.organisation import Role
from tests.web.desk_browser import Desk

TOLD = {
    "text": "The fee was never told.",
    "customer_name": "Li Na",
    "contact_by": "email",
    "customer_email": "l@example.com",
}


@pytest.fixture
def number(desk: Desk, house: App) -> str:
    """A complaint at head office."""
    desk.post("/complain", **TOLD)
    with house.ports.unit_of_work(SYSTEM) as work:
        return work.complaints.find()[0].number


@pytest.fixture
def stranger(browsers: Callable[[], Desk], house: App) -> Desk:
    """Somebody of a sub-branch who has nothing to do with it."""
    desk = browsers()
    unit = next(unit for unit in house.reads.units() if unit.code == "SH-XH")
    people = [person for person in house.reads.people(Role.FIRST_OWNER, None) if person.unit_id == unit.id]
    desk.sign_in(people[0].login)
    return desk


@pytest.mark.parametrize("page", ["", "?tab=diagram", "/files/1", "/volumes/1", "/diagram/1/complaint.bpmn"])
def test_out_of_sight_and_unknown_are_the_same_page(stranger: Desk, number: str, page: str) -> None:
    hidden = stranger.get(f"/desk/complaints/{number}{page}")
    unknown = stranger.get(f"/desk/complaints/C-2026-999999{page}")

    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert _said(hidden, number) == _said(unknown, "C-2026-999999")


def test_a_task_out_of_sight_is_the_same_page_as_an_unknown_one(
    stranger: Desk, number: str, house: App
) -> None:
    with house.ports.unit_of_work(SYSTEM) as work:
        task = work.tasks.find(form="triage")[0]
    hidden = stranger.get(f"/desk/tasks/{task.key}")
    unknown = stranger.get("/desk/tasks/99999-1")

    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert _said(hidden, task.key) == _said(unknown, "99999-1")


def test_lists_and_counts_leave_out_what_is_out_of_sight(stranger: Desk, number: str) -> None:
    inbox, cases = stranger.get("/desk/?view=role").text, stranger.get("/desk/complaints?q=fee").text

    assert number not in inbox
    assert not re.search(r'class="count[^"]*">[1-9]', inbox)
    assert number not in cases


def test_the_same_lists_show_it_to_who_may_see_it(browsers: Callable[[], Desk], number: str) -> None:
    desk = browsers()
    desk.sign_in(desk.login_of(Role.TRIAGE_OFFICER))

    assert number in desk.get("/desk/?view=role").text
    assert number in desk.get("/desk/complaints?q=fee").text
    assert "The fee was never told." in desk.get(f"/desk/complaints/{number}").text


def test_only_coordinators_and_those_who_are_asked_have_a_board(
    stranger: Desk, browsers: Callable[[], Desk]
) -> None:
    desk = browsers()
    desk.sign_in(desk.login_of(Role.COORDINATOR))

    assert "/desk/collaborations" not in stranger.get("/desk/").text
    assert "/desk/collaborations" in desk.get("/desk/").text


def _said(answer: TestResponse, name: str) -> str:
    """The page without what belongs to the one request: its address and its token."""
    page = re.sub(r'name="csrf_token" value="[^"]+"|X-CSRFToken": "[^"]+"', "", answer.text)
    return page.replace(name, "")
