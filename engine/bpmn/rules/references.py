"""Rules about what elements refer to by name: variables, operations, and what stands in other files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.bindings import BINDINGS, TAGGED
from engine.bpmn.expressions import RESERVED
from engine.bpmn.extensions import Extensions
from engine.bpmn.rules.problems import Known, Place, Problem
from engine.domain.suggesting import meant

WORDS = frozenset({"true", "false", "null", "if", "for", "some", "every", "function"})
"""What FEEL reads as something else than a name."""

_NAME = re.compile(r"[^\W\d](?:[\w'+*/-]| (?! ))*")


def target(place: Place, node: etree._Element, target: str, what: str) -> Iterator[Problem]:
    root, *path = target.split(".")
    if not all(_NAME.fullmatch(part) for part in (root, *path)) or root in WORDS:
        yield place.diagram.problem(node, "mapping", f"the {what} name {target!r} is not a name")
    elif root in RESERVED:
        yield place.diagram.problem(
            node, "reserved", f"{target!r} would hide the {root} that expressions see; choose another name"
        )


def task_definition(place: Place, node: etree._Element, found: Extensions, known: Known) -> Iterator[Problem]:
    type_ = found.get("taskDefinition", "type")
    if type_ is None:
        yield place.diagram.problem(node, "operation", "zeebe:taskDefinition with a type is missing")
    elif not type_.startswith("=") and known.operations is not None and type_ not in known.operations:
        yield place.diagram.problem(
            node, "operation", f"there is no operation {type_!r}{meant(type_, known.operations)}"
        )


def binding(place: Place, node: etree._Element, found: Extensions, element: str) -> Iterator[Problem]:
    kind = found.get(element, "bindingType")
    tag = found.get(element, "versionTag")
    if kind is not None and kind not in BINDINGS:
        yield place.diagram.problem(
            node, "binding", f"there is no bindingType {kind!r}: {', '.join(BINDINGS)}"
        )
    elif kind == TAGGED and tag is None:
        yield place.diagram.problem(node, "binding", "a binding by versionTag names the tag")
    elif kind != TAGGED and tag is not None:
        yield place.diagram.problem(node, "binding", "a versionTag needs the bindingType versionTag")


def missing(
    place: Place, node: etree._Element, found: Extensions, element: str, rule: str, message: str
) -> Iterator[Problem]:
    """What is referred to is not here: an error, unless an earlier release may have it under a tag."""
    if found.get(element, "bindingType") == TAGGED:
        yield place.diagram.warning(node, rule, f"{message} in these files; an earlier release must have it")
    else:
        yield place.diagram.problem(node, rule, message)


def with_article(word: str) -> str:
    """A word with its article."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
