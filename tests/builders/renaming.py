"""The same diagram with its nodes and flows called otherwise, and how they were called."""

import re
from typing import Any

from lxml import etree

B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
REFERENCES = ("sourceRef", "targetRef", "attachedToRef", "default", "activityRef")
SUFFIX = "_n"
NAMED_IN_TEXTS = re.compile(r"[\w.-]+")


def renamed(
    content: bytes, named: object = None, *, back: bool = False
) -> tuple[bytes, dict[str, dict[str, str]]]:
    """The diagram without its drawing, every node and flow with a suffix, and the mapping of its nodes by process.

    Nodes that are `named` in expressions or variables keep their names. `back` gives the mapping the other way round.
    """
    root = etree.fromstring(content)
    for drawing in [child for child in root if "BPMNDiagram" in str(child.tag)]:
        root.remove(drawing)
    texts = _texts(root) | set(NAMED_IN_TEXTS.findall(repr(named)))
    mappings: dict[str, dict[str, str]] = {}
    for process in root.findall(f"{B}process"):
        ids = [node.get("id") for node in process.iter() if _is_renamed(node) and node.get("id") not in texts]
        names = {id: f"{id}{SUFFIX}" for id in ids if id is not None}
        _rename(process, names)
        nodes = {id: name for id, name in names.items() if not _is_flow(process, name)}
        mappings[process.get("id") or ""] = {b: a for a, b in nodes.items()} if back else nodes
    return etree.tostring(root), mappings


def plain_name(element: str) -> str:
    """What an element is called in the first diagram."""
    return element.removesuffix(SUFFIX)


def _is_renamed(node: Any) -> bool:
    tag = str(node.tag).removeprefix(B)
    endings = ("Event", "Gateway", "Task", "task", "Process", "Activity", "transaction", "sequenceFlow")
    return str(node.tag).startswith(B) and tag.endswith(endings) and tag != "process"


def _is_flow(process: Any, id: str) -> bool:
    return any(flow.get("id") == id for flow in process.iter(f"{B}sequenceFlow"))


def _texts(root: Any) -> set[str]:
    """The words of all expressions."""
    found = [node.text or "" for node in root.iter() if isinstance(node.tag, str)]
    found += [
        value
        for node in root.iter()
        if isinstance(node.tag, str)
        for value in node.attrib.values()
        if str(value).lstrip().startswith("=")
    ]
    return {word for text in found for word in NAMED_IN_TEXTS.findall(str(text))}


def _rename(process: Any, names: dict[str, str]) -> None:
    for node in process.iter():
        for attribute in ("id", *REFERENCES):
            value = node.get(attribute)
            if value in names:
                node.set(attribute, names[value])
