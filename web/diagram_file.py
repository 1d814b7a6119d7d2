"""A diagram as screens need it: what its elements are called, and itself with names in the language of the page."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app
from lxml import etree

from engine.domain.errors import NotFound
from web.current import house
from web.extract import BPMN, TECHNICAL
from web.locale import translate

EXTENSION = "redress-diagrams"
FLOW_NODES = frozenset(
    BPMN + tag
    for tag in (
        *("task", "userTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"),
        *("manualTask", "callActivity", "subProcess", "startEvent", "endEvent", "boundaryEvent"),
        *("intermediateCatchEvent", "intermediateThrowEvent", "transaction", "adHocSubProcess"),
    )
)


@dataclass(frozen=True)
class DiagramFile:
    """One BPMN file of a release. `names` are those of one process, by element, as the file runs; `title` is its name."""

    source: bytes
    title: str
    names: Mapping[str, str]

    def translated(self) -> bytes:
        """The file with its names in the language of the page."""
        tree = _tree(self.source)
        for element in tree.iter(f"{BPMN}*"):
            name = _name(element)
            if name and element.tag not in TECHNICAL:
                element.set("name", translate(name))
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def diagram_file(release_id: int, process: str) -> DiagramFile:
    """The diagram of a process in a release, read once: a release never changes. Nothing is drawn of an unknown one."""
    kept: dict[tuple[int, str], DiagramFile] = current_app.extensions.setdefault(EXTENSION, {})
    key = (release_id, process)
    if key not in kept:
        try:
            kept[key] = _read(house().diagram(release_id, process), process)
        except NotFound:
            return DiagramFile(b"", "", {})
    return kept[key]


def _read(source: bytes, process: str) -> DiagramFile:
    tree = _tree(source)
    found = next((one for one in tree.iter(f"{BPMN}process") if one.get("id") == process), tree)
    names = {
        str(element.get("id")): _name(element)
        for element in found.iter(f"{BPMN}*")
        if element.tag in FLOW_NODES
    }
    return DiagramFile(source, _name(found), names)


def _tree(source: bytes) -> etree._Element:
    return etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))


def _name(element: etree._Element) -> str:
    return " ".join(str(element.get("name") or "").split())
