"""Operations on the complaint: routed, joined, closed, withdrawn, raised."""

import pytest
from marshmallow import ValidationError

from engine.domain.complaint import Grade, Outcome, Stage
from engine.domain.department_requests import RequestState
from engine.domain.errors import OperationFailed, ValueRefused
from tests.builders.cases import a_request
from tests.builders.house import House
from tests.builders.operating import run


@pytest.fixture
def house() -> House:
    return House()


def test_a_routed_complaint_is_handled_by_its_lead_department(house: House) -> None:
    complaint = house.complaint()

    run(house, "complaint.route", complaint.id, lead_department="CARDS", supporting=["OPS"])

    routed = house.now_complaint(complaint.id)
    cards = house.units["CARDS"].id
    assert (cards, cards, cards) == (
        routed.lead_department_id,
        routed.handling_unit_id,
        routed.responsible_unit_id,
    )


def test_a_route_to_nowhere_fails(house: House) -> None:
    complaint = house.complaint()

    with pytest.raises(OperationFailed):
        run(house, "complaint.route", complaint.id, lead_department="MARS")


def test_a_duplicate_is_joined_and_both_keep_their_history(house: House) -> None:
    first, second = house.complaint(), house.complaint(text="The machine again.")

    output = run(house, "complaint.merge", second.id, duplicate_of=first.number)

    assert first.number == output["duplicate_of"]
    assert first.id == house.now_complaint(second.id).duplicate_of_id
    with house.work() as work:
        (added,) = work.information.find(complaint_id=first.id)
    assert "The machine again." in added.text
    assert house.kinds() == ["complaint.joined", "duplicate.joined"]


def test_a_duplicate_of_a_duplicate_is_joined_to_the_first(house: House) -> None:
    first, second, third = (house.complaint() for _ in range(3))
    run(house, "complaint.merge", second.id, duplicate_of=first.number)

    run(house, "complaint.merge", third.id, duplicate_of=second.number)

    assert first.id == house.now_complaint(third.id).duplicate_of_id


def test_crossing_merges_are_refused(house: House) -> None:
    first, second = house.complaint(), house.complaint()
    run(house, "complaint.merge", second.id, duplicate_of=first.number)

    for number in (first.number, second.number, "C-1999-000001"):
        with pytest.raises(OperationFailed):
            run(house, "complaint.merge", first.id, duplicate_of=number)


def test_closing_stops_the_clocks_and_cancels_what_is_still_asked(house: House) -> None:
    complaint = house.complaint()
    limits = [
        {"name": "x", "kind": "stage", "length": 5, "day_type": "working_days", "start_rule": "same_day"}
    ]
    run(house, "clocks.set", complaint.id, limits=limits)
    with house.work() as work:
        work.requests.add(a_request(complaint_id=complaint.id, department_id=house.units["OPS"].id))

    run(house, "complaint.close", complaint.id, outcome="upheld")

    closed = house.now_complaint(complaint.id)
    assert (Outcome.UPHELD, Stage.CLOSED, house.store.now) == (closed.outcome, closed.stage, closed.closed_at)
    with house.work() as work:
        assert [house.store.now] == [clock.stopped_at for clock in work.clocks.find()]
        assert [request.state for request in work.requests.find()] == [RequestState.CANCELLED]
    with pytest.raises(ValidationError):
        run(house, "complaint.close", complaint.id, outcome="forgotten")


def test_a_withdrawal_closes_once(house: House) -> None:
    complaint = house.complaint()

    run(house, "complaint.withdraw", complaint.id)
    run(house, "complaint.withdraw", complaint.id)

    withdrawn = house.now_complaint(complaint.id)
    assert (Outcome.WITHDRAWN, house.store.now) == (withdrawn.outcome, withdrawn.withdrawn_at)
    assert house.kinds() == ["complaint.closed"]


def test_a_grade_is_raised_and_never_lowered(house: House) -> None:
    complaint = house.complaint(grade=Grade.IMPORTANT)

    run(house, "complaint.raise", complaint.id, grade="major", reason="The press.", by="li.na")
    run(house, "complaint.raise", complaint.id, grade="major", reason="The press.", by="li.na")

    assert house.now_complaint(complaint.id).grade == Grade.MAJOR
    assert house.kinds() == ["grade.raised"]
    with pytest.raises(ValueRefused):
        run(house, "complaint.raise", complaint.id, grade="general", reason="Calm.", by="li.na")


def test_a_stage_is_set_once(house: House) -> None:
    complaint = house.complaint()

    run(house, "complaint.set_stage", complaint.id, stage="offer")
    run(house, "complaint.set_stage", complaint.id, stage="offer")

    assert house.now_complaint(complaint.id).stage == Stage.OFFER
    assert house.kinds() == ["complaint.moved"]
