"""What an operation is: a name for diagrams, schemas for what goes in and comes out, and a function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema

from engine.domain.complaint import Complaint
from engine.domain.errors import OperationFailed
from engine.domain.events import HistoryEvent
from engine.ports import UnitOfWork

Run = Callable[[UnitOfWork, int | None, dict[str, Any]], Mapping[str, Any] | None]


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


class Nothing(Inputs):
    """No field at all."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a service task may do inside the open transaction."""

    name: str
    summary: str
    input: type[Schema]
    output: type[Schema]
    run: Run


class Operations(tuple[Operation, ...]):
    """The operations of one noun."""


def operation(
    name: str, *, input: type[Schema] = Nothing, output: type[Schema] = Nothing
) -> Callable[[Run], Operation]:
    """Make a function an operation; its docstring is the summary designers read."""

    def made(run: Run) -> Operation:
        return Operation(name, (run.__doc__ or name).strip(), input, output, run)

    return made


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
