"""Clocks: when a limit is reached, what a pause gives back, what a new limit keeps, and how they explain themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain import clocks
from engine.domain.clocks import Clock, ClockKind, DayType, Extension, Limit, StartRule
from engine.domain.errors import NotAllowed, OutOfOrder, ValueRefused
from engine.domain.working_time import local_day
from tests.builders.cases import MONDAY, china, london

ROW = {
    "name": "decision",
    "kind": "regulatory",
    "rule": "CN-NFRA-15",
    "length": 15,
    "day_type": "calendar_days",
    "start_rule": "same_day",
    "pausable": True,
    "extendable": True,
    "warnings": "50:remind, 80:head, 100:office",
}


def limit(**changes: Any) -> Limit:
    return Limit.from_row({**ROW, **changes})


def started(calendar: Any = None, at: datetime = MONDAY, **changes: Any) -> Clock:
    return clocks.start(limit(**changes), calendar or china(), at, 1)


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        # received Monday 2 March 2026, 9:30 in Shanghai
        ({}, datetime(2026, 3, 16, 15, 59, 59, tzinfo=UTC)),  # 15 calendar days, the first is today
        ({"start_rule": "next_day"}, datetime(2026, 3, 17, 15, 59, 59, tzinfo=UTC)),
        ({"length": 8, "day_type": "weeks"}, datetime(2026, 4, 26, 15, 59, 59, tzinfo=UTC)),
        (
            {"length": 3, "day_type": "working_days", "start_rule": "next_working_day"},
            datetime(2026, 3, 5, 9, tzinfo=UTC),
        ),
        (
            {"length": 30, "day_type": "working_days"},
            datetime(2026, 4, 13, 9, tzinfo=UTC),
        ),  # Qingming does not count
        (
            {"length": 8, "day_type": "working_hours"},
            datetime(2026, 3, 3, 2, 30, tzinfo=UTC),
        ),  # over lunch and night
    ],
)
def test_a_limit_is_reached_by_its_rule(changes: dict[str, Any], due: datetime) -> None:
    assert due == started(**changes).due_at


def test_three_business_days_after_the_day_of_receipt_end_at_close_of_business() -> None:
    friday = datetime(2026, 3, 27, 12, tzinfo=UTC)

    clock = started(london(), friday, length=3, day_type="working_days", start_rule="next_working_day")

    assert datetime(2026, 4, 1, 16, tzinfo=UTC) == clock.due_at


def test_a_made_up_saturday_is_a_working_day_of_the_limit() -> None:
    thursday = datetime(2026, 5, 7, 2, tzinfo=UTC)

    clock = started(at=thursday, length=3, day_type="working_days")

    assert clock.due_at is not None
    assert date(2026, 5, 9) == local_day(china(), clock.due_at)


def test_warnings_come_in_working_hours_and_the_last_at_the_limit() -> None:
    clock = started()

    assert [warning.percent for warning in clock.warnings] == [50, 80, 100]
    assert clock.due_at == clock.warnings[-1].at
    assert all(1 <= warning.at.hour < 9 for warning in clock.warnings[:-1])


def test_a_warning_is_given_once() -> None:
    clock = started()
    first = clock.next_warning()
    assert first is not None

    clock = clocks.warned(clock, first)

    following = clock.next_warning()
    assert following is not None
    assert (following.percent, following.rung) == (80, "head")


def test_a_paused_clock_is_due_at_no_time_and_warns_nobody() -> None:
    clock = clocks.pause(started(), MONDAY + timedelta(days=2))

    assert clock.due_at is None
    assert clock.next_warning() is None


def test_resuming_gives_back_the_days_of_the_pause_by_the_calendar_of_the_limit() -> None:
    thursday, next_tuesday = MONDAY + timedelta(days=3), MONDAY + timedelta(days=8)
    by_days = started()
    by_working_days = started(length=10, day_type="working_days")

    resumed = [
        clocks.resume(clocks.pause(clock, thursday), china(), next_tuesday)
        for clock in (by_days, by_working_days)
    ]

    assert by_days.due_at is not None
    assert by_days.due_at + timedelta(days=5) == resumed[0].due_at
    assert datetime(2026, 3, 18, 9, tzinfo=UTC) == resumed[1].due_at  # three working days, not five days


def test_a_pause_in_working_hours_gives_back_working_hours() -> None:
    clock = started(length=8, day_type="working_hours")
    paused = clocks.pause(clock, MONDAY + timedelta(hours=1))

    resumed = clocks.resume(paused, china(), MONDAY + timedelta(hours=25))

    assert clock.due_at is not None
    assert clock.due_at + timedelta(days=1) == resumed.due_at


def test_a_clock_is_paused_only_where_its_rule_allows() -> None:
    with pytest.raises(NotAllowed):
        clocks.pause(started(pausable=False), MONDAY)
    with pytest.raises(OutOfOrder):
        clocks.pause(clocks.stop(started(), MONDAY), MONDAY)
    with pytest.raises(OutOfOrder):
        clocks.resume(started(), china(), MONDAY)


def test_an_extension_adds_to_the_limit_and_keeps_its_reason() -> None:
    clock = started()

    longer = clocks.extend(clock, china(), Extension(15, "An expert is asked.", MONDAY, "Li Lei"))

    assert clock.due_at is not None
    assert clock.due_at + timedelta(days=15) == longer.due_at
    assert longer.extensions[0].reason == "An expert is asked."


def test_a_limit_that_passed_is_not_extended() -> None:
    late = Extension(15, "Too late.", MONDAY + timedelta(days=40), "Li Lei")

    with pytest.raises(OutOfOrder):
        clocks.extend(started(), china(), late)
    with pytest.raises(NotAllowed):
        clocks.extend(started(extendable=False), china(), replace(late, at=MONDAY))
    with pytest.raises(ValueRefused):
        clocks.extend(started(), china(), Extension(0, "Nothing.", MONDAY, "Li Lei"))


def test_a_new_grade_keeps_the_time_used_and_the_warnings_given() -> None:
    clock = started(length=10, day_type="working_days")
    first = clock.next_warning()
    assert first is not None
    clock = clocks.warned(clock, first)

    shorter = clocks.relengthened(clock, limit(length=3, day_type="working_days"), china())

    assert clock.started_at == shorter.started_at
    assert datetime(2026, 3, 4, 9, tzinfo=UTC) == shorter.due_at
    assert [warning.given for warning in shorter.warnings] == [True, False, False]


def test_a_stopped_clock_stays_stopped() -> None:
    once = clocks.stop(started(), MONDAY)

    assert once == clocks.stop(once, MONDAY + timedelta(days=1))
    assert not once.is_running


def test_a_clock_past_its_limit_is_late_and_uses_more_than_all() -> None:
    clock = started()

    assert not clocks.is_late(clock, MONDAY)
    assert clocks.is_late(clock, MONDAY + timedelta(days=20))
    assert clocks.percent_used(clock, china(), MONDAY + timedelta(days=20)) > 100
    assert clocks.percent_used(clock, china(), MONDAY) == 0


def test_time_stands_still_for_a_paused_clock() -> None:
    paused = clocks.pause(started(), MONDAY + timedelta(days=3))

    first, later = (clocks.percent_used(paused, china(), MONDAY + timedelta(days=days)) for days in (4, 40))

    assert first == later


def test_a_clock_explains_itself_day_by_day() -> None:
    clock = started(
        at=datetime(2026, 4, 30, 2, tzinfo=UTC), length=3, day_type="working_days", start_rule="next_day"
    )

    said = [(line.day.day, line.number, line.why) for line in clocks.explain(clock, china())]

    assert said == [
        (30, None, "before day one"),
        *((day, None, "holiday") for day in range(1, 6)),
        (6, 1, "working day"),
        (7, 2, "working day"),
        (8, 3, "working day"),
    ]


def test_paused_days_are_explained_as_such() -> None:
    clock = clocks.resume(clocks.pause(started(), MONDAY), china(), MONDAY + timedelta(days=2))

    paused = [line.day for line in clocks.explain(clock, china()) if line.paused]

    assert [date(2026, 3, 3), date(2026, 3, 4)] == paused


def test_a_working_day_limit_past_the_published_calendar_is_provisional_until_the_calendar_comes() -> None:
    december = datetime(2026, 12, 21, 2, tzinfo=UTC)
    clock = started(at=december, length=15, day_type="working_days")

    settled = clocks.computed(clock, china(published_until=date(2027, 12, 31)))

    assert clock.provisional
    assert not settled.provisional
    assert not started(at=december).provisional  # calendar days need no holidays


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", ""),
        ("kind", "other"),
        ("day_type", "months"),
        ("start_rule", None),
        ("length", 0),
        ("length", 1.5),
        ("length", True),
        ("warnings", "half:remind"),
        ("warnings", "50"),
    ],
)
def test_a_limit_that_cannot_be_read_names_its_column(column: str, value: Any) -> None:
    with pytest.raises(ValueRefused) as refused:
        limit(**{column: value})

    assert column == refused.value.details["field"]


def test_a_regulatory_limit_starts_at_receipt_and_others_now_unless_the_rule_says_so() -> None:
    assert limit().starts_at_receipt
    assert not limit(kind="stage").starts_at_receipt
    assert limit(kind="stage", starts="received").starts_at_receipt


@settings(max_examples=60)
@given(
    st.sampled_from(list(DayType)),
    st.sampled_from(list(StartRule)),
    st.integers(1, 40),
    st.integers(0, 240).map(lambda day: MONDAY + timedelta(days=day, hours=day % 24)),
)
def test_the_explanation_counts_to_the_length(
    day_type: DayType, rule: StartRule, length: int, at: datetime
) -> None:
    clock = started(at=at, length=length, day_type=day_type, start_rule=rule)
    lines = list(clocks.explain(clock, china()))

    assert lines[-1].is_limit
    if day_type in (DayType.CALENDAR_DAYS, DayType.WORKING_DAYS):
        assert length == lines[-1].number
    if day_type is DayType.WEEKS:
        assert length * 7 == lines[-1].number


@settings(max_examples=60)
@given(st.integers(1, 30), st.integers(1, 30), st.sampled_from(list(DayType)))
def test_a_longer_limit_is_never_due_earlier(one: int, other: int, day_type: DayType) -> None:
    shorter, longer = (started(length=length, day_type=day_type).due_at for length in sorted((one, other)))

    assert shorter is not None
    assert longer is not None
    assert shorter <= longer


@settings(max_examples=60)
@given(st.integers(0, 200), st.integers(0, 200), st.sampled_from(list(DayType)))
def test_a_pause_never_shortens_a_limit(begin: int, length: int, day_type: DayType) -> None:
    clock = started(day_type=day_type)
    paused = clocks.pause(clock, MONDAY + timedelta(hours=begin))

    resumed = clocks.resume(paused, china(), MONDAY + timedelta(hours=begin + length))

    assert clock.due_at is not None
    assert resumed.due_at is not None
    assert resumed.due_at >= clock.due_at


def test_kinds_of_clocks_are_those_of_the_decision_table() -> None:
    assert {"regulatory", "triage", "stage", "request", "appeal"} == set(ClockKind)
