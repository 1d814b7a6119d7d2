"""The history told in sentences: what happened, who did it, and whose side of the story it is."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.domain.events import HistoryEvent
from engine.domain.organisation import Person, Role, Unit
from web.locale import called, gettext, translate, write_amount
from web.words import word

CUSTOMER, STAFF, REDRESS, TROUBLE, CLOCK = "by-customer", "by-staff", "by-redress", "by-trouble", "by-clock"
# What Redress notes for itself; the timeline shows it only when asked for every step.
INNER = frozenset(
    {
        "process.started",
        "process.ended",
        "element.entered",
        "gateway.decided",
        "decision.made",
        "operation.asked",
        "operation.done",
        "message.received",
        "task.opened",
        "task.cancelled",
        "timer.fired",
        "clock.started",
        "clock.changed",
        "clock.stopped",
        "complaint.moved",
        "plan.offered",
    }
)
# What follows by itself from what somebody did; the history names who set it off, the timeline does not.
BY_ITSELF = (
    *("process.started", "process.ended", "element.", "gateway.", "decision.", "operation.", "timer."),
    *("incident.raised", "message."),
    *("clock.", "notice.", "people.", "harm.", "archive.", "reminder.given", "escalated", "task.opened"),
    *("complaint.graded", "complaint.moved", "complaint.routed", "complaint.closed", "complaint.joined"),
    *("answer.sent", "answer.faulted", "plan.offered", "redress."),
)
OWN_WORDS = ("text", "comment", "question", "message", "reason")


@dataclass(frozen=True)
class Told:
    """One event as the timeline shows it; `words` are somebody's own."""

    sentence: str
    who: str
    side: str
    words: str = ""


@dataclass(frozen=True)
class Story:
    """Tells the events of one case; knows what its elements, units and people are called."""

    elements: Mapping[str, str]
    units: Mapping[int, Unit]
    people: Mapping[int, Person]
    currency: str

    def tell(self, event: HistoryEvent) -> Told:
        """The event in a sentence of the page's language."""
        detail = event.detail or {}
        teller = TELLERS.get(event.kind)
        sentence = teller(_Event(self, event, detail)) if teller else word("event", event.kind)
        words = next((str(detail[name]) for name in OWN_WORDS if detail.get(name)), "")
        return Told(sentence, self._who(event), _side(event), words)

    def department(self, code: object) -> str:
        """What a unit is called, by its code; a role where work is given to a role."""
        unit = next((unit for unit in self.units.values() if unit.code == code), None)
        return called(unit) or (word("role", code) if code in list(Role) else str(code or ""))

    def _who(self, event: HistoryEvent) -> str:
        if event.kind.startswith(BY_ITSELF):
            return "Redress"
        if event.actor == "customer":
            return gettext("Customer")
        person = self.people.get(event.person_id) if event.person_id else None
        return called(person) if person else event.actor or "Redress"


@dataclass(frozen=True)
class _Event:
    """An event while it is told."""

    story: Story
    event: HistoryEvent
    detail: Mapping[str, Any]

    def get(self, *names: str) -> str:
        """The first of these details that is there, as it is."""
        return str(next((self.detail[name] for name in names if self.detail.get(name)), ""))

    def value(self, name: str) -> str:
        """A value of a variable as it is written."""
        found = self.detail.get(name)
        return "–" if found is None else found if isinstance(found, str) else json.dumps(found, default=str)

    @property
    def name(self) -> str:
        """What the element is called."""
        drawn = self.story.elements.get(self.event.element or "", "")
        return translate(
            self.get("task", "name") or drawn or self.get("process", "message", "decision", "type")
        )

    @property
    def element(self) -> str:
        """What the element is called on the diagram."""
        return translate(self.story.elements.get(self.event.element or "") or self.event.element)

    @property
    def amount(self) -> str:
        """The amount, if there is one worth naming."""
        amount = Decimal(self.get("amount") or 0)
        return write_amount(amount, self.story.currency) if amount else ""

    @property
    def department(self) -> str:
        """The department the event is about."""
        return self.story.department(self.get("department", "lead_department"))

    @property
    def clock(self) -> str:
        """The clock the event is about."""
        return word("clock_name", self.get("clock"))

    @property
    def whom(self) -> str:
        """Who was reminded or told."""
        roles = self.detail.get("roles") or self.detail.get("role") or ()
        told = ", ".join(word("role", role) for role in ([roles] if isinstance(roles, str) else list(roles)))
        if self.detail.get("department"):
            return f"{self.department} {told}".strip()
        to = self.detail.get("to") or ()
        named = [
            word("role", one) if one in list(Role) else str(one)
            for one in ([to] if isinstance(to, str) else to)
        ]
        return told or ", ".join(dict.fromkeys(named)) or self.clock


def worth_telling(events: Iterable[HistoryEvent], everything: bool = False) -> list[HistoryEvent]:
    """The events of the timeline, newest first."""
    return [event for event in reversed(list(events)) if everything or event.kind not in INNER]


def _with(sentence: str, amount: str) -> str:
    return f"{sentence}{gettext(': ')}{amount}" if amount else sentence


def _side(event: HistoryEvent) -> str:
    if event.kind in (
        "incident.raised",
        "operation.failed",
        "redress.failed",
        "harm.stop_failed",
        "notice.failed",
    ):
        return TROUBLE
    if event.kind in ("timer.fired", "reminder.given", "escalated"):
        return CLOCK
    if event.kind.startswith(BY_ITSELF):
        return REDRESS
    if event.actor == "customer":
        return CUSTOMER
    return STAFF if event.person_id else REDRESS


TELLERS: Mapping[str, Callable[[_Event], str]] = {
    "process.started": lambda e: gettext("The process started"),
    "process.ended": lambda e: gettext("The process ended"),
    "process.cancelled": lambda e: gettext("The process was cancelled"),
    "process.suspended": lambda e: gettext("Put on hold"),
    "process.resumed": lambda e: gettext("Goes on after being on hold"),
    "process.migrated": lambda e: gettext(
        "Moved from version %(old)s of the process to %(new)s",
        old=e.get("from_release"),
        new=e.get("to_release"),
    ),
    "process.migration_taken_back": lambda e: gettext(
        "Taken back from version %(old)s of the process to %(new)s",
        old=e.get("from_release"),
        new=e.get("to_release"),
    ),
    "token.added": lambda e: gettext("Begun by hand: %(name)s", name=e.element),
    "token.cancelled": lambda e: gettext("Ended by hand: %(name)s", name=e.element),
    "variable.set": lambda e: gettext(
        "Set by hand: %(name)s, from %(old)s to %(new)s",
        name=e.get("name"),
        old=e.value("before"),
        new=e.value("after"),
    ),
    "message.unheard": lambda e: gettext("Nobody waited any more for: %(name)s", name=e.name),
    "element.entered": lambda e: gettext("Reached: %(name)s", name=e.name),
    "task.opened": lambda e: gettext("Task opened: %(task)s", task=e.name),
    "task.completed": lambda e: gettext("Done: %(task)s", task=e.name),
    "task.cancelled": lambda e: gettext("No longer needed: %(task)s", task=e.name),
    "task.claimed": lambda e: gettext("Claimed: %(task)s", task=e.name),
    "task.put_back": lambda e: gettext("Put back: %(task)s", task=e.name),
    "task.handed_over": lambda e: gettext("Handed over to %(to)s: %(task)s", to=e.get("to"), task=e.name),
    "timer.fired": lambda e: gettext("A date came: %(name)s", name=e.name),
    "message.received": lambda e: gettext("Message received: %(name)s", name=e.name),
    "gateway.decided": lambda e: gettext("Decided: %(name)s", name=e.name),
    "decision.made": lambda e: gettext("Rules applied: %(name)s", name=e.name),
    "operation.asked": lambda e: gettext("Is done outside: %(name)s", name=e.name),
    "operation.done": lambda e: gettext("Done by itself: %(name)s", name=e.name),
    "operation.failed": lambda e: gettext("A step failed: %(name)s", name=e.name),
    "incident.raised": lambda e: gettext("Stuck: %(name)s", name=e.element),
    "incident.retried": lambda e: gettext("Tried again by hand: %(name)s", name=e.element),
    "incident.resolved": lambda e: gettext("Goes on again: %(name)s", name=e.element),
    "complaint.received": lambda e: gettext(
        "Received by %(channel)s", channel=word("channel", e.get("channel"))
    ),
    "complaint.graded": lambda e: gettext("Graded %(grade)s", grade=word("grade", e.get("grade"))),
    "complaint.moved": lambda e: gettext("Stage: %(stage)s", stage=word("stage", e.get("stage"))),
    "complaint.routed": lambda e: gettext("Given to %(unit)s", unit=e.department),
    "complaint.joined": lambda e: gettext("Merged with %(number)s", number=e.get("to")),
    "duplicate.joined": lambda e: gettext("Merged with %(number)s", number=e.get("number")),
    "complaint.closed": lambda e: gettext("Closed: %(outcome)s", outcome=word("outcome", e.get("outcome"))),
    "complaint.rated": lambda e: gettext("Rated %(stars)s of 5", stars=e.get("stars")),
    "archive.sealed": lambda e: gettext("Sealed in the archive"),
    "information.added": lambda e: gettext("Added information"),
    "withdrawal.asked": lambda e: gettext("Asked to withdraw"),
    "offer.accepted": lambda e: gettext("Accepted the offer"),
    "offer.rejected": lambda e: gettext("Rejected the offer"),
    "grade.raised": lambda e: gettext("Grade raised to %(grade)s", grade=word("grade", e.get("grade"))),
    "department.asked": lambda e: gettext("Asked %(department)s", department=e.department),
    "department.accepted": lambda e: gettext("%(department)s accepted", department=e.department),
    "department.answered": lambda e: gettext("%(department)s answered", department=e.department),
    "department.returned": lambda e: gettext("%(department)s returned the question", department=e.department),
    "department.redirected": lambda e: gettext("Asked %(department)s instead", department=e.department),
    "department.invited": lambda e: gettext("Invited %(department)s", department=e.department),
    "department.let_go": lambda e: gettext("Let go: %(department)s", department=e.department),
    "reminder.given": lambda e: gettext("Reminded: %(whom)s", whom=e.whom),
    "escalated": lambda e: gettext("Escalated to %(whom)s", whom=e.whom),
    "people.alerted": lambda e: gettext("Alerted: %(whom)s", whom=e.whom),
    "notice.written": lambda e: gettext("Told the customer: %(event)s", event=word("told", e.get("event"))),
    "notice.failed": lambda e: gettext("A message to the customer could not be delivered"),
    "plan.drafted": lambda e: _with(gettext("Plan drafted"), e.amount),
    "plan.returned": lambda e: gettext("Plan returned"),
    "plan.approved": lambda e: _with(gettext("Plan approved"), e.amount),
    "plan.offered": lambda e: _with(gettext("Offer made"), e.amount),
    "plan.accepted": lambda e: gettext("The offer stands as accepted"),
    "plan.rejected": lambda e: gettext("The offer stands as rejected"),
    "answer.drafted": lambda e: gettext("Answer drafted"),
    "answer.faulted": lambda e: gettext("The answer lacks something"),
    "answer.sent": lambda e: gettext("Answer sent"),
    "redress.instructed": lambda e: gettext("Payment instructed"),
    "redress.carried_out": lambda e: gettext("Carried out, receipt %(receipt)s", receipt=e.get("receipt")),
    "redress.failed": lambda e: gettext("Carrying out failed"),
    "harm.stop_asked": lambda e: gettext("Asked the core system to freeze"),
    "harm.stopped": lambda e: gettext("Frozen by the core system"),
    "harm.not_stopped": lambda e: gettext("Nothing to freeze"),
    "harm.stop_failed": lambda e: gettext("The core system did not freeze"),
    "clock.started": lambda e: gettext("Clock started: %(name)s", name=e.clock),
    "clock.changed": lambda e: gettext("Clock changed: %(name)s", name=e.clock),
    "clock.stopped": lambda e: gettext("Clock stopped: %(name)s", name=e.clock),
    "clock.paused": lambda e: gettext("Clock paused: %(name)s", name=e.clock),
    "clock.resumed": lambda e: gettext("Clock goes on: %(name)s", name=e.clock),
    "clock.extended": lambda e: gettext("Clock extended: %(name)s", name=e.clock),
}
