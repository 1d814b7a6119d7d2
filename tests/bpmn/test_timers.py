"""Timers: due once computed, fired by whoever looks, in whatever order, and never early."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.bpmn.failures import Failed
from engine.bpmn.timers import armed, next_round
from engine.feel import compile_expression
from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    event_subprocess,
    flows,
    node,
    process,
    start,
    timer,
    user,
)
from tests.builders.running import Bank

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shape", "text", "due"),
    [
        ("duration", "PT1H", NOW + timedelta(hours=1)),
        ("duration", "P1M", datetime(2026, 4, 2, 9, 0, tzinfo=UTC)),  # months are calendar months
        ("duration", timedelta(days=2), NOW + timedelta(days=2)),  # a FEEL duration
        ("date", "2026-04-01T00:00:00Z", datetime(2026, 4, 1, tzinfo=UTC)),
        ("date", "2026-04-01T08:00:00+08:00", datetime(2026, 4, 1, tzinfo=UTC)),
        ("date", "2026-04-01", datetime(2026, 4, 1, tzinfo=UTC)),  # a day is its first moment
        ("date", "2026-07-15T09:00:00", datetime(2026, 7, 15, 9, tzinfo=UTC)),  # without a zone it is UTC
        ("cycle", "R3/PT1H", NOW + timedelta(hours=1)),
        ("cycle", "R/P1D", NOW + timedelta(days=1)),
        ("cycle", "R2/2026-05-01T00:00:00Z/P1D", datetime(2026, 5, 1, tzinfo=UTC)),
    ],
)
def test_the_due_moment(shape: str, text: Any, due: datetime) -> None:
    assert datetime.fromisoformat(armed(shape, text, NOW)["due"]) == due


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("duration", "soon"),
        ("date", "tomorrow"),
        ("date", None),
        ("cycle", "0 0 * * *"),
        ("cycle", "R3/-PT1H"),
    ],
)
def test_what_is_no_time_is_refused(shape: str, text: Any) -> None:
    with pytest.raises(Failed):
        armed(shape, text, NOW)


def test_missed_rounds_of_a_cycle_count_but_do_not_fire() -> None:
    memo = armed("cycle", "R5/PT1H", NOW)

    following = next_round(memo, NOW + timedelta(hours=3, minutes=30))

    assert following is not None
    assert datetime.fromisoformat(following["due"]) == NOW + timedelta(hours=4)
    assert following["left"] == 2


def reminded(cycle: str = "R3/PT24H") -> Bank:
    """A task with reminders."""
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                user("main"),
                boundary("remind", "main", timer("Cycle", cycle), interrupting=False),
                user("call"),
                end(),
                flows("start", "main", "end"),
                flows("remind", "call"),
            )
        )
    )
    bank.start()
    return bank


def test_reminders_come_one_by_one_and_stop_after_the_last() -> None:
    bank = reminded()

    assert [bank.wait(hours=24) for _ in range(4)] == [1, 1, 1, 0]

    assert bank.open == ["call", "call", "call", "main"]


def test_after_downtime_one_reminder_is_enough() -> None:
    bank = reminded()

    assert bank.wait(days=10) == 1

    assert bank.open == ["call", "main"]
    assert bank.timers == []


def test_a_timer_never_fires_early_or_twice() -> None:
    bank = reminded("R1/PT24H")
    waiting = bank.timers[0]

    with bank.work() as work:
        assert not bank.engine.fire(work, waiting.instance_id, waiting.token)
    bank.wait(hours=24)
    with bank.work() as work:
        assert not bank.engine.fire(work, waiting.instance_id, waiting.token)

    assert bank.open == ["call", "main"]


def test_a_timer_of_an_instance_that_ended_is_a_quiet_no() -> None:
    bank = reminded()
    waiting = bank.timers[0]
    bank.do("main")

    with bank.work() as work:
        assert not bank.engine.fire(work, waiting.instance_id, waiting.token)
    assert bank.is_over


def test_the_working_time_functions_can_be_asked() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node("intermediateCatchEvent", "wait", body=timer("Date", "=add working days(now, days)")),
                flows("start", "wait"),
            )
        )
    )

    bank.start(days=3)

    assert bank.timers[0].due_at == bank.store.now + timedelta(days=3)


def test_a_timer_in_an_event_subprocess_does_not_keep_the_process_open() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                user("main"),
                event_subprocess(
                    "overdue",
                    timer("Duration", "P1D"),
                    user("hurry") + flows("overdue_start", "hurry"),
                    interrupting=False,
                ),
                flows("start", "main"),
            )
        )
    )
    bank.start()
    bank.fire()
    assert bank.open == ["hurry", "main"]
    assert bank.timers == []

    bank.do("main")
    bank.do("hurry")

    assert bank.is_over


def test_going_round_arms_a_boundary_timer_anew() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node("exclusiveGateway", "again", name="Again?"),
                user("main"),
                boundary("late", "main", timer("Duration", "PT1H"), interrupting=False),
                end("e"),
                flows("start", "again", "main", "again"),
                flows("late", "e"),
            )
        )
    )
    bank.start()
    bank.wait(minutes=30)

    bank.do("main")

    assert [t.due_at for t in bank.timers] == [bank.store.now + timedelta(hours=1)]


def test_half_of_an_odd_time_is_cut_off_to_what_a_row_keeps() -> None:
    half = compile_expression("start + (end - start) / 2").evaluate(
        {
            "start": datetime(2026, 3, 2, tzinfo=UTC),
            "end": datetime(2026, 3, 2, microsecond=3, tzinfo=UTC),
        }
    )

    due = armed("date", half, datetime(2026, 3, 1, tzinfo=UTC))["due"]

    assert due == "2026-03-02T00:00:00.000001+00:00"
