"""Operations on department requests: opened with a limit each, returned, placed again, let go, cancelled."""

from datetime import timedelta

import pytest
from marshmallow import ValidationError

from engine.domain.department_requests import DepartmentRequest
from engine.domain.errors import OperationFailed, OutOfOrder
from engine.operations import BpmnError
from tests.builders.cases import a_task
from tests.builders.house import House
from tests.builders.operating import run


@pytest.fixture
def house() -> House:
    return House()


def asked(house: House, *departments: str) -> tuple[int, list[int]]:
    complaint = house.complaint()
    output = run(house, "requests.open", complaint.id, question="Why?", departments=list(departments), days=3)
    return complaint.id, [request["id"] for request in output["requests"]]


def stored(house: House, request_id: int) -> DepartmentRequest:
    with house.work() as work:
        found: DepartmentRequest = work.requests.get(request_id)
        return found


def test_each_department_is_asked_once_with_its_limit(house: House) -> None:
    complaint = house.complaint()

    output = run(
        house, "requests.open", complaint.id, question="Why?", departments=["OPS", "IT", "OPS"], days=3
    )
    again = run(house, "requests.open", complaint.id, question="Why?", departments=["IT", "LEGAL"])

    assert [request["department"] for request in output["requests"]] == ["OPS", "IT"]
    assert [request["department"] for request in again["requests"]] == ["LEGAL"]
    assert isinstance(output["requests"][0]["due_at"], str)
    assert (
        timedelta(days=2)
        < stored(house, output["requests"][0]["id"]).due_at - house.store.now
        < timedelta(days=5)
    )


def test_a_department_accepts_and_answers(house: House) -> None:
    complaint_id, (request_id,) = asked(house, "OPS")
    contributor = house.somebody("contributor", "OPS")

    run(house, "requests.accept", complaint_id, contributor, request_id=request_id)
    output = run(
        house,
        "requests.answer",
        complaint_id,
        contributor,
        request_id=request_id,
        answer="A late batch run.",
        responsibility="partly",
        proposed_amount=50,
    )

    assert (
        output["request"]["state"],
        output["request"]["responsibility"],
        output["request"]["proposed_amount"],
    ) == ("answered", "partly", 50)
    assert contributor.person_id == stored(house, request_id).answered_by_id


def test_a_returned_question_is_asked_of_another(house: House) -> None:
    complaint_id, (request_id,) = asked(house, "OPS")

    returned = run(house, "requests.return", complaint_id, request_id=request_id, reason="Not ours.")
    placed = run(
        house, "requests.redirect", complaint_id, request_id=request_id, verdict="another", department="IT"
    )

    assert returned["may_be_placed_again"]
    assert tuple(placed["request"][name] for name in ("state", "department", "round")) == ("asked", "IT", 2)


def test_after_three_rounds_only_the_decider_places_it(house: House) -> None:
    complaint_id, (request_id,) = asked(house, "OPS")
    coordinator = house.somebody("coordinator", "RETAIL")
    for _ in range(3):
        run(house, "requests.return", complaint_id, request_id=request_id, reason="Not ours.")
        run(house, "requests.redirect", complaint_id, coordinator, request_id=request_id, verdict="ask_again")
    last = run(house, "requests.return", complaint_id, request_id=request_id, reason="Not ours.")

    assert not last["may_be_placed_again"]
    with pytest.raises(BpmnError, match="decider"):
        run(house, "requests.redirect", complaint_id, coordinator, request_id=request_id, verdict="ask_again")
    decider = house.somebody("consumer_protection")
    run(house, "requests.redirect", complaint_id, decider, request_id=request_id, verdict="ask_again")
    assert stored(house, request_id).round == 5


def test_another_department_must_be_named(house: House) -> None:
    complaint_id, (request_id,) = asked(house, "OPS")
    run(house, "requests.return", complaint_id, request_id=request_id, reason="Not ours.")

    with pytest.raises(OperationFailed):
        run(house, "requests.redirect", complaint_id, request_id=request_id, verdict="another")


def test_letting_go_twice_is_letting_go_once(house: House) -> None:
    complaint_id, (request_id,) = asked(house, "OPS")

    for _ in range(2):
        run(house, "requests.let_go", complaint_id, request_id=request_id, reason="Known already.")

    assert stored(house, request_id).let_go_reason == "Known already."
    assert house.kinds().count("department.let_go") == 1


def test_open_requests_are_cancelled_and_finished_ones_kept(house: House) -> None:
    complaint_id, (first, second) = asked(house, "OPS", "IT")
    run(house, "requests.answer", complaint_id, request_id=first, answer="So.", responsibility="no")

    output = run(house, "requests.cancel_open", complaint_id, reason="Withdrawn.")

    assert output["cancelled"] == 1
    assert [stored(house, id).state for id in (first, second)] == ["answered", "cancelled"]


def test_a_reminder_moves_the_departments_tasks_up(house: House) -> None:
    complaint_id, (request_id,) = asked(house, "OPS")
    with house.work() as work:
        work.tasks.add(a_task(complaint_id=complaint_id, role="contributor", unit_id=house.units["OPS"].id))

    run(house, "requests.remind", complaint_id, request_id=request_id)
    reminded = stored(house, request_id).reminders
    run(house, "requests.remind", complaint_id, request_id=request_id, rung="head")

    with house.work() as work:
        assert work.tasks.get(1, 1).priority == 90
    assert reminded == 1
    assert house.kinds()[-2:] == ["reminder.given", "escalated"]


def test_another_complaints_request_is_not_touched(house: House) -> None:
    _, (request_id,) = asked(house, "OPS")
    other = house.complaint()

    with pytest.raises(OperationFailed):
        run(house, "requests.accept", other.id, request_id=request_id)


def test_steps_out_of_order_are_refused(house: House) -> None:
    complaint_id, (request_id,) = asked(house, "OPS")
    run(house, "requests.accept", complaint_id, request_id=request_id)

    with pytest.raises(OutOfOrder):
        run(house, "requests.return", complaint_id, request_id=request_id, reason="Changed our mind.")
    with pytest.raises(ValidationError):
        run(house, "requests.open", complaint_id, question="Why?", departments=[])
