"""Which release a called process, a decision or a form is taken from: latest, deployment, or a version tag."""

from __future__ import annotations

from collections.abc import Mapping
from json import JSONDecodeError, loads
from pathlib import PurePosixPath
from typing import NamedTuple

from lxml import etree

from engine.bpmn.extensions import Extensions
from engine.bpmn.xml import ZEEBE, local

LATEST, DEPLOYMENT, TAGGED = "latest", "deployment", "versionTag"
BINDINGS = (LATEST, DEPLOYMENT, TAGGED)


class Binding(NamedTuple):
    """What the diagram says: `latest` (the usual one), `deployment` (the release of the diagram) or a tag."""

    kind: str = LATEST
    tag: str | None = None


def binding(extensions: Extensions, element: str) -> Binding:
    """The binding that stands on calledElement, calledDecision or formDefinition."""
    found = extensions.get(element, "bindingType") or LATEST
    return Binding(found, extensions.get(element, "versionTag"))


class Tagged(NamedTuple):
    """A process, decision or form with its version tag."""

    kind: str
    name: str
    tag: str


def tags_in_xml(root: etree._Element) -> list[Tagged]:
    """The version tags of the processes and decisions of a file."""
    return [
        Tagged(kind, holder.get("id") or "", tag)
        for holder in root
        if (kind := local(holder)) in ("process", "decision")
        for mark in holder.iterfind(f"{{*}}extensionElements/{ZEEBE}versionTag")
        if (tag := mark.get("value"))
    ]


def tags_in_decisions(content: bytes) -> list[Tagged]:
    """The version tags of a decision file, which was read before and is known to be harmless."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    return tags_in_xml(etree.fromstring(content, parser))


def form_of(path: str, content: bytes) -> tuple[str, str | None]:
    """The id of a form file and its version tag."""
    try:
        read = loads(content)
    except (JSONDecodeError, UnicodeDecodeError):
        read = None
    named = read if isinstance(read, Mapping) else {}
    tag = named.get("versionTag")
    return str(named.get("id") or PurePosixPath(path).stem), str(tag) if tag else None
