"""Unary tests and ``in`` (DMN 1.5 §10.3.2.5 table 55, grammar rules 7 to 15)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.feel import comparing, syntax
from engine.feel.layers import Layer
from engine.feel.runtime import Code, Frame
from engine.feel.values import BOOLEAN, Range, kind

if TYPE_CHECKING:
    from engine.feel.compiler import Compiler

Test = Callable[[Frame, Any], bool | None]
QUESTION = "?"


def unary_range(operator: str, end: Any) -> Range | None:
    """What ``< 5`` is as a value: a range without one of its ends; null where nothing could be ordered."""
    if end is None:
        return None
    if operator in ("=", "!="):
        return Range(end, end, operator == "=", operator == "=", operator)
    if comparing.compare(end, end) is None:
        return None
    if operator[0] == "<":
        return Range(None, end, False, operator == "<=", operator)
    return Range(end, None, operator == ">=", False, operator)


def compile_in(compiler: Compiler, node: syntax.In, layer: Layer | None) -> Code:
    """``value in (tests)``."""
    value = compiler.compile(node.value, layer)
    test = any_of([compile_test(compiler, item, layer) for item in node.tests])
    return lambda frame: test(frame, value(frame))


def compile_tests(compiler: Compiler, node: syntax.Tests, layer: Layer | None) -> Test:
    """The code of a whole cell."""
    if not node.items:
        return lambda frame, value: True
    test = _texts(node) or any_of([compile_test(compiler, item, layer) for item in node.items])
    return _negated(test) if node.negated else test


def _negated(test: Test) -> Test:
    def negated(frame: Frame, value: Any) -> bool | None:
        result = test(frame, value)
        return None if result is None else not result

    return negated


def _texts(node: syntax.Tests) -> Test | None:
    """Cells that are only strings, the commonest of all, ask a set."""
    if not all(isinstance(item, syntax.Literal) and type(item.value) is str for item in node.items):
        return None
    texts = frozenset(item.value for item in node.items if isinstance(item, syntax.Literal))
    sample = min(texts)

    def one_of(frame: Frame, value: Any) -> bool | None:
        return value in texts if type(value) is str else comparing.equals(value, sample)

    return one_of


def any_of(tests: list[Test]) -> Test:
    """True when one test is; else null when one is null; else false."""
    if len(tests) == 1:
        return tests[0]

    def disjunction(frame: Frame, value: Any) -> bool | None:
        result: bool | None = False
        for test in tests:
            found = test(frame, value)
            if found is True:
                return True
            if found is None:
                result = None
        return result

    return disjunction


def compile_test(compiler: Compiler, node: syntax.Node, layer: Layer | None) -> Test:
    """The code of one test of a value."""
    if syntax.mentions(node, QUESTION):
        return _question(compiler, node, layer)
    if isinstance(node, syntax.UnaryRange):
        return _comparison(compiler, node, layer)
    if isinstance(node, syntax.Interval):
        interval = compiler.compile(node, layer)
        if is_constant(node.start) and is_constant(node.end):
            return _constant_interval(interval)
        return lambda frame, value: _inside(value, interval(frame))
    code = compiler.compile(node, layer)
    if isinstance(node, syntax.Literal | syntax.AtLiteral):
        constant = node.value
        return lambda frame, value: comparing.equals(value, constant)
    return lambda frame, value: _positive(value, code(frame), frame)


def is_constant(node: syntax.Node) -> bool:
    """A literal, perhaps with a sign."""
    inner = node.operand if isinstance(node, syntax.Negation) else node
    return isinstance(inner, syntax.Literal | syntax.AtLiteral)


def _constant_interval(code: Code) -> Test:
    interval = code(None)  # type: ignore[arg-type]
    if isinstance(interval, Range) and type(interval.start) is int and type(interval.end) is int:
        low = interval.start if interval.start_included else interval.start + 1
        high = interval.end if interval.end_included else interval.end - 1

        def between(frame: Frame, value: Any) -> bool | None:
            return low <= value <= high if type(value) is int else _inside(value, interval)

        return between
    return lambda frame, value: _inside(value, interval)


def _inside(value: Any, interval: Range | None) -> bool | None:
    return None if interval is None else comparing.is_in(value, interval)


def _comparison(compiler: Compiler, node: syntax.UnaryRange, layer: Layer | None) -> Test:
    operand = compiler.compile(node.operand, layer)
    operation = comparing.BY_OPERATOR[node.operator]
    if is_constant(node.operand):
        constant = operand(None)  # type: ignore[arg-type]
        return lambda frame, value: operation(value, constant)
    return lambda frame, value: operation(value, operand(frame))


def _question(compiler: Compiler, node: syntax.Node, layer: Layer | None) -> Test:
    """A test that speaks of the value itself as ``?``."""
    code = compiler.compile(node, Layer(layer, (QUESTION,)))

    def asked(frame: Frame, value: Any) -> bool | None:
        result = code(Frame({QUESTION: value}, frame, frame.run))
        if result is None:
            return None
        if kind(result) is BOOLEAN:
            return bool(result)
        return comparing.is_in(value, result, frame.run)

    return asked


def _positive(value: Any, found: Any, frame: Frame) -> bool | None:
    if type(found) is bool and type(value) is not bool:
        return found
    return comparing.is_in(value, found, frame.run)
