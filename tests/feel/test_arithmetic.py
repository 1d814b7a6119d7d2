"""Arithmetic at its edges (DMN 1.5 §10.3.2.15)."""

from datetime import timedelta

import pytest

from engine.feel import YearsMonthsDuration, compile_expression

DAY = '@"2021-03-02"'
LOCAL = '@"2021-03-02T10:00:00"'
ZONED = '@"2021-03-02T10:00:00Z"'
PARIS = '@"2021-03-02T10:00:00@Europe/Paris"'


def evaluate(text):
    """The value of an expression."""
    return compile_expression(text).evaluate({})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 ** 0", 1),  # as IEEE 754 has it
        ("5 ** 0", 1),
        ("0 ** 2", 0),
        ("0 ** -1", None),
        ("(-8) ** (1 / 3)", None),
        ("10 ** 7000", None),
        ("2 ** null", None),
    ],
)
def test_powers_at_zero(text, expected):
    assert evaluate(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{DAY} - {DAY}", timedelta(0)),
        (f"{LOCAL} - {LOCAL}", timedelta(0)),
        (f"{ZONED} - {PARIS}", timedelta(hours=1)),
        (f"{ZONED} - {DAY}", timedelta(hours=10)),  # a date is its midnight in UTC
        (f"{DAY} - {ZONED}", timedelta(hours=-10)),
        (f"{LOCAL} - {DAY}", None),  # only one of the two has a zone
        (f"{DAY} - {LOCAL}", None),
        (f"{LOCAL} - {ZONED}", None),
        ('@"10:00:00Z" - @"10:00:00"', None),
        ('@"10:00:00Z" - @"10:00:00+01:00"', timedelta(hours=1)),
    ],
)
def test_moments_are_subtracted_when_both_have_a_zone_or_neither(text, expected):
    assert evaluate(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('string(@"PT2S" / 3)', "PT0.666666667S"),  # to the nearest nanosecond
        ('string(@"P1D" / 7)', "PT3H25M42.857142857S"),
        ('string(-@"PT2S" / 3)', "-PT0.666666667S"),
        ('@"P1Y" / 5', YearsMonthsDuration(2)),  # whole months
        ('@"P1D" / @"PT0.5S"', 172800),
        ('@"P1Y" / @"P0M"', None),
        ('2 / @"P1D"', None),
    ],
)
def test_durations_are_divided(text, expected):
    assert evaluate(text) == expected
