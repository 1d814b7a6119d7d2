"""A user task as its row: who may do it, which form it asks, by when; everything the diagram says, evaluated once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.bpmn.failures import Failed
from engine.bpmn.timers import moment
from engine.domain.task import Task, TaskState

if TYPE_CHECKING:
    from engine.bpmn.command import Command
    from engine.bpmn.expressions import Value
    from engine.bpmn.specs.activities import UserTask
    from engine.bpmn.tokens import Token


def opened(command: Command, token: Token, spec: UserTask) -> Task:
    """The task of a token; raises Failed for what cannot be read, and for a task nobody would see."""

    run, scope = token.workflow.run, token.scope

    def found(text: Value) -> Any:
        return run.evaluate(text, scope)

    role = "" if spec.role is None else found(spec.role)
    if not isinstance(role, str):
        raise Failed("task.role", f"The role of the task is not a text: {role!r}.")
    named = () if spec.candidates is None else _named(command, found(spec.candidates))
    assignee = None if spec.assignee is None else _person(command, found(spec.assignee))
    if not role and not named and assignee is None:
        raise Failed("task.nobody", "The task names no role and nobody: no one would see it.")
    form, release = _form(command, token, spec, None if spec.form is None else found(spec.form))
    return Task(
        instance_id=command.instance.id,
        token=token.id,
        complaint_id=command.instance.complaint_id,
        release_id=release,
        process=token.workflow.process,
        element=spec.bpmn_id,
        name=spec.about.name,
        form=form,
        role=role,
        unit_id=_unit(command, None if spec.unit is None else found(spec.unit)),
        opened_at=command.now,
        state=TaskState.OPEN if assignee is None else TaskState.CLAIMED,
        grade_rank=command.rank(),
        priority=50 if spec.priority is None else _priority(found(spec.priority)),
        due_at=None if spec.due is None else _moment(found(spec.due)),
        follow_up_at=None if spec.follow_up is None else _moment(found(spec.follow_up)),
        assignee_id=assignee,
        excluded=() if spec.not_by is None else _excluded(command, found(spec.not_by)),
        inputs=dict(run.scopes[token.id].values) if token.id in run.scopes else {},
        candidates=named,
    )


def _form(command: Command, token: Token, spec: UserTask, form: Any) -> tuple[str | None, int]:
    """The id of its form and the release that is taken from."""
    if form is None:
        return None, command.instance.release_id
    bound = command.bound(spec.form_binding, "form", str(form), token.workflow.definitions)
    return str(form), bound.release_id


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
