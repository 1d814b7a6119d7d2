"""`redress check`: what it says of files that cannot run, and of tables that leave something open."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Redress

SHIPPED = Path(__file__).parents[2]
INTAKE = (SHIPPED / "workflows" / "intake.bpmn").read_text()
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="D" namespace="urn:d">
<decision id="fee" name="Fee"><decisionTable id="table" hitPolicy="UNIQUE">
<input id="column"><inputExpression id="asked" typeRef="number"><text>amount</text></inputExpression></input>
<output id="answer" name="fee" typeRef="string"/>
<rule id="one"><inputEntry id="small"><text>&lt; 5</text></inputEntry>
<outputEntry id="none"><text>"none"</text></outputEntry></rule>
<rule id="two"><inputEntry id="large"><text>CELL</text></inputEntry>
<outputEntry id="some"><text>"some"</text></outputEntry></rule>
</decisionTable></decision></definitions>
"""


def table(folder: Path, cell: str) -> Path:
    """A table of two rules, the second with this cell in line 7."""
    file = folder / "fee.dmn"
    file.write_text(TABLE.replace("CELL", cell))
    return file


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('formId="triage"', 'formId="tirage"', "triage: form: there is no form 'tirage'"),
        ('type="complaint.route"', 'type="complaint.rout"', "route: operation: there is no operation"),
        ('Groups="triage_officer"', 'Groups="officer"', "triage: role: there is no role 'officer'"),
        ('decisionId="classification"', 'decisionId="class"', "decision: "),
    ],
)
def test_what_a_diagram_refers_to_must_be_there(
    redress: Redress, tmp_path: Path, before: str, after: str, words: str
) -> None:
    assert before in INTAKE
    file = tmp_path / "intake.bpmn"
    file.write_text(INTAKE.replace(before, after))

    result = redress("check", file)

    assert result.exit_code == 1
    assert all(line.startswith(f"{file}:") for line in result.stderr.splitlines())
    assert words in result.stderr


def test_another_edition_of_a_shipped_diagram_may_have_a_name_of_its_own(
    redress: Redress, tmp_path: Path
) -> None:
    file = tmp_path / "our_intake.bpmn"
    file.write_text(INTAKE)

    assert redress("check", file).stdout == f"{file} can run.\n"


def test_a_form_beside_the_diagram_may_be_asked(redress: Redress, tmp_path: Path) -> None:
    file = tmp_path / "intake.bpmn"
    file.write_text(INTAKE.replace('formId="triage"', 'formId="our_triage"'))
    triage = (SHIPPED / "forms" / "definitions" / "triage.form").read_text()
    (tmp_path / "our_triage.form").write_text(triage.replace('"id": "triage"', '"id": "our_triage"'))

    assert redress("check", file).exit_code == 0


def test_rules_that_overlap_and_cases_without_a_rule_are_warned_of(redress: Redress, tmp_path: Path) -> None:
    file = table(tmp_path, "[4..6]")

    result = redress("check", file)

    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        f"{file}:2: table: dmn.gap: no rule matches: more than 6 (a warning)",
        f"{file}:7: two: dmn.overlap: row 2: rules 1 and 2 both match: 4 (a warning)",
    ]
    assert result.stdout == f"{file} can run.\n"


def test_a_cell_that_cannot_be_read_is_told_once_with_its_row_and_column(
    redress: Redress, tmp_path: Path
) -> None:
    file = table(tmp_path, "[4..6")

    result = redress("check", file)

    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{file}:7: large: feel.syntax: row 2, column 1: ")


def test_problems_come_as_json(redress: Redress, tmp_path: Path) -> None:
    file = table(tmp_path, "[5..6]")

    result = redress("check", "--json", file)

    assert json.loads(result.stdout) == [
        {
            "file": str(file),
            "line": 2,
            "element": "table",
            "rule": "dmn.gap",
            "message": "no rule matches: more than 6",
            "severity": "warning",
        }
    ]
    assert result.exit_code == 0
