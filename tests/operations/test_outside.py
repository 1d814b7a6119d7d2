"""Jobs: the right operation does them, what it throws on purpose is no failure, what cannot help is given up."""

from typing import Any

import pytest

from engine.domain.errors import OperationFailed
from engine.domain.running import Job, JobEnd
from engine.operations.outside import job_doer
from engine.ports import GiveUp, TryLater
from tests.builders.durable import OPERATIONS

DO = job_doer(OPERATIONS)


def job(type: str, **inputs: Any) -> Job:
    """A job of a token."""
    return Job(1, 2, type, "job-1-2-1", None, inputs)


def test_its_outputs_are_those_of_the_operation() -> None:
    outcome = DO(job("look_up", value=3))

    assert (outcome.end, outcome.outputs) == (JobEnd.DONE, {"value": "found 3"})


def test_a_bpmn_error_is_an_end_like_another() -> None:
    outcome = DO(job("look_up.throws", code="X"))

    assert (outcome.end, outcome.code, outcome.message) == (JobEnd.THROWN, "X", "Nothing there.")


def test_what_may_help_later_is_left_to_the_outbox() -> None:
    with pytest.raises(TryLater):
        DO(job("look_up.never"))


@pytest.mark.parametrize(
    ("type", "inputs"),
    [("nothing", {}), ("echo", {}), ("look_up", {"code": [1]})],
    ids=["unknown", "inside", "inputs"],
)
def test_what_never_helps_is_given_up(type: str, inputs: dict[str, Any]) -> None:
    with pytest.raises(GiveUp):
        DO(job(type, **inputs))


def test_work_outside_is_never_done_inside() -> None:
    nothing: Any = None

    with pytest.raises(OperationFailed):
        OPERATIONS["look_up"].run(nothing, None, {})
