"""The coordinator's hand: one more department, one less, a nudge."""

import pytest

from engine.domain.department_requests import RequestState
from engine.domain.errors import NotAllowed, NotFound, OutOfOrder, ValueRefused
from engine.use_cases import collaboration
from tests.builders.cases import a_request, a_task
from tests.builders.house import House


@pytest.fixture
def house() -> House:
    return House()


def with_request(house: House) -> tuple[int, int]:
    complaint = house.complaint(lead_department_id=house.units["RETAIL"].id)
    with house.work() as work:
        request = work.requests.add(a_request(complaint_id=complaint.id, department_id=house.units["OPS"].id))
        work.tasks.add(a_task(complaint_id=complaint.id, role="contributor", unit_id=house.units["OPS"].id))
        return complaint.id, request.id


def test_a_coordinator_invites_one_more_department(house: House) -> None:
    complaint_id, _ = with_request(house)
    coordinator = house.somebody("coordinator", "RETAIL")

    collaboration.invite(house.ports, coordinator, complaint_id, "IT", " What does the log say? ", 2)

    name, key, variables = house.engine.published[0]
    asked = {"department": "IT", "question": "What does the log say?", "days": 2, "may_see": "summary"}
    assert (name, key, variables["invite"]) == ("invite", str(complaint_id), asked)


def test_who_cannot_be_invited_is_refused(house: House) -> None:
    complaint_id, _ = with_request(house)
    coordinator = house.somebody("coordinator", "RETAIL")

    for department, question, days in (("MARS", "x", 3), ("SH", "x", 3), ("IT", " ", 3), ("IT", "x", 11)):
        with pytest.raises(ValueRefused):
            collaboration.invite(house.ports, coordinator, complaint_id, department, question, days)
    with pytest.raises(OutOfOrder, match="asked already"):
        collaboration.invite(house.ports, coordinator, complaint_id, "OPS", "x", 3)
    house.engine.hears = False
    with pytest.raises(OutOfOrder, match="No collaboration"):
        collaboration.invite(house.ports, coordinator, complaint_id, "IT", "x", 3)


def test_only_those_who_lead_may_invite(house: House) -> None:
    complaint_id, request_id = with_request(house)

    with pytest.raises(NotFound):
        collaboration.invite(house.ports, house.somebody("coordinator", "LEGAL"), complaint_id, "IT", "x", 3)
    with pytest.raises(NotAllowed):
        collaboration.let_go(house.ports, house.somebody("triage_officer", "HO"), request_id, "x")


def test_a_department_is_let_go_once(house: House) -> None:
    complaint_id, request_id = with_request(house)
    coordinator = house.somebody("coordinator", "RETAIL")

    for _ in range(2):
        collaboration.let_go(house.ports, coordinator, request_id, "Known already.")

    with house.work() as work:
        assert work.requests.get(request_id).state is RequestState.LET_GO
    told = {"request_id": request_id, "reason": "Known already."}
    assert house.engine.published == [("let go", str(request_id), told)]
    assert complaint_id


def test_a_nudge_moves_the_departments_tasks_up_and_is_counted(house: House) -> None:
    _, request_id = with_request(house)
    coordinator = house.somebody("coordinator", "RETAIL")

    collaboration.nudge(house.ports, coordinator, request_id)

    with house.work() as work:
        assert work.tasks.get(1, 1).priority == 80
        assert work.requests.get(request_id).reminders == 1
    collaboration.let_go(house.ports, coordinator, request_id, "Known already.")
    with pytest.raises(OutOfOrder):
        collaboration.nudge(house.ports, coordinator, request_id)


def test_nobody_is_invited_once_every_answer_is_in(house: House) -> None:
    complaint_id, request_id = with_request(house)
    coordinator = house.somebody("coordinator", "RETAIL")
    collaboration.let_go(house.ports, coordinator, request_id, "no longer needed")

    with pytest.raises(OutOfOrder, match="nothing left to join"):
        collaboration.invite(house.ports, coordinator, complaint_id, "IT", "x", 3)

    with house.work() as work:
        (let_go,) = [event for event in work.events(complaint_id) if event.kind == "department.let_go"]
    assert let_go.detail["department"] == "OPS"
