"""Calling functions by position and by name, with arguments that fit or do not (DMN 1.5 §10.3.2.9.4, §10.3.2.13.5)."""

import pytest

from engine.feel import compile_expression


def evaluate(text):
    """The value of an expression."""
    return compile_expression(text).evaluate({})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{f: function(a, b) [a, b], r: f(b: 1)}.r", [None, 1]),
        ("{f: function(a, b) [a, b], r: f(a: 1)}.r", [1, None]),
        ("{f: function(a, b) [a, b], r: f(1)}.r", None),  # by position the number must be right
        ("{f: function(a) [a], r: f(b: 1)}.r", None),  # an unknown name
        ("index of(list: [1, null])", [2]),
        ("list contains(list: [1])", False),
        ('context put(context: {a: 1}, key: "b")', {"a": 1, "b": None}),
        ('is(value1: @"2021-01-01")', False),
        ("is(value2: null)", True),
        ("is(1)", None),
        ("is()", None),
    ],
)
def test_an_argument_missing_by_name_is_null(text, expected):
    assert evaluate(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('(function(a: number) [a])("x")', [None]),
        ("(function(a: number) [a])([1])", [1]),  # from a list of one
        ("(function(a: list<number>) a)(1)", [1]),  # to a list of one
        ("(function(a: list<number>) [a])([1, null])", [[1, None]]),
        ('(function(a: context<x: number>) [a])({x: "s"})', [None]),
        ("(function(a: number): string a)(1)", None),
        ("(function(a): number a)([1])", 1),
    ],
)
def test_an_argument_of_the_wrong_type_is_given_as_null(text, expected):
    assert evaluate(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("before(point1: 1, point2: 2)", True),
        ("before(point: 1, range: [2..3])", True),
        ("before(point1: 1, point2: [2..3])", None),  # a range is no point
        ("before(range1: 1, range2: [2..3])", None),
        ("before(point: 1, range: 2)", None),
        ("during(point: [1..2], range: [1..3])", None),
        ("includes(range: [1..3], point: 2)", True),
    ],
)
def test_named_points_and_ranges_are_what_their_names_say(text, expected):
    assert evaluate(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(function(x: number) x) instance of function<number>->number", True),  # no result declared
        ("(function(x: number): string x) instance of function<number>->number", False),
        ("(function(x: string) x) instance of function<number>->Any", False),
        ("(function(x) x) instance of function<number>->Any", True),
        ("(function(x, y) x) instance of function<number>->Any", False),
        ("abs instance of function<number>->number", True),
    ],
)
def test_a_function_is_an_instance_by_its_parameters_and_its_declared_result(text, expected):
    assert evaluate(text) is expected


def test_functions_of_a_context_may_call_each_other():
    text = (
        "{even: function(n) if n = 0 then true else odd(n - 1),"
        " odd: function(n) if n = 0 then false else even(n - 1), r: even(5)}.r"
    )

    assert evaluate(text) is False
    assert evaluate("{a: f(1), f: function(x) x}.a") is None  # a value sees only what stands before
    assert evaluate("{k: 1, f: function() k, inner: {k: 2, r: f()}}.inner.r") == 1
