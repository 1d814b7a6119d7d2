"""What an expression reads in vain, and the shape of what it gives."""

from typing import Any

import pytest

from engine.checks.inference import infer
from engine.checks.shapes import ANY, NOTHING, Shape, nested, of_keys, of_names
from engine.feel import compile_expression, syntax

SCOPE = {
    "complaint": of_names(
        {"amount": None, "plan": {"amount": None}, "requests": {"id": None, "state": None}}
    ),
    "any": ANY,
    "nothing": NOTHING,
}


def misses(text: str) -> list[str]:
    """The names and paths read in vain."""
    found = infer(compile_expression(text, ("add working days",)).tree, SCOPE.get)[1]
    return [miss.path or miss.name for miss in found]


def shape(text: str) -> Shape:
    """The shape of the result."""
    return infer(compile_expression(text).tree, SCOPE.get)[0]


@pytest.mark.parametrize(
    "text",
    [
        "complaint.amount > 1 and complaint.plan.amount < 3",
        "any.thing.at.all",
        # lists have the members of their items, filters and indices keep them
        "complaint.requests.state",
        'complaint.requests[state = "open"][1].id',
        "complaint.requests[item.id = 3]",
        # names an expression binds itself
        "for r in complaint.requests return r.id",
        "some r in complaint.requests satisfies r.state = any",
        "every i in 1..3 satisfies i > 0",
        "{a: 1, b: a + 1}.b",
        "{f: function(x) if x = 0 then 0 else f(x - 1)}.f(3)",
        "(function(a, b) a + b)(1, 2)",
        "for i in 1..3, j in [i] return i + j + count(partial)",
        # built-in functions, those of the bank, and members of dates
        "add working days(today(), 3)",
        'date("2026-01-01").year',
        "if any = null then 0 else any",
        "5 in (> 3, [1..9])",
        "complaint.amount instance of number",
        "sort([1, 2], before)",
    ],
)
def test_what_can_be_seen_is_no_miss(text: str) -> None:
    assert misses(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amount > 1", ["amount"]),
        ("complaint.amuont", ["complaint.amuont"]),
        ("complaint.plan.sum + complaint.plan.sum", ["complaint.plan.sum"]),
        ("complaint.requests[stat = 1]", ["stat"]),
        ("complaint.requests[1].stat", ["complaint.requests[…].stat"]),
        ("for r in complaint.requests return r.stat", ["r.stat"]),
        ("r.id + (for r in complaint.requests return r.id)[1]", ["r"]),
        ("{a: b}", ["b"]),
        ("{a: 1}.b", ["(…).b"]),
        ("nothing.at_all", ["nothing.at_all"]),
        ("count(list)", ["list"]),
        ("(function(a) a + b)(1)", ["b"]),
        ("[1, x, y][1] + x", ["x", "y"]),
        ("if p then q else r", ["p", "q", "r"]),
        # a function of this name is no variable
        ("date > 1", ["date"]),
    ],
)
def test_what_cannot_be_seen_is_told_once(text: str, expected: list[str]) -> None:
    assert misses(text) == expected


def test_inside_a_filter_over_anything_a_name_may_be_an_entry() -> None:
    assert misses("any[colour = 1]") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", ANY),
        ("null", NOTHING),
        ("complaint.plan", SCOPE["complaint"].members["plan"]),
        ("{a: 1, b: {c: 2}}", of_names({"a": None, "b": {"c": None}})),
        ("if any then {a: 1} else {b: 2}", of_names({"a": None, "b": None})),
        ("[{a: 1}, null]", of_names({"a": None})),
        ("distinct values(flatten(complaint.requests))", SCOPE["complaint"].members["requests"]),
        ("for x in [1] return {a: x}", of_names({"a": None})),
    ],
)
def test_the_shape_of_a_result(text: str, expected: Shape) -> None:
    assert shape(text) == expected


def test_a_very_deep_tree_is_left_alone() -> None:
    tree: Any = compile_expression("a").tree

    for _ in range(5_000):
        tree = syntax.Negation(0, tree)

    assert infer(tree, lambda name: None) == (ANY, [])


def test_answers_under_dotted_keys_become_contexts() -> None:
    expected = {"a": ANY, "b": of_names({"c": None, "d": {"e": None}})}

    assert of_keys(["a", "b.c", "b.d.e"]) == expected


def test_shapes_that_nest_in_themselves_become_anything() -> None:
    grown = ANY
    for _ in range(20):
        grown = nested(["x"], grown) | NOTHING
    other = nested(["x"] * 20, NOTHING)

    joined = grown | other
    for _ in range(6):
        joined = joined.members["x"]
    assert joined == ANY
