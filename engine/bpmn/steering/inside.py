"""The tokens that stand in a level, carried over: to which nodes, by which flows, with what they remember."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.bpmn.failures import Failed
from engine.bpmn.opening import offered
from engine.bpmn.specs.activities import UserTask
from engine.bpmn.specs.ad_hoc import AdHocFlow
from engine.bpmn.specs.base import FlowNode
from engine.bpmn.specs.gateways import InclusiveGateway, ParallelGateway
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.steering.cancelling import stands_alone
from engine.bpmn.steering.matching import image_of, where, why_not
from engine.bpmn.steering.planned import LevelPlan
from engine.bpmn.steering.undoing import inside_of, remembered
from engine.bpmn.tokens import TASK_ROW, Token
from engine.domain.migration import StepKind
from engine.feel import FeelError


def plan_inside(of: LevelPlan) -> None:
    """Plan the tokens of a level that stand by themselves, and what was done in it."""
    for token in of.level.tasks.values():
        if stands_alone(token):
            _standing(of, token)
    if of.level.done:
        of.planned.done[of.owner] = _remembered(of, of.level.done, of.level.spec, of.spec)


def _standing(of: LevelPlan, token: Token) -> None:
    old, name, planned = token.task_spec, image_of(token.task_spec, of.names), of.planned
    if token.host is not None and token.host.id not in planned.nodes:
        return  # an item whose multi-instance says why not
    new = of.spec.task_specs.get(name) if name else None
    reason = _why_nowhere(of, old) if new is None else why_not(old, new)
    if new is None or reason is not None:
        planned.reasons.append(f"Token {token.id}: {reason}")
        return
    planned.nodes[token.id] = new
    _told(of, token, new)
    if isinstance(new, ParallelGateway | InclusiveGateway) and len(old.incoming) > 1:
        _join(of, token, new)
    _memory(of, token, new)
    if token.rows & TASK_ROW and isinstance(new, UserTask):
        _task(of, token, new)


def _why_nowhere(of: LevelPlan, old: FlowNode) -> str:
    element = of.names.get(old.bpmn_id, old.bpmn_id)
    if not element:
        return f"it stands at {old.bpmn_id}, which is carried over to nothing."
    new = of.planned.new
    place = where(new.processes[of.level.process], element)
    if place is None:
        return (
            f"it stands at {old.bpmn_id}, and there is no {element} in release "
            f"{new.release_id}: say with the mapping where it goes."
        )
    return f"{element} stands in {place or 'the process itself'}, not where {old.bpmn_id} stood."


def _told(of: LevelPlan, token: Token, new: FlowNode) -> None:
    old = token.task_spec
    if not new.shown:
        return
    if old.bpmn_id == new.bpmn_id:
        words = f"Token {token.id} stays at {new.bpmn_id}."
        of.planned.step(StepKind.STAYS, old.bpmn_id, new.bpmn_id, token.id, words)
    else:
        words = f"Token {token.id} goes from {old.bpmn_id} to {new.bpmn_id}."
        of.planned.step(StepKind.MOVED, old.bpmn_id, new.bpmn_id, token.id, words)


def _task(of: LevelPlan, token: Token, new: UserTask) -> None:
    planned = of.planned
    try:
        offer = offered(planned.run, token.scope, new, planned.new, planned.new.release_id)
    except (Failed, FeelError) as error:
        planned.reasons.append(f"Token {token.id}: the task {new.bpmn_id} cannot be offered: {error}")
        return
    if not offer.role and not offer.candidates and new.assignee is None:
        planned.reasons.append(f"Token {token.id}: the task {new.bpmn_id} names no role and nobody.")
    planned.offers[token.id] = offer


# joins


def _join(of: LevelPlan, token: Token, new: FlowNode) -> None:
    """What a join has counted stays: the flow a token came by is there, or one that stands for it."""
    old, planned = token.task_spec, of.planned
    if len(new.incoming) < len(old.incoming):
        planned.reasons.append(
            f"Token {token.id}: {len(old.incoming)} flows lead to the join {old.bpmn_id}, "
            f"only {len(new.incoming)} to {new.bpmn_id}."
        )
        return
    if token.flow is None:
        return
    flow = _flow(of, token.flow, new)
    taken = {
        planned.flows.get(other.id)
        for other in of.level.tasks.values()
        if other.task_spec is old and other.flow != token.flow
    }
    if flow is None or flow in taken:
        planned.reasons.append(
            f"Token {token.id}: it came to the join {old.bpmn_id} by {token.flow}, "
            f"and no flow of {new.bpmn_id} stands for that."
        )
        return
    planned.flows[token.id] = flow


def _flow(of: LevelPlan, flow: str, new: FlowNode) -> str | None:
    """The flow that stands for one that was taken: by its id, else by the node it leaves."""
    if flow in new.incoming:
        return flow
    for node in of.level.spec.task_specs.values():
        if any(taken.id == flow for taken in node.flows):
            source = of.spec.task_specs.get(image_of(node, of.names))
            ways = [way.id for way in source.flows if way.target is new] if source is not None else []
            return ways[0] if len(ways) == 1 else None
    return None


# memories


def _memory(of: LevelPlan, token: Token, new: FlowNode) -> None:
    """What a token remembers, under the names of the new version."""
    memo, planned = dict(token.memo), of.planned
    if "inside" in memo:
        before, after = inside_of(token.task_spec, new, of.level.spec, of.spec)
        memo["inside"] = _remembered(of, memo["inside"], before, after)
    if "element" in memo and isinstance(new, AdHocFlow):
        memo["element"] = of.names.get(memo["element"], memo["element"])
        if "entered" not in memo and memo["element"] not in new.beginnings:
            planned.reasons.append(f"Token {token.id}: no flow can begin at {memo['element']}.")
    if "begin" in memo:
        memo["begin"] = [of.names.get(element, element) for element in memo["begin"]]
        _require_way_in(of, token, new, memo["begin"])
    planned.memos[token.id] = memo


def _require_way_in(of: LevelPlan, token: Token, new: FlowNode, begin: Iterable[str]) -> None:
    spec: ProcessSpec | None = getattr(new, "inner", None)
    for element in begin:
        node = None if spec is None else spec.task_specs.get(element)
        if node is None:
            of.planned.reasons.append(f"Token {token.id}: there is no way in to {element}.")
            return
        spec = getattr(node, "inner", None)


def _remembered(of: LevelPlan, entries: list[Any], before: ProcessSpec, after: ProcessSpec) -> list[Any]:
    kept, reasons = remembered(entries, before, after, of.names)
    of.planned.reasons += reasons
    return kept
