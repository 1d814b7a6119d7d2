"""What a coordinator does with the departments asked about a complaint: invite one more, let one go, nudge."""

from dataclasses import replace
from typing import Any

from engine.domain import department_requests as rules
from engine.domain.actor import Actor
from engine.domain.complaint import Complaint
from engine.domain.department_requests import DepartmentRequest
from engine.domain.errors import OutOfOrder, ValueRefused
from engine.domain.events import HistoryEvent
from engine.domain.organisation import UnitKind
from engine.domain.permissions import Action, require
from engine.ports import Ports, UnitOfWork

INVITE = "invite"
"""The message by which a collaboration hears of one more department."""


def invite(
    ports: Ports, actor: Actor, complaint_id: int, department_code: str, question: str, due_days: int = 3
) -> None:
    """Ask one more department while the collaboration runs."""
    words = question.strip()
    if not words:
        raise ValueRefused("Please write what you ask of the department.", field="question")
    if not 1 <= due_days <= 10:
        raise ValueRefused("A department gets 1 to 10 working days.", field="due_days")
    with ports.unit_of_work(actor) as work:
        complaint = work.complaints.lock(complaint_id)
        require(actor, Action.INVITE, complaint)
        found = work.units.find(code=department_code)
        if not found or found[0].kind is not UnitKind.DEPARTMENT:
            raise ValueRefused(f"There is no department with the code {department_code}.", field="department")
        open_now = [r for r in work.requests.find(complaint_id=complaint_id) if r.is_open]
        if not open_now:
            raise OutOfOrder(
                "Every department asked has answered or was let go: there is nothing left to join."
            )
        if any(request.department_id == found[0].id for request in open_now) or _will_be_asked(
            work, complaint_id, department_code
        ):
            raise OutOfOrder(f"{found[0].name} is asked already.")
        _record(work, "department.invited", complaint_id, department=department_code, question=words)
        variables = {"department": department_code, "question": words, "days": due_days, "may_see": "summary"}
        if not ports.engine.publish(work, INVITE, str(complaint_id), {"invite": variables, **variables}):
            raise OutOfOrder("No collaboration is running that a department could join.")


def let_go(ports: Ports, actor: Actor, request_id: int, reason: str) -> None:
    """Tell a department that its answer is no longer needed."""
    with ports.unit_of_work(actor) as work:
        request, complaint = _request(work, request_id)
        require(actor, Action.LET_GO, complaint)
        gone = rules.let_go(request, reason)
        if gone is request:
            return
        work.requests.save(gone)
        department = work.units.get(request.department_id).code
        _record(
            work,
            "department.let_go",
            complaint.id,
            request=request_id,
            department=department,
            reason=reason.strip(),
        )
        variables = {"request_id": request_id, "reason": reason.strip()}
        ports.engine.publish(work, "let go", str(request_id), variables)


def nudge(ports: Ports, actor: Actor, request_id: int) -> None:
    """Remind a department by hand; its open tasks move up in the inbox."""
    with ports.unit_of_work(actor) as work:
        request, complaint = _request(work, request_id)
        require(actor, Action.NUDGE, complaint)
        if not request.is_open:
            raise OutOfOrder(f"This request is {request.state}; there is nobody to remind.")
        work.requests.save(rules.reminded(request))
        for task in work.tasks.find(complaint_id=complaint.id, unit_id=request.department_id):
            if task.is_open and task.priority < 80:
                work.tasks.save(replace(task, priority=80))
        department = work.units.get(request.department_id).code
        _record(work, "reminder.given", complaint.id, request=request_id, department=department, by_hand=True)


def _will_be_asked(work: UnitOfWork, complaint_id: int, department_code: str) -> bool:
    """Whether a case on hold asks this department as soon as it goes on."""
    return any(
        message.name == INVITE and message.variables.get("department") == department_code
        for instance in work.processes.of_complaint(complaint_id)
        for message in work.steering.held_messages(instance.id)
    )


def _request(work: UnitOfWork, request_id: int) -> tuple[DepartmentRequest, Complaint]:
    complaint = work.complaints.lock(work.requests.get(request_id).complaint_id)
    return work.requests.get(request_id), complaint


def _record(work: UnitOfWork, kind: str, complaint_id: int, **detail: Any) -> None:
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
