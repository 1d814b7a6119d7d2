"""User tasks and the drafts people keep of them."""

from typing import Any

from engine.domain.task import Draft, Task
from engine.store.rows import NewRows, StoredRows
from engine.store.statements import Wire
from engine.store.tables import draft, task


class TaskRows:
    """The tasks inside the open transaction."""

    def __init__(self, wire: Wire) -> None:
        self.rows = NewRows(wire, Task, order=(task.c.opened_at, task.c.instance_id, task.c.token))
        self.drafts = StoredRows(wire, Draft, order=(draft.c.saved_at,))

    def get(self, instance_id: int, token: int) -> Task:
        """The task; raises NotFound."""
        return self.rows.by_key((instance_id, token))

    def find(self, **equals: Any) -> list[Task]:
        """Tasks whose columns equal these values, oldest first."""
        return self.rows.find(**equals)

    def add(self, task: Task) -> None:
        """A new task."""
        self.rows.put(task)

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
        for kept in self.drafts.find(instance_id=instance_id, token=token):
            self.drafts.drop((instance_id, token, kept.person_id))

    def parts(self) -> tuple[StoredRows[Any], ...]:
        """The rows to write and to remember."""
        return self.rows, self.drafts
