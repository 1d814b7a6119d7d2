"""Rules about the texts of a diagram: FEEL that cannot be read, functions that do not exist, times that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from lxml import etree

from engine.bpmn.expressions import FUNCTIONS, Value, condition
from engine.bpmn.failures import Failed
from engine.bpmn.rules.problems import Diagram, Problem
from engine.bpmn.timers import armed
from engine.bpmn.xml import BPMN, ZEEBE, local
from engine.domain.suggesting import meant
from engine.feel import FeelError
from engine.feel.builtins import BUILT_IN

PLAIN_ATTRIBUTES = frozenset(
    {"target", "name", "key", "id", "resultVariable", "inputElement", "outputCollection"}
)
LONGEST_SHOWN = 100
MOST_TOKENS = 200_000
"""Words and signs of FEEL in one file: what is more takes longer to read than anybody would wait."""

_TOKEN = re.compile(r"\w+|[^\w\s]")
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def check(diagram: Diagram) -> Iterator[Problem]:
    """All texts of a file."""
    left = MOST_TOKENS
    for node in diagram.root.iter():
        left -= _tokens_of(node)
        if left < 0:
            reason = f"the file has more than {MOST_TOKENS:,} words and signs of FEEL"
            yield diagram.problem(node, "feel", f"{reason}; divide the process, or call decisions")
            return
        tag = str(node.tag)
        if tag.startswith(ZEEBE):
            for name, text in node.attrib.items():
                if str(name) not in PLAIN_ATTRIBUTES and str(text).strip().startswith("="):
                    yield from _value(diagram, node, str(text), str(name))
        elif tag == f"{BPMN}conditionExpression" or tag == f"{BPMN}completionCondition":
            yield from _condition(diagram, node)
        elif tag in (f"{BPMN}timeDate", f"{BPMN}timeDuration", f"{BPMN}timeCycle"):
            yield from _time(diagram, node)


def tokens_in(text: str) -> int:
    """How many words and signs a text has; counted to where it is too many."""
    return sum(1 for _ in islice(_TOKEN.finditer(text), MOST_TOKENS + 1))


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _tokens_of(node: etree._Element) -> int:
    tag = str(node.tag)
    texts = node.attrib.values() if tag.startswith(ZEEBE) else [node.text] if tag.startswith(BPMN) else []
    return sum(tokens_in(str(text)) for text in texts if text and str(text).lstrip().startswith("="))


def _value(diagram: Diagram, node: etree._Element, text: str, where: str) -> Iterator[Problem]:
    try:
        yield from _functions(diagram, node, Value(text))
    except FeelError as error:
        yield diagram.problem(node, "feel", f"{where}: {_shown(text)}: {error}")


def _condition(diagram: Diagram, node: etree._Element) -> Iterator[Problem]:
    text = (node.text or "").strip()
    if not text:
        yield diagram.problem(node, "condition", "the condition is empty")
        return
    try:
        yield from _functions(diagram, node, condition(text))
    except FeelError as error:
        yield diagram.problem(node, "feel", f"condition: {_shown(text)}: {error}")


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
            suggestion = meant(name, FUNCTIONS | BUILT_IN.keys())
            yield diagram.problem(node, "function", f"there is no function {name!r}{suggestion}")
