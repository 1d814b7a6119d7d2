"""How the columns of a file become a complaint."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.cli.intake_map import CFPB, Map, MapRefused, RowRefused, Rule, read_map, read_row
from engine.domain.complaint import Channel

ROW = {
    "Complaint ID": "3384392",
    "Date received": "2019/9/24",
    "Product": "Debt collection",
    "Issue": "Attempts to collect debt not owed",
    "Consumer complaint narrative": "They collect a debt that is not mine.",
    "Submitted via": "Web",
}
LATER_SPELLING = {
    "complaint_id": "7073066",
    "date_received": "2023-06-05T12:00:00-05:00",
    "product": "Mortgage",
    "issue": "Closing on a mortgage",
    "complaint_what_happened": "",
    "submitted_via": "Web Referral",
}


def test_a_public_complaint_keeps_its_words_day_channel_and_number() -> None:
    row = read_row(CFPB, ROW, occurrence=1)

    assert row.key == "file:cfpb:3384392"
    assert row.channel is Channel.PORTAL
    assert row.received_at == datetime(2019, 9, 24, 12, tzinfo=UTC)
    assert row.typed == {
        "text": "They collect a debt that is not mine.",
        "product": "loan",
        "currency": "USD",
        "contact_by": "post",
        "external_reference": "3384392",
    }


def test_the_later_spelling_of_the_columns_is_read_too() -> None:
    row = read_row(CFPB, LATER_SPELLING, occurrence=1)

    assert row.key == "file:cfpb:7073066"
    assert row.channel is Channel.REGULATOR
    assert row.received_at == datetime(2023, 6, 5, 17, tzinfo=UTC)


def test_a_row_without_a_narrative_is_taken_with_its_issue_as_the_text() -> None:
    assert read_row(CFPB, LATER_SPELLING, occurrence=1).typed["text"] == "Closing on a mortgage"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Consumer complaint narrative": " ", "Issue": ""}, "no text"),
        ({"Complaint ID": ""}, "no key"),
        ({"Date received": "yesterday"}, "no date"),
        ({"Date received": "2019/13/1"}, "no date"),
        ({"Consumer complaint narrative": "a\x00b"}, "NUL"),
        ({"Consumer complaint narrative": "caf\udce9"}, "not UTF-8"),
    ],
)
def test_a_row_that_makes_no_complaint_says_why(change: Mapping[str, str], words: str) -> None:
    with pytest.raises(RowRefused, match=words):
        read_row(CFPB, {**ROW, **change}, occurrence=1)


def test_equal_rows_without_a_key_are_told_apart_and_found_again() -> None:
    map_ = Map("branch", {"text": Rule(("Words",))})
    row = {"Words": "The machine kept my card."}

    first, second = (read_row(map_, row, occurrence=n).key for n in (1, 2))

    assert first != second
    assert first == read_row(map_, row, occurrence=1).key


def test_a_map_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(
        """
source: branch-7
key: No
text: [What happened, Subject]
amount: Loss
received_on: {column: Day, formats: ["%d.%m.%Y"]}
channel: {column: How, values: {desk: counter, post: letter}, default: hotline}
"""
    )
    row = {
        "No": "12",
        "What happened": "",
        "Subject": "A fee",
        "Loss": "1,250.50",
        "Day": "3.2.2026",
        "How": "fax",
    }

    read = read_row(read_map(path), row, occurrence=1)

    assert read.key == "file:branch-7:12"
    assert read.typed == {"text": "A fee", "amount": "1,250.50"}
    assert read.received_at == datetime(2026, 2, 3, 12, tzinfo=UTC)
    assert read.channel is Channel.HOTLINE


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("text: [unclosed", "no YAML"),
        ("key: No", "which column holds the text"),
        ("- text", "which column holds the text"),
        ("{text: Words, colour: Red}", "maps colour"),
        ("{text: {colums: Words}}", "text must be"),
        ("{text: Words, channel: {colums: How}}", "channel must be"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(content)

    with pytest.raises(MapRefused, match=words):
        read_map(path)
