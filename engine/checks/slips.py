"""Rule `null`: what is null whatever comes, because a function is called wrongly or a date is written so that none is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.rules.problems import Problem
from engine.checks.reads import Read
from engine.feel import FeelError, Function, compile_expression, syntax
from engine.feel.builtins import BUILT_IN
from engine.feel.printer import print_expression

WRITTEN = {
    "date": "2026-12-31",
    "time": "09:30:00",
    "date and time": "2026-12-31T09:30:00Z",
    "duration": "PT4H or P2D",
}
"""How what these functions read is written."""


def check(reads: Iterable[Read]) -> Iterator[Problem]:
    """The slips in all expressions of a process."""
    for read in reads:
        for message in slips(read.expression.tree):
            diagram = read.node.level.diagram
            yield diagram.warning(read.element, "null", f"{read.what}: {message}")


def slips(tree: syntax.Node) -> Iterator[str]:
    """A sentence for each part that is null whatever comes."""
    todo = [tree]
    while todo:
        node = todo.pop()
        todo += syntax.children(node)
        if isinstance(node, syntax.AtLiteral) and node.value is None:
            yield f'@"{node.text}" is no date, time or duration, and null'
        if isinstance(node, syntax.Call) and isinstance(node.function, syntax.Name):
            function = BUILT_IN.get(node.function.name)
            if function is not None:
                yield from _called(node, function)


def _called(node: syntax.Call, function: Function) -> Iterator[str]:
    name, count = function.name, len(node.arguments)
    if node.names:
        known = {each for names in (function.parameters, *function.alternatives) for each in names}
        for unknown in (each for each in node.names if each not in known):
            yield f"{name}() has no argument {unknown!r}, and is null: it has {', '.join(function.parameters)}"
    elif not function.takes(count):
        yield f"{name}() takes {_counts(function)} and is given {count}, so it is null"
    elif name in WRITTEN and count == 1 and _is_unreadable(node):
        yield f"{print_expression(node)} is null: it is written as {WRITTEN[name]}"


def _counts(function: Function) -> str:
    least, most = function.required, len(function.parameters)
    counts = f"{least}" if least == most else f"{least} to {most}"
    return f"{counts} argument{'' if counts == '1' else 's'}"


def _is_unreadable(node: syntax.Call) -> bool:
    """Whether a text that stands there cannot be read."""
    (argument,) = node.arguments
    if not isinstance(argument, syntax.Literal) or not isinstance(argument.value, str):
        return False
    try:
        return compile_expression(print_expression(node)).evaluate({}) is None
    except FeelError:
        return False
