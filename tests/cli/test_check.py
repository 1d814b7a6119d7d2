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
        (
            'formId="triage"',
            'formId="tirage"',
            "triage: form: there is no form 'tirage': did you mean 'triage'?",
        ),
        (
            'type="complaint.route"',
            'type="complaint.rout"',
            "route: operation: there is no operation 'complaint.rout': did you mean 'complaint.route'?",
        ),
        (
            'Groups="triage_officer"',
            'Groups="triag_officer"',
            "triage: role: there is no role 'triag_officer': did you mean 'triage_officer'?",
        ),
        ('decisionId="classification"', 'decisionId="class"', "decision: "),
        ("=triage.duplicate_of", "=triage.duplicateof", "merge: member: input 'duplicate_of': triage has no"),
        ("class.nature else", "klass.nature else", "classify: name: output 'complaint.nature': nothing"),
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
    assert all(line.startswith(f"{file}:") for line in result.stdout.splitlines())
    assert words in result.stdout


def test_an_element_that_cannot_run_is_refused_wherever_it_stands(redress: Redress, tmp_path: Path) -> None:
    diagram = tmp_path / "broken.bpmn"
    whole = (SHIPPED / "workflows" / "complaint.bpmn").read_text()
    diagram.write_text(whole.replace("bpmn:exclusiveGateway", "bpmn:complexGateway"))

    result = redress("check", diagram)

    told = [line for line in result.stdout.splitlines() if "a complexGateway cannot run" in line]
    assert result.exit_code == 1
    assert len(told) == whole.count("<bpmn:exclusiveGateway")
    assert all(line.startswith(f"{diagram}:") for line in told)


def test_what_ships_is_clean_and_standard_output_empty(redress: Redress) -> None:
    result = redress("check", SHIPPED / "workflows", SHIPPED / "forms")

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith("files: nothing to say.\n")


def test_another_edition_of_a_shipped_diagram_may_have_a_name_of_its_own(
    redress: Redress, tmp_path: Path
) -> None:
    file = tmp_path / "our_intake.bpmn"
    file.write_text(INTAKE)

    result = redress("check", file)

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "1 file: nothing to say.\n")


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
    assert result.stdout.splitlines() == [
        f"{file}:2: table: dmn.gap: warning: no rule matches: more than 6",
        f"{file}:7: two: dmn.overlap: warning: row 2: rules 1 and 2 both match: 4",
    ]
    assert result.stderr == "1 file: 2 warnings.\n"


def test_a_cell_that_cannot_be_read_is_told_once_with_its_row_and_column(
    redress: Redress, tmp_path: Path
) -> None:
    file = table(tmp_path, "[4..6")

    result = redress("check", file)

    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert line.startswith(f"{file}:7: large: feel.syntax: row 2, column 1: ")


def test_problems_come_as_json(redress: Redress, tmp_path: Path) -> None:
    file = table(tmp_path, "[4..6]")

    result = redress("check", "--json", file)

    assert json.loads(result.stdout) == [
        {
            "file": str(file),
            "line": 2,
            "element": "table",
            "rule": "dmn.gap",
            "message": "no rule matches: more than 6",
            "severity": "warning",
            "row": None,
            "column": None,
        },
        {
            "file": str(file),
            "line": 7,
            "element": "two",
            "rule": "dmn.overlap",
            "message": "row 2: rules 1 and 2 both match: 4",
            "severity": "warning",
            "row": 2,
            "column": None,
        },
    ]
    assert result.exit_code == 0


def test_nothing_wrong_is_an_empty_list_in_json(redress: Redress, tmp_path: Path) -> None:
    file = tmp_path / "intake.bpmn"
    file.write_text(INTAKE)

    assert json.loads(redress("check", "--json", file).stdout) == []


def test_a_folder_with_every_kind_of_rubbish_is_answered_line_by_line(
    redress: Redress, tmp_path: Path
) -> None:
    rubbish = [b"", b"\x00\xff", b"<a>", b"<!DOCTYPE a><a/>", b"[1]", "投诉".encode("gb18030")]
    for number, content in enumerate(rubbish):
        for kind in ("bpmn", "dmn", "form"):
            (tmp_path / f"{number}.{kind}").write_bytes(content)
    with (tmp_path / "large.bpmn").open("wb") as large:
        large.truncate(100_000_000)

    result = redress("check", tmp_path)

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert len(result.stdout.splitlines()) == 3 * len(rubbish) + 1
    assert all(line.startswith(f"{tmp_path}/") for line in result.stdout.splitlines())
    assert result.stderr == "19 files: 19 errors.\n"


@pytest.mark.parametrize("name", ["notes.txt", "nowhere.bpmn"])
def test_what_is_no_file_to_check_is_wrong_use(redress: Redress, tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("x")

    assert redress("check", tmp_path / name).exit_code == 2
