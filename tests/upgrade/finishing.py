"""A bank that works off whatever is open, hour by hour, until nothing runs any more."""

from datetime import timedelta
from random import Random

from engine.bootstrap import App
from engine.domain.actor import SYSTEM, Actor
from engine.domain.errors import TaskNotOpen
from engine.domain.organisation import UnitKind
from engine.domain.running import InstanceState
from engine.domain.task import Task, TaskState, may_do
from engine.feel import Environment
from engine.runtime.clock import MovableClock
from engine.runtime.play_answers import Moment, answers_for
from engine.runtime.play_words import GRIEVANCES
from engine.use_cases import inbox
from forms.checking import check

MOST_DAYS = 120
STEP = timedelta(hours=12)


class Staff:
    """Everybody at the bank, doing what waits."""

    def __init__(self, app: App, clock: MovableClock) -> None:
        self.app, self.clock, self.luck = app, clock, Random(11)
        with app.ports.unit_of_work(SYSTEM) as work:
            units = {unit.id: unit for unit in work.units.find()}
            self.people: list[Actor] = [
                inbox.actor_of(work, person) for person in work.people.find(active=True)
            ]
        self.departments = [
            unit.code
            for unit in units.values()
            if unit.kind is UnitKind.DEPARTMENT and units[unit.parent_id or 0].parent_id is None
        ]

    def finish(self) -> list[int]:
        """Work and let time pass; the ids of the instances that still run when all time is over."""
        for _ in range(MOST_DAYS * int(timedelta(days=1) / STEP)):
            for tick in self.app.ticks().values():
                tick()
            for task in self._waiting():
                self._do(task)
            running = self._running()
            if not running:
                return []
            self.clock.move_to(self.clock.now() + STEP)
        return running

    def _waiting(self) -> list[Task]:
        with self.app.ports.unit_of_work(SYSTEM) as work:
            return work.tasks.find(state=[TaskState.OPEN, TaskState.CLAIMED])

    def _running(self) -> list[int]:
        with self.app.ports.unit_of_work(SYSTEM) as work:
            return [
                instance.id
                for complaint in work.complaints.find()
                for instance in work.processes.of_complaint(complaint.id)
                if instance.state is InstanceState.RUNNING
            ]

    def _do(self, task: Task) -> None:
        with self.app.ports.unit_of_work(SYSTEM) as work:
            complaint = work.complaints.get(task.complaint_id or 0)
            plans = work.plans.find(complaint_id=complaint.id)
        actor = next(
            person
            for person in self.people
            if may_do(task, person, complaint) and task.assignee_id in (None, person.person_id)
        )
        moment = Moment(
            self.luck, complaint, GRIEVANCES[0], task, plans[-1] if plans else None, self.departments, None
        )
        form = self.app.forms_of(task.release_id).form(task.form or "")
        offered = [{"value": code, "label": code} for code in self.departments]
        answers = check(
            form,
            answers_for(moment),
            {"departments": offered, **task.inputs},
            Environment(now=self.clock.now()),
        )
        try:
            inbox.complete(self.app.ports, actor, task.instance_id, task.token, answers)
        except TaskNotOpen:  # another task of this round has ended it
            return
