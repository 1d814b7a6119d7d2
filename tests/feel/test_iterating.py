"""Filters by place and by condition (DMN 1.5 §10.3.2.14)."""

import pytest

from engine.feel import compile_expression


def evaluate(text, **scope):
    """The value of an expression."""
    return compile_expression(text).evaluate(scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2, 3][2]", 2),
        ("[1, 2, 3][-1]", 3),
        ("[1, 2, 3][0]", None),
        ("[1, 2, 3][4]", None),
        ("[1, 2, 3][1.5]", 1),  # what stands after the point is cut off
        ("[1, 2, 3][1e30]", None),
        ("[1, 2, 3][i]", 2),
        ("[1, 2, 3][count([1, 1])]", 2),
        ("[1, 2, 3][item]", []),  # a number of each item is no condition
        ("[{n: 2}, {n: 1}][n]", []),
        ("{n: 1}[n]", []),
        ("[1, 2, 3][null]", []),
        ('[1, 2, 3]["a"]', []),
        ("[][i]", None),
        ("[][item > 1]", []),
        ("null[1]", None),
        ("null[true]", None),
        ("5[1]", 5),
        ("5[item > 9]", []),
        ("[1, null, 3][item > 1]", [3]),
        ("[1, null][item = null]", [None]),
    ],
)
def test_a_filter_takes_a_place_or_keeps_what_is_true(text, expected):
    assert evaluate(text, i=2) == expected
