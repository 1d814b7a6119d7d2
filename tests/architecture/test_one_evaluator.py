"""One evaluator of expressions: FEEL. No text of a designer becomes Python, and no other engine reads it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOMS, files, relative, tree

BECOME_CODE = frozenset({"eval", "exec", "compile", "__import__", "execfile"})
"""Builtins that turn text into code."""

FORBIDDEN_MODULES = frozenset(
    {
        # Python from text (`ast` only reads it: the catalog finds sentences in our own sources so)
        "code", "codeop", "types.CodeType", "runpy", "builtins", "marshal",
        # other evaluators of expressions
        "asteval", "simpleeval", "numexpr", "RestrictedPython", "restrictedpython", "pyfeel", "pySFeel", "bkflow_feel",
        "jsonata", "jmespath", "js2py", "quickjs", "lupa", "celpy", "pyparsing", "lark",
    }
)  # fmt: skip
SCRIPTING = (
    "script_engine",
    "PythonScript",
    "ScriptEngine",
    "SpiffWorkflow.dmn",
    "SpiffWorkflow.spiff",
    "operators",
)
"""Of SpiffWorkflow: what evaluates scripts, conditions or cells as Python."""


def imported(path: Path) -> Iterator[str]:
    """The dotted names a file imports, each with its module."""
    for node in ast.walk(tree(path)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{name.name}" for name in names)


def code_from_text(path: Path) -> Iterator[str]:
    """Where a builtin that makes code stands, called or handed on, as itself or by way of `builtins`."""
    for node in ast.walk(tree(path)):
        match node:
            case ast.Name(id=name) if name in BECOME_CODE:
                yield f"{relative(path)}:{node.lineno}: {name}"
            case ast.Attribute(value=ast.Name(id="builtins" | "__builtins__"), attr=name):
                yield f"{relative(path)}:{node.lineno}: builtins.{name}"
            case ast.Name(id="__builtins__"):
                yield f"{relative(path)}:{node.lineno}: __builtins__"


def evaluators(path: Path) -> Iterator[str]:
    """Imports of anything else that evaluates an expression."""
    for name in imported(path):
        if name in FORBIDDEN_MODULES or name.split(".")[0] in FORBIDDEN_MODULES:
            yield f"{relative(path)}: {name}"
        if name.startswith("SpiffWorkflow") and any(word in name for word in SCRIPTING):
            yield f"{relative(path)}: {name}"


@pytest.mark.parametrize("room", ROOMS)
def test_no_text_reaches_pythons_own_evaluator(room: str) -> None:
    assert [found for path in files(room) for found in code_from_text(path)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_evaluator_of_expressions_is_imported(room: str) -> None:
    assert [found for path in files(room) for found in evaluators(path)] == []


def test_pages_are_not_made_from_text() -> None:
    """Templates are files that ship: a text of a designer or a customer is a value in one, never a template."""
    made = [
        f"{relative(path)}:{node.lineno}"
        for path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name | ast.Attribute)
        and (node.id if isinstance(node, ast.Name) else node.attr)
        in ("render_template_string", "from_string", "Template")
    ]

    assert made == []


@pytest.mark.parametrize(
    "source",
    ["eval('1')", "map(exec, texts)", "import builtins; builtins.eval('1')", "f = __builtins__['eval']"],
)
def test_the_look_for_evaluators_sees_them_however_they_are_written(source: str, tmp_path: Path) -> None:
    found = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and node.id in BECOME_CODE | {"builtins", "__builtins__"}
    ]

    assert found
