"""The registry: every operation a diagram may call, with its schemas and a sentence for designers."""

import ast

import pytest
from marshmallow import Schema

from engine.memory import FilesInMemory
from engine.operations import Operation, build_operations
from tests.architecture.sources import files, relative, tree

OPERATIONS = build_operations(FilesInMemory())


def test_every_operation_the_diagrams_speak_of_is_there() -> None:
    spoken_of = {
        "notices.send",
        *(f"clocks.{verb}" for verb in ("set", "stop", "pause", "resume", "extend")),
        *(f"complaint.{verb}" for verb in ("set_stage", "route", "merge", "close", "withdraw", "raise")),
        *(f"requests.{verb}" for verb in ("open", "accept", "return", "answer", "redirect", "let_go")),
        *(f"requests.{verb}" for verb in ("cancel_open", "remind")),
        *(f"plan.{verb}" for verb in ("record", "approve", "offer", "resolve")),
        *(f"answer.{verb}" for verb in ("record", "check", "send")),
        *(f"redress.{verb}" for verb in ("instruct", "confirm", "fail")),
        *(f"people.{verb}" for verb in ("alert", "remind", "escalate")),
        "harm.stop",
        "archive.seal",
    }

    assert spoken_of == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.name)
def test_an_operation_says_what_it_does_in_a_sentence(operation: Operation) -> None:
    assert operation.summary.split("\n")[0].endswith(".")
    assert issubclass(operation.input, Schema)
    assert issubclass(operation.output, Schema)


def test_every_error_that_is_thrown_is_declared() -> None:
    """A code stands as a constant at the operation that throws it."""
    thrown = {
        (relative(path), ast.unparse(call.args[0]))
        for path in files("engine/operations")
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "BpmnError"
    }
    declared = {
        (relative(path), ast.unparse(code))
        for path in files("engine/operations")
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "operation"
        for keyword in call.keywords
        if keyword.arg == "errors" and isinstance(keyword.value, ast.Tuple)
        for code in keyword.value.elts
    }

    assert thrown == declared
