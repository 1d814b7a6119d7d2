"""User tasks and the drafts people keep of them."""

from dataclasses import replace
from typing import Any

from engine.domain.errors import ChangedMeanwhile, NotFound
from engine.domain.task import Draft, Task
from engine.memory.json_values import as_json
from engine.memory.tables import Tables, matches


class MemoryTasks:
    """Tasks, keyed by instance and token."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def get(self, instance_id: int, token: int) -> Task:
        """The task; raises NotFound."""
        found = self.tables.tasks.get((instance_id, token))
        if found is None:
            raise NotFound()
        return found

    def find(self, **equals: Any) -> list[Task]:
        """Tasks whose columns equal these values, oldest first."""
        found = [task for task in self.tables.tasks.values() if matches(task, equals)]
        return sorted(found, key=lambda task: (task.opened_at, task.instance_id, task.token))

    def add(self, task: Task) -> None:
        """A new task; raises ChangedMeanwhile if there is one already."""
        key = (task.instance_id, task.token)
        if key in self.tables.tasks:
            raise ChangedMeanwhile(reason=f"task {key}")
        self.tables.tasks.put(key, replace(task, inputs=as_json(task.inputs)))

    def save(self, task: Task) -> Task:
        """Write a changed task under its version; raises ChangedMeanwhile."""
        before = self.get(task.instance_id, task.token)
        if before.version != task.version:
            raise ChangedMeanwhile()
        if before == task:
            return task
        changed = replace(task, version=task.version + 1)
        self.tables.tasks.put((task.instance_id, task.token), changed)
        return changed

    def put(self, task: Task) -> None:
        """Write a task just as it is given, version, candidates and all; raises NotFound."""
        self.get(task.instance_id, task.token)
        self.tables.tasks.put((task.instance_id, task.token), replace(task, inputs=as_json(task.inputs)))

    def draft(self, instance_id: int, token: int, person_id: int) -> Draft | None:
        """What this person typed so far."""
        return self.tables.drafts.get((instance_id, token, person_id))

    def save_draft(self, draft: Draft) -> None:
        """Keep what was typed, over the earlier draft."""
        key = (draft.instance_id, draft.token, draft.person_id)
        self.tables.drafts.put(key, replace(draft, typed=as_json(draft.typed)))

    def drop_drafts(self, instance_id: int, token: int) -> None:
        """Forget the drafts of a finished task."""
        for key in [key for key in self.tables.drafts if key[:2] == (instance_id, token)]:
            self.tables.drafts.drop(key)
