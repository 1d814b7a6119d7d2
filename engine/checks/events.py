"""What events speak of: the names of their messages and signals, and what a diagram says that comes with them."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.bpmn.extensions import read_extensions
from engine.checks.levels import Node

CATCHING = frozenset({"startEvent", "boundaryEvent", "intermediateCatchEvent", "receiveTask"})
THROWING = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})

DECLARED = "variables"
"""The property of a process, a start event, a message, a signal or an event that waits: the names that come with it."""


def declared_by(element: etree._Element) -> tuple[str, ...]:
    """The names an element says that come with it, by its property `variables`."""
    return _split(_properties_of(element).get(DECLARED))


def declared_names(node: Node) -> tuple[str, ...] | None:
    """The names an event, or its message, says that come with it; None where neither says anything."""
    told = node.refers_to() if node.happening in ("message", "signal") else None
    for properties in (node.extensions.properties, _properties_of(told)):
        if DECLARED in properties:
            return _split(properties[DECLARED])
    return None


def named_by(node: Node) -> str:
    """The name of the message or signal an event speaks of."""
    found = node.refers_to()
    return "" if found is None else found.get("name") or ""


def _properties_of(element: etree._Element | None) -> Mapping[str, str]:
    return {} if element is None else read_extensions(element).properties


def _split(names: str | None) -> tuple[str, ...]:
    return tuple(name for each in (names or "").split(",") if (name := each.strip()))
