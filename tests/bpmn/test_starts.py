"""Timer start events: armed by a release, replaced by the next, fired by the tick, repeating by themselves."""

from collections.abc import Iterator

import pytest

from engine.domain.errors import DefinitionRefused
from engine.runtime.clock import MovableClock
from engine.use_cases import deadlines
from tests.builders.diagrams import diagram, end, flows, process, start, timer, user
from tests.builders.durable import DurableBank


@pytest.fixture
def bank(sqlite_url: str, clock: MovableClock) -> Iterator[DurableBank]:
    opened = DurableBank(sqlite_url, clock)
    yield opened
    opened.close()


def timed(shape: str, text: str, id: str = "p", task: str = "u") -> bytes:
    """A process that time starts."""
    begin = start("begin", timer(shape, text))
    return diagram(process(id, begin, user(task), end(), flows("begin", task, "end")))


def test_the_next_release_arms_its_own_and_lets_go_of_the_earlier_ones(bank: DurableBank) -> None:
    bank.release(timed("Duration", "PT1H"), timed("Duration", "PT1H", "gone", "v"))
    bank.wait(minutes=30)
    bank.release(timed("Duration", "PT1H", task="new"))

    bank.wait(minutes=30)
    assert bank.open == []
    bank.wait(minutes=30)

    assert bank.open == ["new"]


def test_releasing_the_same_again_moves_nothing(bank: DurableBank) -> None:
    bank.release(timed("Duration", "PT1H"))
    bank.wait(minutes=30)

    bank.release(timed("Duration", "PT1H"))
    bank.wait(minutes=30)

    assert bank.open == ["u"]


def test_a_release_without_timers_lets_go_of_all(bank: DurableBank) -> None:
    bank.release(timed("Cycle", "R/PT1H"))
    bank.release(diagram(process("q", start("s"), end(), flows("s", "end"))))

    bank.wait(hours=3)

    assert bank.open == []
    with bank.work() as work:
        assert work.publications.start_timers() == []


def test_a_cycle_that_was_missed_starts_once(bank: DurableBank) -> None:
    bank.release(timed("Cycle", "R/PT1H"))

    bank.wait(hours=5)
    assert bank.open == ["u"]
    bank.wait(hours=1)

    assert bank.open == ["u", "u"]


def test_a_date_that_is_over_starts_at_once_and_never_again(bank: DurableBank) -> None:
    bank.release(timed("Date", "2020-01-01T00:00:00Z"))

    bank.wait(hours=0)
    bank.wait(days=400)

    assert bank.open == ["u"]


def test_firing_what_is_not_due_or_not_there_is_a_quiet_no(bank: DurableBank) -> None:
    bank.release(timed("Duration", "PT1H"))

    assert not deadlines.fire_start(bank.ports, "p", "begin")
    assert not deadlines.fire_start(bank.ports, "p", "nowhere")
    bank.wait(hours=1)
    assert not deadlines.fire_start(bank.ports, "p", "begin")
    assert bank.open == ["u"]


def test_a_time_that_cannot_be_read_refuses_the_release(bank: DurableBank) -> None:
    with pytest.raises(DefinitionRefused) as refused:
        bank.release(timed("Duration", "=soon"))

    assert (refused.value.details["element"], refused.value.details["rule"]) == ("begin", "timer")
    assert refused.value.details["file"] == "diagram-0.bpmn"
    bank.release(timed("Duration", "PT1H"))
    bank.wait(hours=1)
    assert bank.open == ["u"]
