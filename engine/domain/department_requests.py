"""What a coordinator asks of a department during a collaboration, and what the department said."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from engine.domain.errors import OutOfOrder, ValueRefused


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


@dataclass(frozen=True)
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

    @property
    def is_open(self) -> bool:
        """Whether the department, or the coordinator after a return, still owes a step."""
        return self.state in (RequestState.ASKED, RequestState.ACCEPTED, RequestState.RETURNED)


MOST_ROUNDS = 3


def accept(request: DepartmentRequest, now: datetime) -> DepartmentRequest:
    """The department takes the question."""
    _require(request, "accepted", RequestState.ASKED)
    return replace(request, state=RequestState.ACCEPTED, accepted_at=now)


def give_back(request: DepartmentRequest, reason: str, better_addressee: str | None) -> DepartmentRequest:
    """The department returns the question with a reason and, if it knows one, a better addressee."""
    _require(request, "returned", RequestState.ASKED)
    if not reason or not reason.strip():
        raise ValueRefused("A question is returned with a reason.", field="request.reason")
    return replace(
        request,
        state=RequestState.RETURNED,
        returned_reason=reason.strip(),
        better_addressee=better_addressee,
    )


def answer(
    request: DepartmentRequest,
    now: datetime,
    person_id: int | None,
    *,
    words: str,
    cause: str | None,
    responsibility: Responsibility,
    proposed_measure: str | None,
    proposed_amount: Decimal | None,
) -> DepartmentRequest:
    """The department's answer."""
    _require(request, "answered", RequestState.ASKED, RequestState.ACCEPTED)
    if not words or not words.strip():
        raise ValueRefused("An answer needs words.", field="request.answer")
    return replace(
        request,
        state=RequestState.ANSWERED,
        accepted_at=request.accepted_at or now,
        answered_at=now,
        answered_by_id=person_id,
        answer=words.strip(),
        cause=cause,
        responsibility=responsibility,
        proposed_measure=proposed_measure,
        proposed_amount=proposed_amount,
    )


def may_be_placed_again(request: DepartmentRequest) -> bool:
    """Whether a returned question may be asked again: after three rounds the decider places it."""
    return request.state is RequestState.RETURNED and request.round < MOST_ROUNDS + 1


def place_again(
    request: DepartmentRequest,
    now: datetime,
    due_at: datetime,
    *,
    department_id: int | None = None,
    question: str | None = None,
    by_decider: bool = False,
) -> DepartmentRequest:
    """A returned question asked once more, of the same or another department; the decider may do so beyond three."""
    _require(request, "asked again", RequestState.RETURNED)
    if not by_decider and not may_be_placed_again(request):
        raise OutOfOrder("This question went round three times; now the decider places it.")
    return replace(
        request,
        state=RequestState.ASKED,
        round=request.round + 1,
        department_id=department_id or request.department_id,
        question=question or request.question,
        asked_at=now,
        due_at=due_at,
        accepted_at=None,
    )


def let_go(request: DepartmentRequest, reason: str) -> DepartmentRequest:
    """The coordinator needs the department no longer; letting go again changes nothing."""
    if request.state is RequestState.LET_GO:
        return request
    _require(request, "let go", RequestState.ASKED, RequestState.ACCEPTED, RequestState.RETURNED)
    if not reason or not reason.strip():
        raise ValueRefused("A department is let go with a reason.", field="reason")
    return replace(request, state=RequestState.LET_GO, let_go_reason=reason.strip())


def cancel(request: DepartmentRequest, reason: str) -> DepartmentRequest:
    """The case no longer needs the answer; a finished request stays as it is."""
    return (
        replace(request, state=RequestState.CANCELLED, let_go_reason=reason) if request.is_open else request
    )


def reminded(request: DepartmentRequest) -> DepartmentRequest:
    """One more reminder given."""
    return replace(request, reminders=request.reminders + 1)


def _require(request: DepartmentRequest, verb: str, *states: RequestState) -> None:
    if request.state not in states:
        raise OutOfOrder(f"A request that is {request.state} cannot be {verb}.", state=str(request.state))
