"""The plan of a migration for one instance: from its run at rest and two versions to steps, or to reasons why not.

It only reads. What it found out stands in the plan, so that carrying it out decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from engine.bpmn.definitions import Definitions
from engine.bpmn.failures import Failed
from engine.bpmn.opening import Offer, offered
from engine.bpmn.run import Run
from engine.bpmn.specs.activities import Activity, UserTask
from engine.bpmn.specs.ad_hoc import AdHocFlow
from engine.bpmn.specs.base import FlowNode
from engine.bpmn.specs.compensation import CompensationThrow, level_undone
from engine.bpmn.specs.gateways import EventGateway, InclusiveGateway, ParallelGateway
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.specs.subprocesses import CallActivity, EventSubprocess, Trigger
from engine.bpmn.steering.cancelling import stands_alone
from engine.bpmn.steering.matching import Names, has, image_of, images_of, where, why_not
from engine.bpmn.steering.undoing import remembered
from engine.bpmn.tokens import TASK_ROW, Level, Token
from engine.domain.migration import Mappings, MigrationPlan, Step, StepKind
from engine.feel import FeelError

NO_NAMES: Names = {}


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

    @property
    def told(self) -> MigrationPlan:
        """The plan for people."""
        instance, new = self.run.command.instance, self.new.release_id
        return MigrationPlan(
            instance.id, instance.process, instance.release_id, new, tuple(self.steps), tuple(self.reasons)
        )


def plan(run: Run, new: Definitions, mappings: Mappings) -> Planned:
    """What would happen to a run at rest in another version; `mappings` are by process, same ids where they say nothing."""
    planned = Planned(run, new)
    _require_known(planned, mappings)
    for owner, level in run.levels.items():
        names = mappings.get(level.process, NO_NAMES)
        spec = _spec_of(planned, level)
        if spec is not None:
            planned.specs[owner] = spec
            _Leveled(planned, level, spec, names, owner).go()
    return planned


def _require_known(planned: Planned, mappings: Mappings) -> None:
    """Every element a mapping names is there."""
    old, new = planned.run.definitions, planned.new
    for process, names in mappings.items():
        before, after = old.processes.get(process), new.processes.get(process)
        if before is None or after is None:
            release = (old if before is None else new).release_id
            planned.reasons.append(f"There is no process {process} in release {release}.")
            continue
        for element, to in names.items():
            if not has(before, element):
                planned.reasons.append(
                    f"There is no element {element} in {process} of release {old.release_id}."
                )
            if to and not has(after, to):
                planned.reasons.append(f"There is no element {to} in {process} of release {new.release_id}.")


def _spec_of(planned: Planned, level: Level) -> ProcessSpec | None:
    """The spec of a level in the new version; None where it stays as it is, or nothing stands for it."""
    run, owner = planned.run, level.owner
    if level.definitions is not run.definitions:
        return None
    if owner is None or isinstance(owner.task_spec, CallActivity):
        found = planned.new.processes.get(level.process)
        if found is None:
            planned.reasons.append(
                f"There is no process {level.process} in release {planned.new.release_id}."
            )
        return found
    if isinstance(owner.task_spec, CompensationThrow):
        undone = level_undone(owner).owner
        return planned.specs.get(undone.id if undone is not None else 0)
    node = planned.nodes.get(owner.id)
    inner: ProcessSpec | None = getattr(node, "inner", None)
    return inner


class _Leveled:
    """The plan of one level."""

    def __init__(self, planned: Planned, level: Level, spec: ProcessSpec, names: Names, owner: int) -> None:
        self.planned = planned
        self.level = level
        self.spec = spec
        self.names = names
        self.owner = owner

    def go(self) -> None:
        """Plan its tokens, what waits beside them, and what was done in it."""
        for token in self.level.tasks.values():
            if stands_alone(token):
                self._standing(token)
            else:
                self._beside(token)
        for token in self.level.tasks.values():
            if stands_alone(token):
                self._newly_beside(token)
        self._newly_listening()
        self._one_event_each()
        if self.level.done:
            self.planned.done[self.owner] = self._remembered(self.level.done, self.level.spec, self.spec)

    # tokens

    def _standing(self, token: Token) -> None:
        old, name = token.task_spec, image_of(token.task_spec, self.names)
        if token.host is not None and token.host.id not in self.planned.nodes:
            return  # an item whose multi-instance says why not
        new = self.spec.task_specs.get(name) if name else None
        reason = self._why_nowhere(old) if new is None else why_not(old, new)
        if reason is not None:
            self.planned.reasons.append(f"Token {token.id}: {reason}")
            return
        assert new is not None
        self.planned.nodes[token.id] = new
        self._told(token, new)
        if isinstance(new, ParallelGateway | InclusiveGateway) and len(old.incoming) > 1:
            self._join(token, new)
        self._memory(token, new)
        if token.rows & TASK_ROW and isinstance(new, UserTask):
            self._task(token, new)

    def _why_nowhere(self, old: FlowNode) -> str:
        element = self.names.get(old.bpmn_id, old.bpmn_id)
        if not element:
            return f"it stands at {old.bpmn_id}, which is carried over to nothing."
        process = self.planned.new.processes[self.level.process]
        place = where(process, element)
        if place is None:
            return (
                f"it stands at {old.bpmn_id}, and there is no {element} in release "
                f"{self.planned.new.release_id}: say with the mapping where it goes."
            )
        return f"{element} stands in {place or 'the process itself'}, not where {old.bpmn_id} stood."

    def _told(self, token: Token, new: FlowNode) -> None:
        if not new.shown:
            return
        old = token.task_spec
        kind = StepKind.STAYS if old.bpmn_id == new.bpmn_id else StepKind.MOVED
        sentence = (
            f"Token {token.id} stays at {new.bpmn_id}."
            if kind is StepKind.STAYS
            else f"Token {token.id} goes from {old.bpmn_id} to {new.bpmn_id}."
        )
        self._step(kind, old.bpmn_id, new.bpmn_id, token.id, sentence)

    def _step(self, kind: StepKind, element: str, to: str, token: int | None, sentence: str) -> None:
        self.planned.steps.append(Step(kind, element, to, token, sentence))

    def _task(self, token: Token, new: UserTask) -> None:
        run = self.planned.run
        try:
            offer = offered(run, token.scope, new, self.planned.new, self.planned.new.release_id)
        except (Failed, FeelError) as error:
            self.planned.reasons.append(
                f"Token {token.id}: the task {new.bpmn_id} cannot be offered: {error}"
            )
            return
        if not offer.role and not offer.candidates and new.assignee is None:
            self.planned.reasons.append(f"Token {token.id}: the task {new.bpmn_id} names no role and nobody.")
        self.planned.offers[token.id] = offer

    # joins

    def _join(self, token: Token, new: FlowNode) -> None:
        old = token.task_spec
        if len(new.incoming) < len(old.incoming):
            self.planned.reasons.append(
                f"Token {token.id}: {len(old.incoming)} flows lead to the join {old.bpmn_id}, "
                f"only {len(new.incoming)} to {new.bpmn_id}."
            )
            return
        if token.flow is None:
            return
        flow = self._flow(token.flow, new)
        taken = {
            self.planned.flows.get(other.id)
            for other in self.level.tasks.values()
            if other.task_spec is old and other.flow != token.flow
        }
        if flow is None or flow in taken:
            self.planned.reasons.append(
                f"Token {token.id}: it came to the join {old.bpmn_id} by {token.flow}, "
                f"and no flow of {new.bpmn_id} stands for that."
            )
            return
        self.planned.flows[token.id] = flow

    def _flow(self, flow: str, new: FlowNode) -> str | None:
        """The flow that stands for one that was taken: by its id, else by the node it leaves."""
        if flow in new.incoming:
            return flow
        for node in self.level.spec.task_specs.values():
            if any(taken.id == flow for taken in node.flows):
                source = self.spec.task_specs.get(image_of(node, self.names))
                ways = [way.id for way in source.flows if way.target is new] if source is not None else []
                return ways[0] if len(ways) == 1 else None
        return None

    # memories

    def _memory(self, token: Token, new: FlowNode) -> None:
        memo = dict(token.memo)
        if "inside" in memo:
            before, after = self._undone_in(token, new)
            memo["inside"] = self._remembered(memo["inside"], before, after)
        if "element" in memo and isinstance(new, AdHocFlow):
            memo["element"] = self.names.get(memo["element"], memo["element"])
            if "entered" not in memo and memo["element"] not in new.beginnings:
                self.planned.reasons.append(f"Token {token.id}: no flow can begin at {memo['element']}.")
        if "begin" in memo:
            memo["begin"] = [self.names.get(element, element) for element in memo["begin"]]
            self._require_way_in(token, new, memo["begin"])
        self.planned.memos[token.id] = memo

    def _undone_in(self, token: Token, new: FlowNode) -> tuple[ProcessSpec, ProcessSpec]:
        if isinstance(new, MultiInstance):
            return self.level.spec, self.spec
        return token.task_spec.inner, new.inner

    def _require_way_in(self, token: Token, new: FlowNode, begin: Iterable[str]) -> None:
        spec: ProcessSpec | None = getattr(new, "inner", None)
        for element in begin:
            node = None if spec is None else spec.task_specs.get(element)
            if node is None:
                self.planned.reasons.append(f"Token {token.id}: there is no way in to {element}.")
                return
            spec = getattr(node, "inner", None)

    def _remembered(self, entries: list[Any], before: ProcessSpec, after: ProcessSpec) -> list[Any]:
        kept, reasons = remembered(entries, before, after, self.names)
        self.planned.reasons += reasons
        return kept

    # what waits beside

    def _beside(self, token: Token) -> None:
        """An event that waits beside an activity or a gateway, or listens in the level: carried over, or gone."""
        old = token.task_spec
        name = image_of(old, self.names)
        new = self.spec.task_specs.get(name) if name else None
        if new is None or not self._waits_there(token, new):
            self.planned.gone.append(token.id)
            self._step(StepKind.DISARMED, old.bpmn_id, "", token.id, f"{old.bpmn_id} waits no longer.")
            return
        reason = why_not(old, new)
        if reason is not None:
            self.planned.reasons.append(f"Token {token.id}: {reason}")
            return
        self.planned.nodes[token.id] = new
        if old.bpmn_id != new.bpmn_id:
            sentence = f"What {old.bpmn_id} waits for is now waited for at {new.bpmn_id}."
            self._step(StepKind.MOVED, old.bpmn_id, new.bpmn_id, token.id, sentence)

    def _waits_there(self, token: Token, new: FlowNode) -> bool:
        if token.host is None:
            return isinstance(new, Trigger)
        host = self.planned.nodes.get(token.host.id)
        return host is None or new in _beside(host)

    def _newly_beside(self, token: Token) -> None:
        """Events of the new version beside an activity or gateway that the old one did not have."""
        new, old = self.planned.nodes.get(token.id), token.task_spec
        entered = isinstance(old, EventGateway) or "entered" in token.memo
        if new is None or not entered or "got" in token.memo:
            return
        known = images_of(_beside(old), self.names)
        for event in _beside(new):
            if event.name not in known and event.happening.is_waited_for:
                self._arm(event, token.id, token.scope)

    def _newly_listening(self) -> None:
        """Event subprocesses of the new version that the old one did not have."""
        owner = self.level.owner
        if (owner is not None and not owner.task_spec.hears_inside) or self._is_interrupted():
            return
        known = images_of(self.level.spec.event_subprocesses, self.names)
        for subprocess in self.spec.event_subprocesses:
            if subprocess.name not in known and subprocess.trigger.happening.is_waited_for:
                self._arm(subprocess.trigger, None, self.level.number)

    def _is_interrupted(self) -> bool:
        owner = self.level.owner
        return (owner is not None and "interrupted" in owner.memo) or any(
            isinstance(token.task_spec, EventSubprocess) and token.task_spec.trigger.interrupting
            for token in self.level.tasks.values()
        )

    def _arm(self, spec: FlowNode, host: int | None, scope: int) -> None:
        try:
            memo = spec.happening.remembered(self.planned.run, scope)
        except (Failed, FeelError) as error:
            self.planned.reasons.append(f"{spec.bpmn_id} is new and cannot begin to wait: {error}")
            return
        self.planned.armed.append(Armed(self.owner, host, spec, memo))
        sentence = f"{spec.bpmn_id} is new and begins to wait."
        self._step(StepKind.ARMED, spec.bpmn_id, spec.bpmn_id, None, sentence)

    def _one_event_each(self) -> None:
        """Two events that wait beside the same thing cannot become one."""
        seen: dict[tuple[int | None, str], int] = {}
        for token in self.level.tasks.values():
            new = self.planned.nodes.get(token.id)
            if new is None or stands_alone(token):
                continue
            place = (token._parent, new.name)
            if place in seen:
                self.planned.reasons.append(
                    f"Tokens {seen[place]} and {token.id} cannot both wait at {new.bpmn_id}."
                )
            seen[place] = token.id


def _beside(node: FlowNode) -> list[Any]:
    """The events that wait while a token stands at a node."""
    if isinstance(node, EventGateway):
        return [flow.target for flow in node.flows]
    return list(node.attached) if isinstance(node, Activity) else []
