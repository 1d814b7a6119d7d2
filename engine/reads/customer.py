"""What customers see of their own complaint: four plain steps, what comes next, what we told them, what they may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.domain.actor import Actor, ActorKind
from engine.domain.clocks import Clock, ClockKind
from engine.domain.complaint import Attachment, Complaint, Information, Outcome, Stage
from engine.domain.errors import NotFound
from engine.domain.events import HistoryEvent
from engine.domain.notices import Notice
from engine.domain.redress import Answer, Plan, PlanState
from engine.domain.running import Subscription
from engine.reads.reading import Reading


class StepState(StrEnum):
    """done · now · ahead."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


STEPS = ("We have your complaint", "We look into it", "We answer you", "Closed")
STEP_OF = {
    Stage.RECEIVED: 1,
    Stage.TRIAGE: 1,
    Stage.INVESTIGATION: 1,
    Stage.RESOLUTION: 1,
    Stage.DECISION: 2,
    Stage.OFFER: 3,
    Stage.CARRYING_OUT: 3,
    Stage.CLOSED: 4,
}
NEXT = {
    Stage.RECEIVED: "We check your complaint and give it to the people who can solve it.",
    Stage.TRIAGE: "We check your complaint and give it to the people who can solve it.",
    Stage.INVESTIGATION: "We find out what happened.",
    Stage.RESOLUTION: "We work out how to put it right.",
    Stage.DECISION: "We write our answer to you.",
    Stage.OFFER: "Tell us whether you accept our offer.",
    Stage.CARRYING_OUT: "We carry out what we promised.",
    Stage.CLOSED: "Your complaint is closed.",
}
WITHDRAWN = "You withdrew your complaint, and we closed it."
SHOWN_PLANS = (
    PlanState.OFFERED,
    PlanState.ACCEPTED,
    PlanState.REJECTED,
    PlanState.INSTRUCTED,
    PlanState.CARRIED_OUT,
    PlanState.FAILED,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps, with the date it was reached."""

    name: str
    state: StepState
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CustomerMay:
    """What the customer may do now."""

    add: bool
    accept: bool
    reject: bool
    withdraw: bool
    rate: bool


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A complaint as its customer sees it."""

    number: str
    language: str
    stage: Stage
    outcome: Outcome | None
    received_at: datetime
    text: str
    wish: str | None
    currency: str
    steps: tuple[Step, ...]
    next: str
    next_by: datetime | None
    plan: Plan | None
    answer: Answer | None
    satisfaction: int | None
    notices: tuple[Notice, ...]
    information: tuple[Information, ...]
    attachments: tuple[Attachment, ...]
    may: CustomerMay


def customer_case(reading: Reading, actor: Actor) -> CustomerView:
    """The complaint of this customer; raises NotFound for anybody else."""
    if actor.kind is not ActorKind.CUSTOMER or actor.complaint_id is None:
        raise NotFound
    complaint = reading.rows(Complaint).get(actor.complaint_id)
    id = complaint.id
    answers = [answer for answer in reading.rows(Answer).find(complaint_id=id) if answer.sent_at is not None]
    plans = [plan for plan in reading.rows(Plan).find(complaint_id=id) if plan.state in SHOWN_PLANS]
    notices = reading.rows(Notice).find(complaint_id=id)
    return CustomerView(
        number=complaint.number,
        language=complaint.language,
        stage=complaint.stage,
        outcome=complaint.outcome,
        received_at=complaint.received_at,
        text=complaint.text,
        wish=complaint.wish,
        currency=complaint.currency,
        steps=_steps(reading, complaint, answers),
        next=WITHDRAWN if complaint.outcome is Outcome.WITHDRAWN else NEXT[complaint.stage],
        next_by=_next_by(reading, complaint),
        plan=plans[-1] if plans else None,
        answer=answers[-1] if answers else None,
        satisfaction=complaint.satisfaction,
        notices=tuple(reversed(notices)),
        information=tuple(reading.rows(Information).find(complaint_id=id)),
        attachments=tuple(reading.rows(Attachment).find(complaint_id=id)),
        may=_may(reading, complaint, plans),
    )


def _steps(reading: Reading, complaint: Complaint, answers: list[Answer]) -> tuple[Step, ...]:
    now = STEP_OF[complaint.stage]
    moved = reading.rows(HistoryEvent).find(complaint_id=complaint.id, kind="complaint.moved")
    looked = [event.at for event in moved if event.detail.get("stage") == Stage.INVESTIGATION.value]
    dates = (
        complaint.received_at,
        looked[0] if looked else None,
        answers[0].sent_at if answers else None,
        complaint.closed_at,
    )
    return tuple(
        Step(
            name,
            StepState.DONE if index < now else StepState.NOW if index == now else StepState.AHEAD,
            dates[index] if index <= now else None,
        )
        for index, name in enumerate(STEPS)
    )


def _next_by(reading: Reading, complaint: Complaint) -> datetime | None:
    if not complaint.is_open:
        return None
    clocks = reading.rows(Clock).find(complaint_id=complaint.id, kind=ClockKind.REGULATORY, stopped_at=None)
    return min((clock.due_at for clock in clocks if clock.due_at is not None), default=None)


def _may(reading: Reading, complaint: Complaint, plans: list[Plan]) -> CustomerMay:
    """What a process waits for is what may be done."""
    key = str(complaint.id)
    waits = {
        wait.message
        for wait in reading.rows(Subscription).find(key=key, message=["offer answered", "withdrawn"])
    }
    offered = bool(plans) and plans[-1].state is PlanState.OFFERED and "offer answered" in waits
    return CustomerMay(
        add=complaint.is_open,
        accept=offered,
        reject=offered,
        withdraw=complaint.is_open and "withdrawn" in waits,
        rate=not complaint.is_open and complaint.outcome is not Outcome.WITHDRAWN,
    )
