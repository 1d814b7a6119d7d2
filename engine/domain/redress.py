"""Redress: the plan that puts things right, and the answer that tells the customer."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from engine.domain.errors import NotAllowed, OutOfOrder, ValueRefused


class PlanState(StrEnum):
    """drafted → approved or returned → offered → accepted / rejected → carried out / failed."""

    DRAFTED = "drafted"
    RETURNED = "returned"
    APPROVED = "approved"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    INSTRUCTED = "instructed"
    CARRIED_OUT = "carried_out"
    FAILED = "failed"


@dataclass(frozen=True)
class Plan:
    """What the bank will do: measures, amount in the complaint's currency, by when. `round` counts better offers."""

    id: int
    complaint_id: int
    round: int
    author_id: int | None
    drafted_at: datetime
    outcome: str
    measures: str
    amount: Decimal
    carry_out_by: str
    complete_by: datetime | None = None
    state: PlanState = PlanState.DRAFTED
    approver_role: str | None = None
    approved_by_id: int | None = None
    approved_at: datetime | None = None
    returns: int = 0
    return_reason: str | None = None
    instruction: str | None = None
    carried_out_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True)
class Answer:
    """The bank's answer to the customer: finding, basis, reasons, what we do, appeal path."""

    id: int
    complaint_id: int
    plan_id: int | None
    author_id: int | None
    written_at: datetime
    finding: str
    basis: str
    reasons: str
    what_we_do: str
    appeal_path: str
    checked_by_id: int | None = None
    sent_at: datetime | None = None
    version: int = 0


MOST_RETURNS = 2
PLAIN_SENTENCE = 60
PLAIN_SENTENCE_ZH = 120


def approve(plan: Plan, person_id: int | None, now: datetime, amount: Decimal | None = None) -> Plan:
    """The plan approved by somebody other than its author; `amount` changes what is paid."""
    _require(plan, "approved", PlanState.DRAFTED)
    if person_id is not None and person_id == plan.author_id:
        raise NotAllowed("A second pair of eyes is needed here: you wrote this plan.")
    if amount is not None and amount < 0:
        raise ValueRefused("An amount is zero or more.", field="approval.amount")
    return replace(
        plan,
        state=PlanState.APPROVED,
        approved_by_id=person_id,
        approved_at=now,
        amount=plan.amount if amount is None else amount,
    )


def give_back(plan: Plan, person_id: int | None, reason: str) -> Plan:
    """The plan back to its author, with a reason."""
    _require(plan, "returned", PlanState.DRAFTED)
    if person_id is not None and person_id == plan.author_id:
        raise NotAllowed("A second pair of eyes is needed here: you wrote this plan.")
    if not reason or not reason.strip():
        raise ValueRefused("A plan is returned with a reason.", field="approval.reason")
    return replace(plan, state=PlanState.RETURNED, returns=plan.returns + 1, return_reason=reason.strip())


def may_be_returned(plan: Plan) -> bool:
    """Whether the approver may return it once more; after that it goes one level up."""
    return plan.returns < MOST_RETURNS


def offer(plan: Plan) -> Plan:
    """The plan told to the customer; offering it again changes nothing."""
    if plan.state is PlanState.OFFERED:
        return plan
    _require(plan, "offered", PlanState.DRAFTED, PlanState.APPROVED)
    return replace(plan, state=PlanState.OFFERED)


def resolve(plan: Plan, accepted: bool) -> Plan:
    """The customer's yes or no to the offer."""
    _require(plan, "accepted" if accepted else "rejected", PlanState.OFFERED)
    return replace(plan, state=PlanState.ACCEPTED if accepted else PlanState.REJECTED)


def instruct(plan: Plan, instruction: str) -> Plan:
    """The plan on its way to the bank's core, under this instruction; a failed one may be instructed again."""
    _require(plan, "carried out", PlanState.APPROVED, PlanState.OFFERED, PlanState.ACCEPTED, PlanState.FAILED)
    return replace(plan, state=PlanState.INSTRUCTED, instruction=instruction)


def confirm(plan: Plan, now: datetime) -> Plan:
    """The bank's core says it is done; said twice, it is done once."""
    if plan.state is PlanState.CARRIED_OUT:
        return plan
    _require(plan, "confirmed", PlanState.INSTRUCTED, PlanState.FAILED)
    return replace(plan, state=PlanState.CARRIED_OUT, carried_out_at=now)


def fail(plan: Plan) -> Plan:
    """The bank's core could not do it."""
    _require(plan, "reported as failed", PlanState.INSTRUCTED, PlanState.FAILED)
    return replace(plan, state=PlanState.FAILED)


def problems_of(answer: Answer) -> list[str]:
    """What keeps an answer from going out: a part missing, a placeholder left, a sentence nobody reads to its end."""
    parts = {
        "finding": answer.finding,
        "basis": answer.basis,
        "reasons": answer.reasons,
        "what we do": answer.what_we_do,
        "appeal path": answer.appeal_path,
    }
    problems = [f"The {name} is missing." for name, words in parts.items() if not words or not words.strip()]
    for name, words in parts.items():
        if any(mark in (words or "") for mark in ("{", "}", "[…]", "TODO", "XXX", "____")):
            problems.append(f"The {name} still has a placeholder.")
        if any(_is_long(sentence) for sentence in _sentences(words or "")):
            problems.append(f"The {name} has a sentence too long to follow.")
    return problems


def _sentences(words: str) -> list[str]:
    for mark in "。！？!?.;；\n":
        words = words.replace(mark, "\0")
    return words.split("\0")


def _is_long(sentence: str) -> bool:
    chinese = sum("\u4e00" <= letter <= "\u9fff" for letter in sentence)
    return chinese > PLAIN_SENTENCE_ZH or len(sentence.split()) > PLAIN_SENTENCE


def _require(plan: Plan, verb: str, *states: PlanState) -> None:
    if plan.state not in states:
        raise OutOfOrder(f"A plan that is {plan.state} cannot be {verb}.", state=str(plan.state))
