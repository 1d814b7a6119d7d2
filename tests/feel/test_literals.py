"""Which texts are dates, times and durations (DMN 1.5 §10.3.2.3.4 to .8, lexical forms of XML Schema)."""

import pytest

from engine.feel import compile_expression


def written(function, text):
    """The text of what a function reads, null when it reads nothing."""
    return compile_expression(f"string({function}(text))").evaluate({"text": text})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-02-29", "2020-02-29"),
        ("2019-02-29", None),  # no such day
        ("-0001-01-01", "-0001-01-01"),
        ("0000-01-01", "0000-01-01"),
        ("-0000-01-01", None),  # zero has no sign
        ("12020-01-01", "12020-01-01"),
        ("02020-01-01", None),  # no leading zero beyond four digits
        ("+2020-01-01", None),
        ("999999999-12-31", "999999999-12-31"),
        ("1000000000-01-01", None),  # nine digits at most
        ("20-01-01", None),
        ("2020-1-01", None),
        ("2020-01-01Z", None),  # a date has no zone
        (" 2020-01-01", None),
        ("20200101", None),
        ("２０２０-01-01", None),  # digits of ASCII only
        ("", None),
    ],
)
def test_dates(text, expected):
    assert written("date", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10:11:12", "10:11:12"),
        ("10:11", None),
        ("10:11:12.500", "10:11:12.5"),
        ("10:11:12.123456789", "10:11:12.123456789"),
        ("10:11:12.", None),
        ("24:00:00", "00:00:00"),  # the end of a day is the start of one
        ("24:00:01", None),
        ("23:59:60", None),
        ("10:11:12Z", "10:11:12Z"),
        ("10:11:12z", None),
        ("10:11:12+00:00", "10:11:12Z"),
        ("10:11:12-05:30", "10:11:12-05:30"),
        ("10:11:12+02:30:15", "10:11:12+02:30:15"),
        ("10:11:12+18:00", "10:11:12+18:00"),
        ("10:11:12+18:01", None),
        ("10:11:12+0100", None),
        ("10:11:12@Europe/Paris", "10:11:12@Europe/Paris"),
        ("10:11:12@Nowhere/Land", None),
        ("10:11:12Z@Europe/Paris", None),
        ("T10:11:12", None),
        ("10:11:12 ", None),
    ],
)
def test_times(text, expected):
    assert written("time", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-01-01T10:11:12", "2020-01-01T10:11:12"),
        ("2020-12-31T24:00:00", "2021-01-01T00:00:00"),
        ("2020-01-01", "2020-01-01T00:00:00"),
        ("2020-01-01T10:11", None),
        ("2020-01-01t10:11:12", None),
        ("2020-01-01 10:11:12", None),
        ("2019-02-29T10:11:12", None),
        ("-2020-01-01T10:11:12.5+18:00", "-2020-01-01T10:11:12.5+18:00"),
        ("2020-01-01T10:11:12@Etc/UTC", "2020-01-01T10:11:12@Etc/UTC"),
    ],
)
def test_dates_and_times(text, expected):
    assert written("date and time", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1DT2H", "P1DT2H"),
        ("PT36H", "P1DT12H"),
        ("PT1.5S", "PT1.5S"),
        ("PT0S", "PT0S"),
        ("-PT0S", "PT0S"),
        ("P14M", "P1Y2M"),
        ("P0M", "P0M"),
        ("-P1Y", "-P1Y"),
        ("P1Y2M3D", None),  # the two kinds do not mix
        ("P1W", None),
        ("PT1H1D", None),
        ("P1M1Y", None),
        ("P", None),
        ("PT", None),
        ("P1DT", None),
        ("P1.5D", None),
        ("P-1D", None),
        ("+P1D", None),
        ("p1d", None),
        ("PT1,5S", None),
    ],
)
def test_durations(text, expected):
    assert written("duration", text) == expected
