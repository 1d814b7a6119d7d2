"""User tasks and the drafts people keep of them."""

from collections.abc import Callable
from typing import Any, ClassVar

from sqlalchemy import bindparam, delete, insert
from sqlalchemy.sql.expression import ClauseElement

from engine.domain.task import Draft, Task
from engine.store.rows import Makers, NewRows, RowsTogether, StoredRows
from engine.store.tables import candidate, draft, task
from engine.store.wire import Wire

OLDEST_FIRST = (task.c.opened_at, task.c.instance_id, task.c.token)


def _drop_all() -> ClauseElement:
    return delete(draft).where(
        draft.c.instance_id == bindparam("instance"), draft.c.token == bindparam("token")
    )


class TaskTable(NewRows[Task]):
    """Tasks, and with each the people it names as rows of their own."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire, Task, order=OLDEST_FIRST)

    def flush(self) -> None:
        """Write what waits."""
        renamed = [
            key
            for key in self.waiting
            if (task := self.seen[key]) is not None
            and task.candidates != (self.stored[key].candidates if key in self.stored else ())
        ]
        unnamed = [list(key) for key in renamed if key in self.stored]
        super().flush()
        if unnamed:
            self.wire.write_many(self.prepared("unname", _unname), unnamed)
        named = [
            [*key, person_id]
            for key in renamed
            if (task := self.seen[key]) is not None
            for person_id in dict.fromkeys(task.candidates)
        ]
        if named:
            self.wire.write_many(self.prepared("name", _name), named)


def _unname() -> ClauseElement:
    of_task = candidate.c.instance_id == bindparam("instance"), candidate.c.token == bindparam("token")
    return delete(candidate).where(*of_task)


def _name() -> ClauseElement:
    return insert(candidate).values({c.name: bindparam(f"to_{c.name}") for c in candidate.c}).inline()


class TaskRows(RowsTogether):
    """The tasks inside the open transaction."""

    drafts: StoredRows[Draft]
    rows: TaskTable
    MADE: ClassVar[Makers] = {
        "rows": lambda wire: TaskTable(wire),
        "drafts": lambda wire: StoredRows(wire, Draft),
    }

    def __init__(self, wire: Wire, kept: list[StoredRows[Any]], keep_findable: Callable[[int], None]) -> None:
        """`keep_findable` is told which complaints get a task."""
        super().__init__(wire, kept)
        self._keep_findable = keep_findable

    def get(self, instance_id: int, token: int) -> Task:
        """The task; raises NotFound."""
        return self.rows.by_key((instance_id, token))

    def find(self, **equals: Any) -> list[Task]:
        """Tasks whose columns equal these values, oldest first."""
        return self.rows.find(**equals)

    def add(self, task: Task) -> None:
        """A new task."""
        self.rows.put(task)
        if task.complaint_id is not None:
            self._keep_findable(task.complaint_id)

    def save(self, task: Task) -> Task:
        """Write a changed task under its version; raises ChangedMeanwhile."""
        return self.rows.save(task)

    def put(self, task: Task) -> None:
        """Write it just as it is given, version, candidates and all; raises ChangedMeanwhile if it changed meanwhile."""
        self.rows.by_key((task.instance_id, task.token))
        self.rows.put(task)

    def draft(self, instance_id: int, token: int, person_id: int) -> Draft | None:
        """What this person typed so far."""
        return self.drafts.look((instance_id, token, person_id))

    def save_draft(self, draft: Draft) -> None:
        """Keep what was typed, over the earlier draft."""
        self.drafts.put(draft)

    def drop_drafts(self, instance_id: int, token: int) -> None:
        """Forget the drafts of a finished task."""
        self.drafts.flush()
        self.drafts.forget()
        self.rows.wire.write(self.drafts.prepared("drop all", _drop_all), (instance_id, token))
