"""Operations on clocks: started once, given a new length with the time used kept, held and let go on."""

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.clocks import Clock
from engine.domain.errors import OperationFailed, ValueRefused
from tests.builders.house import House
from tests.builders.operating import run

LIMIT = {
    "name": "decision",
    "kind": "regulatory",
    "length": 15,
    "day_type": "calendar_days",
    "start_rule": "same_day",
    "pausable": True,
    "extendable": True,
    "warnings": "50:remind,100:office",
}


@pytest.fixture
def house() -> House:
    return House()


def the_clock(house: House) -> Clock:
    with house.work() as work:
        (clock,) = work.clocks.find()
        found: Clock = clock
        return found


def limits(**changes: Any) -> list[dict[str, Any]]:
    return [{**LIMIT, **changes}]


def test_a_regulatory_clock_starts_at_receipt_and_a_stage_clock_now(house: House) -> None:
    earlier = house.store.now - timedelta(days=2)
    complaint = house.complaint(received_at=earlier)

    run(house, "clocks.set", complaint.id, limits=[*limits(), *limits(name="triage", kind="triage")])

    with house.work() as work:
        started = {clock.name: clock.started_at for clock in work.clocks.find()}
    assert {"decision": earlier, "triage": house.store.now} == started


def test_a_new_limit_keeps_the_time_used(house: House) -> None:
    complaint = house.complaint()
    run(house, "clocks.set", complaint.id, limits=limits())
    before = the_clock(house)
    house.store.now += timedelta(days=3)

    run(house, "clocks.set", complaint.id, limits=limits(length=30))
    run(house, "clocks.set", complaint.id, limits=limits(length=30))

    after = the_clock(house)
    assert before.started_at == after.started_at
    assert before.due_at is not None
    assert before.due_at + timedelta(days=15) == after.due_at
    assert house.kinds() == ["clock.started", "clock.changed"]


def test_a_stopped_clock_is_not_started_again(house: House) -> None:
    complaint = house.complaint()
    run(house, "clocks.set", complaint.id, limits=limits())
    stopped = run(house, "clocks.stop", complaint.id, kind="regulatory")

    run(house, "clocks.set", complaint.id, limits=limits(length=30))

    assert stopped["clocks"] == ["decision"]
    assert the_clock(house).length == 15
    assert run(house, "clocks.stop", complaint.id, kind="regulatory")["clocks"] == []


def test_a_held_clock_goes_on_with_what_the_pause_took(house: House) -> None:
    complaint = house.complaint()
    run(house, "clocks.set", complaint.id, limits=limits())
    due = the_clock(house).due_at
    assert due is not None

    run(house, "clocks.pause", complaint.id, name="decision")
    held = the_clock(house)
    house.store.now += timedelta(days=4)
    run(house, "clocks.resume", complaint.id, name="decision")

    assert held.due_at is None
    assert due + timedelta(days=4) == the_clock(house).due_at


def test_a_clock_that_may_not_be_held_runs_on(house: House) -> None:
    complaint = house.complaint()
    run(house, "clocks.set", complaint.id, limits=limits(pausable=False))

    assert run(house, "clocks.pause", complaint.id, name="decision")["clocks"] == []
    assert the_clock(house).is_running


def test_an_extension_has_its_reason(house: House) -> None:
    complaint = house.complaint()
    run(house, "clocks.set", complaint.id, limits=limits())

    run(house, "clocks.extend", complaint.id, name="decision", length=15, reason="An expert is asked.")

    assert [extension.reason for extension in the_clock(house).extensions] == ["An expert is asked."]


def test_what_no_clock_answers_to_fails(house: House) -> None:
    complaint = house.complaint()

    with pytest.raises(OperationFailed):
        run(house, "clocks.stop", complaint.id)
    with pytest.raises(OperationFailed):
        run(house, "clocks.extend", complaint.id, name="nothing", length=1, reason="x")
    with pytest.raises(ValueRefused):
        run(house, "clocks.set", complaint.id, limits=limits(day_type="months"))
