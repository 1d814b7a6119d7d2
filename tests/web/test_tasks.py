"""People of the desk work on tasks."""

import io
from collections.abc import Callable

import pytest

from engine.bootstrap import App
from engine.domain.actor import SYSTEM
from engine.domain.organisation import Role
from tests.web.desk_browser import Desk, found

TOLD = {
    "text": "The fee was never told.",
    "customer_name": "Li Na",
    "contact_by": "email",
    "customer_email": "l@example.com",
}
TRIAGED = {
    "triage.verdict": "complaint",
    "complaint.nature": "fee_dispute",
    "complaint.product": "account",
    "complaint.business_line": "deposits",
}


@pytest.fixture
def waiting(desk: Desk, house: App) -> str:
    """A complaint that waits for triage: the path of its task."""
    desk.post("/complain", **TOLD)
    with house.ports.unit_of_work(SYSTEM) as work:
        (task,) = [task for task in work.tasks.find(form="triage") if task.is_open]
    return f"/desk/tasks/{task.key}"


@pytest.fixture
def triage(browsers: Callable[[], Desk]) -> Callable[[int], Desk]:
    """Makes browsers in which different triage officers are signed in."""

    def signed_in(number: int) -> Desk:
        desk = browsers()
        people = desk.house.reads.people(Role.TRIAGE_OFFICER, 1)
        desk.sign_in(people[number].login)
        return desk

    return signed_in


def version_on(desk: Desk, path: str) -> str:
    return found(r'name="version" value="(\d+)"', desk.get(path).text)


def test_a_task_of_the_role_is_claimed_completed_and_gone(
    triage: Callable[[int], Desk], waiting: str, house: App
) -> None:
    desk = triage(0)
    desk.post(f"{waiting}/claim", page=waiting)
    mine = desk.get("/desk/?view=mine").text
    answer = desk.post(f"{waiting}/complete", page=waiting, version=version_on(desk, waiting), **TRIAGED)

    assert "C-2026-000001" in mine
    assert answer.status_code == 303
    with house.ports.unit_of_work(SYSTEM) as work:
        (complaint,) = work.complaints.find()
    assert complaint.nature == "fee_dispute"
    assert f'data-preview="{waiting}' not in desk.get("/desk/?view=role").text


def test_what_was_chosen_in_a_form_stands_on_the_case_in_the_words_of_the_form(
    triage: Callable[[int], Desk], waiting: str
) -> None:
    desk = triage(0)
    desk.post(f"{waiting}/claim", page=waiting)
    desk.post(f"{waiting}/complete", page=waiting, version=version_on(desk, waiting), **TRIAGED)
    page = desk.get("/desk/complaints/C-2026-000001").text

    assert "Account or deposit" in page
    assert "Accounts and deposits" in page


def test_who_claims_second_is_told_who_was_faster(triage: Callable[[int], Desk], waiting: str) -> None:
    first, second = triage(0), triage(1)
    token = second.token(waiting)
    first.post(f"{waiting}/claim", page=waiting)
    answer = second.client.post(f"{waiting}/claim", data={"csrf_token": token})

    assert answer.status_code == 409
    assert first.name in answer.text


def test_answers_to_a_task_that_somebody_else_finished_are_given_back(
    triage: Callable[[int], Desk], waiting: str
) -> None:
    first, second = triage(0), triage(1)
    first.post(f"{waiting}/claim", page=waiting)
    token, version = first.token(waiting), version_on(first, waiting)
    first.post(f"{waiting}/hand-over", page=waiting, to=second.login)
    second.post(f"{waiting}/complete", page=waiting, version=version_on(second, waiting), **TRIAGED)
    answer = first.client.post(
        f"{waiting}/complete",
        data={"csrf_token": token, "version": version, **TRIAGED, "complaint.people_affected": "12"},
    )

    assert answer.status_code == 409
    assert f"{second.name} completed this task" in answer.text
    assert '<dd class="told">12</dd>' in answer.text


def test_a_value_out_of_range_is_told_at_its_field_and_nothing_happens(
    triage: Callable[[int], Desk], waiting: str, house: App
) -> None:
    desk = triage(0)
    desk.post(f"{waiting}/claim", page=waiting)
    answer = desk.post(
        f"{waiting}/complete",
        page=waiting,
        version=version_on(desk, waiting),
        **TRIAGED,
        **{"complaint.amount": "-5"},
    )

    assert answer.status_code == 422
    assert 'href="#field-complaint-amount"' in answer.text
    assert 'value="-5"' in answer.text
    with house.ports.unit_of_work(SYSTEM) as work:
        assert work.complaints.find()[0].nature is None


def test_what_was_typed_is_there_again(triage: Callable[[int], Desk], waiting: str) -> None:
    desk = triage(0)
    desk.post(f"{waiting}/claim", page=waiting)
    desk.post(f"{waiting}/draft", page=waiting, **{"complaint.amount": "123"})

    assert 'value="123"' in desk.get(waiting).text
    assert "Draft saved" in desk.get(waiting).text


def test_a_task_put_back_is_anybodys_again(triage: Callable[[int], Desk], waiting: str) -> None:
    first, second = triage(0), triage(1)
    first.post(f"{waiting}/claim", page=waiting)
    first.post(f"{waiting}/put-back", page=waiting)

    assert second.post(f"{waiting}/claim", page=waiting).status_code == 303


def test_nobody_completes_a_task_of_another_role(browsers: Callable[[], Desk], waiting: str) -> None:
    desk = browsers()
    desk.sign_in(desk.login_of(Role.ANALYST))
    answer = desk.post(f"{waiting}/complete", page=waiting, **TRIAGED)

    assert answer.status_code == 403


def test_evidence_added_beside_a_task_leads_back_to_the_task(
    triage: Callable[[int], Desk], waiting: str
) -> None:
    desk = triage(0)
    desk.post(f"{waiting}/claim", page=waiting)
    file = (io.BytesIO(b"What the hotline noted"), "note.txt", "text/plain")
    answer = desk.post(
        "/desk/complaints/C-2026-000001/information", page=waiting, text="", back=waiting, files=file
    )

    assert answer.location == waiting
    assert "note.txt" in desk.get(waiting).text


def test_a_draft_that_came_too_late_is_answered_in_one_sentence(
    triage: Callable[[int], Desk], waiting: str
) -> None:
    first, second = triage(0), triage(1)
    token = second.token(waiting)
    first.post(f"{waiting}/claim", page=waiting)
    first.post(f"{waiting}/complete", page=waiting, version=version_on(first, waiting), **TRIAGED)
    answer = second.client.post(
        f"{waiting}/draft", data={"csrf_token": token}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 409
    assert "<html" not in answer.text


def test_a_refused_form_is_shown_again_in_the_other_language_with_what_was_typed(
    triage: Callable[[int], Desk], waiting: str
) -> None:
    desk = triage(0)
    desk.post(f"{waiting}/claim", page=waiting)
    refused = desk.post(
        f"{waiting}/complete",
        page=waiting,
        version=version_on(desk, waiting),
        **TRIAGED,
        **{"complaint.amount": "-5"},
    )
    back = found(r'name="back" value="([^"]*)"', refused.text)
    switched = desk.post("/preferences", page=waiting, back=back, language="zh_Hans_CN")
    page = desk.get(switched.location).text

    assert back == waiting
    assert 'value="-5"' in page
    assert '<html lang="zh-Hans-CN"' in page


def test_what_is_given_back_is_worded_as_on_the_form(triage: Callable[[int], Desk], waiting: str) -> None:
    desk = triage(0)
    desk.post(f"{waiting}/claim", page=waiting)
    token, version = desk.token(waiting), version_on(desk, waiting)
    desk.post(f"{waiting}/complete", page=waiting, version=version, **TRIAGED)
    again = desk.client.post(f"{waiting}/complete", data={"csrf_token": token, "version": version, **TRIAGED})

    assert again.status_code == 409
    assert "You completed this task yourself just now" in again.text
    assert '<dd class="told">Fee dispute</dd>' in again.text
