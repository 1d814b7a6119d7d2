"""Operations on the complaint itself: stage, route, merge, close, withdraw, raise."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import fields, validate

from engine.domain import clocks
from engine.domain import complaint as rules
from engine.domain import department_requests as request_rules
from engine.domain.complaint import Complaint, Grade, Information, Outcome, Stage
from engine.domain.errors import OperationFailed
from engine.domain.organisation import Unit
from engine.operations.registry import Inputs, complaint_of, operation, record, says
from engine.ports import UnitOfWork


class StageInput(Inputs):
    stage = fields.String(
        required=True,
        validate=validate.OneOf(list(Stage)),
        metadata=says("The stage the complaint is in from now on."),
    )


@operation("complaint.set_stage", input=StageInput)
def set_stage(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """Move the complaint to another stage of its road."""
    complaint = complaint_of(work, complaint_id)
    stage = Stage(inputs["stage"])
    if complaint.stage is not stage:
        work.complaints.save(rules.moved(complaint, stage))
        record(work, complaint_id, "complaint.moved", stage=stage)


class RouteInput(Inputs):
    lead_department = fields.String(
        required=True, metadata=says("The code of the department that handles it.")
    )
    supporting = fields.List(
        fields.String(),
        load_default=list,
        allow_none=True,
        metadata=says("The codes of departments that support it."),
    )


class RouteOutput(Inputs):
    handling_unit = fields.String()


@operation("complaint.route", input=RouteInput, output=RouteOutput)
def route(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Give the complaint to its lead department, which then handles it."""
    complaint = complaint_of(work, complaint_id)
    lead = unit_by_code(work, inputs["lead_department"])
    supporting = [unit_by_code(work, code).code for code in inputs["supporting"] or []]
    work.complaints.save(
        replace(
            complaint,
            lead_department_id=lead.id,
            handling_unit_id=lead.id,
            responsible_unit_id=complaint.responsible_unit_id or lead.id,
        )
    )
    record(work, complaint_id, "complaint.routed", lead_department=lead.code, supporting=supporting)
    return {"handling_unit": lead.code}


class MergeInput(Inputs):
    duplicate_of = fields.String(required=True, metadata=says("The number of the earlier complaint."))


class MergeOutput(Inputs):
    duplicate_of = fields.String()


@operation("complaint.merge", input=MergeInput, output=MergeOutput)
def merge(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Join a duplicate to the earlier complaint; both keep their history."""
    complaint = complaint_of(work, complaint_id)
    target = work.complaints.by_number(inputs["duplicate_of"].strip())
    seen = {complaint.id}
    while target is not None and target.duplicate_of_id is not None and target.id not in seen:
        seen.add(target.id)
        target = work.complaints.get(target.duplicate_of_id)
    if target is None:
        raise OperationFailed(f"There is no complaint {inputs['duplicate_of']} to join this one to.")
    if target.id in seen:
        raise OperationFailed("A complaint cannot be joined to itself, nor two of them to each other.")
    work.complaints.save(replace(complaint, duplicate_of_id=target.id))
    words = f"{complaint.number}: {complaint.text}"
    work.information.add(Information(0, target.id, work.now, work.actor.name, "duplicate", words))
    record(work, complaint.id, "complaint.joined", to=target.number)
    record(work, target.id, "duplicate.joined", number=complaint.number)
    return {"duplicate_of": target.number}


class CloseInput(Inputs):
    outcome = fields.String(
        required=True, validate=validate.OneOf(list(Outcome)), metadata=says("How the complaint came out.")
    )


@operation("complaint.close", input=CloseInput)
def close(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """Close the complaint with its outcome; its clocks stop, what is still asked of departments is cancelled."""
    end(work, complaint_of(work, complaint_id), Outcome(inputs["outcome"]))


class WithdrawInput(Inputs):
    reason = fields.String(
        load_default="", allow_none=True, metadata=says("The customer's reason, if one was given.")
    )


@operation("complaint.withdraw", input=WithdrawInput)
def withdraw(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """Close the complaint because the customer took it back."""
    complaint = complaint_of(work, complaint_id)
    if complaint.is_open:
        end(work, replace(complaint, withdrawn_at=work.now), Outcome.WITHDRAWN)


class RaiseInput(Inputs):
    grade = fields.String(
        required=True, validate=validate.OneOf(list(Grade)), metadata=says("The new grade.")
    )
    reason = fields.String(required=True, metadata=says("Why it is more serious."))
    by = fields.String(
        load_default=None, allow_none=True, metadata=says("The login of who raised it, if it was a person.")
    )


class RaiseOutput(Inputs):
    grade = fields.String()


@operation("complaint.raise", input=RaiseInput, output=RaiseOutput)
def raise_grade(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Make the complaint more serious; time already used is kept."""
    complaint = complaint_of(work, complaint_id)
    grade = Grade(inputs["grade"])
    if complaint.grade is grade:
        return {"grade": str(grade)}
    work.complaints.save(rules.raised(complaint, grade, inputs["reason"]))
    before = complaint.grade
    record(
        work,
        complaint_id,
        "grade.raised",
        grade=grade,
        before=before,
        reason=inputs["reason"],
        by=inputs["by"],
    )
    return {"grade": str(grade)}


def end(work: UnitOfWork, complaint: Complaint, outcome: Outcome) -> None:
    """Close the complaint and what hangs on it; closing it again changes nothing."""
    if not complaint.is_open:
        return
    work.complaints.save(rules.closed(complaint, outcome, work.now))
    for clock in work.clocks.find(complaint_id=complaint.id):
        if clock.stopped_at is None:
            work.clocks.save(clocks.stop(clock, work.now))
    for request in work.requests.find(complaint_id=complaint.id):
        if request.is_open:
            work.requests.save(request_rules.cancel(request, f"The complaint is closed: {outcome}."))
    record(work, complaint.id, "complaint.closed", outcome=outcome)


def unit_by_code(work: UnitOfWork, code: str) -> Unit:
    """The unit with this code; raises OperationFailed."""
    units = work.units.find(code=code)
    if not units:
        raise OperationFailed(f"There is no unit with the code {code}.")
    return units[0]


OPERATIONS = (set_stage, route, merge, close, withdraw, raise_grade)
