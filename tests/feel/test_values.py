"""Values in and out: numbers, dates beyond Python's reach, text and JSON; examples from the tables of §10.3.4."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from engine.feel import (
    Environment,
    YearsMonthsDuration,
    compile_expression,
    compile_unary_tests,
    format_value,
    to_json,
)

ENVIRONMENT = Environment(now=datetime(2026, 1, 31, 12, 0, tzinfo=UTC))


def evaluate(text, **scope):
    """The value of an expression."""
    return compile_expression(text).evaluate(scope, ENVIRONMENT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2", 3),
        ("0.1 + 0.2", Decimal("0.3")),
        ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
        ("10 / 5", 2),
        ("9999999999999999999999999999999999 + 1", Decimal("1E+34")),
        ("1 / 0", None),
        ("2 ** -1", Decimal("0.5")),
        ("-3 ** 2", 9),  # negation binds tighter than any operator
        ("2 ** 3 ** 2", 64),  # all operators are left-associative
        ('"a" + "b"', "ab"),
        ('"a" + 1', None),
        ("true and null", None),
        ("false and null", False),
        ("null or true", True),
        ('1 = "1"', None),
        ("null = null", True),
        ("5 in (< 3, [4..6])", True),
        ("1 between 0 and null", None),
        ('@"2026-01-31" + @"P1M"', date(2026, 2, 28)),
        ('@"2026-03-01" - @"2026-01-31"', timedelta(days=29)),
        ('time("23:00:00") + duration("PT2H")', time(1, 0)),
        ('duration("P1Y2M")', YearsMonthsDuration(14)),
        ('decimal(2.5, 0)', 2),  # half even
        ('round half up(2.5, 0)', 3),
        ('modulo(-12, 5)', 3),
        ('substring("foobar", -2, 1)', "a"),
        ('string length("🐎ab")', 3),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('split("John Doe", "\\s")', ["John", "Doe"]),
        ("concatenate([1, 2], [3])", [1, 2, 3]),
        ("sublist([4, 5, 6], -2, 1)", [5]),
        ("[1, 2, 3][-1]", 3),
        ("[{x: 1}, {x: 2}][x > 1].x", [2]),
        ("for i in 1..5 return if i = 1 then 1 else i * partial[-1]", [1, 2, 6, 24, 120]),
        ("sort([3, 1, 2], function(x, y) x < y)", [1, 2, 3]),
        ("get value({a: {b: 1}}, [\"a\", \"b\"])", 1),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
        ("overlaps([1..5], [5..8])", True),
        ("before([1..5), 5)", True),
        ('week of year(@"2005-01-01")', 53),
        ("[1, 2] instance of list<number>", True),
        ("(function(a: number) a)(\"x\")", None),
        ("{fact: function(n) if n <= 1 then 1 else n * fact(n - 1), r: fact(5)}.r", 120),
    ],
)  # fmt: skip
def test_examples_of_the_standard(text, expected):
    value = evaluate(text)

    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('date("-99999-12-31") + @"P1D"', "-99998-01-01"),
        ('date(999999999, 12, 31)', "999999999-12-31"),
        ('date("10000-01-01") - @"P1D"', "9999-12-31"),
        ('time("11:22:33.123456789")', "11:22:33.123456789"),
        ('date and time("99999-12-31T11:22:33.5Z")', "99999-12-31T11:22:33.5Z"),
        ('date and time("2026-07-01T10:00:00@Europe/Paris")', "2026-07-01T10:00:00@Europe/Paris"),
        ('duration("P1DT2H3M4.123456789S")', "P1DT2H3M4.123456789S"),
        ('-duration("P14M")', "-P1Y2M"),
        ('duration("PT24H")', "P1D"),
        ("1e30 + 0.5", "1000000000000000000000000000000.5"),
        ('[1, "a", {b c: null}]', '[1, "a", {"b c": null}]'),
        ("(<= 5)", "(<= 5)"),
        ("[1..5)", "[1 .. 5)"),
    ],
)  # fmt: skip
def test_values_are_written_as_feel_writes_them(text, written):
    assert format_value(evaluate(text)) == written


def test_values_become_plain_json():
    value = evaluate('{a: @"2026-01-31", b: [1.5, 2.0], c: duration("P1D"), d: null, e: [1..2], f: true}')

    assert to_json(value) == {
        "a": "2026-01-31",
        "b": [1.5, 2],
        "c": "P1D",
        "d": None,
        "e": "[1 .. 2]",
        "f": True,
    }


def test_python_values_are_taken_as_they_are():
    scope = {"n": 0.1, "d": {"x": 0.2}, "l": (1, 2.5), "t": datetime(2026, 1, 31, 12, 0, tzinfo=UTC)}

    assert evaluate("n + d.x = 0.3 and l[2] = 2.5 and t.year = 2026", **scope) is True
    assert evaluate("sum([n, d.x])", **scope) == Decimal("0.3")
    assert evaluate("n > 0", n=float("nan")) is None


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", None, True),
        ('"a", "b"', "b", True),
        ('"a", "b"', None, False),
        ('not("a", "b")', "c", True),
        ("< 10", 9.5, True),
        ("< 10", "9", None),
        ("[1..5], 9", 9, True),
        ("]1..5[", 1, False),
        ("null", None, True),
        ("not(null)", 0, True),
        ("? > 3 and ? < 5", 4, True),
        ("count(?) > 1", [1, 2], True),
        ('list contains(?, "x")', ["x"], True),
        ("true", True, True),
        ("limit", 7, True),
        ("< limit", 7, False),
        ("> other", 7, None),
        ('date("2026-01-31")', date(2026, 1, 31), True),
        ('>= @"2026-01-31"', date(2026, 2, 1), True),
        ("limits", 3, True),
    ],
)
def test_cells_test_a_value(cell, value, expected):
    assert compile_unary_tests(cell).evaluate(value, {"limit": 7, "limits": [3, 4]}) is expected
