"""What is said of files of decisions besides what engine/dmn knows: members of the complaint, rows, columns, results."""

import pytest

from engine.checks import check
from engine.checks.decisions import result_of
from engine.checks.shapes import ANY, NOTHING, Shape, of_names
from engine.dmn import read_decisions
from tests.builders.checking import a_table, line
from tests.builders.diagrams import diagram, node, process, zeebe

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:d">'


def test_an_unknown_member_of_the_complaint_is_told_with_its_column() -> None:
    (problem,) = check(a_table("luck", ("complaint.amount", "complaint.amuont"), ("win",)), {})

    assert (problem.rule, problem.severity, problem.row, problem.column) == ("member", "error", None, 2)
    assert problem.message == "column 2: complaint has no 'amuont': did you mean 'amount'?"


def test_a_cell_is_told_with_its_row_and_column() -> None:
    content = a_table("luck", ("complaint.amount",), ("win",))["decisions/luck.dmn"]
    cell = content.replace(b"<text>1</text>", b"<text>complaint.plan.amuont</text>")

    (problem,) = check({"x.dmn": cell}, {})

    assert (problem.row, problem.column) == (1, 2)
    assert problem.message.startswith("row 1, column 2: complaint.plan has no 'amuont'")


def test_what_cannot_be_read_is_told_once_with_its_place() -> None:
    content = a_table("luck", ("complaint.amount",), ("win",))["decisions/luck.dmn"]

    (problem,) = check({"x.dmn": content.replace(b"<text>-</text>", b"<text>[1..</text>")}, {})

    assert (problem.severity, problem.row, problem.column) == ("error", 1, 1)


def decision(inside: str) -> bytes:
    return f'{HEAD}<decision id="x" name="X">{inside}</decision></definitions>'.encode()


ENTRY = '<contextEntry><variable name="{}"/><literalExpression id="l{}"><text>1</text></literalExpression></contextEntry>'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (a_table("x", ("1",), ("only",))["decisions/x.dmn"], ANY),
        (a_table("x", ("1",), ("a", "b"))["decisions/x.dmn"], of_names({"a": None, "b": None})),
        (a_table("x", ("1",), ("a", "b"), "COLLECT")["decisions/x.dmn"], of_names({"a": None, "b": None})),
        (
            decision('<literalExpression id="l"><text>{a: 1}</text></literalExpression>'),
            of_names({"a": None}),
        ),
        (decision('<literalExpression id="l"><text>x.y</text></literalExpression>'), ANY),
        (
            decision(f'<context id="c">{ENTRY.format("a", 1)}{ENTRY.format("b", 2)}</context>'),
            of_names({"a": None, "b": None}),
        ),
        (
            decision('<list id="i"><literalExpression id="l"><text>{a: 1}</text></literalExpression></list>'),
            of_names({"a": None}),
        ),
        (decision('<list id="i"/>'), NOTHING),
    ],
)
def test_the_members_of_what_a_decision_gives(content: bytes, expected: Shape) -> None:
    model = read_decisions(content)

    assert result_of(model, model.decision("x")) == expected


def test_a_decision_that_cannot_be_read_is_told_there_and_not_as_missing() -> None:
    rule = zeebe("calledDecision", decisionId="luck", resultVariable="luck")
    ((file, content),) = a_table("luck", ("complaint.amount",), ("win",), "LUCKY").items()
    drawn = diagram(process("p", line(node("businessRuleTask", "r", rule, name="R"))))

    found = check({"x.bpmn": drawn, file: content}, {})

    assert [problem.rule for problem in found] == ["dmn.hit_policy"]
