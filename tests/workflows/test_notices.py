"""The shipped notices: in both languages, naming the complaint, and asking only for what there is."""

import json

import pytest

from engine.dmn import read_decisions
from engine.domain.facts import READERS
from engine.domain.notices import PLACEHOLDER
from engine.feel import compile_expression
from tests.workflows.diagrams import WORKFLOWS

TEMPLATES = json.loads((WORKFLOWS / "templates" / "notices.json").read_text(encoding="utf-8"))
LANGUAGES = ("en", "zh_Hans_CN")
# What the step that sends a notice hands to it, by template.
HANDED = {"not_a_complaint": {"text", "where"}, "extension": {"reason"}}
# Notices after which nothing is due any more.
LAST_WORDS = {
    "withdrawn",
    "closed",
    "not_a_complaint",
    "joined",
    "settled_at_once",
    "offer_rejected_final",
    "decision",
}
each = pytest.mark.parametrize("name", sorted(TEMPLATES))


def placeholders(name: str, language: str) -> list[str]:
    words = TEMPLATES[name][language]
    return PLACEHOLDER.findall(words["subject"] + words["body"])


def test_every_notice_the_decision_may_choose_has_words() -> None:
    content = (WORKFLOWS / "decisions" / "notices.dmn").read_bytes()
    model = read_decisions(content, "notices.dmn")
    complaint = {"customer": {"email": None}, "regime": "UK"}

    for name in TEMPLATES:
        assert model.value("notices", {"event": name, "complaint": complaint})[0]["template"] == name


@each
def test_a_notice_has_words_in_both_languages(name: str) -> None:
    for language in LANGUAGES:
        assert TEMPLATES[name][language]["subject"].strip()
        assert TEMPLATES[name][language]["body"].strip()


@each
def test_a_notice_names_the_complaint_and_says_the_same_in_both_languages(name: str) -> None:
    for language in LANGUAGES:
        assert "{complaint.number}" in TEMPLATES[name][language]["subject"]
    said = {
        language: {p for p in placeholders(name, language) if "unit name" not in p} for language in LANGUAGES
    }
    assert said["en"] == said["zh_Hans_CN"]


@each
def test_a_notice_says_by_when_the_customer_hears_next(name: str) -> None:
    if name not in LAST_WORDS:
        assert "complaint.clocks.decision.due_at" in placeholders(name, "en")


@each
def test_no_placeholder_is_unknown(name: str) -> None:
    for language in LANGUAGES:
        for text in placeholders(name, language):
            unknown = compile_expression(text).names - {"complaint"} - HANDED.get(name, set())
            assert not unknown, text
            if text.startswith("complaint."):
                assert text.split(".")[1] in READERS, text
