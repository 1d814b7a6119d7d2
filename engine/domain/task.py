"""A task: one step that waits for a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.domain.actor import Actor, ActorKind
from engine.domain.complaint import Complaint
from engine.domain.errors import ChangedMeanwhile, NotAllowed, OnHold, TaskNotOpen
from engine.domain.organisation import Role


class TaskState(StrEnum):
    """open: in the role's inbox · claimed: in one person's · suspended: on hold, in nobody's · done, cancelled: history."""

    OPEN = "open"
    CLAIMED = "claimed"
    SUSPENDED = "suspended"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Task:
    """One user task of one process instance, keyed by (instance_id, token).

    `role` and `unit_id` say whose inbox it is in, and `candidates` are people in whose inbox it is besides, whatever
    their roles; `role` is empty where candidates alone may do it. `excluded` are people who may not do it (four eyes);
    `release_id` is the release its form is taken from;
    `inputs` are the local variables its form may show, copied when it opened; `version` counts changes, and
    answers given to an older version are refused with the typed text kept. The holder's own answers may be older than
    that, for claiming counts too, but not older than `oldest_version`: since then the task itself is another.
    """

    instance_id: int
    token: int
    complaint_id: int | None
    release_id: int
    process: str
    element: str
    name: str
    form: str | None
    role: str
    unit_id: int | None
    opened_at: datetime
    state: TaskState = TaskState.OPEN
    grade_rank: int = 0
    priority: int = 50
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    assignee_id: int | None = None
    excluded: tuple[int, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    closed_at: datetime | None = None
    closed_by_id: int | None = None
    version: int = 1
    candidates: tuple[int, ...] = ()
    oldest_version: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody can do it now."""
        return self.state in (TaskState.OPEN, TaskState.CLAIMED)

    @property
    def is_closed(self) -> bool:
        """Whether nobody will do it any more."""
        return self.state in (TaskState.DONE, TaskState.CANCELLED)

    @property
    def key(self) -> str:
        """How a page names it: "184-23"."""
        return f"{self.instance_id}-{self.token}"


@dataclass(frozen=True)
class Draft:
    """What a person typed into a task's form and has not sent yet."""

    instance_id: int
    token: int
    person_id: int
    typed: Mapping[str, Any]
    saved_at: datetime


def claim(task: Task, actor: Actor, complaint: Complaint | None, holder: str | None = None) -> Task:
    """The task in this person's inbox; `holder` names who has it now, for the refusal."""
    person_id = require_may_do(task, actor, complaint)
    if task.state is TaskState.CLAIMED and task.assignee_id == person_id:
        return task
    require_open(task, holder)
    if task.state is TaskState.CLAIMED:
        raise _someone_was_faster(task, holder)
    return replace(task, state=TaskState.CLAIMED, assignee_id=person_id)


def put_back(task: Task, actor: Actor, complaint: Complaint | None, holder: str | None = None) -> Task:
    """The task back in the inbox of its role; its holder may do that, and whoever leads the unit."""
    require_open(task, holder)
    if task.state is TaskState.OPEN:
        return task
    if task.assignee_id != actor.person_id and not may_move(task, actor, complaint):
        raise NotAllowed(f"Only {holder or 'its holder'} or a head of the unit may put this task back.")
    return replace(task, state=TaskState.OPEN, assignee_id=None)


def hand_over(
    task: Task, actor: Actor, to: Actor, complaint: Complaint | None, holder: str | None = None
) -> Task:
    """The task in another person's inbox, by its holder or whoever leads the unit; the other must be allowed to do it."""
    require_open(task, holder)
    mine = task.state is TaskState.CLAIMED and task.assignee_id == actor.person_id
    if complaint is not None and complaint.accused_id == actor.person_id:
        raise NotAllowed("Nobody works on a complaint about themselves.")
    if not mine and not may_move(task, actor, complaint):
        raise NotAllowed("Only the holder of a task or a head of the unit may hand it over.")
    named = replace(task, state=TaskState.CLAIMED, assignee_id=to.person_id)
    require_may_do(named, to, complaint)
    return named


def require_completable(
    task: Task, actor: Actor, complaint: Complaint | None, version: int | None, holder: str | None = None
) -> None:
    """Refuse the completion of a task that is done, held by another, changed since it was shown, or not this person's."""
    require_open(task, holder)
    require_may_do(task, actor, complaint)
    if task.state is TaskState.CLAIMED and task.assignee_id != actor.person_id:
        raise _someone_was_faster(task, holder)
    if version is not None and version != task.version:
        theirs = task.assignee_id == actor.person_id
        if not theirs or version < task.oldest_version:
            raise ChangedMeanwhile(
                "This task changed since you opened it. What you typed is kept.", by=holder
            )


def require_open(task: Task, holder: str | None = None) -> None:
    """Refuse what came too late, naming who was faster, and what is on hold."""
    if task.state is TaskState.SUSPENDED:
        raise OnHold(by=holder)
    if not task.is_open:
        raise _someone_was_faster(task, holder)


def require_undone(task: Task, holder: str | None = None) -> None:
    """Refuse what came too late; a task on hold may still be written down for later."""
    if task.is_closed:
        raise _someone_was_faster(task, holder)


def suspended(task: Task) -> Task:
    """The task out of every inbox while its instance is on hold; whoever held it still does."""
    return replace(task, state=TaskState.SUSPENDED)


def resumed(task: Task) -> Task:
    """The task back where it was: with its holder, else in the inbox of its role."""
    state = TaskState.OPEN if task.assignee_id is None else TaskState.CLAIMED
    return replace(task, state=state)


def require_may_do(task: Task, actor: Actor, complaint: Complaint | None) -> int:
    """The id of the person, if role, unit, four eyes and the accusation allow the task."""
    if actor.kind is not ActorKind.PERSON or actor.person_id is None:
        raise NotAllowed("A task is done by a person of the bank.")
    if complaint is not None and complaint.accused_id == actor.person_id:
        raise NotAllowed("Nobody works on a complaint about themselves.")
    if actor.person_id in task.excluded:
        raise NotAllowed("A second pair of eyes is needed here: you did the step before.")
    if actor.person_id not in task.candidates and not _holds_role(task, actor):
        raise NotAllowed(_not_theirs(task))
    named = task.assignee_id == actor.person_id
    if (
        complaint is not None
        and complaint.restricted
        and not named
        and not _sees_restricted(actor, complaint)
    ):
        raise NotAllowed("This complaint is restricted: its tasks are handed over by name.")
    return actor.person_id


def may_do(task: Task, actor: Actor, complaint: Complaint | None) -> bool:
    """Whether the task is one this person could do, were it free."""
    try:
        require_may_do(task, actor, complaint)
    except NotAllowed:
        return False
    return True


def may_move(task: Task, actor: Actor, complaint: Complaint | None) -> bool:
    """Whether this person may move this task of other people: they lead its unit and may know of its complaint."""
    if complaint is not None:
        if complaint.accused_id == actor.person_id:
            return False
        if complaint.restricted and not _sees_restricted(actor, complaint):
            return False
    return leads(actor, task.unit_id)


def leads(actor: Actor, unit_id: int | None) -> bool:
    """Whether this person may move other people's tasks at this unit."""
    return any(
        actor.covers(role, unit_id) for role in (Role.HEAD, Role.CONSUMER_PROTECTION, Role.ADMINISTRATOR)
    )


def _not_theirs(task: Task) -> str:
    if not task.role:
        return "This task is for the people it names, and you are not one of them."
    return f"This task is for the role {task.role} of another unit or another role than yours."


def _holds_role(task: Task, actor: Actor) -> bool:
    try:
        role = Role(task.role)
    except ValueError:
        return False
    return actor.covers(role, task.unit_id)


def _sees_restricted(actor: Actor, complaint: Complaint) -> bool:
    return Role.CONSUMER_PROTECTION in actor.roles or complaint.first_owner_id == actor.person_id


def _someone_was_faster(task: Task, holder: str | None) -> TaskNotOpen:
    who = holder or "Someone"
    if task.state is TaskState.CANCELLED:
        return TaskNotOpen(
            "This task is no longer needed: the complaint moved on.", by=holder, state="cancelled"
        )
    if task.state is TaskState.DONE:
        return TaskNotOpen(f"{who} was faster: this task is done.", by=holder, state="done")
    return TaskNotOpen(f"{who} was faster and works on this task.", by=holder, state="claimed")
