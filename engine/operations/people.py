"""Operations that tell people of the bank something: alert, remind, escalate."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import fields

from engine.domain.organisation import Role
from engine.operations.registry import Inputs, complaint_of, operation, record, says
from engine.ports import UnitOfWork

RUNGS: Mapping[str, Role] = {
    "head": Role.HEAD,
    "office": Role.CONSUMER_PROTECTION,
    "executive": Role.EXECUTIVE,
}
PRIORITIES: Mapping[str, int] = {"remind": 70, "head": 85, "office": 95, "executive": 100}


class AlertInput(Inputs):
    roles = fields.List(fields.String(), required=True, metadata=says("Who is told: a list of roles."))
    event = fields.String(required=True, metadata=says("What happened."))


@operation("people.alert", input=AlertInput)
def alert(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """Tell everybody of these roles, on the case and in their inbox, that something happened."""
    complaint = complaint_of(work, complaint_id)
    for role in dict.fromkeys(inputs["roles"]):
        record(work, complaint.id, "people.alerted", role=role, event=inputs["event"])


class WarningInput(Inputs):
    warning = fields.Dict(
        required=True, metadata=says("The warning point, as a timer bound to the clock any gives it.")
    )


@operation("people.remind", input=WarningInput)
def remind(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """Remind whoever holds the open tasks that a limit comes near; the tasks move up in the inbox."""
    complaint = complaint_of(work, complaint_id)
    holders = raise_priority(work, complaint.id, PRIORITIES["remind"])
    record(work, complaint.id, "reminder.given", **_said(inputs["warning"]), to=holders)


@operation("people.escalate", input=WarningInput)
def escalate(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """Tell the next rung of the ladder; the open tasks move to the top of the inbox."""
    complaint = complaint_of(work, complaint_id)
    rung = str(inputs["warning"].get("rung") or "head")
    holders = raise_priority(work, complaint.id, PRIORITIES.get(rung, 85))
    role = RUNGS.get(rung, Role.HEAD)
    record(work, complaint.id, "escalated", **_said(inputs["warning"]), role=role, holders=holders)


def raise_priority(
    work: UnitOfWork, complaint_id: int, priority: int, unit_id: int | None = None
) -> list[str]:
    """Move the complaint's open tasks up to this priority; the roles or people that have them."""
    holders = []
    for task in work.tasks.find(complaint_id=complaint_id, state=["open", "claimed"]):
        if unit_id is not None and task.unit_id != unit_id:
            continue
        if task.priority < priority:
            work.tasks.save(replace(task, priority=priority))
        holders.append(task.role if task.assignee_id is None else work.people.get(task.assignee_id).name)
    return holders


def _said(warning: Mapping[str, Any]) -> dict[str, Any]:
    return {name: warning.get(name) for name in ("clock", "kind", "percent", "rung", "due_at", "request")}


OPERATIONS = (alert, remind, escalate)
