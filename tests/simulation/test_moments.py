"""How scenarios speak of time."""

from datetime import datetime
from typing import Any

import pytest

from engine.simulation.moments import USUAL_START, length, moment
from engine.use_cases.calendars import CHINA, calendar_of_country

CALENDAR = calendar_of_country(CHINA, 2026)


@pytest.mark.parametrize(
    ("words", "later"),
    [
        ("1 minute", "2026-11-23T01:31:00+00:00"),
        ("90 minutes", "2026-11-23T03:00:00+00:00"),
        ("2 hours", "2026-11-23T03:30:00+00:00"),
        ("3 days", "2026-11-26T01:30:00+00:00"),
        ("1 week", "2026-11-30T01:30:00+00:00"),
        ("PT30M", "2026-11-23T02:00:00+00:00"),
        ("P1DT1H", "2026-11-24T02:30:00+00:00"),
        # from Monday over a weekend
        ("5 working days", "2026-11-30T01:30:00+00:00"),
        ("1 working day", "2026-11-24T01:30:00+00:00"),
    ],
)
def test_lengths_of_time_go_forward(words: str, later: str) -> None:
    found = length(words)

    assert found is not None
    assert found(USUAL_START, CALENDAR) == datetime.fromisoformat(later)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "soon",
        "3",
        3,
        None,
        True,
        "-1 days",
        "1.5 days",
        "3 fortnights",
        "P1M",
        "PT0S",
        "-PT1H",
        "999999 days",
    ],
)
def test_anything_else_is_no_length_of_time(words: Any) -> None:
    assert length(words) is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2026-11-23 09:30", "2026-11-23T01:30:00+00:00"),
        ("2026-11-23T09:30:15", "2026-11-23T01:30:15+00:00"),
        ("2026-11-23 09:30Z", "2026-11-23T09:30:00+00:00"),
        ("2026-11-23 09:30+01:00", "2026-11-23T08:30:00+00:00"),
    ],
)
def test_a_moment_without_an_offset_is_at_head_office(words: str, found: str) -> None:
    assert moment(words) == datetime.fromisoformat(found)


@pytest.mark.parametrize("words", ["", "2026-11-23", "09:30", "2026-13-01 09:30", "tomorrow", 3, None])
def test_anything_else_is_no_moment(words: Any) -> None:
    assert moment(words) is None
