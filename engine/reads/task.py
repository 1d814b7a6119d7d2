"""One task as its page shows it: what is asked, what its form may use, and what this person may do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.actor import Actor
from engine.domain.clocks import Clock
from engine.domain.complaint import Complaint, Grade, Information
from engine.domain.department_requests import DepartmentRequest
from engine.domain.errors import NotFound
from engine.domain.facts import Facts, for_a_form
from engine.domain.notices import Notice
from engine.domain.organisation import Person, Unit
from engine.domain.permissions import Sight
from engine.domain.redress import Answer, Plan
from engine.domain.task import Draft, Task, TaskState, leads, may_do
from engine.domain.working_time import Calendar
from engine.reads.access import SUMMARY, as_seen, sight_of
from engine.reads.reading import Reading
from engine.store.calendars import CalendarRows


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task and what stands around it. `may_write`: on hold, the actor may still write a draft.

    `context` is what the conditions and defaults of its form are computed from.
    """

    task: Task
    sight: Sight
    complaint_id: int | None
    number: str | None
    grade: Grade | None
    stage: str | None
    summary: str
    question: str | None
    unit_name: str | None
    unit_name_zh: str | None
    assignee_name: str | None
    assignee_name_zh: str | None
    claimable: bool
    may_complete: bool
    may_hand_over: bool
    may_write: bool
    draft: Draft | None
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowsRead:
    """The rows of a case as `engine.domain.facts` asks for them, read-only."""

    reading: Reading
    complaint: Complaint

    @property
    def now(self) -> datetime:
        return self.reading.now

    def unit(self, id: int) -> Unit:
        return self.reading.rows(Unit).get(id)

    def person(self, id: int) -> Person:
        return self.reading.rows(Person).get(id)

    def requests(self) -> Sequence[DepartmentRequest]:
        return self.reading.rows(DepartmentRequest).find(complaint_id=self.complaint.id)

    def plans(self) -> Sequence[Plan]:
        return self.reading.rows(Plan).find(complaint_id=self.complaint.id)

    def answers(self) -> Sequence[Answer]:
        return self.reading.rows(Answer).find(complaint_id=self.complaint.id)

    def clocks(self) -> Sequence[Clock]:
        return self.reading.rows(Clock).find(complaint_id=self.complaint.id)

    def notices(self) -> Sequence[Notice]:
        return self.reading.rows(Notice).find(complaint_id=self.complaint.id)

    def information(self) -> Sequence[Information]:
        return self.reading.rows(Information).find(complaint_id=self.complaint.id)

    def calendar(self, code: str) -> Calendar:
        return CalendarRows(self.reading.wire, [], self.reading.calendars).get(code)


def task(reading: Reading, actor: Actor, instance_id: int, token: int) -> TaskView:
    """The task, open or done; raises NotFound when it is unknown or out of sight."""
    found = reading.rows(Task).look((instance_id, token))
    if found is None:
        raise NotFound
    complaint, sight = _complaint(reading, actor, found)
    may = may_do(found, actor, complaint)
    if sight <= Sight.STATUS or (sight is Sight.ASKED and not may):
        raise NotFound
    is_mine = found.assignee_id is not None and found.assignee_id == actor.person_id
    holder = reading.rows(Person).look(found.assignee_id) if found.assignee_id else None
    unit = reading.rows(Unit).look(found.unit_id) if found.unit_id else None
    return TaskView(
        task=found,
        sight=sight,
        complaint_id=found.complaint_id,
        number=complaint.number if complaint else None,
        grade=complaint.grade if complaint else None,
        stage=complaint.stage if complaint else None,
        summary=_summary(complaint, sight),
        question=_question(reading, found),
        unit_name=unit.name if unit else None,
        unit_name_zh=unit.name_zh if unit else None,
        assignee_name=holder.name if holder else None,
        assignee_name_zh=holder.name_zh if holder else None,
        claimable=may and found.state is TaskState.OPEN,
        may_complete=may and is_mine and found.is_open,
        may_hand_over=found.is_open and ((is_mine and may) or leads(actor, found.unit_id)),
        may_write=may and found.state is TaskState.SUSPENDED and (is_mine or found.assignee_id is None),
        draft=_draft(reading, found, actor),
        context=_context(reading, found, complaint, sight),
    )


def _complaint(reading: Reading, actor: Actor, task: Task) -> tuple[Complaint | None, Sight]:
    if task.complaint_id is None:
        return None, Sight.WHOLE if may_do(task, actor, None) else Sight.NOTHING
    sight = sight_of(reading, actor, task.complaint_id)
    return as_seen(reading, actor, task.complaint_id, sight)


def _summary(complaint: Complaint | None, sight: Sight) -> str:
    """Whoever sees no case page reads here what they may read of it."""
    if complaint is None:
        return ""
    return complaint.text if sight is Sight.ASKED else complaint.text[:SUMMARY]


def _question(reading: Reading, task: Task) -> str | None:
    given = task.inputs.get("request")
    if isinstance(given, Mapping) and given.get("question"):
        return str(given["question"])
    if task.complaint_id is None or task.unit_id is None:
        return None
    asked = reading.rows(DepartmentRequest).find(complaint_id=task.complaint_id, department_id=task.unit_id)
    return asked[-1].question if asked else None


def _draft(reading: Reading, task: Task, actor: Actor) -> Draft | None:
    if actor.person_id is None:
        return None
    return reading.rows(Draft).look((task.instance_id, task.token, actor.person_id))


def _context(reading: Reading, task: Task, complaint: Complaint | None, sight: Sight) -> Mapping[str, Any]:
    if complaint is None:
        return dict(task.inputs)
    return for_a_form(task.inputs, Facts(RowsRead(reading, complaint)), sight)
