"""Timers bound to clocks of the complaint: dormant, warned at each point once, moved with the clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.domain.clocks import Clock, ClockKind, DayType, StartRule, Warning
from engine.operations.registry import Nothing, Operation
from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    event_subprocess,
    flows,
    node,
    process,
    properties,
    service,
    start,
    timer,
    user,
)
from tests.builders.running import Bank, PlainSubject

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def clock(name: str = "final", days: int = 10, *warnings: int) -> Clock:
    """A clock of so many days with warnings at these percents."""
    length = timedelta(days=days)
    return Clock(
        id=0,
        complaint_id=1,
        name=name,
        kind=ClockKind.REGULATORY,
        rule="r",
        started_at=NOW,
        start_rule=StartRule.SAME_DAY,
        length=days,
        day_type=DayType.CALENDAR_DAYS,
        calendar="CN",
        due_at=NOW + length,
        warnings=tuple(
            Warning(percent, f"rung{percent}", NOW + length * percent / 100) for percent in warnings
        ),
    )


def set_clock(work: Any, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """The operation behind the first task."""
    work.clocks.add(clock("final", 10, 50, 80, 100))


LADDER = event_subprocess(
    "warned",
    timer("Date", "=now"),
    user("remind", name="Remind") + end("warned_end") + flows("warned_start", "remind", "warned_end"),
    interrupting=False,
    starts=(properties(clock="any"),),
)


@pytest.fixture
def bank() -> Bank:
    made = Bank(
        diagram(
            process(
                "p",
                start(),
                user("triage"),
                service("set_limits", "clocks.set"),
                user("work"),
                LADDER,
                flows("start", "triage", "set_limits", "work"),
            )
        ),
        operations={"clocks.set": Operation("clocks.set", "Set", Nothing, Nothing, set_clock)},
        subject=PlainSubject({1: {"grade": "general"}}),
    )
    made.start(complaint_id=1)
    return made


def test_the_timer_sleeps_until_there_is_a_clock(bank: Bank) -> None:
    assert [(t.clock, t.due_at) for t in bank.timers] == [("any", None)]

    bank.do("triage")

    assert [t.due_at for t in bank.timers] == [NOW + timedelta(days=5)]


def test_each_warning_point_is_given_once_with_what_it_is_about(bank: Bank) -> None:
    bank.do("triage")

    fired = [bank.wait(days=1) for _ in range(12)]

    assert fired == [0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0]
    reminders = [task for task in bank.tasks if task.element == "remind"]
    assert len(reminders) == 3
    scopes = [
        scope.values["warning"] for scope in bank.store.tables.scopes.values() if "warning" in scope.values
    ]
    assert [(w["clock"], w["percent"], w["rung"]) for w in scopes] == [
        ("final", 50, "rung50"),
        ("final", 80, "rung80"),
        ("final", 100, "rung100"),
    ]
    assert [t.due_at for t in bank.timers] == [None]


def test_two_warnings_due_at_once_are_both_given(bank: Bank) -> None:
    bank.do("triage")

    assert bank.wait(days=9) == 2

    assert bank.open == ["remind", "remind", "work"]


def test_a_paused_clock_puts_the_timer_to_sleep_and_a_moved_one_moves_it(bank: Bank) -> None:
    bank.do("triage")
    with bank.work() as work:
        running = work.clocks.find()[0]
        paused = work.clocks.save(replace(running, paused_at=NOW))
        bank.engine.clocks_changed(work, 1)
    assert [t.due_at for t in bank.timers] == [None]

    with bank.work() as work:
        later = tuple(replace(w, at=w.at + timedelta(days=3)) for w in paused.warnings)
        work.clocks.save(replace(paused, paused_at=None, warnings=later))
        bank.engine.clocks_changed(work, 1)

    assert [t.due_at for t in bank.timers] == [NOW + timedelta(days=8)]


def test_a_timer_whose_clock_was_moved_without_telling_does_not_fire_early(bank: Bank) -> None:
    bank.do("triage")
    waiting = bank.timers[0]
    with bank.work() as work:
        running = work.clocks.find()[0]
        later = tuple(replace(w, at=w.at + timedelta(days=3)) for w in running.warnings)
        work.clocks.save(replace(running, warnings=later))

    assert bank.wait(days=5) == 0

    with bank.work() as work:
        assert not bank.engine.fire(work, waiting.instance_id, waiting.token)
    assert [t.due_at for t in bank.timers] == [NOW + timedelta(days=8)]


def test_a_timer_bound_to_one_clock_fires_when_that_clock_is_due() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                user("work"),
                boundary("late", "work", timer("Date", "=now"), properties(clock="stage")),
                user("hurry"),
                end(),
                flows("start", "work", "end"),
                flows("late", "hurry"),
            )
        ),
        subject=PlainSubject({1: {}}),
    )
    with bank.work() as work:
        work.clocks.add(clock("final", 10))
        work.clocks.add(clock("stage", 4))
    bank.start(complaint_id=1)
    assert [t.due_at for t in bank.timers] == [NOW + timedelta(days=4)]

    bank.fire()

    assert bank.open == ["hurry"]


def test_the_clock_of_one_request_is_found_by_an_expression() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node(
                    "intermediateCatchEvent",
                    "wait",
                    properties(clock='="request " + string(n)'),
                    body=timer("Date", "=now"),
                ),
                flows("start", "wait"),
            )
        ),
        subject=PlainSubject({1: {}}),
    )
    with bank.work() as work:
        work.clocks.add(clock("request 1", 10))
        work.clocks.add(clock("request 2", 4))

    bank.start(complaint_id=1, n=2)

    assert bank.timers[0].clock == "request 2"
    assert bank.timers[0].due_at == NOW + timedelta(days=4)


def test_an_event_bound_to_one_clock_that_does_not_interrupt_happens_once() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                user("work"),
                boundary(
                    "late", "work", timer("Date", "=now"), properties(clock="stage"), interrupting=False
                ),
                user("hurry"),
                flows("start", "work"),
                flows("late", "hurry"),
            )
        ),
        subject=PlainSubject({1: {}}),
    )
    with bank.work() as work:
        work.clocks.add(clock("stage", 4))
    bank.start(complaint_id=1)

    assert [bank.wait(days=4), bank.wait(days=1)] == [1, 0]

    assert bank.open == ["hurry", "work"]
    assert bank.timers == []
