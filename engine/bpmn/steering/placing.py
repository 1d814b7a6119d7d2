"""Where a token can be added: in which open level an element stands, or through which subprocesses it is reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.bpmn.run import Run
from engine.bpmn.specs.activities import Activity
from engine.bpmn.specs.ad_hoc import AdHoc, AdHocFlow
from engine.bpmn.specs.base import FlowNode
from engine.bpmn.specs.events import BoundaryEvent, StartEvent
from engine.bpmn.specs.gateways import EventGateway, ParallelGateway
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.specs.subprocesses import EventSubprocess, Subprocess
from engine.bpmn.tokens import Level
from engine.domain.errors import OutOfOrder, ValueRefused


class Place(NamedTuple):
    """A level and the node in it that gets the token; `begin` are the elements inside where levels begin."""

    level: Level
    spec: FlowNode
    begin: tuple[str, ...] = ()


def place_for(run: Run, element: str, inside: int | None = None) -> Place:
    """The place of an element; raises ValueRefused where there is none or more than one, OutOfOrder where none may be.

    `inside` is the token of the activity whose level is meant, 0 the process itself.
    """
    levels = list(_levels(run, inside))
    found = [
        Place(level, spec)
        for level in levels
        if (spec := _node(level.spec, element)) is not None
        and not (inside is None and _begins_a_flow(level, element))
    ]
    for place in found:
        _require_possible(place.spec, place.level)
    found = found or [place for level in levels for place in _deeper(level, element)]
    if not found:
        raise _nowhere(run, element, inside)
    if len(found) > 1:
        where = ", ".join(str(place.level.owner.id if place.level.owner else 0) for place in found)
        raise ValueRefused(
            f"{element} stands in several open levels: say in which, by the token that holds it: {where}.",
            field="inside",
        )
    return found[0]


def require_flow(place: Place, flow: str | None) -> None:
    """Refuse a flow that does not lead here, and none where a join counts by flows; raises ValueRefused."""
    spec = place.spec
    if flow is not None and flow not in spec.incoming:
        ways = ", ".join(spec.incoming) or "none"
        raise ValueRefused(f"{flow} does not lead to {spec.bpmn_id}; these flows do: {ways}.", field="flow")
    if flow is None and isinstance(spec, ParallelGateway) and len(spec.incoming) > 1:
        raise ValueRefused(
            f"{spec.bpmn_id} waits for a token on each of its flows: say by which one this comes "
            f"({', '.join(spec.incoming)}), or add it at the element before.",
            field="flow",
        )


def _levels(run: Run, inside: int | None) -> Iterator[Level]:
    """The open levels in which a token can go its way: not those that only undo something."""
    if inside is not None and inside not in run.levels:
        raise ValueRefused(f"No level is open in token {inside}.", field="inside")
    for owner, level in run.levels.items():
        if level.owner is not None and not level.owner.task_spec.hears_inside:
            continue
        if inside in (None, owner):
            yield level


def _node(spec: ProcessSpec, element: str) -> FlowNode | None:
    found = spec.task_specs.get(element)
    return found if found is not None and found.shown and found.bpmn_id == element else None


def _deeper(level: Level, element: str) -> Iterator[Place]:
    """Through subprocesses that would be opened for it: from this level on, each begins at the next."""
    for spec in list(level.spec.task_specs.values()):
        if isinstance(spec, AdHocFlow):
            if element in spec.beginnings:
                yield Place(level, spec, (element,))
        elif type(spec) is Subprocess and spec.around is None:
            path = _path(spec.inner, element)
            if path is not None and not _is_open(level, spec):
                yield Place(level, spec, path)


def _path(spec: ProcessSpec, element: str) -> tuple[str, ...] | None:
    found = _node(spec, element)
    if found is not None:
        _require_possible(found)
        return (element,)
    for node in spec.task_specs.values():
        if type(node) is Subprocess and node.around is None:
            path = _path(node.inner, element)
            if path is not None:
                return (node.name, *path)
    return None


def _is_open(level: Level, spec: FlowNode) -> bool:
    return any(token.task_spec is spec and token.id in level.run.levels for token in level.tasks.values())


def _begins_a_flow(level: Level, element: str) -> bool:
    """Whether it is one of those with which a flow of an ad-hoc subprocess begins: it begins a new one."""
    holder = level.owner.task_spec if level.owner is not None else None
    return isinstance(holder, AdHocFlow) and element in holder.beginnings


def _require_possible(spec: FlowNode, level: Level | None = None) -> None:
    at = spec.bpmn_id
    if isinstance(spec, BoundaryEvent):
        raise OutOfOrder(
            f"{at} is a boundary event: it waits while its activity does, and gets no token of its own."
        )
    if isinstance(spec, EventSubprocess):
        raise OutOfOrder(f"{at} is an event subprocess: it begins when its event happens.")
    of_event = (
        level is not None and level.owner is not None and isinstance(level.owner.task_spec, EventSubprocess)
    )
    if isinstance(spec, StartEvent) and of_event:
        raise OutOfOrder(f"{at} waits for its event and begins an event subprocess by it.")
    if _is_behind_event_gateway(spec):
        raise OutOfOrder(f"{at} waits behind an event-based gateway: add the token at the gateway.")
    if isinstance(spec, Activity) and _is_handler(spec):
        raise OutOfOrder(f"{at} undoes something: it begins when compensation is thrown.")


def _is_behind_event_gateway(spec: FlowNode) -> bool:
    return any(
        isinstance(other, EventGateway) and any(flow.target is spec for flow in other.flows)
        for other in spec.process.task_specs.values()
    )


def _is_handler(spec: FlowNode) -> bool:
    return any(
        isinstance(other, BoundaryEvent) and other.handler is spec
        for other in spec.process.task_specs.values()
    )


def _nowhere(run: Run, element: str, inside: int | None) -> Exception:
    """Why there is no place for it."""
    for level in _levels(run, inside):
        holder = _holder(level.spec, element)
        if isinstance(holder, EventSubprocess):
            return OutOfOrder(
                f"{element} stands in the event subprocess {holder.bpmn_id}, which begins when its event happens."
            )
        if holder is not None:
            return OutOfOrder(
                f"{element} stands in {holder.bpmn_id}, which is not open: add a token at {holder.bpmn_id}."
            )
    where = "that level" if inside is not None else f"the process {run.process} as it stands"
    return ValueRefused(f"There is no element {element!r} in {where}.", field="element")


def _holder(spec: ProcessSpec, element: str) -> FlowNode | None:
    for node in spec.task_specs.values():
        activity = node.inner if isinstance(node, MultiInstance) else node
        if not isinstance(activity, Subprocess):
            continue
        if _node(activity.inner, element) is not None or (
            isinstance(activity, AdHoc) and (_node(activity.flow.inner, element) is not None)
        ):
            return node
        deeper = _holder(activity.inner, element)
        if deeper is not None:
            return deeper
    return None
