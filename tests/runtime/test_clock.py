"""The clocks."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine.runtime.clock import MovableClock, SystemClock

START = datetime(2026, 1, 30, 9, tzinfo=UTC)


def test_the_machines_clock_is_aware_and_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_movable_clock_stands_until_it_is_moved() -> None:
    clock = MovableClock(START)

    assert clock.now() == START
    clock.move_by(timedelta(days=2))
    assert clock.now() == datetime(2026, 2, 1, 9, tzinfo=UTC)


def test_a_moment_of_another_zone_becomes_utc() -> None:
    clock = MovableClock(START)

    clock.move_to(datetime(2026, 1, 30, 18, tzinfo=timezone(timedelta(hours=8))))

    assert clock.now() == datetime(2026, 1, 30, 10, tzinfo=UTC)
    assert clock.now().utcoffset() == timedelta(0)


def test_time_does_not_go_back() -> None:
    clock = MovableClock(START)

    with pytest.raises(ValueError, match="cannot go back"):
        clock.move_to(START - timedelta(seconds=1))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        MovableClock(datetime(2026, 1, 30, 9))  # noqa: DTZ001 (what is tested)
