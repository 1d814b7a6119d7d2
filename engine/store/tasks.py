"""User tasks and the drafts people keep of them."""

from typing import Any

from sqlalchemy import bindparam, delete
from sqlalchemy.sql.expression import ClauseElement

from engine.domain.task import Draft, Task
from engine.store.row_classes import Candidate
from engine.store.rows import NewRows, StoredRows
from engine.store.statements import Wire
from engine.store.tables import draft, task

OLDEST_FIRST = (task.c.opened_at, task.c.instance_id, task.c.token)


def _drop_all() -> ClauseElement:
    return delete(draft).where(
        draft.c.instance_id == bindparam("instance"), draft.c.token == bindparam("token")
    )


class TaskRows:
    """The tasks inside the open transaction."""

    def __init__(self, wire: Wire) -> None:
        self.rows = NewRows(wire, Task, order=OLDEST_FIRST)
        self.candidates = NewRows(wire, Candidate)
        self.drafts = StoredRows(wire, Draft)

    def get(self, instance_id: int, token: int) -> Task:
        """The task; raises NotFound."""
        return self.rows.by_key((instance_id, token))

    def find(self, **equals: Any) -> list[Task]:
        """Tasks whose columns equal these values, oldest first."""
        return self.rows.find(**equals)

    def add(self, task: Task) -> None:
        """A new task."""
        self.rows.put(task)
        for person_id in dict.fromkeys(task.candidates):
            self.candidates.put(Candidate(task.instance_id, task.token, person_id))

    def save(self, task: Task) -> Task:
        """Write a changed task under its version; raises ChangedMeanwhile."""
        return self.rows.save(task)

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

    def parts(self) -> tuple[StoredRows[Any], ...]:
        """The rows to write and to remember."""
        return self.rows, self.candidates, self.drafts
