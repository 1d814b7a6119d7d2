"""Items that run at the same time and use one variable of the process are told; those with their own are not."""

import pytest

from tests.builders.checking import asked, line, only
from tests.builders.diagrams import each, end, flows, mapping, script, start, subprocess

WRITE = script("w", "=i > 3", "bad")
INSIDE = start("s") + WRITE + script("r", "=bad = true", "worse") + end("e") + flows("s", "w", "r", "e")
ITEMS = each("=[1, 2]", inputElement="i")


def told(inside: str, loop: str, *parts: str) -> list[str]:
    """The elements that are told."""
    return [p.element for p in only(asked(line(subprocess("sub", inside, *parts, loop=loop))), "shared")]


@pytest.mark.parametrize(
    "loop",
    [ITEMS, each("=[1, 2]", inputElement="i", outputCollection="o", outputElement="={i: i, bad: bad}")],
)
def test_what_all_items_write_and_read_is_told(loop: str) -> None:
    assert told(INSIDE, loop) == ["sub"]


def test_at_the_end_of_an_item_it_is_read_too() -> None:
    only_written = start("s") + WRITE + end("e") + flows("s", "w", "e")
    collected = each("=[1, 2]", inputElement="i", outputCollection="o", outputElement="={bad: bad}")

    assert told(only_written, collected) == ["sub"]
    assert told(only_written, ITEMS) == []


@pytest.mark.parametrize(
    ("loop", "parts"),
    [
        (ITEMS, (mapping([("=null", "bad")]),)),
        (each("=[1, 2]", inputElement="i", sequential=True), ()),
        (each("=[1, 2]", inputElement="i", outputCollection="o", outputElement="=bad"), ()),
        ("", ()),
    ],
)
def test_what_is_each_ones_own_or_comes_one_after_the_other_is_not(loop: str, parts: tuple[str, ...]) -> None:
    assert told(INSIDE.replace("=i > 3", "=true"), loop, *parts) == []
