"""What was completed and can be undone, carried over to another version."""

from __future__ import annotations

from typing import Any

from engine.bpmn.specs.base import FlowNode
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.steering.matching import Names, image_of, why_not


def remembered(
    entries: list[Any], before: ProcessSpec, after: ProcessSpec, names: Names
) -> tuple[list[Any], list[str]]:
    """The entries `[name, variables, inside]` of a level under the names of the new version, and reasons why not."""
    kept: list[Any] = []
    reasons: list[str] = []
    for name, variables, inside in entries:
        old = before.task_specs[name]
        image = image_of(old, names)
        new = after.task_specs.get(image) if image else None
        reason = f"there is no {names.get(old.bpmn_id, old.bpmn_id)}" if new is None else _why_not(old, new)
        if new is None or reason is not None:
            reasons.append(f"What {old.bpmn_id} did could not be undone any more: {reason}")
            continue
        if inside:
            inside, more = remembered(inside, *inside_of(old, new, before, after), names)
            reasons += more
        kept.append([new.name, variables, inside])
    return kept, reasons


def _why_not(old: FlowNode, new: FlowNode) -> str | None:
    if old.compensated_by is not None and new.compensated_by is None:
        return f"{new.bpmn_id} has no compensation event."
    return why_not(old, new)


def inside_of(
    old: FlowNode, new: FlowNode, before: ProcessSpec, after: ProcessSpec
) -> tuple[ProcessSpec, ProcessSpec]:
    """Where the activities stand that were done inside of one: the items of a multi-instance in its own level."""
    if isinstance(old, MultiInstance):
        return before, after
    return old.inner, new.inner
