"""Notices: placeholders filled, the customer's language first, subjects fit for a header."""

import pytest

from engine.domain.errors import OperationFailed
from engine.domain.notices import filled, one_line, wording

TEMPLATES = {
    "received": {
        "en": {"subject": "Received", "body": "b"},
        "zh_Hans_CN": {"subject": "已收到", "body": "b"},
    },
    "broken": {"en": {"subject": "No body"}},
}


def test_placeholders_are_filled_by_their_path() -> None:
    assert filled("Dear {complaint.customer.name}, { complaint.number }", lambda path: {
        "complaint.customer.name": "Alice",
        "complaint.number": "C-1",
    }[path]) == "Dear Alice, C-1"  # fmt: skip


def test_what_was_filled_in_is_not_filled_again() -> None:
    assert filled("{a}", lambda path: "{b}") == "{b}"


def test_the_words_are_in_the_customers_language_else_in_english() -> None:
    assert wording(TEMPLATES, "received", "zh_Hans_CN")["subject"] == "已收到"
    assert wording(TEMPLATES, "received", "fr")["subject"] == "Received"


@pytest.mark.parametrize("name", ["missing", "broken"])
def test_a_template_that_cannot_be_used_is_named(name: str) -> None:
    with pytest.raises(OperationFailed, match=name):
        wording(TEMPLATES, name, "en")


def test_a_subject_is_one_line_of_modest_length() -> None:
    assert one_line(" Bcc:\r\n all ") == "Bcc: all"
    assert len(one_line("x" * 500)) == 200
