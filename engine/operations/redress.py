"""Operations that carry a plan out: instruct the bank's core, confirm, note the failure."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from engine.domain import redress as rules
from engine.domain.running import OutboxMessage
from engine.operations.plan import latest_plan
from engine.operations.registry import Inputs, complaint_of, operation, record, says
from engine.ports import UnitOfWork


class InstructOutput(Inputs):
    instruction = fields.String()


@operation("redress.instruct", output=InstructOutput)
def instruct(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Ask the bank's core to pay what the plan says; without an amount, what was promised counts as begun at once."""
    complaint = complaint_of(work, complaint_id)
    plan = latest_plan(work, complaint_id)
    instruction = f"plan-{plan.id}-{plan.version}"
    work.plans.save(rules.instruct(plan, instruction))
    if plan.amount > 0:
        payload = {
            "plan_id": plan.id,
            "instruction": instruction,
            "amount": str(plan.amount),
            "currency": complaint.currency,
        }
        work.send(OutboxMessage("bank.instruct", instruction, payload, work.now, complaint.id))
    else:
        payload = {
            "message": "carried out",
            "key": str(complaint.id),
            "variables": {"receipt": "no payment due", "instruction": instruction, "plan_id": plan.id},
        }
        work.send(OutboxMessage("message", instruction, payload, work.now, complaint.id))
    record(
        work,
        complaint.id,
        "redress.instructed",
        plan=plan.id,
        instruction=instruction,
        amount=str(plan.amount),
    )
    return {"instruction": instruction}


class ConfirmInput(Inputs):
    receipt = fields.String(load_default="", allow_none=True, metadata=says("The core's receipt."))


@operation("redress.confirm", input=ConfirmInput)
def confirm(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """The plan is carried out: the bank's core gave its receipt."""
    plan = latest_plan(work, complaint_id)
    done = rules.confirm(plan, work.now)
    if done is not plan:
        work.plans.save(done)
        record(work, complaint_id, "redress.carried_out", plan=plan.id, receipt=inputs["receipt"])


class FailInput(Inputs):
    reason = fields.String(
        load_default="", allow_none=True, metadata=says("Why it could not be carried out.")
    )


@operation("redress.fail", input=FailInput)
def fail(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """The plan could not be carried out; somebody has to repair it."""
    plan = latest_plan(work, complaint_id)
    work.plans.save(rules.fail(plan))
    record(work, complaint_id, "redress.failed", plan=plan.id, reason=inputs["reason"])


OPERATIONS = (instruct, confirm, fail)
