"""From tree to closures: every node becomes one Python function of a frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel import arithmetic, comparing, syntax
from engine.feel.calling import compile_call, compile_function
from engine.feel.errors import FeelError
from engine.feel.iterating import compile_filter, compile_for, compile_quantified
from engine.feel.layers import Layer, behind_items, is_local, lookup
from engine.feel.properties import member
from engine.feel.runtime import Code, Frame
from engine.feel.testing import compile_in, unary_range
from engine.feel.types import matches
from engine.feel.values import Function, Range, plain

OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
    "=": comparing.equals,
    "!=": comparing.not_equal,
    "<": comparing.less,
    "<=": comparing.less_or_equal,
    ">": comparing.greater,
    ">=": comparing.greater_or_equal,
}


_PLACED = (syntax.Call, syntax.For, syntax.Quantified, syntax.Filter)
"""What may spend a budget, ask the clock or call somebody: the parts of a text that errors name."""

POWER_STEPS = 40


class Compiler:
    """Compiles one tree, and notes which names and functions it reads."""

    def __init__(
        self, built_in: Mapping[str, Function], variables: frozenset[str] = frozenset(), text: str = ""
    ) -> None:
        self.built_in = built_in
        self.variables = variables
        self.text = text
        self.names: set[str] = set()
        self.item_names: set[str] = set()
        self.functions: set[str] = set()

    def compile(self, node: syntax.Node, layer: Layer | None) -> Code:
        """The code of a node whose names are seen through a layer."""
        code: Code = _COMPILERS[type(node)](self, node, layer)
        return self._placed(code, node.at) if isinstance(node, _PLACED) else code

    def _placed(self, code: Code, at: int) -> Code:
        """The code, whose errors say where in the text they happened."""
        text = self.text

        def placed(frame: Frame) -> Any:
            try:
                return code(frame)
            except FeelError as error:
                error.place(text, at)
                raise

        return placed

    def read(self, name: str, layer: Layer | None) -> None:
        """Note that a name is read from outside the expression."""
        if behind_items(layer) and name not in self.variables:
            self.item_names.add(name)
        else:
            self.names.add(name)


def _literal(compiler: Compiler, node: syntax.Literal | syntax.AtLiteral, layer: Layer | None) -> Code:
    value = node.value
    return lambda frame: value


def _name(compiler: Compiler, node: syntax.Name, layer: Layer | None) -> Code:
    code = lookup(layer, node.name)
    if is_local(layer, node.name):
        return code
    function = compiler.built_in.get(node.name)
    if function is None:
        compiler.read(node.name, layer)
        return code
    if node.name in compiler.variables:
        compiler.read(node.name, layer)

    def or_built_in(frame: Frame) -> Any:
        value = code(frame)
        return function if value is None else value

    return or_built_in


def _path(compiler: Compiler, node: syntax.Path, layer: Layer | None) -> Code:
    source = compiler.compile(node.source, layer)
    name = node.member

    def path(frame: Frame) -> Any:
        value = source(frame)
        if type(value) is dict:
            found = value.get(name)
            return found if type(found) is not float else plain(found)
        return member(value, name, frame.run)

    return path


def _negation(compiler: Compiler, node: syntax.Negation, layer: Layer | None) -> Code:
    operand = compiler.compile(node.operand, layer)
    if isinstance(node.operand, syntax.Literal):
        value = arithmetic.negate(node.operand.value)
        return lambda frame: value
    return lambda frame: arithmetic.negate(operand(frame))


def _arithmetic(compiler: Compiler, node: syntax.Arithmetic, layer: Layer | None) -> Code:
    first = compiler.compile(node.first, layer)
    rest = [(OPERATORS[operator], compiler.compile(operand, layer)) for operator, operand in node.rest]
    operator = node.rest[0][0]
    if len(rest) == 1 and operator not in ("+", "**"):
        operation, second = rest[0]
        return lambda frame: operation(first(frame), second(frame))
    powers = POWER_STEPS * len(rest) if operator == "**" else 0

    def chain(frame: Frame) -> Any:
        frame.run.spend(powers)
        value = first(frame)
        for operation, operand in rest:
            value = operation(value, operand(frame))
            if type(value) is str:
                frame.run.sized(len(value))
        return value

    return chain


def _comparison(compiler: Compiler, node: syntax.Comparison, layer: Layer | None) -> Code:
    left = compiler.compile(node.left, layer)
    right = compiler.compile(node.right, layer)
    operation = OPERATORS[node.operator]
    if isinstance(node.right, syntax.Literal):
        if layer is None and isinstance(node.left, syntax.Name) and node.left.name not in compiler.built_in:
            return _compare_name(node.left.name, node.operator, operation, node.right.value)
        return _compare_literal(left, node.operator, operation, node.right.value)
    if node.operator == "=":
        return lambda frame: comparing.equals(left(frame), right(frame), frame.run)
    if node.operator == "!=":
        return lambda frame: comparing.not_equal(left(frame), right(frame), frame.run)
    return lambda frame: operation(left(frame), right(frame))


def _compare_name(name: str, operator: str, operation: Callable[[Any, Any], Any], literal: Any) -> Code:
    """``name = "text"`` and ``name > 5`` at the outermost level: one call less in the commonest condition."""
    alike = type(literal)
    if alike is str and operator == "=":

        def is_text(frame: Frame) -> Any:
            value = frame.names.get(name)
            return value == literal if type(value) is str else operation(value, literal)

        return is_text
    test = _INT_TESTS[operator](literal) if alike is int and operator in _INT_TESTS else None

    def compared(frame: Frame) -> Any:
        value = frame.names.get(name)
        return test(value) if test is not None and type(value) is int else operation(value, literal)

    return compared


def _compare_literal(left: Code, operator: str, operation: Callable[[Any, Any], Any], literal: Any) -> Code:
    """Comparison with a literal, the commonest condition there is, without the general dispatch."""
    alike = type(literal)
    if alike is str and operator == "=":

        def is_text(frame: Frame) -> Any:
            value = left(frame)
            return value == literal if type(value) is str else operation(value, literal)

        return is_text
    if alike is int and operator in _INT_TESTS:
        test = _INT_TESTS[operator](literal)

        def is_number(frame: Frame) -> Any:
            value = left(frame)
            return test(value) if type(value) is int else operation(value, literal)

        return is_number
    return lambda frame: operation(left(frame), literal)


_INT_TESTS: Mapping[str, Callable[[int], Callable[[int], bool]]] = {
    ">": lambda bound: bound.__lt__,
    ">=": lambda bound: bound.__le__,
    "<": lambda bound: bound.__gt__,
    "<=": lambda bound: bound.__ge__,
    "=": lambda bound: bound.__eq__,
}


def _between(compiler: Compiler, node: syntax.Between, layer: Layer | None) -> Code:
    value = compiler.compile(node.value, layer)
    low = compiler.compile(node.low, layer)
    high = compiler.compile(node.high, layer)

    def between(frame: Frame) -> bool | None:
        found = value(frame)
        if found is None:
            return None
        return both(
            comparing.greater_or_equal(found, low(frame)), comparing.less_or_equal(found, high(frame))
        )

    return between


def both(one: bool | None, two: bool | None) -> bool | None:
    """Three-valued ``and`` of two truth values."""
    if one is False or two is False:
        return False
    return True if one is True and two is True else None


def _instance_of(compiler: Compiler, node: syntax.InstanceOf, layer: Layer | None) -> Code:
    value = compiler.compile(node.value, layer)
    type_ = node.type
    if not type_.known:
        return lambda frame: None
    return lambda frame: matches(value(frame), type_, allowed=False, run=frame.run)


def _and(compiler: Compiler, node: syntax.And, layer: Layer | None) -> Code:
    items = [compiler.compile(item, layer) for item in node.items]
    if len(items) == 2:
        first, second = items

        def both_of(frame: Frame) -> bool | None:
            one = first(frame)
            if one is False:
                return False
            two = second(frame)
            if two is False:
                return False
            return True if one is True and two is True else None

        return both_of

    def conjunction(frame: Frame) -> bool | None:
        result: bool | None = True
        for item in items:
            value = item(frame)
            if value is False:
                return False
            if value is not True:
                result = None
        return result

    return conjunction


def _or(compiler: Compiler, node: syntax.Or, layer: Layer | None) -> Code:
    items = [compiler.compile(item, layer) for item in node.items]

    def disjunction(frame: Frame) -> bool | None:
        result: bool | None = False
        for item in items:
            value = item(frame)
            if value is True:
                return True
            if value is not False:
                result = None
        return result

    return disjunction


def _if(compiler: Compiler, node: syntax.If, layer: Layer | None) -> Code:
    condition = compiler.compile(node.condition, layer)
    yes = compiler.compile(node.yes, layer)
    no = compiler.compile(node.no, layer)
    return lambda frame: yes(frame) if condition(frame) is True else no(frame)


def _list(compiler: Compiler, node: syntax.ListLiteral, layer: Layer | None) -> Code:
    items = [compiler.compile(item, layer) for item in node.items]
    return lambda frame: [item(frame) for item in items]


def _context(compiler: Compiler, node: syntax.ContextLiteral, layer: Layer | None) -> Code:
    inner = Layer(layer)
    entries: list[tuple[str, Code]] = []
    functions = {key for key, value in node.entries if isinstance(value, syntax.FunctionDefinition)}
    seen: set[str] = set()
    for key, value in node.entries:
        # a function may call itself and the functions after it, a value only what stands before
        inner.names = seen | functions if key in functions else set(seen)
        entries.append((key, compiler.compile(value, inner)))
        seen.add(key)

    def context(frame: Frame) -> dict[str, Any]:
        made: dict[str, Any] = {}
        local = Frame(made, frame, frame.run)
        for key, value in entries:
            made[key] = value(local)
        return made

    return context


def _interval(compiler: Compiler, node: syntax.Interval, layer: Layer | None) -> Code:
    start = compiler.compile(node.start, layer)
    end = compiler.compile(node.end, layer)
    start_included, end_included = node.start_included, node.end_included
    return lambda frame: make_range(start(frame), end(frame), start_included, end_included)


def make_range(start: Any, end: Any, start_included: bool, end_included: bool) -> Range | None:
    """An interval of two ends of one ordered kind, the first not after the second; else null."""
    order = comparing.compare(start, end)
    return None if order is None or order > 0 else Range(start, end, start_included, end_included)


def _unary_range(compiler: Compiler, node: syntax.UnaryRange, layer: Layer | None) -> Code:
    operand = compiler.compile(node.operand, layer)
    operator = node.operator
    return lambda frame: unary_range(operator, operand(frame))


def _refuse(compiler: Compiler, node: syntax.Node, layer: Layer | None) -> Code:
    raise FeelError(f"{type(node).__name__} cannot be compiled here")


_COMPILERS: dict[type, Callable[[Any, Any, Layer | None], Code]] = {
    syntax.Literal: _literal,
    syntax.AtLiteral: _literal,
    syntax.Name: _name,
    syntax.Path: _path,
    syntax.Filter: compile_filter,
    syntax.Call: compile_call,
    syntax.Negation: _negation,
    syntax.Arithmetic: _arithmetic,
    syntax.Comparison: _comparison,
    syntax.Between: _between,
    syntax.In: compile_in,
    syntax.InstanceOf: _instance_of,
    syntax.And: _and,
    syntax.Or: _or,
    syntax.If: _if,
    syntax.For: compile_for,
    syntax.Quantified: compile_quantified,
    syntax.FunctionDefinition: compile_function,
    syntax.ListLiteral: _list,
    syntax.ContextLiteral: _context,
    syntax.Interval: _interval,
    syntax.UnaryRange: _unary_range,
    syntax.Tests: _refuse,
}
