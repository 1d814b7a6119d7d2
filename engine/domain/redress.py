"""Redress: the plan that puts things right, and the answer that tells the customer."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
