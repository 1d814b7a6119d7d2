"""The collaborations: who was asked what, what they said, who is late."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from engine.domain.actor import Actor
from engine.domain.complaint import Complaint, Grade
from engine.domain.department_requests import DepartmentRequest, RequestState, Responsibility
from engine.domain.organisation import Unit
from engine.domain.permissions import Sight
from engine.domain.running import Instance, InstanceState
from engine.domain.task import Task, TaskState, may_do
from engine.reads.access import SUMMARY, as_seen, find, requests_seen
from engine.reads.reading import Reading
from engine.reads.sight import level, seen
from engine.store.tables import complaint, department_request, task

UNANSWERED = (RequestState.ASKED, RequestState.ACCEPTED)
CONSOLIDATE = "consolidate"
MOST = 200


@dataclass(frozen=True, slots=True)
class BoardCard:
    """One department: its question, where it stands, its last word."""

    id: int
    department_id: int
    department_name: str
    department_name_zh: str
    question: str
    state: RequestState
    round: int
    asked_at: datetime
    due_at: datetime
    is_late: bool
    reminders: int
    accepted_at: datetime | None
    answered_at: datetime | None
    returned_reason: str | None
    better_addressee: str | None
    answer: str | None
    cause: str | None
    responsibility: Responsibility | None
    proposed_measure: str | None
    proposed_amount: Decimal | None
    let_go_reason: str | None


@dataclass(frozen=True, slots=True)
class Board:
    """One collaboration. `consolidate` is the task that joins the answers, once this actor may do it.

    `is_on_hold`: nobody can do its tasks until its case goes on.
    """

    complaint_id: int
    number: str
    grade: Grade | None
    stage: str
    summary: str
    currency: str
    sees_case: bool
    requests: tuple[BoardCard, ...]
    consolidate: tuple[int, int] | None
    is_on_hold: bool

    @property
    def asked(self) -> int:
        """How many departments are or were asked and not let go."""
        return len(
            [
                card
                for card in self.requests
                if card.state not in (RequestState.LET_GO, RequestState.CANCELLED)
            ]
        )

    @property
    def answered(self) -> int:
        """How many have answered."""
        return len([card for card in self.requests if card.state is RequestState.ANSWERED])


def collaboration(reading: Reading, actor: Actor, number: str) -> Board:
    """The board of one complaint, as far as the actor sees it; raises NotFound."""
    found, sight = find(reading, actor, number)
    return _board(reading, actor, found, sight)


def collaborations(reading: Reading, actor: Actor) -> list[Board]:
    """The running ones in sight, the one due first on top."""
    request = department_request.c
    waits = request.state.in_([state.value for state in UNANSWERED])
    due = func.min(case((waits, request.due_at)))
    statement = (
        select(complaint.c.id, level(actor))
        .join(department_request, request.complaint_id == complaint.c.id)
        .where(seen(actor), complaint.c.closed_at.is_(None))
        .group_by(complaint.c.id)
        .having(or_(func.count(case((waits, request.id))) > 0, _waits_to_be_joined()))
        .order_by(due.is_(None), due, complaint.c.id)
        .limit(MOST)
    )
    boards = []
    for complaint_id, sight in reading.all(statement):
        found, seen_as = as_seen(reading, actor, complaint_id, Sight(sight))
        boards.append(_board(reading, actor, found, seen_as))
    return boards


def _waits_to_be_joined() -> ColumnElement[bool]:
    """All have answered, and somebody has the task to join the answers."""
    return exists().where(
        task.c.complaint_id == complaint.c.id,
        task.c.form == CONSOLIDATE,
        task.c.state.in_([TaskState.OPEN.value, TaskState.CLAIMED.value]),
    )


def _board(reading: Reading, actor: Actor, found: Complaint, sight: Sight) -> Board:
    return Board(
        complaint_id=found.id,
        number=found.number,
        grade=found.grade,
        stage=found.stage,
        summary=found.text[:SUMMARY],
        currency=found.currency,
        sees_case=sight is Sight.WHOLE,
        requests=tuple(_card(reading, request) for request in requests_seen(reading, actor, found.id, sight)),
        consolidate=_consolidate(reading, actor, found) if sight is Sight.WHOLE else None,
        is_on_hold=bool(reading.rows(Instance).find(complaint_id=found.id, state=InstanceState.SUSPENDED)),
    )


def _card(reading: Reading, request: DepartmentRequest) -> BoardCard:
    unit = reading.rows(Unit).get(request.department_id)
    same = {field.name for field in fields(BoardCard)} & {field.name for field in fields(DepartmentRequest)}
    return BoardCard(
        **{name: getattr(request, name) for name in same},
        department_name=unit.name,
        department_name_zh=unit.name_zh,
        is_late=request.state in UNANSWERED and request.due_at < reading.now,
    )


def _consolidate(reading: Reading, actor: Actor, found: Complaint) -> tuple[int, int] | None:
    open_states = [TaskState.OPEN, TaskState.CLAIMED]
    tasks = reading.rows(Task).find(complaint_id=found.id, form=CONSOLIDATE, state=open_states)
    mine = [task for task in tasks if may_do(task, actor, found)]
    return (mine[0].instance_id, mine[0].token) if mine else None
