"""Nothing of Python is reached from an expression: no attributes, no code, no foreign objects."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.feel import (
    Environment,
    FeelClockMissing,
    FeelFunctionFailed,
    FeelUnsupported,
    compile_expression,
    to_json,
)

ROOMS = [Path(__file__).parents[2] / "engine" / room for room in ("feel", "dmn")]
RUNS_CODE = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "setattr",
    "globals",
    "vars",
    "breakpoint",
    "open",
    "input",
}
READS_OWN_TREES = {"syntax.py", "walking.py", "graph.py"}  # getattr over the fields of our own frozen classes


class Account:
    """An object that must stay closed."""

    secret = "key"

    def __getattr__(self, name):
        raise AssertionError(f"the attribute {name} was asked for")


@pytest.mark.parametrize(
    "file", sorted(file for room in ROOMS for file in room.rglob("*.py")), ids=lambda f: f.name
)
def test_no_module_runs_code_or_reads_attributes_by_name(file):
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert not calls & RUNS_CODE
    assert "getattr" not in calls or file.name in READS_OWN_TREES


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a.secret",
        "a.__class__",
        "a[1].secret",
        "a = 1",
        "a + 1",
        "[a].secret",
        "{b: a}.b.secret",
        "a(1)",
        "a < a",
    ],
)
def test_a_foreign_object_has_no_members(text):
    value = compile_expression(text).evaluate({"a": Account()})

    assert to_json(value) in (None, False, [None])


@pytest.mark.parametrize("text", ["a.keys", "a.items()", "s.upper", "s.__len__()", "d.isoformat()", "a.get"])
def test_methods_of_python_values_are_not_members(text):
    assert (
        compile_expression(text).evaluate({"a": {}, "s": "x", "d": datetime(2026, 1, 1, tzinfo=UTC)}) is None
    )


def test_external_functions_are_refused_with_the_reason():
    with pytest.raises(FeelUnsupported, match="runs no foreign code") as caught:
        compile_expression(
            'function(a) external {java: {class: "java.lang.Math", method signature: "cos(double)"}}'
        )

    assert (caught.value.code, caught.value.column) == ("feel.unsupported", 13)


def test_the_clock_is_the_callers():
    now = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)

    assert compile_expression("now()").evaluate({}, Environment(now=now)) == now
    assert compile_expression("string(today())").evaluate({}, Environment(now=now)) == "2026-01-31"
    with pytest.raises(FeelClockMissing):
        compile_expression("now()").evaluate({})


def test_functions_of_the_caller_are_called_by_position_or_by_name():
    environment = Environment(
        functions={"add working days": lambda start, number_of_days: [start, number_of_days]}
    )
    by_position = compile_expression("add working days(1, 2)")
    by_name = compile_expression("add working days(number of days: 2, start: 1)")

    assert by_position.evaluate({}, environment) == [1, 2]
    assert by_name.evaluate({}, environment) == [1, 2]
    assert by_position.functions == {"add working days"}
    assert by_position.evaluate({}) is None


def test_a_function_of_the_caller_that_fails_is_a_feel_error_with_its_cause():
    def broken(value):
        raise KeyError(value)

    with pytest.raises(FeelFunctionFailed, match="'broken' failed") as caught:
        compile_expression("broken(1)").evaluate({}, Environment(functions={"broken": broken}))

    assert isinstance(caught.value.__cause__, KeyError)
