"""Working time: adding and measuring, over holidays, make-up days and summer time, forwards and backwards."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.errors import LimitExceeded
from engine.domain.working_time import (
    Calendar,
    add_working_days,
    add_working_time,
    close_of_business,
    end_of_day,
    is_provisional,
    is_working_moment,
    why_of,
    working_between,
    working_days_between,
)
from tests.builders.cases import MONDAY, china, london

moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 -- hypothesis takes naive bounds and puts the zone on
    datetime(2026, 12, 1),  # noqa: DTZ001 -- the same
    timezones=st.just(UTC),
)
days = st.dates(date(2026, 1, 1), date(2026, 12, 1))
lengths = st.integers(0, 60 * 60 * 24 * 20).map(lambda seconds: timedelta(seconds=seconds))
calendars = st.sampled_from([china(), london()])


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 3, 2), 1, date(2026, 3, 3)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # over a weekend
        (date(2026, 4, 3), 1, date(2026, 4, 7)),  # over Qingming
        (date(2026, 4, 30), 1, date(2026, 5, 6)),  # over Labour Day
        (date(2026, 5, 8), 1, date(2026, 5, 9)),  # onto a Saturday that is made up
        (date(2026, 4, 7), -1, date(2026, 4, 3)),  # backwards over Qingming
        (date(2026, 3, 7), 0, date(2026, 3, 7)),  # none: the day itself
    ],
)
def test_working_days_are_added_over_holidays_and_made_up_days(
    start: date, count: int, expected: date
) -> None:
    assert expected == add_working_days(china(), start, count)


def test_lunch_does_not_count() -> None:
    noon = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)

    after_one_hour = add_working_time(china(), noon, timedelta(hours=1))

    assert datetime(2026, 3, 2, 5, 30, tzinfo=UTC) == after_one_hour


def test_a_night_when_the_clocks_change_does_not_shift_the_working_day() -> None:
    friday_afternoon = datetime(2026, 3, 27, 16, 0, tzinfo=UTC)

    two_hours_later = add_working_time(london(), friday_afternoon, timedelta(hours=2))

    assert datetime(2026, 3, 30, 9, 0, tzinfo=UTC) == two_hours_later


def test_a_calendar_day_ends_at_midnight_of_the_bank() -> None:
    assert datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC) == end_of_day(china(), date(2026, 3, 2))


def test_business_closes_when_the_last_span_ends() -> None:
    assert datetime(2026, 3, 2, 9, 0, tzinfo=UTC) == close_of_business(china(), date(2026, 3, 2))


def test_a_day_explains_itself() -> None:
    said = [why_of(china(), date(2026, 5, day)) for day in (5, 6, 9, 10)]

    assert said == ["holiday", "working day", "make-up working day", "weekend"]


def test_a_day_past_the_published_holidays_is_provisional() -> None:
    assert is_provisional(china(), date(2027, 1, 4))
    assert not is_provisional(china(), date(2026, 12, 31))


def test_a_calendar_without_working_days_is_refused_instead_of_searched_for_ever() -> None:
    never = china(weekend=frozenset(range(1, 8)), special={})

    with pytest.raises(LimitExceeded):
        add_working_days(never, date(2026, 3, 2), 1)
    with pytest.raises(LimitExceeded):
        add_working_time(never, MONDAY, timedelta(hours=1))
    with pytest.raises(LimitExceeded):
        add_working_time(never, MONDAY, -timedelta(hours=1))


@settings(max_examples=80)
@given(calendars, moments, lengths)
def test_what_is_added_is_what_lies_between(calendar: Calendar, start: datetime, length: timedelta) -> None:
    assert length == working_between(calendar, start, add_working_time(calendar, start, length))


@settings(max_examples=80)
@given(calendars, moments, lengths)
def test_what_is_taken_away_is_what_lies_between(
    calendar: Calendar, start: datetime, length: timedelta
) -> None:
    assert length == working_between(calendar, add_working_time(calendar, start, -length), start)


@settings(max_examples=80)
@given(calendars, moments, lengths, lengths)
def test_more_time_never_ends_earlier(
    calendar: Calendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    shorter, longer = sorted((one, other))

    assert add_working_time(calendar, start, shorter) <= add_working_time(calendar, start, longer)


@settings(max_examples=80)
@given(calendars, moments, moments, lengths)
def test_a_later_start_never_ends_earlier(
    calendar: Calendar, one: datetime, other: datetime, length: timedelta
) -> None:
    earlier, later = sorted((one, other))

    assert add_working_time(calendar, earlier, length) <= add_working_time(calendar, later, length)


@settings(max_examples=60)
@given(calendars, moments, lengths, lengths)
def test_time_is_added_in_one_go_or_two(
    calendar: Calendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    first = add_working_time(calendar, start, one)

    assert add_working_time(calendar, start, one + other) == (
        add_working_time(calendar, first, other) if other else first
    )


@settings(max_examples=60)
@given(calendars, moments, moments, moments)
def test_time_between_is_the_sum_of_its_parts(
    calendar: Calendar, a: datetime, b: datetime, c: datetime
) -> None:
    parts = working_between(calendar, a, b) + working_between(calendar, b, c)

    assert working_between(calendar, a, c) == parts


@settings(max_examples=60)
@given(calendars, moments, lengths.filter(bool))
def test_time_ends_within_working_hours(calendar: Calendar, start: datetime, length: timedelta) -> None:
    end = add_working_time(calendar, start, length)

    assert is_working_moment(calendar, end - timedelta(microseconds=1))


@settings(max_examples=80)
@given(calendars, days, st.integers(-60, 60))
def test_days_added_are_days_between(calendar: Calendar, start: date, count: int) -> None:
    end = add_working_days(calendar, start, count)

    assert count == working_days_between(calendar, start, end)
    assert count == 0 or calendar.is_working_day(end)
