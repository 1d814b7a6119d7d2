"""Reading a range from text for the built-in ``range`` (DMN 1.5 §10.3.4.1)."""

from __future__ import annotations

from engine.feel import syntax
from engine.feel.builtins.registry import BUILT_IN
from engine.feel.compiler import Compiler
from engine.feel.errors import FeelError
from engine.feel.names import Known
from engine.feel.parser import Parser
from engine.feel.runtime import Frame, Run
from engine.feel.values import Range

LONGEST = 1_000
_LITERAL_CALLS = ("date", "time", "date and time", "duration")
_NAMES = Known(_LITERAL_CALLS)
_NONE = Known()


def parse_range(text: str, run: Run) -> Range | None:
    """The range a text writes down; null when it is none or its ends are not literals."""
    if len(text) > LONGEST:
        return None
    run.spend(len(text))
    try:
        tree = Parser(text, _NONE, _NAMES, {}).expression()
    except FeelError:
        return None
    if not isinstance(tree, syntax.Interval) or not _is_literal(tree.start) or not _is_literal(tree.end):
        return None
    value = Compiler(BUILT_IN).compile(tree, None)(Frame({}, None, run))
    return value if isinstance(value, Range) else None


def _is_literal(node: syntax.Node) -> bool:
    if isinstance(node, syntax.Negation):
        node = node.operand
    if isinstance(node, syntax.Call) and isinstance(node.function, syntax.Name):
        return node.function.name in _LITERAL_CALLS and all(map(_is_literal, node.arguments))
    return isinstance(node, syntax.Literal | syntax.AtLiteral)
