"""The ticks, by the real scheduler."""

from threading import Event, Thread, current_thread
from threading import enumerate as enumerate_threads

import structlog

from engine.runtime.scheduler import Ticks

SOON = 0.01
PATIENCE = 20.0


def test_a_tick_comes_again_and_again() -> None:
    looks: list[int] = []
    third = Event()

    def look() -> int:
        looks.append(1)
        if len(looks) == 3:
            third.set()
        return 0

    with Ticks({"timers": look}, seconds=SOON):
        assert third.wait(PATIENCE)

    assert len(looks) >= 3


def test_a_tick_that_fails_is_told_and_comes_again() -> None:
    looks: list[int] = []
    again = Event()

    def look() -> int:
        looks.append(1)
        if len(looks) > 1:
            again.set()
        raise ZeroDivisionError

    structlog.reset_defaults()  # another test may have asked for fewer lines
    with structlog.testing.capture_logs() as told, Ticks({"outbox": look}, seconds=SOON):
        assert again.wait(PATIENCE)

    assert {(line["event"], line["tick"]) for line in told} == {("tick failed", "outbox")}


def test_a_slow_tick_is_never_started_twice() -> None:
    at_once: list[Thread] = []
    most: list[int] = []
    third = Event()

    def look() -> int:
        at_once.append(current_thread())
        most.append(len(at_once))
        third.wait(5 * SOON)
        at_once.remove(current_thread())
        if len(most) == 3:
            third.set()
        return 0

    with Ticks({"timers": look}, seconds=SOON):
        assert third.wait(PATIENCE)

    assert max(most) == 1


def test_leaving_waits_for_the_tick_that_runs() -> None:
    begun, finished = Event(), Event()

    def look() -> int:
        begun.set()
        finished.wait(5 * SOON)
        finished.set()
        return 0

    with Ticks({"timers": look}, seconds=SOON):
        assert begun.wait(PATIENCE)

    assert finished.is_set()


def test_zero_seconds_means_that_nobody_looks_here() -> None:
    before = set(enumerate_threads())

    with Ticks({"timers": lambda: 0}, seconds=0):
        assert set(enumerate_threads()) == before
