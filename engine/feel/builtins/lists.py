"""List functions (DMN 1.5 §10.3.4.4) and ``sort`` (§10.3.4.7)."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key, reduce
from typing import Any

from engine.feel import arithmetic, comparing
from engine.feel.builtins.registry import (
    as_items,
    as_place,
    built_in,
    built_in_over_lists,
    built_in_variadic,
    single,
)
from engine.feel.calling import invoke
from engine.feel.numbers import DECIMAL128, Number, as_decimal, number_or_none, settle
from engine.feel.runtime import Run
from engine.feel.values import BOOLEAN, FUNCTION, LIST, kind, plain


@built_in("list contains", "list", "element")
def list_contains(run: Run, items: Any, element: Any) -> bool | None:
    """Whether an item equals the element, which may be null."""
    found = as_items(items)
    if found is None:
        return None
    run.spend(len(found))
    return any(comparing.equal(item, element, run) for item in found)


@built_in("count", "list")
def count(run: Run, items: Any) -> int | None:
    """How many items."""
    found = as_items(items)
    return None if found is None else len(found)


@built_in_over_lists("min")
def minimum(run: Run, items: list[Any]) -> Any:
    """The least item; null of an empty list or of items without order."""
    return _extreme(items, -1)


@built_in_over_lists("max")
def maximum(run: Run, items: list[Any]) -> Any:
    """The greatest item; null of an empty list or of items without order."""
    return _extreme(items, 1)


def _extreme(items: list[Any], sign: int) -> Any:
    if not items:
        return None
    best = plain(items[0])
    if comparing.compare(best, best) is None:
        return None
    for item in items[1:]:
        order = comparing.compare(item, best)
        if order is None:
            return None
        if order * sign > 0:
            best = plain(item)
    return best


def _numbers(items: list[Any]) -> list[Number] | None:
    found = [number_or_none(item) for item in items]
    return None if not found or None in found else [number for number in found if number is not None]


@built_in_over_lists("sum")
def total(run: Run, items: list[Any]) -> Any:
    """The sum of numbers; null of an empty list."""
    found = _numbers(items)
    return None if found is None else reduce(arithmetic.add, found)


@built_in_over_lists("product")
def product(run: Run, items: list[Any]) -> Any:
    """The product of numbers; null of an empty list."""
    found = _numbers(items)
    return None if found is None else reduce(arithmetic.multiply, found)


@built_in_over_lists("mean")
def mean(run: Run, items: list[Any]) -> Any:
    """The average of numbers."""
    found = _numbers(items)
    return None if found is None else arithmetic.divide(reduce(arithmetic.add, found), len(found))


@built_in_over_lists("median")
def median(run: Run, items: list[Any]) -> Any:
    """The middle number, or the average of the two in the middle."""
    found = _numbers(items)
    if found is None:
        return None
    found.sort()
    middle = len(found) // 2
    if len(found) % 2:
        return found[middle]
    return arithmetic.divide(arithmetic.add(found[middle - 1], found[middle]), 2)


@built_in_over_lists("stddev")
def stddev(run: Run, items: list[Any]) -> Any:
    """The sample standard deviation; null of fewer than two numbers."""
    found = _numbers(items)
    if found is None or len(found) < 2:
        return None
    run.spend(len(found))
    numbers = [as_decimal(number) for number in found]
    average = DECIMAL128.divide(reduce(DECIMAL128.add, numbers), Decimal(len(numbers)))
    squares = [DECIMAL128.power(DECIMAL128.subtract(number, average), 2) for number in numbers]
    return settle(
        DECIMAL128.sqrt(DECIMAL128.divide(reduce(DECIMAL128.add, squares), Decimal(len(numbers) - 1)))
    )


@built_in_over_lists("mode")
def mode(run: Run, items: list[Any]) -> Any:
    """The most frequent numbers in ascending order; empty of an empty list."""
    if not items:
        return []
    found = _numbers(items)
    if found is None:
        return None
    counts: dict[Number, int] = {}
    for number in found:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return sorted(number for number, times in counts.items() if times == most)


@built_in_over_lists("all")
def all_of(run: Run, items: list[Any]) -> bool | None:
    """Three-valued ``and`` of a list; true of an empty one."""
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@built_in_over_lists("any")
def any_of(run: Run, items: list[Any]) -> bool | None:
    """Three-valued ``or`` of a list; false of an empty one."""
    if any(item is True for item in items):
        return True
    return False if all(kind(item) is BOOLEAN for item in items) else None


@built_in("sublist", "list", "start position", "length", optional=1)
def sublist(run: Run, items: Any, start: Any, *length: Any) -> list[Any] | None:
    """A part of a list, from a position counted from 1, or from the end when negative."""
    found, first = as_items(items), as_place(start)
    if found is None or first is None or first == 0 or abs(first) > len(found):
        return None
    offset = first - 1 if first > 0 else len(found) + first
    if not length or length[0] is None:
        return list(found[offset:])
    size = as_place(length[0])
    if size is None or size < 1 or offset + size > len(found):
        return None
    return list(found[offset : offset + size])


@built_in_variadic("append", "list", "item")
def append(run: Run, items: Any, *more: Any) -> list[Any] | None:
    """The list with items after it."""
    found = as_items(items)
    return None if found is None else _made(run, [*found, *more])


@built_in_variadic("concatenate", "list")
def concatenate(run: Run, *lists: Any) -> list[Any] | None:
    """The items of all lists, one list after another."""
    made: list[Any] = []
    for items in lists:
        if items is None:
            return None
        made.extend(as_items(items) or [])
        run.sized(len(made))
    return made if lists else None


@built_in_variadic("union", "list")
def union(run: Run, *lists: Any) -> list[Any] | None:
    """The items of all lists without repetition; what is no list, null too, is an item."""
    joined = concatenate(run, *([None] if items is None else items for items in lists))
    return None if joined is None else _distinct(run, joined)


@built_in("distinct values", "list")
def distinct_values(run: Run, items: Any) -> list[Any] | None:
    """The items without repetition, in their order."""
    found = as_items(items)
    return None if found is None else _distinct(run, found)


def _distinct(run: Run, items: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for item in items:
        run.spend(len(kept) // 4 + 1)
        if not any(comparing.equal(item, other, run) for other in kept):
            kept.append(item)
    return kept


def _made(run: Run, items: list[Any]) -> list[Any]:
    run.sized(len(items))
    run.spend(len(items) // 8)
    return items


def _place(position: Any, size: int) -> int | None:
    number = as_place(position)
    if number is None or number == 0 or abs(number) > size:
        return None
    return number - 1 if number > 0 else size + number


@built_in("insert before", "list", "position", "newItem")
def insert_before(run: Run, items: Any, position: Any, new: Any) -> list[Any] | None:
    """The list with one more item before a position."""
    found = as_items(items)
    if found is None:
        return None
    place = _place(position, len(found))
    return None if place is None else _made(run, [*found[:place], new, *found[place:]])


@built_in("remove", "list", "position")
def remove(run: Run, items: Any, position: Any) -> list[Any] | None:
    """The list without the item at a position."""
    found = as_items(items)
    if found is None:
        return None
    place = _place(position, len(found))
    return None if place is None else _made(run, [*found[:place], *found[place + 1 :]])


@built_in("reverse", "list")
def reverse(run: Run, items: Any) -> list[Any] | None:
    """The items from last to first."""
    found = as_items(items)
    return None if found is None else _made(run, list(found)[::-1])


@built_in("index of", "list", "match")
def index_of(run: Run, items: Any, match: Any) -> list[int] | None:
    """The positions of all items equal to the match."""
    found = as_items(items)
    if found is None:
        return None
    run.spend(len(found))
    return [place for place, item in enumerate(found, 1) if comparing.equal(item, match, run)]


@built_in("flatten", "list")
def flatten(run: Run, items: Any) -> list[Any] | None:
    """The items of the list and of all lists in it."""
    found = as_items(items)
    if found is None:
        return None
    made: list[Any] = []
    pending: list[Any] = [iter(found)]
    while pending:
        for item in pending[-1]:
            run.spend(1)
            if kind(item) is LIST:
                pending.append(iter(item))
                break
            made.append(item)
        else:
            pending.pop()
    return made


@built_in(
    "list replace",
    "list",
    "position",
    "newItem",
    alternatives=(("list", "match", "newItem"),),
    named={
        "match": lambda value: kind(single(value)) is FUNCTION,
        "position": lambda value: kind(single(value)) is not FUNCTION,
    },
)
def list_replace(run: Run, items: Any, where: Any, new: Any) -> list[Any] | None:
    """The list with the item at a position, or all a function matches, replaced."""
    found = as_items(items)
    if found is None:
        return None
    match = single(where)
    if kind(match) is FUNCTION:
        if not match.takes(2):
            return None
        hits = [invoke(match, run, (item, new)) for item in found]
        if any(kind(hit) is not BOOLEAN for hit in hits):
            return None
        return _made(run, [new if hit else item for item, hit in zip(found, hits, strict=True)])
    place = _place(where, len(found))
    return None if place is None else _made(run, [*found[:place], new, *found[place + 1 :]])


@built_in("sort", "list", "precedes", optional=1)
def sort(run: Run, items: Any, *precedes: Any) -> list[Any] | None:
    """The items in an order given by a function that says whether one precedes another."""
    found = as_items(items)
    if found is None:
        return None
    order: Any = single(precedes[0]) if precedes else None

    def by(one: Any, two: Any) -> int:
        run.spend(1)
        if kind(order) is FUNCTION:
            return (
                -1 if invoke(order, run, (one, two)) is True else 1 if invoke(order, run, (two, one)) else 0
            )
        return comparing.compare(one, two) or 0

    if precedes and not (kind(order) is FUNCTION and order.takes(2)):
        return None
    return sorted(found, key=cmp_to_key(by))
