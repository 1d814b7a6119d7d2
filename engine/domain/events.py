"""History: facts in the past tense, appended and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

WHY = 400
"""Characters kept of each sentence that says why a decision came out as it did."""


@dataclass(frozen=True)
class HistoryEvent:
    """Something that happened. `kind` is a dotted past-tense word ("task.completed", "grade.raised"); `detail` is JSON."""

    at: datetime
    kind: str
    actor: str
    complaint_id: int | None = None
    instance_id: int | None = None
    element: str | None = None
    person_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    id: int | None = None
