"""Which node of a new version stands for a node of the old one, and why one cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.specs.ad_hoc import AdHoc
from engine.bpmn.specs.base import FlowNode
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.specs.subprocesses import EventSubprocess, Subprocess

Names = Mapping[str, str]


def image_of(node: FlowNode, names: Names) -> str:
    """The name the image of a node has; "" if it is carried over to none. What stands for a part keeps its ending."""
    element = names.get(node.bpmn_id, node.bpmn_id)
    return element + node.name[len(node.bpmn_id) :] if element else ""


def images_of(nodes: Any, names: Names) -> set[str]:
    """The names of the images of several nodes."""
    return {image_of(node, names) for node in nodes} - {""}


def why_not(old: FlowNode, new: FlowNode) -> str | None:
    """Why the new node cannot stand for the old one; None if it can."""
    before, after = _kind(old), _kind(new)
    if before != after:
        return f"{old.bpmn_id} is a {before}, {new.bpmn_id} a {after}."
    if type(old) is not type(new):
        return f"{old.bpmn_id} and {new.bpmn_id} do work of different kinds."
    if isinstance(old, MultiInstance) and isinstance(new, MultiInstance):
        return _why_not_items(old, new)
    if isinstance(old, AdHoc) and isinstance(new, AdHoc) and old.result_name != new.result_name:
        return _collects(old, new)
    return None


def _why_not_items(old: MultiInstance, new: MultiInstance) -> str | None:
    if old.sequential is not new.sequential:
        order = "one after the other" if old.sequential else "all at once"
        return f"{old.bpmn_id} does its items {order}, {new.bpmn_id} does not."
    if old.item_name != new.item_name:
        return f"{old.bpmn_id} calls its item {old.item_name!r}, {new.bpmn_id} {new.item_name!r}."
    return _collects(old, new) if old.result_name != new.result_name else None


def _collects(old: MultiInstance | AdHoc, new: MultiInstance | AdHoc) -> str:
    return f"{old.bpmn_id} collects its results in {old.result_name!r}, {new.bpmn_id} in {new.result_name!r}."


_PARTS = {
    "trigger": "start event of an event subprocess",
    "undo": "compensation of a subprocess",
    "flow": "flow of an ad-hoc subprocess",
}


def _kind(node: FlowNode) -> str:
    """What a node is, for people."""
    happening = getattr(node, "happening", None)
    kind = _PARTS.get(node.about.kind, node.about.kind)
    if isinstance(node, MultiInstance):
        kind = f"multi-instance {kind}"
    elif isinstance(node, EventSubprocess):
        kind = f"event {kind}"
    return f"{kind} ({happening.kind})" if happening is not None else kind


def where(process: ProcessSpec, element: str) -> str | None:
    """The subprocess an element stands in, "" for the process itself; None if it is not there at all."""
    for node in process.task_specs.values():
        if node.shown and node.bpmn_id == element:
            return ""
    for node in process.task_specs.values():
        inner = node.inner if isinstance(node, Subprocess) else None
        found = None if inner is None else where(inner, element)
        if found is not None:
            return found or node.bpmn_id
    return None


def has(process: ProcessSpec, element: str) -> bool:
    """Whether a process has this element at any depth."""
    return where(process, element) is not None
