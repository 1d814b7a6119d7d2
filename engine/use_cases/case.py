"""What happens to a whole complaint beside its tasks: information is added, it is withdrawn, raised, its offer answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.domain.actor import Actor, ActorKind
from engine.domain.complaint import Complaint, Grade, Information, Outcome, raised, with_attribute
from engine.domain.errors import NotAllowed, OutOfOrder, ValueRefused
from engine.domain.events import HistoryEvent
from engine.domain.permissions import Action, Sight, require, sight
from engine.domain.steering import ALIVE
from engine.ports import Ports, UnitOfWork
from engine.use_cases.intake import Upload, add_attachments, store_files

LONGEST = 20_000


def add_information(
    ports: Ports,
    actor: Actor,
    complaint_id: int,
    text: str,
    uploads: Sequence[Upload] = (),
    key: str = "",
) -> int:
    """Add what the customer or staff learned later; the holder is told. Returns the information's id."""
    words = _words(text, "text", required=not uploads)
    stored = store_files(ports.files, uploads)
    with ports.unit_of_work(actor) as work:
        complaint = _locked(work, complaint_id, Action.ADD_INFORMATION)
        before = _done(work, "information", complaint_id, key)
        if before is not None:
            return int(before["information"])
        if not complaint.is_open:
            raise OutOfOrder("This complaint is closed; nothing can be added to it any more.")
        kind = "customer" if actor.kind is ActorKind.CUSTOMER else "staff"
        added = work.information.add(Information(0, complaint_id, work.now, actor.name, kind, words))
        add_attachments(work, complaint_id, uploads, stored)
        _record(work, complaint_id, "information.added", source=kind, text=words[:500], files=len(uploads))
        _publish(
            ports, work, complaint_id, "information added", {"information": {"kind": kind, "text": words}}
        )
        _remember(work, "information", complaint_id, key, {"information": added.id})
        return added.id


def withdraw(ports: Ports, actor: Actor, complaint_id: int, reason: str, key: str = "") -> None:
    """The customer takes the complaint back; the process ends it the same day."""
    words = _words(reason, "reason", required=False)
    with ports.unit_of_work(actor) as work:
        complaint = _locked(work, complaint_id, Action.WITHDRAW)
        if _done(work, "withdraw", complaint_id, key) is not None or complaint.outcome is Outcome.WITHDRAWN:
            return
        if not complaint.is_open:
            raise OutOfOrder("This complaint is closed; there is nothing left to withdraw.")
        _record(work, complaint_id, "withdrawal.asked", reason=words)
        _remember(work, "withdraw", complaint_id, key, {})
        if not _publish(ports, work, complaint_id, "withdrawn", {"reason": words}):
            raise OutOfOrder("This complaint can no longer be withdrawn.")


def answer_offer(
    ports: Ports, actor: Actor, complaint_id: int, accepted: bool, comment: str = "", key: str = ""
) -> None:
    """The customer's yes or no to what the bank offers."""
    words = _words(comment, "comment", required=False)
    with ports.unit_of_work(actor) as work:
        _locked(work, complaint_id, Action.ANSWER_OFFER)
        if _done(work, "offer", complaint_id, key) is not None:
            return
        _record(work, complaint_id, "offer.accepted" if accepted else "offer.rejected", comment=words)
        _remember(work, "offer", complaint_id, key, {})
        variables = {"accepted": accepted, "comment": words}
        if not _publish(ports, work, complaint_id, "offer answered", variables):
            raise OutOfOrder("There is no open offer to answer.")


def raise_grade(ports: Ports, actor: Actor, complaint_id: int, grade: Grade | str, reason: str) -> None:
    """Make a running complaint more serious; time used is kept. A lower grade goes through approval instead."""
    words = _words(reason, "reason", required=True)
    try:
        wanted = Grade(grade)
    except ValueError:
        raise ValueRefused(f"There is no grade named {grade}.", field="grade") from None
    with ports.unit_of_work(actor) as work:
        complaint = _locked(work, complaint_id, Action.RAISE_GRADE)
        changed = raised(complaint, wanted, words)
        variables = {"grade": str(wanted), "reason": words, "by": actor.login or actor.name}
        if not _publish(ports, work, complaint_id, "raised", variables):
            work.complaints.save(changed)
            _record(work, complaint_id, "grade.raised", grade=wanted, before=complaint.grade, reason=words)
            ports.engine.clocks_changed(work, complaint_id)


def rate(ports: Ports, actor: Actor, complaint_id: int, stars: int, comment: str = "") -> None:
    """The customer's mark for how the complaint was handled, 1 to 5, once it is closed."""
    words = _words(comment, "comment", required=False)
    with ports.unit_of_work(actor) as work:
        complaint = _locked(work, complaint_id, Action.RATE)
        if complaint.is_open:
            raise OutOfOrder("Please rate us when your complaint is closed.")
        work.complaints.save(with_attribute(complaint, "satisfaction", stars))
        _record(work, complaint_id, "complaint.rated", stars=stars, comment=words)


def _locked(work: UnitOfWork, complaint_id: int, action: Action) -> Complaint:
    complaint = work.complaints.lock(complaint_id)
    require(work.actor, action, complaint)
    return complaint


def may_see(work: UnitOfWork, actor: Actor, complaint: Complaint) -> Sight:
    """How much of the complaint this person sees, with what they were asked and the tasks they held."""
    asked = [request.department_id for request in work.requests.find(complaint_id=complaint.id)]
    named = [
        person
        for task in work.tasks.find(complaint_id=complaint.id)
        for person in (task.assignee_id, task.closed_by_id)
        if person is not None
    ]
    return sight(actor, complaint, asked, named)


def _publish(
    ports: Ports, work: UnitOfWork, complaint_id: int, message: str, variables: Mapping[str, Any]
) -> bool:
    alive = [i for i in work.processes.of_complaint(complaint_id) if i.state in ALIVE]
    return bool(alive) and ports.engine.publish(work, message, str(complaint_id), variables)


def _words(text: str, field: str, *, required: bool) -> str:
    words = text.strip()
    if required and not words:
        raise ValueRefused("Please write a few words.", field=field)
    if len(words) > LONGEST:
        raise ValueRefused(f"Please use at most {LONGEST} characters.", field=field)
    return words


def _done(work: UnitOfWork, verb: str, complaint_id: int, key: str) -> Mapping[str, Any] | None:
    if not key:
        return None
    done = work.done(f"{verb}:{complaint_id}:{key}")
    return None if done is None else done.answer


def _remember(work: UnitOfWork, verb: str, complaint_id: int, key: str, answer: Mapping[str, Any]) -> None:
    if key:
        work.remember(f"{verb}:{complaint_id}:{key}", answer)


def _record(work: UnitOfWork, complaint_id: int, kind: str, **detail: Any) -> None:
    if work.actor.kind is ActorKind.PERSON and work.actor.person_id is None:
        raise NotAllowed
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
