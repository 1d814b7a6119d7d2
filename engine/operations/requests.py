"""Operations on what is asked of departments: open, accept, return, answer, redirect, let go, cancel, remind."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import fields, validate

from engine.domain import department_requests as rules
from engine.domain import working_time
from engine.domain.complaint import Complaint
from engine.domain.department_requests import DepartmentRequest, Responsibility
from engine.domain.errors import OperationFailed
from engine.domain.facts import request_facts
from engine.domain.organisation import Role
from engine.feel import to_json
from engine.operations.complaint import unit_by_code
from engine.operations.people import raise_priority
from engine.operations.registry import BpmnError, Inputs, complaint_of, operation, record, says
from engine.ports import UnitOfWork
from engine.use_cases.subject import RowsOfCase

MOST_DEPARTMENTS = 20
THREE_ROUNDS = "three_rounds"


class OpenInput(Inputs):
    question = fields.String(
        required=True, validate=validate.Length(min=1), metadata=says("What the departments are asked.")
    )
    departments = fields.List(
        fields.String(),
        required=True,
        validate=validate.Length(1, MOST_DEPARTMENTS),
        metadata=says("The codes of the departments."),
    )
    days = fields.Integer(
        load_default=3,
        allow_none=True,
        validate=validate.Range(1, 60),
        metadata=says("Their limit in working days."),
    )
    may_see = fields.String(
        load_default="summary",
        allow_none=True,
        metadata=says("What they may read of the complaint: summary or whole."),
    )


class OpenOutput(Inputs):
    requests = fields.List(fields.Dict())


@operation("requests.open", input=OpenInput, output=OpenOutput)
def open_requests(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Ask these departments a question, each with its limit in working days."""
    complaint = complaint_of(work, complaint_id)
    asked = {r.department_id for r in work.requests.find(complaint_id=complaint.id) if r.is_open}
    opened = []
    for code in dict.fromkeys(inputs["departments"]):
        department = unit_by_code(work, code)
        if department.id in asked:
            continue
        request = work.requests.add(
            DepartmentRequest(
                id=0,
                complaint_id=complaint.id,
                department_id=department.id,
                question=inputs["question"],
                may_see=inputs["may_see"] or "summary",
                asked_at=work.now,
                asked_by_id=work.actor.person_id,
                due_at=_due(work, complaint, inputs["days"] or 3),
            )
        )
        opened.append(request)
        record(work, complaint.id, "department.asked", request=request.id, department=code)
    return {"requests": [_facts(work, request) for request in opened]}


class RequestInput(Inputs):
    request_id = fields.Integer(required=True, metadata=says("The number of the request."))


class RequestOutput(Inputs):
    request = fields.Dict()


@operation("requests.accept", input=RequestInput, output=RequestOutput)
def accept(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """The department takes the question."""
    request = _request(work, complaint_id, inputs)
    return _saved(work, rules.accept(request, work.now), "department.accepted")


class ReturnInput(RequestInput):
    reason = fields.String(
        required=True, validate=validate.Length(min=1), metadata=says("Why the department returns it.")
    )
    better_addressee = fields.String(
        load_default=None, allow_none=True, metadata=says("The code of a department that fits better.")
    )


class ReturnOutput(RequestOutput):
    may_be_placed_again = fields.Boolean()


@operation("requests.return", input=ReturnInput, output=ReturnOutput)
def give_back(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """The department returns the question with a reason; after three rounds the decider places it."""
    request = _request(work, complaint_id, inputs)
    returned = rules.give_back(request, inputs["reason"], inputs["better_addressee"])
    output = _saved(work, returned, "department.returned", reason=inputs["reason"])
    return {**output, "may_be_placed_again": rules.may_be_placed_again(returned)}


class AnswerInput(RequestInput):
    answer = fields.String(required=True, validate=validate.Length(min=1), metadata=says("The answer."))
    cause = fields.String(load_default=None, allow_none=True, metadata=says("The cause found."))
    responsibility = fields.String(
        required=True,
        validate=validate.OneOf(list(Responsibility)),
        metadata=says("The department's own share."),
    )
    proposed_measure = fields.String(
        load_default=None, allow_none=True, metadata=says("What it proposes to do.")
    )
    proposed_amount = fields.Decimal(
        load_default=None, allow_none=True, metadata=says("What it proposes to pay.")
    )


@operation("requests.answer", input=AnswerInput, output=RequestOutput)
def answer(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """The department's answer, with its own word on its share."""
    request = _request(work, complaint_id, inputs)
    answered = rules.answer(
        request,
        work.now,
        work.actor.person_id,
        words=inputs["answer"],
        cause=inputs["cause"],
        responsibility=Responsibility(inputs["responsibility"]),
        proposed_measure=inputs["proposed_measure"],
        proposed_amount=inputs["proposed_amount"],
    )
    return _saved(work, answered, "department.answered", responsibility=inputs["responsibility"])


class RedirectInput(RequestInput):
    verdict = fields.String(
        required=True,
        validate=validate.OneOf(["ask_again", "another", "let_go"]),
        metadata=says("What becomes of the returned question."),
    )
    department = fields.String(
        load_default=None,
        allow_none=True,
        metadata=says("The code of the other department, with the verdict another."),
    )
    question = fields.String(
        load_default=None, allow_none=True, metadata=says("The question anew, if it changes.")
    )
    reason = fields.String(load_default=None, allow_none=True, metadata=says("Why, for those who are asked."))
    days = fields.Integer(load_default=3, allow_none=True, metadata=says("The new limit in working days."))


@operation("requests.redirect", input=RedirectInput, output=RequestOutput, errors=(THREE_ROUNDS,))
def redirect(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """A returned question is asked again, asked of another department, or let go."""
    request = _request(work, complaint_id, inputs)
    if inputs["verdict"] == "let_go":
        reason = inputs["reason"] or "No longer needed."
        return _saved(work, rules.let_go(request, reason), "department.let_go", reason=reason)
    by_decider = Role.CONSUMER_PROTECTION in work.actor.roles
    if not by_decider and not rules.may_be_placed_again(request):
        raise BpmnError(THREE_ROUNDS, "This question went round three times; now the decider places it.")
    department_id = None
    if inputs["verdict"] == "another":
        if not inputs["department"]:
            raise OperationFailed("Say which other department is asked.")
        department_id = unit_by_code(work, inputs["department"]).id
    placed = rules.place_again(
        request,
        work.now,
        _due(work, complaint_of(work, complaint_id), inputs["days"] or 3),
        department_id=department_id,
        question=inputs["question"],
        by_decider=by_decider,
    )
    return _saved(work, placed, "department.asked", round=placed.round)


class LetGoInput(RequestInput):
    reason = fields.String(
        load_default="No longer needed.",
        allow_none=True,
        metadata=says("Why the answer is no longer needed."),
    )


@operation("requests.let_go", input=LetGoInput, output=RequestOutput)
def let_go(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Tell a department that its answer is no longer needed."""
    request = _request(work, complaint_id, inputs)
    if not request.is_open:
        return {"request": _facts(work, request)}
    reason = inputs["reason"] or "No longer needed."
    return _saved(work, rules.let_go(request, reason), "department.let_go", reason=reason)


class CancelInput(Inputs):
    reason = fields.String(required=True, metadata=says("Why nothing more is asked."))


class CancelOutput(Inputs):
    cancelled = fields.Integer()


@operation("requests.cancel_open", input=CancelInput, output=CancelOutput)
def cancel_open(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Cancel whatever is still asked of departments."""
    complaint = complaint_of(work, complaint_id)
    still_open = [r for r in work.requests.find(complaint_id=complaint.id) if r.is_open]
    for request in still_open:
        _saved(work, rules.cancel(request, inputs["reason"]), "department.cancelled", reason=inputs["reason"])
    return {"cancelled": len(still_open)}


class RemindInput(RequestInput):
    rung = fields.String(
        load_default="remind",
        allow_none=True,
        metadata=says("The rung of the ladder: remind, or the one above."),
    )


@operation("requests.remind", input=RemindInput, output=RequestOutput)
def remind(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Remind a department of its limit, or tell its head; its tasks move up in the inbox."""
    request = _request(work, complaint_id, inputs)
    if not request.is_open:
        return {"request": _facts(work, request)}
    rung = inputs["rung"] or "remind"
    kind = "reminder.given" if rung == "remind" else "escalated"
    raise_priority(work, request.complaint_id, 70 if rung == "remind" else 90, unit_id=request.department_id)
    return _saved(
        work, rules.reminded(request), kind, rung=rung, role="contributor" if rung == "remind" else "head"
    )


def _request(work: UnitOfWork, complaint_id: int | None, inputs: Mapping[str, Any]) -> DepartmentRequest:
    request = work.requests.get(inputs["request_id"])
    if request.complaint_id != complaint_id:
        raise OperationFailed(f"Request {request.id} belongs to another complaint.")
    return request


def _saved(work: UnitOfWork, request: DepartmentRequest, kind: str, **detail: Any) -> Mapping[str, Any]:
    saved = work.requests.save(request)
    department = work.units.get(saved.department_id).code
    record(work, saved.complaint_id, kind, request=saved.id, department=department, **detail)
    return {"request": _facts(work, saved)}


def _facts(work: UnitOfWork, request: DepartmentRequest) -> dict[str, Any]:
    facts = to_json(request_facts(RowsOfCase(work, request.complaint_id), request))
    return dict(facts)


def _due(work: UnitOfWork, complaint: Complaint, days: int) -> datetime:
    calendar = work.calendar(work.units.get(complaint.receiving_unit_id).calendar)
    today = working_time.local_day(calendar, work.now)
    return working_time.close_of_business(calendar, working_time.add_working_days(calendar, today, days))


OPERATIONS = (open_requests, accept, give_back, answer, redirect, let_go, cancel_open, remind)
