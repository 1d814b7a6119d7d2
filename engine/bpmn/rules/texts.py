"""Rules about the texts of a diagram: FEEL that cannot be read, functions that do not exist, times that are none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from engine.bpmn.expressions import FUNCTIONS, Value, condition
from engine.bpmn.failures import Failed
from engine.bpmn.rules.problems import Diagram, Problem
from engine.bpmn.timers import armed
from engine.bpmn.xml import BPMN, ZEEBE, local
from engine.feel import FeelError

PLAIN_ATTRIBUTES = frozenset(
    {"target", "name", "key", "id", "resultVariable", "inputElement", "outputCollection"}
)
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def check(diagram: Diagram) -> Iterator[Problem]:
    """All texts of a file."""
    for node in diagram.root.iter():
        tag = str(node.tag)
        if tag.startswith(ZEEBE):
            for name, text in node.attrib.items():
                if str(name) not in PLAIN_ATTRIBUTES and str(text).strip().startswith("="):
                    yield from _value(diagram, node, str(text), str(name))
        elif tag == f"{BPMN}conditionExpression" or tag == f"{BPMN}completionCondition":
            yield from _condition(diagram, node)
        elif tag in (f"{BPMN}timeDate", f"{BPMN}timeDuration", f"{BPMN}timeCycle"):
            yield from _time(diagram, node)


def _value(diagram: Diagram, node: etree._Element, text: str, where: str) -> Iterator[Problem]:
    try:
        yield from _functions(diagram, node, Value(text))
    except FeelError as error:
        yield diagram.problem(node, "feel", f"{where}: {text}: {error}")


def _condition(diagram: Diagram, node: etree._Element) -> Iterator[Problem]:
    text = (node.text or "").strip()
    if not text:
        yield diagram.problem(node, "condition", "the condition is empty")
        return
    try:
        yield from _functions(diagram, node, condition(text))
    except FeelError as error:
        yield diagram.problem(node, "feel", f"condition: {text}: {error}")


def _time(diagram: Diagram, node: etree._Element) -> Iterator[Problem]:
    text = (node.text or "").strip()
    if text.startswith("="):
        yield from _value(diagram, node, text, local(node))
    elif text:
        try:
            armed(local(node).removeprefix("time").lower(), text, SOME_DAY)
        except Failed as failed:
            yield diagram.problem(node, "timer", failed.message)


def _functions(diagram: Diagram, node: etree._Element, value: Value) -> Iterator[Problem]:
    if value.expression is not None:
        for name in sorted(value.expression.functions - FUNCTIONS):
            yield diagram.problem(node, "function", f"there is no function {name!r}")
