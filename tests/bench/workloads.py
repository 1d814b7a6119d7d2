"""The processes that user tasks are worked through in, for Redress and for SpiffWorkflow alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.bench import multi_instance_diagram, w1_diagram
from tests.bench.w1_diagram import FORM


@dataclass(frozen=True)
class Workload:
    """One process in both dialects; `counts_start` where starting it is one of the commands that are counted."""

    process: str
    zeebe: bytes
    plain: bytes
    tasks: int
    variables: Mapping[str, Any] = field(default_factory=dict)
    counts_start: bool = False

    @property
    def commands(self) -> int:
        """How many commands of a case are counted."""
        return self.tasks + self.counts_start

    @property
    def files(self) -> Mapping[str, bytes]:
        """What Redress releases."""
        return {f"{self.process}.bpmn": self.zeebe, "forms/w1.form": FORM.encode()}


WORKLOADS: Mapping[str, Workload] = {
    each.process: each
    for each in (
        Workload("w1", w1_diagram.zeebe(), w1_diagram.plain(), 8),
        Workload(
            "several",
            multi_instance_diagram.zeebe(),
            multi_instance_diagram.plain(),
            5,
            {"items": multi_instance_diagram.ITEMS},
            counts_start=True,
        ),
    )
}
