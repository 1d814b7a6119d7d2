"""Overlaps, gaps and rules that cannot be reached, by cutting every column of a table into segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.dmn import model
from engine.dmn.segments import Segment, constants, segments
from engine.feel import FeelError, UnaryTests

MOST_RULES = 500
MOST_CELLS = 500_000
"""Cells times segments of their column: what is more would take seconds to cut."""

MOST_STEPS = 20_000
MOST_FOUND = 5
Box = tuple[int, ...]


class TooLarge(Exception):
    """The table has too many rules, or too many values, to be cut into segments."""


@dataclass(frozen=True, slots=True)
class Space:
    """The segments of each column, and each rule as one set of segments a column, written as bits."""

    columns: tuple[tuple[Segment, ...], ...]
    boxes: tuple[Box | None, ...]  # None: a cell of the rule is more than constants

    def words(self, place: Sequence[int]) -> str:
        """A place in the space, in words."""
        return ", ".join(column[index].label for column, index in zip(self.columns, place, strict=True))


def space(
    table: model.Table, cells: Sequence[Sequence[UnaryTests | None]], listed: list[list[object]]
) -> Space | None:
    """The space of a table; None when a column has no order or mixes kinds of values. Raises TooLarge."""
    if len(cells) > MOST_RULES:
        raise TooLarge
    columns: list[tuple[Segment, ...]] = []
    for index in range(len(table.inputs)):
        found: list[object] = []
        for row in cells:
            cell = row[index]
            found.extend(constants(cell) or [] if cell is not None else [])
        cut = segments(found, listed[index])
        if cut is None:
            return None
        columns.append(tuple(cut))
    if len(cells) * sum(map(len, columns)) > MOST_CELLS:
        raise TooLarge
    return Space(tuple(columns), tuple(_box(row, columns) for row in cells))


def _box(row: Sequence[UnaryTests | None], columns: list[tuple[Segment, ...]]) -> Box | None:
    masks: list[int] = []
    for cell, column in zip(row, columns, strict=True):
        everything = (1 << len(column)) - 1
        if cell is None:
            masks.append(everything)
            continue
        if constants(cell) is None:
            return None
        masks.append(_mask(cell, column))
    return tuple(masks)


def _mask(cell: UnaryTests, column: tuple[Segment, ...]) -> int:
    mask = 0
    for index, segment in enumerate(column):
        try:
            mask |= (cell.evaluate(segment.sample, {}) is True) << index
        except FeelError:
            continue
    return mask


def overlap(one: Box, two: Box) -> list[int] | None:
    """A place both boxes hold, as an index a column; None when there is none."""
    place: list[int] = []
    for a, b in zip(one, two, strict=True):
        shared = a & b
        if not shared:
            return None
        place.append((shared & -shared).bit_length() - 1)
    return place


def is_empty(box: Box) -> bool:
    """Whether no value can lie in a box."""
    return any(mask == 0 for mask in box)


def uncovered(whole: Box, boxes: Sequence[Box]) -> list[list[int]]:
    """Places of the whole that none of the boxes holds, a few of them at most."""
    search = _Search(whole)
    search.look(0, tuple(boxes), [])
    return search.found


class _Search:
    def __init__(self, whole: Box) -> None:
        self.whole = whole
        self.left = MOST_STEPS
        self.found: list[list[int]] = []
        self.covered: set[tuple[int, tuple[Box, ...]]] = set()

    def look(self, column: int, boxes: tuple[Box, ...], place: list[int]) -> None:
        """Follow every segment of a column with the boxes that hold it."""
        if len(self.found) >= MOST_FOUND or self.left <= 0:
            return
        if not boxes:
            rest = [(mask & -mask).bit_length() - 1 for mask in self.whole[column:]]
            self.found.append([*place, *rest])
            return
        if column == len(self.whole) or (column, boxes) in self.covered:
            return
        before = len(self.found)
        seen: set[tuple[Box, ...]] = set()
        for index in range(self.whole[column].bit_length()):
            bit = 1 << index
            if not self.whole[column] & bit:
                continue
            self.left -= 1
            holding = tuple(box for box in boxes if box[column] & bit)
            if holding not in seen:
                seen.add(holding)
                self.look(column + 1, holding, [*place, index])
        if len(self.found) == before:
            self.covered.add((column, boxes))
