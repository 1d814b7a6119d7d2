"""A case whose process an administrator cancelled: its pages say so, and what somebody wrote is still theirs to copy."""

from collections.abc import Callable

import pytest

from engine.bootstrap import App
from engine.domain.actor import SYSTEM
from engine.domain.organisation import Role
from engine.domain.steering import Verb
from tests.web.desk_browser import Desk
from tests.web.test_on_hold import NUMBER, WHY, steer
from tests.web.test_tasks import TRIAGED, version_on

WRITTEN = {"nature": "fee_dispute", "complaint.amount": "4711"}


@pytest.fixture
def claimed(officer: Desk, triage_task: str) -> str:
    """The task this officer works on."""
    officer.post(f"{triage_task}/claim", page=triage_task)
    return triage_task


def test_the_case_says_that_nothing_runs_in_both_languages(officer: Desk, claimed: str, house: App) -> None:
    page = f"/desk/complaints/{NUMBER}"
    before = officer.get(page).text

    steer(house, Verb.CANCEL)

    told = officer.get(page).text
    officer.client.set_cookie("language", "zh_Hans_CN")
    in_chinese = officer.get(page).text
    assert "The process of this case was cancelled" not in before
    assert "The process of this case was cancelled: nobody is asked for anything any more" in told
    assert "no process runs" in told
    assert "waits for a date or a message" not in told
    assert WHY in told
    assert "此案的流程已取消" in in_chinese
    assert "没有流程在运行" in in_chinese


def test_a_draft_that_was_saved_is_shown_by_the_task_nobody_needs_any_more(
    officer: Desk, claimed: str, house: App
) -> None:
    officer.post(f"{claimed}/draft", page=claimed, **WRITTEN)

    steer(house, Verb.CANCEL)

    page = officer.get(claimed).text
    assert "This task is no longer needed: the complaint moved on." in page
    assert "What you typed" in page
    assert "4711" in page
    with house.ports.unit_of_work(SYSTEM) as work:
        (task,) = [each for each in work.tasks.find(state="cancelled") if each.element == "triage"]
        assert officer.person is not None
        assert work.tasks.draft(task.instance_id, task.token, officer.person.id) is not None


def test_nobody_else_sees_that_draft(
    officer: Desk, claimed: str, house: App, browsers: Callable[[], Desk]
) -> None:
    officer.post(f"{claimed}/draft", page=claimed, **WRITTEN)
    other = browsers()
    other.sign_in(other.login_of(Role.CONSUMER_PROTECTION))

    steer(house, Verb.CANCEL)

    page = other.get(claimed)
    assert page.status_code == 200
    assert "no longer needed" in page.text
    assert "4711" not in page.text


@pytest.mark.parametrize("where", ["draft", "complete", "complete as draft"])
def test_what_is_sent_too_late_is_given_back(officer: Desk, claimed: str, house: App, where: str) -> None:
    version, more = version_on(officer, claimed), {"then": "draft"} if "as" in where else {}
    page = f"/desk/complaints/{NUMBER}"
    steer(house, Verb.CANCEL)

    answer = officer.post(
        f"{claimed}/{where.split()[0]}", page=page, version=version, **{**TRIAGED, **WRITTEN, **more}
    )

    assert answer.status_code == 409
    assert "This task is no longer needed" in answer.text
    assert "It was not sent. Copy what you still need." in answer.text
    assert "4711" in answer.text
