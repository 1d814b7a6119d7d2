"""Going through what is due."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.errors import ChangedMeanwhile, Unavailable
from engine.runtime.clock import MovableClock
from engine.runtime.sweep import ASIDE, Sweep

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def _sweep(clock: MovableClock) -> Sweep[int]:
    return Sweep("number", lambda number: number, clock.now)


def test_each_item_is_done_and_what_did_something_is_counted() -> None:
    seen: list[int] = []

    def do(number: int) -> bool:
        seen.append(number)
        return number != 2

    assert _sweep(MovableClock(NOW)).over([1, 2, 3], do) == 2
    assert seen == [1, 2, 3]


def test_a_broken_item_keeps_nobody_and_is_set_aside_for_a_while() -> None:
    clock = MovableClock(NOW)
    sweep = _sweep(clock)
    tried: list[int] = []

    def do(number: int) -> bool:
        tried.append(number)
        if number == 1:
            raise ZeroDivisionError
        return True

    assert sweep.over([1, 2], do) == 1
    assert sweep.aside == 1
    assert sweep.over([1, 2], do) == 1
    assert tried == [1, 2, 2]
    clock.move_by(ASIDE + timedelta(seconds=1))
    assert sweep.over([1, 2], do) == 1
    assert tried == [1, 2, 2, 1, 2]


def test_an_item_somebody_else_did_meanwhile_is_not_set_aside() -> None:
    sweep = _sweep(MovableClock(NOW))

    def do(number: int) -> bool:
        raise ChangedMeanwhile

    assert sweep.over([1], do) == 0
    assert sweep.aside == 0


def test_a_database_that_is_gone_ends_the_look_and_blames_no_item() -> None:
    sweep = _sweep(MovableClock(NOW))
    tried: list[int] = []

    def do(number: int) -> bool:
        tried.append(number)
        raise Unavailable

    with pytest.raises(Unavailable):
        sweep.over([1, 2], do)

    assert tried == [1]
    assert sweep.aside == 0
