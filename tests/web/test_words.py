"""The words of fixed values: every value of the domain has one, and templates name no table that is not there."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from engine.domain.clocks import ClockKind
from engine.domain.complaint import Channel, Grade, Nature, Outcome, Stage
from engine.domain.department_requests import RequestState, Responsibility
from engine.domain.notices import NoticeState
from engine.domain.organisation import Role
from engine.domain.redress import PlanState
from web.words import ASKED_AS, TABLES

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("grade", Grade),
        ("stage", Stage),
        ("outcome", Outcome),
        ("channel", Channel),
        ("nature", Nature),
        ("role", Role),
        ("request", RequestState),
        ("responsibility", Responsibility),
        ("plan", PlanState),
        ("notice", NoticeState),
        ("clock", ClockKind),
    ],
)
def test_every_value_has_a_word(table: str, values: type[StrEnum]) -> None:
    assert set(TABLES[table]) == {value.value for value in values}


def test_templates_ask_for_words_of_tables_that_are_there() -> None:
    asked = {
        name
        for file in TEMPLATES.rglob("*.html")
        for name in re.findall(r"\|word\([\"']([a-z_]+)[\"']\)", file.read_text("utf-8"))
    }

    assert asked <= set(TABLES) | set(ASKED_AS)
