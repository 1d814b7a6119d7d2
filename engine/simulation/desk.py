"""People at work on tasks: who does them, and what they answer in forms, checked as the desk checks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain.actor import Actor
from engine.domain.facts import for_a_form
from engine.domain.organisation import UnitKind
from engine.domain.suggesting import meant
from engine.domain.task import Task, may_do
from engine.feel import Environment
from engine.memory import MemoryUnitOfWork
from engine.simulation.play import Play, Refused, Unplayable, done
from engine.simulation.scenario import Names, dotted
from engine.use_cases import case, inbox, subject
from forms.checking import Answers, FormRejected, check
from forms.components import CHOICES, TEXTS, FormDefinition
from forms.definitions import read_form
from forms.errors import UnknownForm
from forms.initial import initial

MOST_TASKS = 200
NO_FORM = read_form(b'{"type": "default", "id": "none", "schemaVersion": 18, "components": []}', "none.form")
"""A task without a form: all a person can say is that it is done."""


def answer(play: Play, element: str, given: Names, *, of: str | None = None, who: str | None = None) -> None:
    """Somebody does the oldest task at an element: of a department, and as a person or role, if these are named."""
    task = _waiting(play, element, of)
    _complete(play, task, _holder(play, task, who), {**play.usual(element), **dotted(given)})


def go_on(play: Play, until: str | None) -> None:
    """People do all that waits with what they usually answer, oldest first, until this element waits or nothing does."""
    for _ in range(MOST_TASKS):
        waiting = play.tasks()
        if until is not None and any(task.element == until for task in waiting):
            return
        if not waiting:
            if until is None:
                return
            raise Unplayable(f"{until!r} never waited: nothing waits any more")
        task = waiting[0]
        _complete(play, task, _holder(play, task, None), play.usual(task.element))
        play.bank.deliver()
    raise Unplayable(f"people worked on {MOST_TASKS} tasks, and it is not over")


def checked(
    play: Play, form_id: str | None, given: Names, context: Mapping[str, Any], element: str = ""
) -> Answers:
    """What the form makes of these answers over what it shows by itself; raises Refused where it refuses them."""
    try:
        form = NO_FORM if form_id is None else play.bank.town.forms.form(form_id)
    except UnknownForm as unknown:
        raise Unplayable(unknown.message) from None
    environment = Environment(now=play.bank.clock.now())
    try:
        shown = initial(form, context, environment)
        return check(form, {**shown, **typed(form, given)}, context, environment)
    except FormRejected as rejected:
        told = "; ".join(f"{name}: {' '.join(map(str, said))}" for name, said in rejected.errors.items())
        place = f" of {element!r}" if element else ""
        reason = f"the form {form_id!r}{place} refuses the answers: {told}"
        raise Refused(reason, tuple(rejected.errors)) from None


def typed(form: FormDefinition, given: Names) -> dict[str, Any]:
    """Answers as a person types them; raises Unplayable for a field the form does not ask."""
    components = {component.key: component for component in form.fields()}
    made: dict[str, Any] = {}
    for key, value in given.items():
        component = components.get(key)
        if component is None:
            raise Unplayable(f"the form {form.id!r} asks no {key!r}{meant(key, components)}")
        made[key] = _in_words(value) if component.type in TEXTS | CHOICES else value
    return made


def _in_words(value: Any) -> Any:
    """Yes and no, and numbers, are words where a form takes words."""
    if value is None or isinstance(value, str | list):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _waiting(play: Play, element: str, of: str | None) -> Task:
    found = [task for task in play.tasks() if task.element == element]
    if of is not None:
        with play.bank.work() as work:
            found = [task for task in found if task.unit_id and work.units.get(task.unit_id).code == of]
    if not found:
        place = f" of {of}" if of else ""
        waiting = ", ".join(play.waiting()) or "nothing"
        raise Unplayable(f"no task {element!r}{place} waits; waiting: {waiting}")
    return found[0]


def _holder(play: Play, task: Task, who: str | None) -> Actor:
    complaint = play.complaint()
    able = [person for person in play.bank.people if may_do(task, person, complaint)]
    if who is not None:
        able = [person for person in able if who in person.roles or who == person.login]
    if able:
        return able[0]
    reason = f"may do {task.element!r}: it is for {_meant_for(play, task)}, without those it excludes"
    if who is None:
        raise Unplayable(f"nobody here {reason}")
    raise Refused(f"nobody who is {who!r} {reason}")


def _meant_for(play: Play, task: Task) -> str:
    who = task.role or "the people it names"
    if task.unit_id is None:
        return who
    with play.bank.work() as work:
        return f"{who} at {work.units.get(task.unit_id).code}"


def _complete(play: Play, task: Task, actor: Actor, given: Names) -> None:
    answers = checked(play, task.form, given, _context(play, actor, task), task.element)
    done(lambda: inbox.complete(play.bank.ports, actor, task.instance_id, task.token, answers))


def _context(play: Play, actor: Actor, task: Task) -> Mapping[str, Any]:
    """What the desk lays before the form: departments, the task's variables, the complaint as this person sees it."""
    with play.bank.work(actor) as work:
        units = work.units.find(kind=UnitKind.DEPARTMENT)
        departments = [{"value": unit.code, "label": unit.name} for unit in units]
        return {"departments": departments, **_seen(work, actor, task)}


def _seen(work: MemoryUnitOfWork, actor: Actor, task: Task) -> Mapping[str, Any]:
    if task.complaint_id is None:
        return task.inputs
    complaint = work.complaints.get(task.complaint_id)
    sight = case.may_see(work, actor, complaint)
    return for_a_form(task.inputs, subject.read(work, complaint.id), sight)
