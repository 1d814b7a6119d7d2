"""What an operation is: a name for diagrams, schemas for what goes in and comes out, and a function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema

from engine.domain.complaint import Complaint
from engine.domain.errors import OperationFailed
from engine.domain.events import HistoryEvent
from engine.domain.running import Job
from engine.ports import UnitOfWork


class Escalated:
    """Returned by an operation that is done and escalates on purpose: the diagram may catch the code at the task.

    What it wrote stays. Caught by an event that interrupts, the task ends there; else it goes on with the outputs.
    """

    def __init__(self, code: str, message: str = "", outputs: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.message = message or code
        self.outputs = outputs


Run = Callable[[UnitOfWork, int | None, dict[str, Any]], Mapping[str, Any] | Escalated | None]
Outside = Callable[[Job, dict[str, Any]], Mapping[str, Any] | None]


class BpmnError(Exception):
    """Thrown by an operation on purpose, for the diagram to catch by its code."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message or code


class Inputs(Schema):
    """What an operation takes; names beyond its fields are left out."""

    class Meta:
        unknown = EXCLUDE


def says(description: str) -> Mapping[str, str]:
    """The metadata of a field: what designers read beside it in the modeler."""
    return {"description": description}


class Nothing(Inputs):
    """No field at all."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a service task may do: inside the open transaction (`run`), or `outside` of any, as a job.

    `errors` are the codes of the BPMN errors it throws on purpose. Work outside is done at least once, under the job's
    key. It may raise BpmnError for the diagram to catch, TryLater to be tried again, and GiveUp to be left to a person
    at once; anything else is tried again as often as the diagram says.
    """

    name: str
    summary: str
    input: type[Schema]
    output: type[Schema]
    run: Run
    outside: Outside | None = None
    errors: tuple[str, ...] = ()


class Operations(tuple[Operation, ...]):
    """The operations of one noun."""


def operation(
    name: str,
    *,
    input: type[Schema] = Nothing,
    output: type[Schema] = Nothing,
    errors: tuple[str, ...] = (),
) -> Callable[[Run], Operation]:
    """Make a function an operation; its docstring is the summary designers read."""

    def made(run: Run) -> Operation:
        return Operation(name, (run.__doc__ or name).strip(), input, output, run, errors=errors)

    return made


def outside_operation(
    name: str,
    *,
    input: type[Schema] = Nothing,
    output: type[Schema] = Nothing,
    errors: tuple[str, ...] = (),
) -> Callable[[Outside], Operation]:
    """Make a function an operation whose work happens outside: it gets the job and its inputs, and no unit of work."""

    def made(outside: Outside) -> Operation:
        summary = (outside.__doc__ or name).strip()
        return Operation(name, summary, input, output, carried_out_elsewhere, outside, errors)

    return made


def carried_out_elsewhere(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """What runs inside the transaction for work that is done elsewhere: nothing may."""
    raise OperationFailed("This work is not done inside a transaction, but by a job or by the engine itself.")


def complaint_of(work: UnitOfWork, complaint_id: int | None) -> Complaint:
    """The complaint an operation is about; raises OperationFailed in a process without one."""
    if complaint_id is None:
        raise OperationFailed("This step needs a complaint, and this process has none.")
    return work.complaints.get(complaint_id)


def record(work: UnitOfWork, complaint_id: int | None, kind: str, /, **detail: Any) -> None:
    """Append a fact to the history in the name of whoever moved the process."""
    work.record(
        HistoryEvent(
            at=work.now,
            kind=kind,
            actor=work.actor.name,
            complaint_id=complaint_id,
            person_id=work.actor.person_id,
            detail=detail,
        )
    )
