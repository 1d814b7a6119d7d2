"""All questions in one place, each answered in a read-only transaction of its own."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine

from engine.domain.actor import Actor
from engine.domain.organisation import Person, Unit
from engine.domain.steering import ItemState, Wanted
from engine.domain.task import Task
from engine.ports import Clockwork
from engine.reads import board, bulk, case, customer, inbox, instances, people, search, status, task
from engine.reads.board import Board
from engine.reads.branches import Sort, View
from engine.reads.branches import Wanted as WantedTasks
from engine.reads.bulk import BulkView
from engine.reads.case import CaseView
from engine.reads.customer import CustomerView
from engine.reads.inbox import InboxPage
from engine.reads.instances import InstanceRow, InstanceView
from engine.reads.reading import Calendars, Reading, reading
from engine.reads.search import CasesPage
from engine.reads.status import Status
from engine.reads.task import TaskView

P = ParamSpec("P")
T = TypeVar("T")


class Reads:
    """What may be asked. Whoever asks comes first; what is out of their sight is not found, listed or counted."""

    def __init__(self, engine: Engine, clock: Clockwork) -> None:
        self._engine = engine
        self._clock = clock
        self._calendars: Calendars = {}

    def _ask(self, question: Callable[Concatenate[Reading, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with reading(self._engine, self._clock.now(), self._calendars) as opened:
            return question(opened, *args, **kwargs)

    def inbox(
        self,
        actor: Actor,
        *,
        view: View = "mine",
        role: str | None = None,
        grade: str | None = None,
        text: str | None = None,
        sort: Sort = "urgency",
        page: int = 1,
        size: int = 50,
    ) -> InboxPage:
        """One page of the tasks that wait for this person."""
        return self._ask(inbox.inbox, actor, WantedTasks(view, role, grade, text, sort, page, size))

    def task(self, actor: Actor, instance_id: int, token: int) -> TaskView:
        """One task, open or done; raises NotFound."""
        return self._ask(task.task, actor, instance_id, token)

    def case(self, actor: Actor, number: str) -> CaseView:
        """One complaint as far as the actor sees it; raises NotFound."""
        return self._ask(case.case, actor, number)

    def cases(
        self,
        actor: Actor,
        text: str | None = None,
        stage: str | None = None,
        grade: str | None = None,
        page: int = 1,
        size: int = 50,
    ) -> CasesPage:
        """One page of the complaints in sight, newest first."""
        return self._ask(search.cases, actor, text=text, stage=stage, grade=grade, page=page, size=size)

    def collaboration(self, actor: Actor, number: str) -> Board:
        """The board of one collaboration; raises NotFound."""
        return self._ask(board.collaboration, actor, number)

    def collaborations(self, actor: Actor) -> list[Board]:
        """The running collaborations in sight, the one due first on top."""
        return self._ask(board.collaborations, actor)

    def customer_case(self, actor: Actor) -> CustomerView:
        """The complaint of this customer; raises NotFound."""
        return self._ask(customer.customer_case, actor)

    def signed_in(self, login: str) -> tuple[Person, Actor] | None:
        """Who this login is, if somebody who still works here, and as the one who asks."""
        return self._ask(people.signed_in, login)

    def instances(
        self, actor: Actor, wanted: Wanted, *, after: int = 0, limit: int = 50
    ) -> list[InstanceRow]:
        """The next running instances that fit, after an id."""
        return self._ask(instances.instances, actor, wanted, after=after, limit=limit)

    def count_instances(self, actor: Actor, wanted: Wanted) -> int:
        """How many running instances fit."""
        return self._ask(instances.count, actor, wanted)

    def instance(self, actor: Actor, id: int) -> InstanceView:
        """One instance with its tokens and variables; raises NotFound."""
        return self._ask(instances.instance, actor, id)

    def bulks(self, actor: Actor) -> list[BulkView]:
        """The newest bulk jobs and how far they are."""
        return self._ask(bulk.bulks, actor)

    def bulk(
        self,
        actor: Actor,
        id: int,
        *,
        states: tuple[ItemState, ...] = (),
        after: int = 0,
        limit: int = 50,
    ) -> BulkView:
        """One bulk job with the next of its items; raises NotFound."""
        return self._ask(bulk.bulk, actor, id, states=states, after=after, limit=limit)

    def login(self, login: str) -> Person | None:
        """The person with this login."""
        return self._ask(people.login, login)

    def actor_for(self, person_id: int) -> Actor:
        """Somebody as the one who asks; raises NotFound."""
        return self._ask(people.actor_for, person_id)

    def customer_by(self, number: str, secret: str) -> Actor | None:
        """The customer who holds the secret of this complaint."""
        return self._ask(people.customer_by, number, secret)

    def status(self) -> Status:
        """How the house is doing."""
        return self._ask(status.status)

    def units(self) -> list[Unit]:
        """All units, as the tree runs."""
        return self._ask(people.units)

    def departments(self) -> list[Unit]:
        """The units that can be asked in a collaboration."""
        return self._ask(people.departments)

    def people(self, role: str | None = None, unit_id: int | None = None) -> list[Person]:
        """Those who hold this role at this unit or above it, by name."""
        return self._ask(people.people, role, unit_id)

    def able_to(self, task: Task) -> list[Person]:
        """Those a task could be handed over to, by name."""
        return self._ask(people.able_to, task)
