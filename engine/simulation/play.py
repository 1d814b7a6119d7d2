"""One scenario at play: its bank, and the complaint or instance it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from engine.domain.actor import Actor
from engine.domain.complaint import Complaint
from engine.domain.errors import RedressError
from engine.domain.running import Instance
from engine.domain.task import Task, TaskState
from engine.simulation.bank import Bank
from engine.simulation.moments import length
from engine.simulation.scenario import Given, Names
from engine.simulation.tracing import Passed
from engine.use_cases import subject

Result = TypeVar("Result")


class Unplayable(Exception):
    """A step could not be played as it is written; the reason is a sentence for its author."""


class Refused(Exception):
    """What a step asked for was refused, by a form or by the bank: in which fields, and why."""

    def __init__(self, reason: str, fields: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.fields = fields


def done(command: Callable[[], Result]) -> Result:
    """The result of a use case; what it refuses is raised as Refused."""
    try:
        return command()
    except RedressError as error:
        field = error.details.get("field")
        raise Refused(f"refused: {error.message}", (str(field),) if field else ()) from error


class Play:
    """The bank, and what of it belongs to this scenario."""

    def __init__(self, bank: Bank, answers: Mapping[str, Given]) -> None:
        self.bank = bank
        self.answers = answers
        self.complaint_id: int | None = None
        self.instance_id: int | None = None
        self.began_at_step = 0
        self.mails_before = 0

    @property
    def about(self) -> int:
        """The complaint; raises Unplayable where there is none."""
        if self.complaint_id is None:
            raise Unplayable("this step needs a complaint, and the scenario has none")
        return self.complaint_id

    def usual(self, name: str) -> Names:
        """What is answered at this element, or typed into this form, where the scenario says nothing else."""
        given = self.answers.get(name)
        return {} if given is None else given.values

    def way(self) -> list[Passed]:
        """What was passed since it began."""
        return self.bank.town.trace.steps[self.began_at_step :]

    def later(self, text: str) -> datetime:
        """The moment that is so much later than now, by the calendar of the complaint."""
        found = length(text)
        if found is None:
            raise Unplayable(f"{text!r} is no length of time")
        with self.bank.work() as work:
            calendar = subject.calendar_of(work, self.complaint_id)
        return found(self.bank.clock.now(), calendar)

    def complaint(self) -> Complaint | None:
        """The complaint, if the scenario is about one."""
        if self.complaint_id is None:
            return None
        with self.bank.work() as work:
            return work.complaints.get(self.complaint_id)

    def tasks(self) -> list[Task]:
        """What waits for people, oldest first."""
        mine = {"complaint_id": self.complaint_id} if self.complaint_id else {"instance_id": self.instance_id}
        with self.bank.work() as work:
            return work.tasks.find(state=(TaskState.OPEN, TaskState.CLAIMED), **mine)

    def waiting(self) -> list[str]:
        """The elements that wait for people, in alphabetical order."""
        return sorted(task.element for task in self.tasks())

    def instances(self) -> list[Instance]:
        """The instances that run or ran."""
        with self.bank.work() as work:
            if self.complaint_id is not None:
                return work.processes.of_complaint(self.complaint_id)
            return [] if self.instance_id is None else [work.processes.lock(self.instance_id)]

    def person(self, who: str) -> Actor:
        """The first person of a role, or the one with this login."""
        for person in self.bank.people:
            if who in person.roles or who == person.login:
                return person
        raise Unplayable(f"there is nobody who is {who!r}: write a role or a login")
