"""Runs folders laid out like the DMN technology compatibility kit, counting result nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.dmn import DecisionModel, DmnError, Environment, read_decisions
from engine.dmn.xml import Element, parse
from engine.feel import FeelError
from engine.feel.formatting import format_literal
from tests.dmn_tck.values import read_value, same

LEFT_OUT = frozenset({"0076-feel-external-java"})
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


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
    """The outcomes of all test files below a folder."""
    for file in sorted(root.rglob("*.xml")):
        if file.parent.name not in LEFT_OUT:
            tests = parse(file.read_bytes(), str(file))
            if tests.name == "testCases":
                yield from _run_file(file, tests)


def _run_file(file: Path, tests: Element) -> Iterator[Outcome]:
    model: DecisionModel | None = None
    trouble = ""
    try:
        model = _model(file.parent, (tests.text_of("modelName") or "").strip())
    except (DmnError, OSError) as error:
        trouble = f"the model cannot be read: {error}"
    for case in tests.all("testCase"):
        for node in case.all("resultNode"):
            problem = trouble if model is None else _problem(model, case, node)
            yield Outcome(file.parent.name, f"{file.stem}/{case.get('id')}", node.get("name"), problem)


def _model(folder: Path, name: str) -> DecisionModel:
    def imports(key: str) -> bytes:
        beside = folder / key
        if beside.is_file():
            return beside.read_bytes()
        for other in folder.glob("*.dmn"):
            if parse(other.read_bytes(), other.name).get("namespace") == key:
                return other.read_bytes()
        raise DmnError("dmn.import", f"no file of the folder is {key!r}")

    return read_decisions((folder / name).read_bytes(), name, imports=imports, lenient=True)


def _problem(model: DecisionModel, case: Element, node: Element) -> str:
    expected_element = node.child("expected")
    expected = None if expected_element is None else read_value(expected_element)
    error_expected = node.get("errorResult") == "true"
    try:
        actual = _ask(model, case, node)
    except (DmnError, FeelError) as error:
        return "" if error_expected or expected is None else f"error: {error}"
    if error_expected and actual is None:
        return ""
    if same(expected, actual):
        return ""
    return f"expected {format_literal(expected)}, got {format_literal(actual)}"


def _ask(model: DecisionModel, case: Element, node: Element) -> Any:
    inputs = {item.get("name"): read_value(item) for item in case.all("inputNode")}
    environment = Environment(now=NOW)
    name = node.get("name")
    if case.get("type") in ("decisionService", "bkm"):
        value = model.call(case.get("invocableName"), inputs, environment)
        return value.get(name) if isinstance(value, dict) and name in value else value
    return model.evaluate(name, inputs, environment)
