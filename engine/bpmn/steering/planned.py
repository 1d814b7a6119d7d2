"""What a planned migration holds: everything it needs to be carried out, and what it says to people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from engine.bpmn.definitions import Definitions
from engine.bpmn.opening import Offer
from engine.bpmn.run import Run
from engine.bpmn.specs.base import FlowNode
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.steering.matching import Names
from engine.bpmn.tokens import Level
from engine.domain.migration import MigrationPlan, Step, StepKind


class Armed(NamedTuple):
    """An event that begins to wait: beside a token (`host`), or in the level of a token (`owner`), with its memory."""

    owner: int
    host: int | None
    spec: FlowNode
    memo: dict[str, Any]


@dataclass
class Planned:
    """Everything a migration needs to be carried out, and what it says to people."""

    run: Run
    new: Definitions
    specs: dict[int, ProcessSpec] = field(default_factory=dict)
    """The spec of each level, by its owner, where it becomes another."""
    nodes: dict[int, FlowNode] = field(default_factory=dict)
    """The node of each token, where it becomes another."""
    flows: dict[int, str] = field(default_factory=dict)
    memos: dict[int, dict[str, Any]] = field(default_factory=dict)
    done: dict[int, list[Any]] = field(default_factory=dict)
    offers: dict[int, Offer] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    armed: list[Armed] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def step(self, kind: StepKind, element: str, to: str, token: int | None, sentence: str) -> None:
        """One more step."""
        self.steps.append(Step(kind, element, to, token, sentence))

    @property
    def told(self) -> MigrationPlan:
        """The plan for people."""
        instance, new = self.run.command.instance, self.new.release_id
        return MigrationPlan(
            instance.id, instance.process, instance.release_id, new, tuple(self.steps), tuple(self.reasons)
        )


class LevelPlan(NamedTuple):
    """One level on its way: its spec in the new version, what its elements are called there, and the token it is in."""

    planned: Planned
    level: Level
    spec: ProcessSpec
    names: Names
    owner: int
