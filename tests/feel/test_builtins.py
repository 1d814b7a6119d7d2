"""Built-in functions at the edges of their domains (DMN 1.5 §10.3.4)."""

from datetime import date, time, timedelta, timezone

import pytest

from engine.feel import compile_expression

HOUR = timezone(timedelta(hours=1))


def evaluate(text):
    """The value of an expression."""
    return compile_expression(text).evaluate({})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # conversions (§10.3.4.1)
        ("date(2020, 3, 31.7)", date(2020, 3, 31)),  # what stands after the point is cut off
        ('date(2020, 3, "31")', None),
        ("time(10, 11, 12, [duration(\"PT1H\")])", time(10, 11, 12, tzinfo=HOUR)),
        ('time(10, 11, 12, "PT1H")', None),
        ('date and time(date("2020-01-01"))', None),  # reads text only
        ('date and time(date("2020-01-01"), time("24:00:01"))', None),
        ('number("1,000.5", ",", ".")', 1000.5),
        ('number("1,000.5", [","], ["."])', 1000.5),
        ('number("1,000", ",")', None),  # both separators, or none
        ('number(from: "1,000", grouping separator: ",")', 1000),
        ('number("1.000,5", ".", ",")', 1000.5),
        ('number("1", ",", ",")', None),
        ("string([1, null])", "[1, null]"),
        ('string(["a"])', '["a"]'),  # a list is a list, however short
        # strings (§10.3.4.3)
        ('string join(["a", "b"], ["-"])', "a-b"),
        ('string join(["a", "b"], 1)', None),
        ('split("abc", "")', ["a", "b", "c", ""]),  # an empty match parts two characters
        ('split("🐎a", "")', ["🐎", "a", ""]),
        ('split("abc", "^")', ["abc"]),
        ('split("a1b22c", "[0-9]*")', ["a", "", "b", "", "c", ""]),
        ('split("a,,b", ",")', ["a", "", "b"]),
        ('split("", ",")', [""]),
        ('split("a", "(")', None),
        # lists (§10.3.4.4)
        ("append([1])", [1]),
        ("append(null, 1)", None),
        ("sublist([1, 2, 3], 1, 0)", None),  # a length is one or more
        ("sublist([1, 2, 3], 2, 2)", [2, 3]),
        ("sublist([1, 2, 3], 2, 3)", None),
        ("union([1, 2], null, 2)", [1, 2, None]),
        ("concatenate([1], null)", None),
        ("list replace([1, 2], [function(item, new) item = 1], 9)", [9, 2]),
        ("list replace([], function(a) true, 9)", None),
        ("sort([2, 1], [function(x, y) x < y])", [1, 2]),
        ("sort([2, 1], function(x) true)", None),  # precedes takes two
        ("sort([2, 1], null)", None),
        # numbers (§10.3.4.5)
        ("odd(1.5)", None),  # neither odd nor even
        ("even(1.5)", None),
        ("even(1e100)", True),
        ("odd(1e33 + 1)", True),
        ("odd(-3)", True),
        ("even(0.0)", True),
        # contexts (§10.3.4.10)
        ('get value(m: {a: 1}, key: ["a"])', 1),
        ('get value({a: {b: 1}}, ["a", "b"])', 1),
        ('context put(context: {a: 1}, key: ["b"], value: 2)', {"a": 1, "b": 2}),
        ('context put(context: {a: 1}, keys: "b", value: 2)', {"a": 1, "b": 2}),
        ('context put(context: {a: 1}, key: ["b", "c"], value: 2)', None),
        # properties (§10.3.2.13.6)
        ('time("10:00:00@Etc/UTC").time offset', timedelta(0)),
        ('time("10:00:00@Etc/UTC").timezone', "Etc/UTC"),
        ('time("10:00:00").time offset', None),
    ],
)  # fmt: skip
def test_functions_at_the_edges_of_their_domains(text, expected):
    assert evaluate(text) == expected
