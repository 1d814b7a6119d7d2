"""What people do with the tasks of their inbox: claim, put back, hand over, save, complete."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.domain import task as rules
from engine.domain.actor import Actor, ActorKind, Held
from engine.domain.complaint import Complaint
from engine.domain.errors import ChangedMeanwhile, NotAllowed, NotFound, TaskNotOpen, ValueRefused
from engine.domain.events import HistoryEvent
from engine.domain.organisation import Person
from engine.domain.permissions import Sight
from engine.domain.task import Draft, Task
from engine.ports import Ports, UnitOfWork
from engine.use_cases.case import may_see
from forms.checking import Answers


def claim(ports: Ports, actor: Actor, instance_id: int, token: int) -> Task:
    """Take a task out of the role's inbox into one's own; taken already by oneself, nothing changes."""
    with ports.unit_of_work(actor) as work:
        task, complaint = _task(work, instance_id, token)
        claimed = rules.claim(task, actor, complaint, _holder(work, task))
        if claimed is task:
            return task
        _record(work, "task.claimed", task)
        return _saved(work, task, claimed)


def put_back(ports: Ports, actor: Actor, instance_id: int, token: int) -> Task:
    """Put a task back into the inbox of its role."""
    with ports.unit_of_work(actor) as work:
        task, complaint = _task(work, instance_id, token)
        free = rules.put_back(task, actor, complaint, _holder(work, task))
        if free is task:
            return task
        _record(work, "task.put_back", task)
        return _saved(work, task, free)


def hand_over(ports: Ports, actor: Actor, instance_id: int, token: int, to_login: str) -> Task:
    """Give a task to somebody by name, who must be allowed to do it."""
    with ports.unit_of_work(actor) as work:
        task, complaint = _task(work, instance_id, token)
        people = work.people.find(login=to_login)
        if not people or not people[0].active:
            raise ValueRefused(f"Nobody here has the login {to_login}.", field="to_login")
        given = rules.hand_over(task, actor, actor_of(work, people[0]), complaint, _holder(work, task))
        _record(work, "task.handed_over", task, to=people[0].login)
        return _saved(work, task, given)


def save_draft(ports: Ports, actor: Actor, instance_id: int, token: int, typed: Mapping[str, Any]) -> None:
    """Keep what somebody typed so far, for themselves alone."""
    with ports.unit_of_work(actor) as work:
        task, complaint = _task(work, instance_id, token, lock=False)
        rules.require_undone(task, _holder(work, task))
        person_id = rules.require_may_do(task, actor, complaint)
        work.tasks.save_draft(Draft(instance_id, token, person_id, dict(typed), work.now))


def complete(
    ports: Ports,
    actor: Actor,
    instance_id: int,
    token: int,
    answers: Answers,
    *,
    version: int | None = None,
    form_hash: str | None = None,
) -> None:
    """Finish a task with checked answers; the process goes on to its next wait in the same transaction."""
    if form_hash is not None and form_hash != answers.form_hash:
        raise ChangedMeanwhile("This form changed since you opened it. What you typed is kept.")
    with ports.unit_of_work(actor) as work:
        task, complaint = _task(work, instance_id, token)
        rules.require_completable(task, actor, complaint, version, _holder(work, task))
        if task.form is not None and answers.form_id != task.form:
            raise ChangedMeanwhile(
                f"These answers are for the form {answers.form_id}, the task asks {task.form}."
            )
        work.tasks.drop_drafts(instance_id, token)
        ports.engine.complete(work, task, answers.values)


def actor_of(work: UnitOfWork, person: Person) -> Actor:
    """The person as an actor, with what their roles reach."""
    units = work.units.find()
    held = []
    for grant in work.grants.find(person_id=person.id):
        top = next(unit for unit in units if unit.id == grant.unit_id)
        covers = frozenset(unit.id for unit in units if unit.is_within(top))
        held.append(Held(grant.role, grant.unit_id, covers))
    return Actor(ActorKind.PERSON, person.name, person.id, person.login, person.unit_id, held=tuple(held))


def _task(
    work: UnitOfWork, instance_id: int, token: int, *, lock: bool = True
) -> tuple[Task, Complaint | None]:
    task = work.tasks.get(instance_id, token)
    if task.complaint_id is None:
        return task, None
    find = work.complaints.lock if lock else work.complaints.get
    complaint = find(task.complaint_id)
    _require_sight(work, task, complaint)
    return task, complaint


def _require_sight(work: UnitOfWork, task: Task, complaint: Complaint) -> None:
    """Who neither works on the task nor sees its complaint is not told that it is there, nor who has it."""
    actor = work.actor
    theirs = actor.person_id is not None and actor.person_id in (task.assignee_id, task.closed_by_id)
    if theirs or rules.may_do(task, actor, complaint) or rules.may_move(task, actor, complaint):
        return
    if may_see(work, actor, complaint) is Sight.NOTHING:
        raise NotFound


def _holder(work: UnitOfWork, task: Task) -> str | None:
    person_id = task.closed_by_id if task.is_closed else task.assignee_id
    if person_id is None or person_id == work.actor.person_id:
        return None if person_id is None else work.actor.name
    return work.people.get(person_id).name


def _saved(work: UnitOfWork, task: Task, changed: Task) -> Task:
    try:
        return work.tasks.save(replace(changed, version=task.version))
    except ChangedMeanwhile:
        raise TaskNotOpen from None


def _record(work: UnitOfWork, kind: str, task: Task, **detail: Any) -> None:
    if work.actor.person_id is None:
        raise NotAllowed
    work.record(
        HistoryEvent(
            at=work.now,
            kind=kind,
            actor=work.actor.name,
            complaint_id=task.complaint_id,
            instance_id=task.instance_id,
            element=task.element,
            person_id=work.actor.person_id,
            detail={"task": task.name, **detail},
        )
    )
