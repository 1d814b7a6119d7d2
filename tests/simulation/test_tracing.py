"""The way a scenario took."""

import pytest

from engine.domain.errors import OutOfOrder
from engine.simulation.tracing import Passed, Trace


def broken(trace: Trace) -> None:
    """A command that passes something and is rolled back."""
    with trace.command():
        trace.passed("p", "b", [])
        trace.ended("p", {"x": 1})
        raise OutOfOrder("too late")


def test_a_command_that_is_rolled_back_passed_nothing() -> None:
    trace = Trace()
    trace.passed("p", "a", ["a_b"])
    with pytest.raises(OutOfOrder):
        broken(trace)

    assert trace.steps == [Passed("p", "a", ("a_b",))]
    assert trace.variables == {}


def test_a_command_that_is_done_is_kept() -> None:
    trace = Trace()
    with trace.command():
        trace.passed("p", "a", [])
        trace.ended("p", {"x": 1})

    assert [step.element for step in trace.steps] == ["a"]
    assert trace.variables == {"p": {"x": 1}}
