"""What designers write into zeebe's extension elements, as frozen values; texts are not compiled here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from engine.bpmn.xml import BPMN, ZEEBE, local

NOTHING: Mapping[str, str] = {}


class Map(NamedTuple):
    """One line of an input or output mapping."""

    target: str
    source: str


@dataclass(frozen=True, slots=True)
class Extensions:
    """The extension elements of one node. `elements` holds the attributes of those that have nothing but attributes."""

    inputs: tuple[Map, ...] = ()
    outputs: tuple[Map, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    elements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def get(self, element: str, attribute: str) -> str | None:
        """An attribute of one of the elements, if both are there and not empty."""
        return self.elements.get(element, NOTHING).get(attribute) or None


NONE = Extensions()


def read_extensions(node: etree._Element) -> Extensions:
    """The zeebe extensions of a node; those of other vendors are ignored."""
    holder = node.find(f"{BPMN}extensionElements")
    if holder is None:
        return NONE
    inputs: list[Map] = []
    outputs: list[Map] = []
    headers: dict[str, str] = {}
    properties: dict[str, str] = {}
    elements: dict[str, Mapping[str, str]] = {}
    for child in holder:
        if not str(child.tag).startswith(ZEEBE):
            continue
        name = local(child)
        if name == "ioMapping":
            for line in child:
                (inputs if local(line) == "input" else outputs).append(_map(line))
        elif name == "taskHeaders":
            headers.update((header.get("key", ""), header.get("value", "")) for header in child)
        elif name == "properties":
            properties.update((item.get("name", ""), item.get("value", "")) for item in child)
        else:
            elements[name] = {str(key): str(value) for key, value in child.attrib.items()}
    return Extensions(tuple(inputs), tuple(outputs), headers, properties, elements)


def _map(line: etree._Element) -> Map:
    return Map(line.get("target", ""), line.get("source", ""))
