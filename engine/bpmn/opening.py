"""A user task as its row: who may do it, which form it asks, by when; everything the diagram says, evaluated once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.bpmn.failures import Failed
from engine.bpmn.timers import moment
from engine.domain.task import Task, TaskState

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.bpmn.command import Command
    from engine.bpmn.definitions import Definitions
    from engine.bpmn.expressions import Value
    from engine.bpmn.run import Run
    from engine.bpmn.specs.activities import UserTask
    from engine.bpmn.tokens import Token


class Offer(NamedTuple):
    """What a task is offered as, by the names of the task's own fields: who may do it, and with which form."""

    element: str
    name: str
    form: str | None
    release_id: int
    role: str
    unit_id: int | None
    candidates: tuple[int, ...]
    excluded: tuple[int, ...]


def offered(run: Run, number: int, spec: UserTask, own: Definitions, release_id: int) -> Offer:
    """As what a task is offered, seen from a scope; raises Failed for what cannot be read.

    `own` are the definitions it is drawn in, `release_id` the release of the instance.
    """

    def found(text: Value) -> Any:
        return text.text if text.expression is None else run.evaluate(text, number)

    command = run.command
    role = "" if spec.role is None else found(spec.role)
    if not isinstance(role, str):
        raise Failed("task.role", f"The role of the task is not a text: {role!r}.")
    form = None if spec.form is None else found(spec.form)
    if form is not None:
        form, release_id = str(form), command.bound(spec.form_binding, "form", str(form), own).release_id
    return Offer(
        spec.bpmn_id,
        spec.about.name,
        form,
        release_id,
        role,
        _unit(command, None if spec.unit is None else found(spec.unit)),
        _candidates(command, spec, found),
        () if spec.not_by is None else _excluded(command, found(spec.not_by)),
    )


def opened(command: Command, token: Token, spec: UserTask) -> Task:
    """The task of a token; raises Failed for what cannot be read, and for a task nobody would see."""

    def found(text: Value) -> Any:
        return run.evaluate(text, number)

    run, number = token.workflow.run, token.scope
    offer = offered(run, number, spec, token.workflow.definitions, command.instance.release_id)
    assignee = None if spec.assignee is None else _person(command, found(spec.assignee))
    if not offer.role and not offer.candidates and assignee is None:
        raise Failed("task.nobody", "The task names no role and nobody: no one would see it.")
    return Task(
        instance_id=command.instance.id,
        token=token.id,
        complaint_id=command.instance.complaint_id,
        release_id=offer.release_id,
        process=token.workflow.process,
        element=offer.element,
        name=offer.name,
        form=offer.form,
        role=offer.role,
        unit_id=offer.unit_id,
        opened_at=command.now,
        state=TaskState.OPEN if assignee is None else TaskState.CLAIMED,
        grade_rank=command.rank(),
        priority=50 if spec.priority is None else _priority(found(spec.priority)),
        due_at=None if spec.due is None else _moment(found(spec.due)),
        follow_up_at=None if spec.follow_up is None else _moment(found(spec.follow_up)),
        assignee_id=assignee,
        excluded=offer.excluded,
        inputs=dict(run.scopes[token.id].values) if token.id in run.scopes else {},
        candidates=offer.candidates,
    )


def _unit(command: Command, code: Any) -> int | None:
    if code is None:
        facts = command.facts()
        code = None if facts is None else facts.get("handling_unit") or facts.get("receiving_unit")
    return None if code is None else command.registry.unit(command.work, str(code))


def _person(command: Command, login: Any) -> int | None:
    return None if login is None else command.registry.person(command.work, str(login))


def _named(command: Command, logins: Any) -> tuple[int, ...]:
    """People by their logins: a list, or one text with commas."""
    if logins is None:
        return ()
    listed = logins if isinstance(logins, list) else str(logins).split(",")
    names = [str(login).strip() for login in listed if login is not None and str(login).strip()]
    return tuple(dict.fromkeys(command.registry.person(command.work, login) for login in names))


def _excluded(command: Command, logins: Any) -> tuple[int, ...]:
    listed = logins if isinstance(logins, list) else [logins]
    return tuple(command.registry.person(command.work, str(login)) for login in listed if login is not None)


def _candidates(command: Command, spec: UserTask, found: Callable[[Value], Any]) -> tuple[int, ...]:
    """The people a task is offered to by name; for nobody else, whoever it is assigned to, should they put it back."""
    if spec.candidates is not None:
        return _named(command, found(spec.candidates))
    if spec.role is None and spec.assignee is not None:
        return _named(command, found(spec.assignee))
    return ()


def _moment(found: Any) -> datetime | None:
    read = moment(found)
    if read is None and found is not None:
        raise Failed("task.due", f"The date of the task cannot be read: {found!r}.")
    return read


def _priority(found: Any) -> int:
    try:
        return max(0, min(100, int(found)))
    except (TypeError, ValueError):
        raise Failed("task.priority", f"The priority of the task is not a number: {found!r}.") from None
