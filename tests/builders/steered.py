"""A bank whose instances are steered: put on hold, changed by hand, moved to another release."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Table, select

from engine.bpmn.steering.standing import Standing, standing
from engine.domain.migration import Mappings, MigrationPlan
from engine.domain.running import (
    HeldMessage,
    Instance,
    InstanceState,
    Job,
    JobEnd,
    JobOutcome,
    Migration,
    OutboxMessage,
)
from engine.domain.steering import ALIVE, Why
from engine.domain.task import Task
from engine.ports import UnitOfWork
from engine.store import tables
from tests.builders.durable import DurableBank

T = TypeVar("T")
WHY = Why("so that it can be tested")
OF_INSTANCE = (
    tables.task,
    tables.candidate,
    tables.draft,
    tables.timer,
    tables.subscription,
    tables.scope,
    tables.incident,
)


class SteeredBank(DurableBank):
    """The verbs of steering, each a transaction of its own; without an instance the newest living one is meant."""

    def _id(self, instance: int | None) -> int:
        return instance or self.alive()[-1]

    def _steer(self, instance: int | None, act: Callable[[UnitOfWork, int], T]) -> T:
        id = self._id(instance)
        with self.work() as work:
            return act(work, id)

    def alive(self) -> list[int]:
        """The instances that run or are on hold."""
        return [each.id for each in self.instances() if each.state in ALIVE]

    def row(self, instance: int | None = None) -> Instance:
        """The row of an instance."""
        wanted = instance or self.instances()[-1].id
        return next(each for each in self.instances() if each.id == wanted)

    @property
    def running(self) -> int:
        """How many instances run or are on hold."""
        return len(self.alive())

    def is_on_hold(self, instance: int) -> bool:
        """Whether it is on hold."""
        return self.row(instance).state is InstanceState.SUSPENDED

    def suspend(self, instance: int | None = None) -> bool:
        """Put one on hold."""
        return self._steer(instance, lambda work, id: self.engine.suspend(work, id, WHY))

    def resume(self, instance: int | None = None) -> bool:
        """Let one go on."""
        return self._steer(instance, lambda work, id: self.engine.resume(work, id, WHY))

    def suspend_all(self) -> list[int]:
        """Put all that run on hold; those that were."""
        return [each for each in self.alive() if not self.is_on_hold(each) and self.suspend(each)]

    def resume_all(self, instances: Iterable[int]) -> None:
        """Let these go on."""
        for each in instances:
            if self.is_on_hold(each):
                self.resume(each)

    def end(self, instance: int | None = None) -> bool:
        """End one where it stands."""
        return self._steer(instance, lambda work, id: self.engine.cancel(work, id, WHY))

    def put(self, scope: int = 0, /, **values: Any) -> Mapping[str, Any]:
        """Set variables by hand; "__" in a name stands for a dot."""
        given = {name.replace("__", "."): value for name, value in values.items()}
        return self._steer(None, lambda work, id: self.engine.set_variables(work, id, scope, given, WHY))

    def add(self, element: str, *, inside: int | None = None, flow: str | None = None) -> int:
        """Add a token."""
        return self._steer(
            None, lambda work, id: self.engine.add_token(work, id, element, WHY, inside=inside, flow=flow)
        )

    def take(self, token: int) -> bool:
        """Take a token away."""
        return self._steer(None, lambda work, id: self.engine.cancel_token(work, id, token, WHY))

    def terminate(self, element: str) -> int:
        """Take all tokens at an element away."""
        return self._steer(None, lambda work, id: self.engine.terminate(work, id, element, WHY))

    def move(self, element: str, to: str) -> int:
        """Move all tokens at an element."""
        return self._steer(None, lambda work, id: self.engine.move(work, id, element, to, WHY))

    def plan(
        self, release: int, mappings: Mappings | None = None, instance: int | None = None
    ) -> MigrationPlan:
        """What a migration would do."""
        return self._steer(
            instance, lambda work, id: self.engine.plan_migration(work, id, release, mappings or {})
        )

    def migrate(
        self, release: int, mappings: Mappings | None = None, instance: int | None = None
    ) -> MigrationPlan:
        """Do it."""
        return self._steer(
            instance, lambda work, id: self.engine.migrate(work, id, release, mappings or {}, WHY)
        )

    def take_back(self, instance: int | None = None) -> bool:
        """Take the newest migration back."""
        return self._steer(instance, lambda work, id: self.engine.take_back(work, id, WHY))

    def migrations(self, instance: int) -> list[Migration]:
        """The migrations of an instance."""
        with self.work() as work:
            return list(work.steering.migrations(instance))

    def held(self, instance: int) -> list[HeldMessage]:
        """The messages that wait for an instance on hold."""
        with self.work() as work:
            return list(work.steering.held_messages(instance))

    def all_tasks(self, instance: int) -> list[Task]:
        """Its tasks, whatever their state."""
        with self.work() as work:
            return list(work.tasks.find(instance_id=instance))

    def task(self, element: str) -> Task:
        """The newest task of an element."""
        with self.work() as work:
            found: list[Task] = work.tasks.find(element=element)
            return found[-1]

    def history(self, kind: str) -> list[dict[str, Any]]:
        """The details of the events of a kind, with their element, oldest first."""
        table = tables.history
        with self.store.reading.connect() as connection:
            rows = connection.execute(select(table).where(table.c.kind == kind).order_by(table.c.id))
            return [{"element": row.element, **row.detail} for row in rows]

    def rows_of(self, instance: int) -> dict[str, list[Any]]:
        """Every row of an instance, column by column as the database has them."""
        with self.store.reading.connect() as connection:
            found = {
                table.name: self._raw(connection, table, "instance_id", instance) for table in OF_INSTANCE
            }
            return {**found, "instance": self._raw(connection, tables.instance, "id", instance)}

    def _raw(self, connection: Any, table: Table, column: str, instance: int) -> list[Any]:
        columns = ", ".join(f'"{each.name}"' for each in table.c)
        keys = ", ".join(f'"{each.name}"' for each in table.primary_key)
        text = f'SELECT {columns} FROM "{table.name}" WHERE "{column}" = {instance} ORDER BY {keys}'
        return [tuple(row) for row in connection.exec_driver_sql(text)]

    def end_job(self, message: OutboxMessage, **outputs: Any) -> bool:
        """The work of a job is done outside."""
        payload = message.payload
        job = Job(
            payload["instance_id"], payload["token"], payload["type"], message.key, None, payload["inputs"]
        )
        with self.work() as work:
            return self.engine.finish_job(work, job, JobOutcome(JobEnd.DONE, outputs))

    def standing(self, instance: int | None = None) -> list[Standing]:
        """Where its tokens stand."""
        return standing(self.row(instance).tokens)
