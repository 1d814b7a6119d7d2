"""Reading a range from text for the built-in ``range`` (DMN 1.5 §10.3.4.1)."""

from __future__ import annotations

from engine.feel import syntax
from engine.feel.errors import FeelSyntaxError
from engine.feel.runtime import Run
from engine.feel.values import Range

_LITERAL_CALLS = frozenset({"date", "time", "date and time", "duration"})


def parse_range(text: str, run: Run) -> Range | None:
    """The range a text writes down; null when it is none or its ends are not literals."""
    from engine.feel.expression import compile_expression

    if len(text) > 1000:
        return None
    try:
        expression = compile_expression(text)
    except FeelSyntaxError:
        return None
    tree = expression.tree
    if not isinstance(tree, syntax.Interval):
        return None
    if not all(_is_literal(child) for child in syntax.children(tree)):
        return None
    value = expression.within({}, run)
    return value if isinstance(value, Range) else None


def _is_literal(node: syntax.Node) -> bool:
    if isinstance(node, syntax.Negation):
        node = node.operand
    if isinstance(node, syntax.Call) and isinstance(node.function, syntax.Name):
        return node.function.name in _LITERAL_CALLS and all(map(_is_literal, node.arguments))
    return isinstance(node, syntax.Literal | syntax.AtLiteral)
