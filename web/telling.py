"""The history told in sentences: what happened, who did it, and whose side of the story it is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain.events import HistoryEvent
from web.locale import gettext, translate
from web.words import word

CUSTOMER, STAFF, REDRESS, TROUBLE, CLOCK = "by-customer", "by-staff", "by-redress", "by-trouble", "by-clock"
# What the engine notes for itself; the timeline shows it only when asked for everything.
INNER = frozenset(
    {
        "process.started",
        "process.ended",
        "element.entered",
        "gateway.decided",
        "decision.made",
        "operation.done",
        "message.received",
        "task.opened",
        "task.cancelled",
        "timer.fired",
    }
)


@dataclass(frozen=True)
class Told:
    """One event as the timeline shows it; `words` are somebody's own."""

    sentence: str
    who: str
    side: str
    words: str = ""


Teller = Callable[[Mapping[str, Any]], str]


def tell(event: HistoryEvent) -> Told:
    """The event in a sentence of the page's language."""
    detail = event.detail or {}
    teller = TELLERS.get(event.kind)
    sentence = teller(detail) if teller else word("event", event.kind)
    words = next(
        (
            str(detail[name])
            for name in ("text", "reason", "comment", "question", "message")
            if detail.get(name)
        ),
        "",
    )
    return Told(sentence, _who(event), _side(event), words)


def worth_telling(events: Iterable[HistoryEvent], everything: bool = False) -> list[HistoryEvent]:
    """The events of the timeline, newest first."""
    return [event for event in reversed(list(events)) if everything or event.kind not in INNER]


def _who(event: HistoryEvent) -> str:
    if event.actor == "customer":
        return gettext("Customer")
    return event.actor or "Redress"


def _side(event: HistoryEvent) -> str:
    if event.kind.startswith("incident.raised") or event.kind == "operation.failed":
        return TROUBLE
    if event.kind in ("timer.fired", "reminder.given", "escalated"):
        return CLOCK
    if event.actor == "customer":
        return CUSTOMER
    return STAFF if event.person_id else REDRESS


def _task(detail: Mapping[str, Any]) -> str:
    return translate(str(detail.get("task") or detail.get("name") or ""))


def _first(detail: Mapping[str, Any], *names: str) -> str:
    return translate(str(next((detail[name] for name in names if detail.get(name)), "")))


def _rung(detail: Mapping[str, Any]) -> str:
    roles = detail.get("roles") or detail.get("role") or ()
    listed = [roles] if isinstance(roles, str) else list(roles)
    return ", ".join(word("role", role) for role in listed)


TELLERS: Mapping[str, Teller] = {
    "process.started": lambda d: gettext("The process started"),
    "process.ended": lambda d: gettext("The process ended"),
    "process.cancelled": lambda d: gettext("The process was cancelled"),
    "element.entered": lambda d: gettext("Reached: %(name)s", name=translate(str(d.get("name", "")))),
    "task.opened": lambda d: gettext("Task opened: %(task)s", task=_task(d)),
    "task.completed": lambda d: gettext("Done: %(task)s", task=_task(d)),
    "task.cancelled": lambda d: gettext("No longer needed: %(task)s", task=_task(d)),
    "task.claimed": lambda d: gettext("Claimed: %(task)s", task=_task(d)),
    "task.put_back": lambda d: gettext("Put back: %(task)s", task=_task(d)),
    "task.handed_over": lambda d: gettext(
        "Handed over to %(to)s: %(task)s", to=d.get("to", ""), task=_task(d)
    ),
    "timer.fired": lambda d: gettext("A date came: %(name)s", name=translate(str(d.get("name", "")))),
    "message.received": lambda d: gettext(
        "Message received: %(name)s", name=translate(str(d.get("message", "")))
    ),
    "gateway.decided": lambda d: gettext(
        "Decided: %(name)s", name=translate(str(d.get("name", d.get("flow", ""))))
    ),
    "decision.made": lambda d: gettext("Rules applied: %(name)s", name=translate(str(d.get("decision", "")))),
    "operation.done": lambda d: gettext(
        "Done by itself: %(name)s", name=translate(str(d.get("name", d.get("type", ""))))
    ),
    "operation.failed": lambda d: gettext(
        "A step failed: %(name)s", name=translate(str(d.get("name", d.get("type", ""))))
    ),
    "incident.raised": lambda d: gettext("Stuck: %(name)s", name=translate(str(d.get("name", "")))),
    "incident.resolved": lambda d: gettext("Goes on again: %(name)s", name=translate(str(d.get("name", "")))),
    "complaint.received": lambda d: gettext(
        "Received by %(channel)s", channel=word("channel", d.get("channel"))
    ),
    "complaint.graded": lambda d: gettext("Graded %(grade)s", grade=word("grade", d.get("grade"))),
    "complaint.routed": lambda d: gettext("Given to %(unit)s", unit=_first(d, "unit", "lead_department")),
    "complaint.merged": lambda d: gettext("Merged with %(number)s", number=d.get("duplicate_of", "")),
    "complaint.closed": lambda d: gettext("Closed: %(outcome)s", outcome=word("outcome", d.get("outcome"))),
    "complaint.withdrawn": lambda d: gettext("Withdrawn"),
    "complaint.archived": lambda d: gettext("Sealed in the archive"),
    "complaint.rated": lambda d: gettext("Rated %(stars)s of 5", stars=d.get("stars", "")),
    "archive.sealed": lambda d: gettext("Sealed in the archive"),
    "stage.reached": lambda d: gettext("Stage: %(stage)s", stage=word("stage", d.get("stage"))),
    "information.added": lambda d: gettext("Added information"),
    "withdrawal.asked": lambda d: gettext("Asked to withdraw"),
    "offer.accepted": lambda d: gettext("Accepted the offer"),
    "offer.rejected": lambda d: gettext("Rejected the offer"),
    "grade.raised": lambda d: gettext("Grade raised to %(grade)s", grade=word("grade", d.get("grade"))),
    "department.invited": lambda d: gettext("Invited %(department)s", department=d.get("department", "")),
    "department.let_go": lambda d: gettext("A department was let go"),
    "reminder.given": lambda d: gettext("Reminded: %(whom)s", whom=_rung(d) or d.get("department", "")),
    "escalated": lambda d: gettext("Escalated to %(whom)s", whom=_rung(d)),
    "notice.written": lambda d: gettext("Told the customer: %(event)s", event=_first(d, "subject", "event")),
    "notice.sent": lambda d: gettext("Message sent to the customer"),
    "clock.started": lambda d: gettext("Clock started: %(name)s", name=translate(str(d.get("name", "")))),
    "clock.stopped": lambda d: gettext("Clock stopped: %(name)s", name=translate(str(d.get("name", "")))),
}
