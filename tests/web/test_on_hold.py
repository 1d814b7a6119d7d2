"""A case on hold: its tasks are in no inbox, its pages say so, and what somebody types is kept."""

import re

import pytest

from engine.bootstrap import App
from engine.domain.actor import SYSTEM
from engine.domain.steering import Act, Verb
from engine.use_cases import steering
from tests.builders.cases import a_request
from tests.web.desk_browser import Desk
from tests.web.test_tasks import TRIAGED, version_on

NUMBER = "C-2026-000001"
WHY = "The core system is down."


def steer(house: App, verb: Verb) -> None:
    """Do it to the case."""
    with house.ports.unit_of_work(SYSTEM) as work:
        (instance,) = [each for each in work.processes.of_complaint(1) if each.process == "complaint"]
    steering.steer(house.ports, SYSTEM, instance.id, Act(verb), WHY)


def shown(officer: Desk, triage_task: str) -> bool:
    """Whether the task is in the inbox of the role."""
    key = triage_task.rpartition("/")[2]
    return re.search(f'data-preview="[^"]*{key}"', officer.get("/desk/?view=role").text) is not None


def test_its_task_leaves_the_inbox_and_comes_back(officer: Desk, triage_task: str, house: App) -> None:
    before = shown(officer, triage_task)
    steer(house, Verb.SUSPEND)
    on_hold = shown(officer, triage_task)
    steer(house, Verb.RESUME)
    after = shown(officer, triage_task)

    assert (before, on_hold, after) == (True, False, True)


def test_its_pages_say_so_in_both_languages(officer: Desk, triage_task: str, house: App) -> None:
    steer(house, Verb.SUSPEND)

    page, case = officer.get(triage_task).text, officer.get(f"/desk/complaints/{NUMBER}").text
    officer.client.set_cookie("language", "zh_Hans_CN")
    in_chinese = officer.get(triage_task).text, officer.get(f"/desk/complaints/{NUMBER}").text

    assert "This case is on hold: nobody can complete this task until it goes on." in page
    assert "What you write is kept as your draft." in page
    assert 'value="complete"' not in page
    assert "This case is on hold: nobody can complete its tasks until it goes on. Its clocks run on." in case
    assert "Put on hold" in case
    assert WHY in case
    assert "此案已挂起：恢复之前无法完成此任务。" in in_chinese[0]
    assert "此案已挂起：恢复之前无法完成其任务，时限继续计算。" in in_chinese[1]


def test_the_board_of_a_collaboration_says_so(officer: Desk, triage_task: str, house: App) -> None:
    with house.ports.unit_of_work(SYSTEM) as work:
        (unit,) = work.units.find(code="RETAIL")
        request = a_request(complaint_id=1, department_id=unit.id, asked_by_id=None, due_at=work.now)
        work.requests.add(request)
    before = officer.get(f"/desk/collaborations/{NUMBER}")

    steer(house, Verb.SUSPEND)

    assert before.status_code == 200
    assert "on hold" not in before.text
    assert "This case is on hold" in officer.get(f"/desk/collaborations/{NUMBER}").text


def test_a_completion_is_refused_in_words_and_what_was_typed_is_a_draft(
    officer: Desk, triage_task: str, house: App
) -> None:
    officer.post(f"{triage_task}/claim", page=triage_task)
    version = version_on(officer, triage_task)
    steer(house, Verb.SUSPEND)

    answer = officer.post(f"{triage_task}/complete", page=triage_task, version=version, **TRIAGED)

    assert answer.status_code == 409
    assert "This case is on hold" in answer.text
    assert "nobody can go on with it until it resumes" in answer.text
    assert "It was not sent. It is kept as your draft." in answer.text
    assert "Fee dispute" in answer.text
    steer(house, Verb.RESUME)
    assert 'value="fee_dispute" selected' in officer.get(triage_task).text
    assert (
        officer.post(f"{triage_task}/complete", page=triage_task, version=version, **TRIAGED).status_code
        == 303
    )


def test_a_draft_is_kept_while_it_waits(officer: Desk, triage_task: str, house: App) -> None:
    steer(house, Verb.SUSPEND)

    officer.post(f"{triage_task}/complete", page=triage_task, then="draft", **TRIAGED)

    assert 'value="fee_dispute" selected' in officer.get(triage_task).text


@pytest.mark.parametrize("verb", ["claim", "put-back"])
def test_nobody_takes_it_meanwhile(officer: Desk, triage_task: str, house: App, verb: str) -> None:
    steer(house, Verb.SUSPEND)

    answer = officer.post(f"{triage_task}/{verb}", page=triage_task)

    assert answer.status_code == 409
    assert "This case is on hold" in answer.text


def test_what_a_customer_adds_is_read_when_it_goes_on(officer: Desk, triage_task: str, house: App) -> None:
    steer(house, Verb.SUSPEND)

    page = f"/desk/complaints/{NUMBER}"
    officer.post(f"{page}/information", page=page, text="I found the receipt.", key="k1")
    before = received(house)
    steer(house, Verb.RESUME)

    assert before == []
    assert received(house) == ["information added"]


def received(house: App) -> list[str]:
    """The messages the case was given."""
    with house.ports.unit_of_work(SYSTEM) as work:
        return [str(e.detail["message"]) for e in work.events(1) if e.kind == "message.received"]
