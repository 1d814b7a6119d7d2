"""A task: one step that waits for a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class TaskState(StrEnum):
    """open: in the role's inbox · claimed: in one person's · done, cancelled: history."""

    OPEN = "open"
    CLAIMED = "claimed"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Task:
    """One user task of one process instance, keyed by (instance_id, token).

    `role` and `unit_id` say whose inbox it is in; `excluded` are people who may not do it (four eyes);
    `inputs` are the local variables its form may show, copied when it opened; `version` counts changes, and
    answers given to an older version are refused with the typed text kept.
    """

    instance_id: int
    token: int
    complaint_id: int | None
    release_id: int
    process: str
    element: str
    name: str
    form: str | None
    role: str
    unit_id: int | None
    opened_at: datetime
    state: TaskState = TaskState.OPEN
    grade_rank: int = 0
    priority: int = 50
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    assignee_id: int | None = None
    excluded: tuple[int, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    closed_at: datetime | None = None
    closed_by_id: int | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether somebody can still do it."""
        return self.state in (TaskState.OPEN, TaskState.CLAIMED)

    @property
    def key(self) -> str:
        """How a page names it: "184-23"."""
        return f"{self.instance_id}-{self.token}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person typed into a task's form and has not sent yet."""

    instance_id: int
    token: int
    person_id: int
    typed: Mapping[str, Any]
    saved_at: datetime
