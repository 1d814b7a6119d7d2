"""Operations on the plan that puts things right: record, approve, offer, resolve."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from marshmallow import fields, validate

from engine.domain import redress as rules
from engine.domain import working_time
from engine.domain.complaint import Complaint
from engine.domain.errors import OperationFailed
from engine.domain.redress import Plan, PlanState
from engine.operations.registry import Inputs, complaint_of, operation, record, says
from engine.ports import UnitOfWork


class PlanFields(Inputs):
    outcome = fields.String(required=True, metadata=says("What the plan comes to."))
    measures = fields.String(
        required=True, validate=validate.Length(min=1), metadata=says("What the bank will do.")
    )
    amount = fields.Decimal(
        load_default=Decimal(0),
        allow_none=True,
        validate=validate.Range(min=Decimal(0)),
        metadata=says("What it pays, in the currency of the complaint."),
    )
    carry_out_by = fields.String(load_default="", allow_none=True, metadata=says("Who carries it out."))
    complete_days = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 365),
        metadata=says("In how many days it is carried out."),
    )


class RecordInput(Inputs):
    plan = fields.Nested(
        PlanFields,
        required=True,
        metadata=says("The plan: outcome, measures, amount, carry_out_by, complete_days."),
    )
    approver_role = fields.String(
        load_default=None,
        allow_none=True,
        metadata=says("The role that has to approve it; empty within authority."),
    )


class RecordOutput(Inputs):
    plan_id = fields.Integer()


@operation("plan.record", input=RecordInput, output=RecordOutput)
def record_plan(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Write down the plan; a returned one is written over and keeps count of its returns."""
    complaint = complaint_of(work, complaint_id)
    written = inputs["plan"]
    before = _latest(work, complaint.id)
    plan = Plan(
        id=0,
        complaint_id=complaint.id,
        round=1 if before is None else before.round + 1,
        author_id=work.actor.person_id,
        drafted_at=work.now,
        outcome=written["outcome"],
        measures=written["measures"],
        amount=written["amount"] or Decimal(0),
        carry_out_by=written["carry_out_by"] or "",
        complete_by=_complete_by(work, complaint, written["complete_days"]),
        approver_role=inputs["approver_role"],
    )
    if before is not None and before.state in (PlanState.DRAFTED, PlanState.RETURNED):
        kept = replace(plan, id=before.id, round=before.round, returns=before.returns, version=before.version)
        plan = work.plans.save(kept)
    else:
        plan = work.plans.add(plan)
    record(work, complaint.id, "plan.drafted", plan=plan.id, round=plan.round, amount=str(plan.amount))
    return {"plan_id": plan.id}


class ApproveInput(Inputs):
    verdict = fields.String(
        required=True,
        validate=validate.OneOf(["approve", "return", "change"]),
        metadata=says("What the approver decides."),
    )
    amount = fields.Decimal(
        load_default=None, allow_none=True, metadata=says("The changed amount, with the verdict change.")
    )
    reason = fields.String(load_default="", allow_none=True, metadata=says("Why it is returned or changed."))


class ApproveOutput(Inputs):
    approved = fields.Boolean()


@operation("plan.approve", input=ApproveInput, output=ApproveOutput)
def approve(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Approve the plan, approve it with another amount, or return it with a reason.

    Called in one go with the author's own step it is the author's authority that approves: nobody signs.
    """
    plan = latest_plan(work, complaint_id)
    person = None if work.actor.person_id == plan.author_id else work.actor.person_id
    if inputs["verdict"] == "return":
        work.plans.save(rules.give_back(plan, person, inputs["reason"] or ""))
        record(work, complaint_id, "plan.returned", plan=plan.id, reason=inputs["reason"])
        return {"approved": False}
    amount = inputs["amount"] if inputs["verdict"] == "change" else None
    if inputs["verdict"] == "change" and amount is None:
        raise OperationFailed("Say which amount is approved instead.")
    approved = work.plans.save(rules.approve(plan, person, work.now, amount))
    own = person is None
    record(work, complaint_id, "plan.approved", plan=plan.id, amount=str(approved.amount), own_authority=own)
    return {"approved": True}


@operation("plan.offer")
def offer(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """The plan is told to the customer, who may accept it or not."""
    plan = latest_plan(work, complaint_id)
    offered = rules.offer(plan)
    if offered is not plan:
        work.plans.save(offered)
        record(work, complaint_id, "plan.offered", plan=plan.id, amount=str(plan.amount))


class ResolveInput(Inputs):
    accepted = fields.Boolean(required=True, metadata=says("Whether the customer accepts the plan."))


@operation("plan.resolve", input=ResolveInput)
def resolve(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """The customer's yes or no to the plan."""
    plan = latest_plan(work, complaint_id)
    work.plans.save(rules.resolve(plan, inputs["accepted"]))
    record(work, complaint_id, "plan.accepted" if inputs["accepted"] else "plan.rejected", plan=plan.id)


def latest_plan(work: UnitOfWork, complaint_id: int | None) -> Plan:
    """The plan in force; raises OperationFailed when there is none."""
    plan = _latest(work, complaint_of(work, complaint_id).id)
    if plan is None:
        raise OperationFailed("There is no plan yet.")
    return plan


def _latest(work: UnitOfWork, complaint_id: int) -> Plan | None:
    plans = work.plans.find(complaint_id=complaint_id)
    return plans[-1] if plans else None


def _complete_by(work: UnitOfWork, complaint: Complaint, days: int | None) -> datetime | None:
    if days is None:
        return None
    calendar = work.calendar(work.units.get(complaint.receiving_unit_id).calendar)
    day = working_time.add_working_days(calendar, working_time.local_day(calendar, work.now), days)
    return working_time.close_of_business(calendar, day)


OPERATIONS = (record_plan, approve, offer, resolve)
