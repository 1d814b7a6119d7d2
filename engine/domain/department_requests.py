"""What a coordinator asks of a department during a collaboration, and what the department said."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class RequestState(StrEnum):
    """asked → accepted → answered; or returned with a reason, let go by the coordinator, cancelled with the case."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    RETURNED = "returned"
    LET_GO = "let_go"
    CANCELLED = "cancelled"


class Responsibility(StrEnum):
    """The department's own word on its share."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class DepartmentRequest:
    """One question to one department. `round` counts how often it was placed (returned or redirected at most 3 times)."""

    id: int
    complaint_id: int
    department_id: int
    question: str
    may_see: str
    asked_at: datetime
    asked_by_id: int | None
    due_at: datetime
    state: RequestState = RequestState.ASKED
    round: int = 1
    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by_id: int | None = None
    returned_reason: str | None = None
    better_addressee: str | None = None
    answer: str | None = None
    cause: str | None = None
    responsibility: Responsibility | None = None
    proposed_measure: str | None = None
    proposed_amount: Decimal | None = None
    let_go_reason: str | None = None
    reminders: int = 0
    version: int = 0
