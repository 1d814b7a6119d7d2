"""Rules about what stands there without FEEL: dates, numbers and lengths that cannot be read, a forgotten `=`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from engine.bpmn.extensions import Extensions, read_extensions
from engine.bpmn.rules.problems import Diagram, Place, Problem
from engine.bpmn.timers import later, moment
from engine.bpmn.xml import BPMN, ZEEBE, extension, local
from engine.domain.suggesting import meant

PROPERTIES = ("clock", "locked", "not_by", "unit", "variables")
"""The properties that mean something here; a designer may have others for himself."""

SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
LONGEST_SHOWN = 100


def check(place: Place, node: etree._Element, found: Extensions) -> Iterator[Problem]:
    """Plain values of one flow node."""
    if local(node) == "userTask":
        yield from _task(place, node, found)
    if "taskDefinition" in found.elements:
        yield from _tries(place, node, found)
    yield from _mappings(place.diagram, node)
    yield from _forgotten(place, node, found)
    for name in found.properties:
        suggestion = "" if name in PROPERTIES else meant(name, PROPERTIES)
        if suggestion:
            yield place.diagram.warning(node, "property", f"nothing reads the property {name!r}{suggestion}")


def check_file(diagram: Diagram) -> Iterator[Problem]:
    """Keys of messages that are the same for everybody."""
    for message in diagram.roots.values():
        subscription = extension(message, "subscription") if local(message) == "message" else None
        key = None if subscription is None else subscription.get("correlationKey")
        if subscription is not None and _is_plain(key):
            yield diagram.warning(
                subscription,
                "message-key",
                f"the key {_shown(key)} is the same for every instance; begin it with '=' if it is FEEL",
            )


def _is_plain(text: str | None) -> bool:
    return bool(text and text.strip()) and not str(text).strip().startswith("=")


def _shown(text: str | None) -> str:
    shown = text or ""
    return repr(shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…")


def _task(place: Place, node: etree._Element, found: Extensions) -> Iterator[Problem]:
    for attribute, what in (("dueDate", "due date"), ("followUpDate", "follow-up date")):
        text = found.get("taskSchedule", attribute)
        if _is_plain(text) and moment(text) is None:
            yield place.diagram.problem(
                node,
                "timer",
                f"the {what} {_shown(text)} cannot be read: write a moment as 2026-12-31T17:00:00Z, or "
                'FEEL as =now + duration("P2D")',
            )
    priority = found.get("priorityDefinition", "priority")
    if _is_plain(priority) and not _is_whole(priority):
        yield place.diagram.problem(
            node, "value", f"the priority {_shown(priority)} is no whole number from 0 to 100"
        )


def _tries(place: Place, node: etree._Element, found: Extensions) -> Iterator[Problem]:
    retries, backoff = found.get("taskDefinition", "retries"), found.headers.get("retryBackoff")
    if _is_plain(retries) and not _is_whole(retries):
        yield place.diagram.problem(
            node, "value", f"retries says how often it is tried, as 3; {_shown(retries)} is no whole number"
        )
    if _is_plain(backoff):
        until = later(SOME_DAY, backoff)
        if until is None or until <= SOME_DAY:
            yield place.diagram.problem(
                node, "timer", f"retryBackoff {_shown(backoff)} cannot be read: write a duration as PT15M"
            )


def _is_whole(text: str | None) -> bool:
    try:
        return int(str(text)) >= 0
    except ValueError:
        return False


def _mappings(diagram: Diagram, node: etree._Element) -> Iterator[Problem]:
    for line in node.iterfind(f"{BPMN}extensionElements/{ZEEBE}ioMapping/*"):
        if not (line.get("source") or "").strip():
            yield diagram.warning(
                line, "mapping", f"the {local(line)} {line.get('target', '')!r} is given no value"
            )


def _forgotten(place: Place, node: etree._Element, found: Extensions) -> Iterator[Problem]:
    """What is always worked out, and here is a text that is the same every time."""
    loop = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    texts = {"the script": found.get("script", "expression")}
    if loop is not None:
        texts["outputElement"] = read_extensions(loop).get("loopCharacteristics", "outputElement")
    for what, text in texts.items():
        if _is_plain(text):
            message = f"{what} is the text {_shown(text)} every time; begin it with '=' if it is FEEL"
            yield place.diagram.warning(node, "plain", message)
