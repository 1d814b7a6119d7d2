"""A tree back to FEEL text with no more brackets than needed; reading the text gives the same tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import syntax
from engine.feel.formatting import quoted
from engine.feel.numbers import format_number
from engine.feel.parser import AND, COMPARISON, OR, POWER, PRECEDENCE, PRODUCT, SUM

SIGNED, POSTFIX = POWER + 1, POWER + 2


def print_expression(node: syntax.Node) -> str:
    """The text of an expression."""
    return _print(node, 0)


def print_tests(node: syntax.Tests) -> str:
    """The text of unary tests."""
    if not node.items:
        return "-"
    text = ", ".join(_test(item) for item in node.items)
    return f"not({text})" if node.negated else text


def _test(node: syntax.Node) -> str:
    if isinstance(node, syntax.UnaryRange):
        return f"{node.operator} {_print(node.operand, SUM)}"
    return _print(node, 0)


def _print(node: syntax.Node, binding: int) -> str:
    """The text of a node, in brackets when it binds less tightly than its place asks."""
    own, printer = _PRINTERS[type(node)]
    text = printer(node)
    strength = PRECEDENCE[node.rest[0][0]] if isinstance(node, syntax.Arithmetic) else own
    return f"({text})" if strength < binding else text


def _literal(node: syntax.Literal) -> str:
    value = node.value
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return format_number(value)


def _source(node: syntax.Node) -> str:
    """What something is hung on; a literal is bracketed, so that the dot is not a number's."""
    text = _print(node, POSTFIX)
    return f"({text})" if isinstance(node, syntax.Literal) else text


def _call(node: syntax.Call) -> str:
    values = [_print(argument, 0) for argument in node.arguments]
    if node.names:
        values = [f"{name}: {value}" for name, value in zip(node.names, values, strict=True)]
    return f"{_source(node.function)}({', '.join(values)})"


def _negation(node: syntax.Negation) -> str:
    asked = isinstance(node.operand, syntax.InstanceOf)
    return f"-{_print(node.operand, POSTFIX if asked else SIGNED)}"


def _arithmetic(node: syntax.Arithmetic) -> str:
    level = PRECEDENCE[node.rest[0][0]]
    parts = [_print(node.first, level + 1)]
    for operator, operand in node.rest:
        parts += [operator, _print(operand, level + 1)]
    return " ".join(parts)


def _comparison(node: syntax.Comparison) -> str:
    return f"{_print(node.left, SUM)} {node.operator} {_print(node.right, SUM)}"


def _between(node: syntax.Between) -> str:
    return f"{_print(node.value, SUM)} between {_print(node.low, SUM)} and {_print(node.high, SUM)}"


def _in(node: syntax.In) -> str:
    return f"{_print(node.value, SUM)} in ({', '.join(_test(test) for test in node.tests)})"


def _joined(word: str, level: int) -> Callable[[Any], str]:
    return lambda node: f" {word} ".join(_print(item, level + 1) for item in node.items)


def _iterations(iterations: tuple[syntax.Iteration, ...]) -> str:
    parts = []
    for iteration in iterations:
        end = "" if iteration.end is None else f"..{_print(iteration.end, SUM)}"
        parts.append(f"{iteration.name} in {_print(iteration.domain, SUM)}{end}")
    return ", ".join(parts)


def _for(node: syntax.For) -> str:
    return f"for {_iterations(node.iterations)} return {_print(node.body, 0)}"


def _quantified(node: syntax.Quantified) -> str:
    word = "every" if node.every else "some"
    return f"{word} {_iterations(node.iterations)} satisfies {_print(node.condition, 0)}"


def _if(node: syntax.If) -> str:
    return f"if {_print(node.condition, 0)} then {_print(node.yes, 0)} else {_print(node.no, 0)}"


def _function(node: syntax.FunctionDefinition) -> str:
    parameters = ", ".join(
        parameter.name + ("" if parameter.type is None else f": {parameter.type}")
        for parameter in node.parameters
    )
    result = "" if node.result is None else f": {node.result}"
    return f"function({parameters}){result} {_print(node.body, 0)}"


def _context(node: syntax.ContextLiteral) -> str:
    return "{" + ", ".join(f"{_key(key)}: {_print(value, 0)}" for key, value in node.entries) + "}"


def _key(key: str) -> str:
    return key if key.isidentifier() and key.isascii() else quoted(key)


def _interval(node: syntax.Interval) -> str:
    opening = "[" if node.start_included else "("
    closing = "]" if node.end_included else ")"
    return f"{opening}{_print(node.start, SUM)}..{_print(node.end, SUM)}{closing}"


def _unary(node: syntax.UnaryRange) -> str:
    return f"({node.operator} {_print(node.operand, SUM)})"


_PRINTERS: dict[type, tuple[int, Callable[[Any], str]]] = {
    syntax.Literal: (POSTFIX, _literal),
    syntax.AtLiteral: (POSTFIX, lambda node: f"@{quoted(node.text)}"),
    syntax.Name: (POSTFIX, lambda node: node.name),
    syntax.Path: (POSTFIX, lambda node: f"{_source(node.source)}.{node.member}"),
    syntax.Filter: (POSTFIX, lambda node: f"{_source(node.source)}[{_print(node.condition, 0)}]"),
    syntax.Call: (POSTFIX, _call),
    syntax.Negation: (SIGNED, _negation),
    syntax.Arithmetic: (PRODUCT, _arithmetic),
    syntax.Comparison: (COMPARISON, _comparison),
    syntax.Between: (COMPARISON, _between),
    syntax.In: (COMPARISON, _in),
    syntax.InstanceOf: (SIGNED, lambda node: f"{_print(node.value, POSTFIX)} instance of {node.type}"),
    syntax.And: (AND, _joined("and", AND)),
    syntax.Or: (OR, _joined("or", OR)),
    syntax.If: (0, _if),
    syntax.For: (0, _for),
    syntax.Quantified: (0, _quantified),
    syntax.FunctionDefinition: (0, _function),
    syntax.ListLiteral: (POSTFIX, lambda node: f"[{', '.join(_print(item, 0) for item in node.items)}]"),
    syntax.ContextLiteral: (POSTFIX, _context),
    syntax.Interval: (POSTFIX, _interval),
    syntax.UnaryRange: (POSTFIX, _unary),
    syntax.Tests: (0, print_tests),
}
