"""``for``, ``some``, ``every`` and filters, each step counted against the budget (DMN 1.5 §10.3.2.14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from engine.feel import arithmetic, comparing, moments, syntax
from engine.feel.layers import Layer
from engine.feel.numbers import whole
from engine.feel.runtime import Code, Frame, Run
from engine.feel.values import CONTEXT, DATE, LIST, NUMBER, RANGE, Range, kind, plain

if TYPE_CHECKING:
    from engine.feel.compiler import Compiler

_NOTHING: dict[str, Any] = {}
_BOOLEAN_NODES = (
    syntax.Comparison,
    syntax.And,
    syntax.Or,
    syntax.Between,
    syntax.In,
    syntax.InstanceOf,
    syntax.Quantified,
)
Visit = Callable[[Frame], bool]
LARGEST_INDEX = 10**9
VISIT = 3  # what a round costs besides its body


def compile_for(compiler: Compiler, node: syntax.For, layer: Layer | None) -> Code:
    """``for … return``: the list of results, visible while it grows as ``partial``."""
    walk, inner = _compile_iterations(compiler, node.iterations, Layer(layer, ("partial",)))
    body = compiler.compile(node.body, inner)
    cost = syntax.size(node.body) + VISIT
    asks_partial = any(syntax.mentions(part, "partial") for part in (node.body, *_later_domains(node)))

    def loop(frame: Frame) -> list[Any] | None:
        results: list[Any] = []
        names: dict[str, Any] = {"partial": []}
        run = frame.run

        def visit(inner_frame: Frame) -> bool:
            run.spend(cost)
            results.append(body(inner_frame))
            if asks_partial:
                run.spend(len(results) // 16)
                names["partial"] = list(results)
            return True

        return None if walk(Frame(names, frame, run), visit) is None else results

    return loop


def _later_domains(node: syntax.For) -> list[syntax.Node]:
    return [iteration.domain for iteration in node.iterations[1:]]


def compile_quantified(compiler: Compiler, node: syntax.Quantified, layer: Layer | None) -> Code:
    """``some`` and ``every``, three-valued."""
    walk, inner = _compile_iterations(compiler, node.iterations, Layer(layer))
    condition = compiler.compile(node.condition, inner)
    cost = syntax.size(node.condition) + VISIT
    decisive = not node.every

    def quantified(frame: Frame) -> bool | None:
        seen: list[bool | None] = []
        run = frame.run

        def visit(inner_frame: Frame) -> bool:
            run.spend(cost)
            value = condition(inner_frame)
            if value is not (not decisive):
                seen.append(value if value is decisive else None)
            return value is not decisive

        if walk(Frame(_NOTHING, frame, run), visit) is None:
            return None
        if decisive in seen:
            return decisive
        return None if seen else not decisive

    return quantified


Walk = Callable[[Frame, Visit], bool | None]


def _compile_iterations(
    compiler: Compiler, iterations: tuple[syntax.Iteration, ...], layer: Layer
) -> tuple[Walk, Layer]:
    """Code that visits every combination, and the layer its body sees; null domains make it None."""
    first = iterations[0]
    domain = _compile_domain(compiler, first, layer)
    inner = Layer(layer, (first.name,))
    name = first.name
    if len(iterations) == 1:

        def walk(frame: Frame, visit: Visit) -> bool | None:
            items = domain(frame)
            if items is None:
                return None
            return all(visit(Frame({name: plain(item)}, frame, frame.run)) for item in items)

        return walk, inner
    rest, innermost = _compile_iterations(compiler, iterations[1:], inner)

    def nested(frame: Frame, visit: Visit) -> bool | None:
        items = domain(frame)
        if items is None:
            return None
        for item in items:
            frame.run.spend(1)
            going = rest(Frame({name: plain(item)}, frame, frame.run), visit)
            if not going:
                return going
        return True

    return nested, innermost


def _compile_domain(
    compiler: Compiler, node: syntax.Iteration, layer: Layer
) -> Callable[[Frame], Iterable[Any] | None]:
    start = compiler.compile(node.domain, layer)
    if node.end is None:
        return lambda frame: as_domain(start(frame))
    end = compiler.compile(node.end, layer)
    return lambda frame: stepping(start(frame), end(frame))


def as_domain(value: Any) -> Iterable[Any] | None:
    """What can be iterated: a list, a closed range, or one value as a list of itself; null cannot."""
    name = kind(value)
    if name is LIST:
        return value  # type: ignore[no-any-return]
    if name is RANGE:
        return _range_items(value)
    return None if value is None else [value]


def _range_items(value: Range) -> Iterable[Any] | None:
    if value.operator:
        return None
    items = stepping(value.start, value.end)
    if items is None:
        return None
    return (item for item in items if comparing.inside(item, value))


def stepping(start: Any, end: Any) -> Iterable[Any] | None:
    """From start to end by one, up or down: whole numbers, or days of dates (1.4, §10.3.2.14)."""
    first, last = whole(start), whole(end)
    if first is not None and last is not None:
        return range(first, last + 1) if first <= last else range(first, last - 1, -1)
    if kind(start) is NUMBER and kind(end) is NUMBER:
        return _numbers(start, end)
    if kind(start) is DATE and kind(end) is DATE:
        return _days(start, end)
    return None


def _numbers(start: Any, end: Any) -> Iterator[Any]:
    step = 1 if comparing.compare(start, end) in (-1, 0) else -1
    value = start
    while comparing.compare(value, end) != step:
        yield value
        value = arithmetic.add(value, step)


def _days(start: Any, end: Any) -> Iterator[Any]:
    first = moments.day_number(start.year, start.month, start.day)
    last = moments.day_number(end.year, end.month, end.day)
    step = 1 if first <= last else -1
    return (moments.date_of(day) for day in range(first, last + step, step))


def compile_filter(compiler: Compiler, node: syntax.Filter, layer: Layer | None) -> Code:
    """``list[condition]`` keeps items; ``list[number]`` takes one, from the end when negative."""
    source = compiler.compile(node.source, layer)
    index = _constant_index(node.condition)
    if index is not None:
        return lambda frame: pick(as_list(source(frame)), index)
    item_layer = Layer(Layer(layer, ("item",)), dynamic=True)
    condition = compiler.compile(node.condition, item_layer)
    cost = syntax.size(node.condition) + VISIT
    boolean = isinstance(node.condition, _BOOLEAN_NODES)

    def filtered(frame: Frame) -> Any:
        items = as_list(source(frame))
        if items is None:
            return None
        return _keep(items, condition, frame, cost, boolean)

    return filtered


def _keep(items: Any, condition: Code, frame: Frame, cost: int, boolean: bool) -> Any:
    run = frame.run
    kept: list[Any] = []
    for item in items:
        run.spend(cost)
        value = condition(_item_frame(item, frame, run))
        if value is True:
            kept.append(plain(item))
        elif not boolean and kind(value) is NUMBER:
            break
    else:
        if boolean or items:
            return kept
    return _picked(items, condition(_item_frame(None, frame, run)))


def _picked(items: Any, index: Any) -> Any:
    """The item at a number that does not depend on the items; other filters that are no tests keep none."""
    if kind(index) is not NUMBER:
        return []
    return pick(items, int(min(max(index, -LARGEST_INDEX), LARGEST_INDEX)))


def _item_frame(item: Any, frame: Frame, run: Run) -> Frame:
    around = Frame({"item": plain(item)}, frame, run)
    return Frame(item if kind(item) is CONTEXT else _NOTHING, around, run)


def _constant_index(node: syntax.Node) -> int | None:
    negative = isinstance(node, syntax.Negation)
    inner = node.operand if isinstance(node, syntax.Negation) else node
    if not isinstance(inner, syntax.Literal):
        return None
    number = whole(inner.value)
    return None if number is None else (arithmetic.negate(number) if negative else number)


def as_list(value: Any) -> Any:
    """A list as it is, another value as a list of itself; null stays null."""
    return value if value is None or kind(value) is LIST else [value]


def pick(items: Any, index: int) -> Any:
    """The item at a place counted from 1, or from the end when negative; null when there is none."""
    if items is None or index == 0 or abs(index) > len(items):
        return None
    return plain(items[index - 1 if index > 0 else index])
