"""The bank in memory: time goes by, and what falls due on the way happens at its moment."""

from datetime import timedelta

import pytest

from engine.domain.errors import OutOfOrder
from engine.memory import MemoryUnitOfWork
from engine.simulation.bank import Bank, GoesOnForEver, Town
from engine.simulation.moments import USUAL_START
from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    flow,
    flows,
    node,
    process,
    script,
    start,
    subprocess,
    timer,
    user,
)

NOON = USUAL_START + timedelta(hours=3)


def bank_of(*parts: str) -> Bank:
    """A bank in which one process "p" with these parts was started."""
    bank = Town({"p.bpmn": diagram(process("p", *parts))}).bank(USUAL_START)
    with bank.work() as work:
        bank.town.engine.start(work, "p", complaint_id=None, variables={}, message=None)
    return bank


def wait(id: str, length: str) -> str:
    return node("intermediateCatchEvent", id, body=timer("Duration", length))


def test_timers_fire_at_their_moment_and_not_at_the_end_of_the_time() -> None:
    bank = bank_of(
        start(),
        wait("first", "PT1H"),
        script("then", "=now", "seen"),
        wait("second", "PT1H"),
        script("last", "=now", "seen_again"),
        end(),
        flows("start", "first", "then", "second", "last", "end"),
    )
    bank.pass_time(NOON)

    assert bank.clock.now() == NOON
    assert bank.town.trace.variables == {
        "p": {"seen": "2026-11-23T02:30:00Z", "seen_again": "2026-11-23T03:30:00Z"}
    }


def test_what_is_due_later_waits() -> None:
    bank = bank_of(start(), wait("later", "PT4H"), end(), flows("start", "later", "end"))
    bank.pass_time(NOON)

    assert bank.town.trace.variables == {}
    bank.pass_time(NOON + timedelta(hours=2))
    assert bank.town.trace.variables == {"p": {}}


def test_time_never_goes_back() -> None:
    bank = bank_of(start(), user("work"), end(), flows("start", "work", "end"))
    bank.pass_time(NOON)
    bank.pass_time(USUAL_START)

    assert bank.clock.now() == NOON


def test_a_timer_that_goes_off_every_second_is_told_and_does_not_hang() -> None:
    bank = bank_of(
        start(),
        subprocess("sub", start("s") + user("work") + end("e") + flows("s", "work", "e")),
        boundary("tick", "sub", timer("Cycle", "R/PT1S"), interrupting=False),
        end(),
        end("ticked"),
        flows("start", "sub", "end"),
        flow("tick", "ticked"),
    )

    with pytest.raises(GoesOnForEver):
        bank.pass_time(NOON + timedelta(days=30))


def test_what_is_rolled_back_passed_nothing() -> None:
    bank = Town(
        {"p.bpmn": diagram(process("p", start(), user("work"), end(), flows("start", "work", "end")))}
    ).bank(USUAL_START)
    with pytest.raises(OutOfOrder), bank.work() as work:
        _start_and_fail(bank, work)

    assert bank.town.trace.steps == []


def _start_and_fail(bank: Bank, work: MemoryUnitOfWork) -> None:
    bank.town.engine.start(work, "p", complaint_id=None, variables={}, message=None)
    assert [step.element for step in bank.town.trace.steps] == ["start"]
    raise OutOfOrder("too late")


def test_every_bank_of_a_town_begins_anew() -> None:
    bank = bank_of(start(), user("work"), end(), flows("start", "work", "end"))
    fresh = bank.town.bank(USUAL_START)

    with bank.work() as work, fresh.work() as empty:
        assert len(work.tasks.find()) == 1
        assert empty.tasks.find() == []
    assert bank.town.trace.steps == []
