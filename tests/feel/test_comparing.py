"""Equality, order and membership where kinds differ or one side is missing (DMN 1.5 §10.3.2.13)."""

import pytest

from engine.feel import compile_expression, compile_unary_tests


def evaluate(text):
    """The value of an expression."""
    return compile_expression(text).evaluate({})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[2] = 2", True),  # a list of one beside another value is its item (§10.3.2.9.4)
        ("2 = [3]", False),
        ("2 != [2]", False),
        ("[null] = 1", None),  # no item to compare with
        ("[] = 0", None),
        ("[1, 2] = 1", None),
        ("[[1]] = [1]", False),  # items are compared as they are
        ("{a: [1]} = {a: 1}", False),
        ("list contains([[1]], 1)", False),
        ("distinct values([1, [1]])", [1, [1]]),
        ("1 in [[1]]", True),
        ("[1, 2] in [1, 2]", True),  # the value equals the list itself
        ("[1, 2] in [[1, 2]]", True),
        ("[{a: 1}].a = 1", True),
    ],
)
def test_a_list_of_one_equals_its_item(text, expected):
    assert evaluate(text) is expected if expected is None else evaluate(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null <= null", True),  # less or equal: equal is enough
        ("null >= null", True),
        ("null < null", None),
        ("null <= 1", None),
        ("[1, 2] <= [1, 2]", True),
        ("[1, 2] <= [1, 3]", None),
        ("{} >= {}", True),
        ("2 <= [2]", True),
        ("true < false", None),  # booleans have no order
    ],
)
def test_less_or_equal_holds_for_equal_values_without_an_order(text, expected):
    assert evaluate(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null between null and null", None),
        ("null between 1 and 3", None),
        ("1 between null and 3", None),
        ("4 between null and 3", False),  # not below the upper end, whatever the lower one is
        ("2 between [2] and 2", True),
        ("1 between 1 and 1", True),
    ],
)
def test_between_is_two_comparisons_of_a_value_that_is_there(text, expected):
    assert evaluate(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('time("10:00:00Z") = time("10:00:00+00:00")', True),
        ('time("10:00:00Z") = time("11:00:00+01:00")', False),  # the properties differ
        ('time("10:00:00Z") >= time("11:00:00+01:00")', True),  # their place in the day does not
        ('time("10:00:00Z") = time("10:00:00")', False),
        ('time("10:00:00.1") = time("10:00:00")', True),
        ('time("10:00:00@Etc/UTC") = time("10:00:00Z")', True),
        ('@"2020-01-01T10:00:00Z" = @"2020-01-01T11:00:00+01:00"', True),
    ],
)
def test_times_are_equal_by_their_properties_and_moments_by_their_instant(text, expected):
    assert evaluate(text) is expected


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("? > 0", None, None),  # nothing to say of a missing value
        ("? > 0", 1, True),
        ("? = null", None, True),
        ("not(? = null)", None, False),
        ("? + 1", 1, False),
        ("null", None, True),
        ("1, 2", [1], True),  # a list of one is its item
        ("[1, 2]", [1, 2], True),
        ("[null..5]", 3, None),
    ],
)
def test_a_cell_that_asks_of_a_missing_value_does_not_pass(cell, value, expected):
    assert compile_unary_tests(cell).evaluate(value, {}) is expected


@pytest.mark.parametrize(
    "text",
    ["[1..null]", "[null..1]", "(null..null)", "[3..1]", '[1.."a"]', "(> [1])", "(<= {a: 1})", "(< null)"],
)
def test_a_range_whose_ends_are_missing_or_have_no_order_is_null(text):
    assert evaluate(text) is None
