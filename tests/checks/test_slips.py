"""What is null whatever comes is told; what may be something is not."""

import pytest

from engine.checks import check
from engine.checks.slips import slips
from engine.feel import compile_expression
from tests.builders.checking import a_table, asked, line, only
from tests.builders.diagrams import script


def said(text: str) -> list[str]:
    return list(slips(compile_expression(text).tree))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('duration("4H")', 'duration("4H") is null: it is written as PT4H or P2D'),
        ('date("31.12.2026")', 'date("31.12.2026") is null: it is written as 2026-12-31'),
        ('now() + duration("2 days")', 'duration("2 days") is null: it is written as PT4H or P2D'),
        ('@"tomorrow"', '@"tomorrow" is no date, time or duration, and null'),
        ("contains(x)", "contains() takes 2 arguments and is given 1, so it is null"),
        ("substring(x)", "substring() takes 2 to 3 arguments and is given 1, so it is null"),
        (
            'contains(text: x, match: "a")',
            "contains() has no argument 'text', and is null: it has string, match",
        ),
    ],
)
def test_a_slip_is_one_sentence(text: str, message: str) -> None:
    assert said(text) == [message]


@pytest.mark.parametrize(
    "text",
    [
        'duration("PT4H")',
        'date("2026-12-31")',
        "duration(x)",
        'date and time("2026-12-31T10:00:00@Asia/Shanghai")',
        "sum(1, 2, 3)",
        'contains(string: x, match: "a")',
        "date(2026, 12, 31)",
        "date(from: x)",
        "add working days(now, 3)",
        "{f: function(a) a, r: f(1, 2)}",
    ],
)
def test_what_may_be_something_is_not_told(text: str) -> None:
    assert said(text) == []


def test_in_a_diagram_it_is_told_at_the_expression() -> None:
    (problem,) = only(asked(line(script("s", '=now + duration("4H")', "x"))), "null")

    assert (problem.element, problem.severity) == ("s", "warning")
    assert problem.message.startswith("script: ")


def test_in_a_table_it_is_told_with_its_cell() -> None:
    ((file, content),) = a_table("luck", ("complaint.amount",), ("win",)).items()

    (problem,) = check({file: content.replace(b"<text>1</text>", b'<text>duration("4H")</text>')}, {})

    assert (problem.rule, problem.row, problem.column) == ("null", 1, 2)
