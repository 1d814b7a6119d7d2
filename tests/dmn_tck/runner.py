"""Runs folders laid out like the DMN technology compatibility kit, counting result nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.dmn import DecisionModel, DmnError, Environment
from engine.dmn.xml import Element, parse
from engine.feel import FeelError
from engine.feel.formatting import format_literal
from tests.dmn_tck.models import Folder, alias, of_namespace
from tests.dmn_tck.values import is_true, read_value, same

LEFT_OUT = frozenset({"0076-feel-external-java"})
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
ROOMY = Environment(now=NOW, steps=2_000_000, size=2_000_000)  # a kit asks for correctness, not for thrift


@dataclass(frozen=True)
class Outcome:
    """One result node: where it stands, and what was wrong with it, if anything."""

    folder: str
    case: str
    node: str
    problem: str

    @property
    def passed(self) -> bool:
        """Whether the result was the expected one."""
        return not self.problem


def run_folder(root: Path) -> Iterator[Outcome]:
    """The outcomes of all test files below a folder; other XML is passed over."""
    for file in sorted(root.rglob("*.xml")):
        if file.parent.name not in LEFT_OUT:
            tests = _tests(file)
            if tests is not None:
                yield from _run_file(file, tests)


def _tests(file: Path) -> Element | None:
    try:
        root = parse(file.read_bytes(), str(file))
    except DmnError:
        return None
    return root if root.name == "testCases" else None


def _run_file(file: Path, tests: Element) -> Iterator[Outcome]:
    model: DecisionModel | None = None
    trouble = ""
    try:
        model = Folder(file.parent).asked(tests)
    except (DmnError, OSError) as error:
        trouble = f"the model cannot be read: {error}"
    for case in tests.all("testCase"):
        for node in case.all("resultNode"):
            problem = trouble if model is None else _problem(model, case, node)
            yield Outcome(file.parent.name, f"{file.stem}/{case.get('id')}", node.get("name"), problem)


def _problem(model: DecisionModel, case: Element, node: Element) -> str:
    expected_element = node.child("expected")
    expected: Any = None
    try:
        if expected_element is not None:
            expected = read_value(expected_element)
        actual = _ask(model, case, node)
    except (DmnError, FeelError) as error:
        return "" if is_true(node.get("errorResult")) or expected is None else f"error: {error}"
    except Exception as error:  # one case that crashes is one failure, and the others still run
        return f"crashed: {error!r}"
    if is_true(node.get("errorResult")) and actual is None:
        return ""
    if same(expected, actual):
        return ""
    return f"expected {format_literal(expected)}, got {format_literal(actual)}"


def _ask(model: DecisionModel, case: Element, node: Element) -> Any:
    namespace = node.get("namespace") or case.get("namespace")
    asked = of_namespace(model, namespace)
    inputs = _inputs(asked, case)
    name = node.get("name")
    if case.get("type") not in ("decisionService", "bkm"):
        return asked.value(name, inputs, ROOMY)
    invocable = case.get("invocableName") or name
    value = asked.call(invocable, inputs, ROOMY)
    return (
        value.get(name) if _several(asked, invocable) and isinstance(value, dict) and name in value else value
    )


def _several(model: DecisionModel, service: str) -> bool:
    """Whether a service answers with several decisions, each under its name."""
    return any(
        service in (found.name, found.id, found.label) and len(found.output_decisions) > 1
        for found in model.definitions.services
    )


def _inputs(model: DecisionModel, case: Element) -> dict[str, Any]:
    """The inputs by name; one of an imported model also under the name of its import."""
    inputs: dict[str, Any] = {}
    for item in case.all("inputNode"):
        name, value = item.get("name"), read_value(item)
        section = alias(model, item.get("namespace"))
        if section:
            inputs.setdefault(section, {})[name] = value
            inputs.setdefault(name, value)
        else:
            inputs[name] = value
    return inputs
