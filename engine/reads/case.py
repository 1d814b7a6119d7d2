"""One complaint with everything the actor may know of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.domain.actor import Actor
from engine.domain.archive import Volume
from engine.domain.clocks import Clock
from engine.domain.complaint import Attachment, Complaint, Information
from engine.domain.department_requests import DepartmentRequest
from engine.domain.events import HistoryEvent
from engine.domain.notices import Notice
from engine.domain.organisation import Person, Unit
from engine.domain.permissions import Sight
from engine.domain.redress import Answer, Plan
from engine.domain.running import Incident, Instance, InstanceState, Subscription, Timer
from engine.domain.steering import ALIVE
from engine.domain.task import Task, TaskState, may_do
from engine.reads.access import find, requests_seen
from engine.reads.reading import Reading

NOT_PASSED = frozenset(
    {
        *("task.opened", "task.claimed", "task.put_back", "task.handed_over", "task.cancelled"),
        *("token.added", "token.cancelled", "variable.set"),
        *("incident.raised", "incident.retried", "incident.resolved"),
        *("operation.asked", "operation.failed"),
    }
)
"""Events at an element that do not say that it is done: it was begun, ended by hand, stuck, or is done outside."""


@dataclass(frozen=True, slots=True)
class CaseTask:
    """An undone task of the case. `is_mine`: claimed by the actor; `openable`: theirs to do or to take, once it goes on."""

    instance_id: int
    token: int
    name: str
    element: str
    form: str | None
    role: str
    unit_id: int | None
    unit_name: str | None
    assignee_id: int | None
    assignee_name: str | None
    opened_at: datetime
    due_at: datetime | None
    state: TaskState
    is_mine: bool
    openable: bool


@dataclass(frozen=True, slots=True)
class CaseInstance:
    """One run of a process and where it stands: elements with a token, elements passed, elements that are stuck."""

    id: int
    release_id: int
    process: str
    state: InstanceState
    started_at: datetime
    ended_at: datetime | None
    open: tuple[str, ...]
    done: tuple[str, ...]
    stuck: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A complaint as far as `sight` reaches; what is beyond is empty."""

    sight: Sight
    complaint: Complaint
    units: Mapping[int, Unit]
    people: Mapping[int, Person]
    clocks: tuple[Clock, ...] = ()
    plans: tuple[Plan, ...] = ()
    answers: tuple[Answer, ...] = ()
    notices: tuple[Notice, ...] = ()
    information: tuple[Information, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    requests: tuple[DepartmentRequest, ...] = ()
    tasks: tuple[CaseTask, ...] = ()
    events: tuple[HistoryEvent, ...] = ()
    instances: tuple[CaseInstance, ...] = ()
    incidents: tuple[Incident, ...] = ()
    volumes: tuple[Volume, ...] = ()

    @property
    def lost_its_process(self) -> bool:
        """Whether its process was cancelled and nothing runs for it any more, though it is open."""
        states = {instance.state for instance in self.instances}
        return self.complaint.is_open and InstanceState.CANCELLED in states and not states & {*ALIVE}

    @property
    def is_on_hold(self) -> bool:
        """Whether any of its processes is on hold."""
        return any(task.state is TaskState.SUSPENDED for task in self.tasks) or any(
            instance.state is InstanceState.SUSPENDED for instance in self.instances
        )

    def unit_name(self, unit_id: int | None) -> str:
        """The name of a unit; nothing for none."""
        unit = self.units.get(unit_id) if unit_id is not None else None
        return unit.name if unit else ""

    def person_name(self, person_id: int | None) -> str:
        """The name of a person; nothing for none."""
        person = self.people.get(person_id) if person_id is not None else None
        return person.name if person else ""


def case(reading: Reading, actor: Actor, number: str) -> CaseView:
    """The case; raises NotFound when it is unknown or out of sight."""
    complaint, sight = find(reading, actor, number)
    units = {unit.id: unit for unit in reading.rows(Unit).find()}
    if sight is Sight.STATUS:
        return CaseView(sight, complaint, units, {})
    if sight is Sight.ASKED:
        return _asked(reading, actor, complaint, units)
    return _whole(reading, actor, complaint, units)


def _asked(reading: Reading, actor: Actor, complaint: Complaint, units: Mapping[int, Unit]) -> CaseView:
    requests = requests_seen(reading, actor, complaint.id, Sight.ASKED)
    ids = [request.id for request in requests]
    tasks = [task for task in _open_tasks(reading, complaint) if may_do(task, actor, complaint)]
    people = _people(reading, [task.assignee_id for task in tasks])
    return CaseView(
        Sight.ASKED,
        complaint,
        units,
        people,
        clocks=tuple(reading.rows(Clock).find(complaint_id=complaint.id, request_id=ids)),
        requests=tuple(requests),
        tasks=_case_tasks(tasks, actor, complaint, units, people),
    )


def _whole(reading: Reading, actor: Actor, complaint: Complaint, units: Mapping[int, Unit]) -> CaseView:
    id = complaint.id
    plans, answers = reading.rows(Plan).find(complaint_id=id), reading.rows(Answer).find(complaint_id=id)
    requests = requests_seen(reading, actor, id, Sight.WHOLE)
    tasks = _open_tasks(reading, complaint)
    events = reading.rows(HistoryEvent).find(complaint_id=id)
    incidents = reading.rows(Incident).find(complaint_id=id)
    people = _people(
        reading,
        [complaint.first_owner_id, complaint.accused_id]
        + [task.assignee_id for task in tasks]
        + [id for plan in plans for id in (plan.author_id, plan.approved_by_id)]
        + [id for answer in answers for id in (answer.author_id, answer.checked_by_id)]
        + [id for request in requests for id in (request.asked_by_id, request.answered_by_id)]
        + [event.person_id for event in events],
    )
    return CaseView(
        Sight.WHOLE,
        complaint,
        units,
        people,
        clocks=tuple(reading.rows(Clock).find(complaint_id=id)),
        plans=tuple(plans),
        answers=tuple(answers),
        notices=tuple(reading.rows(Notice).find(complaint_id=id)),
        information=tuple(reading.rows(Information).find(complaint_id=id)),
        attachments=tuple(reading.rows(Attachment).find(complaint_id=id)),
        requests=tuple(requests),
        tasks=_case_tasks(tasks, actor, complaint, units, people),
        events=tuple(events),
        instances=_instances(reading, id, tasks, events, incidents),
        incidents=tuple(incidents),
        volumes=tuple(reading.rows(Volume).find(complaint_id=id)),
    )


def _open_tasks(reading: Reading, complaint: Complaint) -> list[Task]:
    undone = [TaskState.OPEN, TaskState.CLAIMED, TaskState.SUSPENDED]
    return reading.rows(Task).find(complaint_id=complaint.id, state=undone)


def _people(reading: Reading, ids: list[int | None]) -> Mapping[int, Person]:
    wanted = sorted({id for id in ids if id is not None})
    return {person.id: person for person in reading.rows(Person).find(id=wanted)}


def _case_tasks(
    tasks: list[Task],
    actor: Actor,
    complaint: Complaint,
    units: Mapping[int, Unit],
    people: Mapping[int, Person],
) -> tuple[CaseTask, ...]:
    return tuple(
        CaseTask(
            instance_id=task.instance_id,
            token=task.token,
            name=task.name,
            element=task.element,
            form=task.form,
            role=task.role,
            unit_id=task.unit_id,
            unit_name=_name(units, task.unit_id),
            assignee_id=task.assignee_id,
            assignee_name=_name(people, task.assignee_id),
            opened_at=task.opened_at,
            due_at=task.due_at,
            state=task.state,
            is_mine=_is_mine(task, actor),
            openable=may_do(task, actor, complaint) and (task.assignee_id is None or _is_mine(task, actor)),
        )
        for task in sorted(tasks, key=lambda task: (task.opened_at, task.key))
    )


def _name(named: Mapping[int, Unit] | Mapping[int, Person], id: int | None) -> str | None:
    found = named.get(id) if id is not None else None
    return found.name if found else None


def _is_mine(task: Task, actor: Actor) -> bool:
    return task.assignee_id is not None and task.assignee_id == actor.person_id


def _instances(
    reading: Reading,
    complaint_id: int,
    tasks: list[Task],
    events: list[HistoryEvent],
    incidents: list[Incident],
) -> tuple[CaseInstance, ...]:
    instances = reading.rows(Instance).find(complaint_id=complaint_id)
    ids = [instance.id for instance in instances]
    waiting: dict[int, set[str]] = defaultdict(set)
    waits: list[Task | Timer | Subscription] = [
        *tasks,
        *reading.rows(Timer).find(instance_id=ids),
        *reading.rows(Subscription).find(instance_id=ids),
    ]
    for wait in waits:
        waiting[wait.instance_id].add(wait.element)
    stuck: dict[int, set[str]] = defaultdict(set)
    for incident in incidents:
        if incident.resolved_at is None:
            stuck[incident.instance_id].add(incident.element)
    passed: dict[int, dict[str, None]] = defaultdict(dict)
    for event in events:
        if event.instance_id is not None and event.element is not None and event.kind not in NOT_PASSED:
            passed[event.instance_id][event.element] = None
    return tuple(
        CaseInstance(
            id=instance.id,
            release_id=instance.release_id,
            process=instance.process,
            state=instance.state,
            started_at=instance.started_at,
            ended_at=instance.ended_at,
            open=tuple(sorted(waiting[instance.id] - stuck[instance.id])),
            done=tuple(e for e in passed[instance.id] if e not in waiting[instance.id] | stuck[instance.id]),
            stuck=tuple(sorted(stuck[instance.id])),
        )
        for instance in instances
    )
