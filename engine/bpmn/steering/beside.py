"""The events that wait beside tokens and listen in a level: carried over, disarmed where they are gone, armed where new."""

from __future__ import annotations

from typing import Any

from engine.bpmn.failures import Failed
from engine.bpmn.specs.activities import Activity
from engine.bpmn.specs.base import FlowNode
from engine.bpmn.specs.gateways import EventGateway
from engine.bpmn.specs.subprocesses import EventSubprocess, Trigger
from engine.bpmn.steering.cancelling import stands_alone
from engine.bpmn.steering.matching import image_of, images_of, why_not
from engine.bpmn.steering.planned import Armed, LevelPlan
from engine.bpmn.tokens import Token
from engine.domain.migration import StepKind
from engine.feel import FeelError


def plan_beside(of: LevelPlan) -> None:
    """Plan the events of a level whose standing tokens are planned."""
    for token in of.level.tasks.values():
        if not stands_alone(token):
            _waiting(of, token)
    for token in of.level.tasks.values():
        if stands_alone(token):
            _newly_waiting(of, token)
    _newly_listening(of)
    _one_event_each(of)


def _waiting(of: LevelPlan, token: Token) -> None:
    """An event that waits beside an activity or a gateway, or listens in the level: carried over, or gone."""
    old, planned = token.task_spec, of.planned
    name = image_of(old, of.names)
    new = of.spec.task_specs.get(name) if name else None
    if new is None or not _waits_there(of, token, new):
        planned.gone.append(token.id)
        planned.step(StepKind.DISARMED, old.bpmn_id, "", token.id, f"{old.bpmn_id} waits no longer.")
        return
    reason = why_not(old, new)
    if reason is not None:
        planned.reasons.append(f"Token {token.id}: {reason}")
        return
    planned.nodes[token.id] = new
    if old.bpmn_id != new.bpmn_id:
        words = f"What {old.bpmn_id} waits for is now waited for at {new.bpmn_id}."
        planned.step(StepKind.MOVED, old.bpmn_id, new.bpmn_id, token.id, words)


def _waits_there(of: LevelPlan, token: Token, new: FlowNode) -> bool:
    if token.host is None:
        return isinstance(new, Trigger)
    host = of.planned.nodes.get(token.host.id)
    return host is None or new in _events_of(host)


def _newly_waiting(of: LevelPlan, token: Token) -> None:
    """Events of the new version beside an activity or gateway that the old one did not have."""
    new, old = of.planned.nodes.get(token.id), token.task_spec
    entered = isinstance(old, EventGateway) or "entered" in token.memo
    if new is None or not entered or "got" in token.memo:
        return
    known = images_of(_events_of(old), of.names)
    for event in _events_of(new):
        if event.name not in known and event.happening.is_waited_for:
            _arm(of, event, token.id, token.scope)


def _newly_listening(of: LevelPlan) -> None:
    """Event subprocesses of the new version that the old one did not have."""
    owner = of.level.owner
    if (owner is not None and not owner.task_spec.hears_inside) or _is_interrupted(of):
        return
    known = images_of(of.level.spec.event_subprocesses, of.names)
    for subprocess in of.spec.event_subprocesses:
        if subprocess.name not in known and subprocess.trigger.happening.is_waited_for:
            _arm(of, subprocess.trigger, None, of.level.number)


def _is_interrupted(of: LevelPlan) -> bool:
    owner = of.level.owner
    return (owner is not None and "interrupted" in owner.memo) or any(
        isinstance(token.task_spec, EventSubprocess) and token.task_spec.trigger.interrupting
        for token in of.level.tasks.values()
    )


def _arm(of: LevelPlan, spec: Any, host: int | None, scope: int) -> None:
    planned = of.planned
    try:
        memo = spec.happening.remembered(planned.run, scope)
    except (Failed, FeelError) as error:
        planned.reasons.append(f"{spec.bpmn_id} is new and cannot begin to wait: {error}")
        return
    planned.armed.append(Armed(of.owner, host, spec, memo))
    planned.step(
        StepKind.ARMED, spec.bpmn_id, spec.bpmn_id, None, f"{spec.bpmn_id} is new and begins to wait."
    )


def _one_event_each(of: LevelPlan) -> None:
    """Two events that wait beside the same thing cannot become one."""
    seen: dict[tuple[int | None, str], int] = {}
    for token in of.level.tasks.values():
        new = of.planned.nodes.get(token.id)
        if new is None or stands_alone(token):
            continue
        place = (token._parent, new.name)
        if place in seen:
            of.planned.reasons.append(
                f"Tokens {seen[place]} and {token.id} cannot both wait at {new.bpmn_id}."
            )
        seen[place] = token.id


def _events_of(node: FlowNode) -> list[Any]:
    """The events that wait while a token stands at a node."""
    if isinstance(node, EventGateway):
        return [flow.target for flow in node.flows]
    return list(node.attached) if isinstance(node, Activity) else []
