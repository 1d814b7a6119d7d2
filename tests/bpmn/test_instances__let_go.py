"""An instance that is over is let go at once: nothing of it waits for the garbage collector to find circles."""

import gc
from collections.abc import Iterator

import pytest

from engine.bpmn.run import Run
from engine.bpmn.tokens import Level, Token
from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    flow,
    flows,
    process,
    start,
    subprocess,
    timer,
    user,
)
from tests.builders.running import Bank


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def remembered() -> int:
    """How many runs, levels and tokens there are in memory."""
    return sum(type(found) in (Run, Level, Token) for found in gc.get_objects())


@pytest.mark.usefixtures("no_collector")
def test_nothing_of_an_ended_instance_stays_in_memory() -> None:
    inner = start("begin"), user("u"), boundary("late", "u", timer("Duration", "P1D")), flows("begin", "u")
    drawn = process(
        "p",
        start(),
        subprocess("s", "".join([*inner, end("inner_end"), flow("late", "inner_end")])),
        user("v"),
        end(),
        flows("start", "s", "v", "end"),
    )
    bank = Bank(diagram(drawn), hydrated=10)
    before = remembered()
    bank.start()
    assert remembered() > before

    bank.do("u")
    bank.do("v")

    assert bank.is_over
    assert remembered() == before
