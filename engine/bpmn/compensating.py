"""What the parser does for compensation: handlers joined to their events, and specs that stand for what is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from engine.bpmn.specs.activities import Activity
from engine.bpmn.specs.base import FlowNode
from engine.bpmn.specs.compensation import Undo
from engine.bpmn.specs.events import BoundaryEvent
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.specs.subprocesses import Subprocess
from engine.bpmn.xml import BPMN, refused


def join_handlers(node: etree._Element, made: Mapping[Any, FlowNode], file: str) -> None:
    """Give each compensation event the handler its association leads to; raises DefinitionRefused without one."""
    ends = {a.get("sourceRef"): a.get("targetRef") for a in node.findall(f"{BPMN}association")}
    for spec in made.values():
        if isinstance(spec, BoundaryEvent) and spec.happening.kind == "compensation":
            handler = made.get(ends.get(spec.bpmn_id))
            if not isinstance(handler, Activity):
                raise refused(
                    "no association leads from it to a compensation handler",
                    file,
                    element=spec.bpmn_id,
                    rule="compensation",
                )
            spec.handler = handler


def make_undoable(spec: ProcessSpec) -> None:
    """Note whether something here can be compensated, and make what stands for completed subprocesses with such."""
    for node in list(spec.task_specs.values()):
        if isinstance(node, Subprocess) and node.inner.undoable:
            node.undo = Undo(spec, node, node.inner)
    spec.undoable = any(node.undoable for node in spec.task_specs.values())
