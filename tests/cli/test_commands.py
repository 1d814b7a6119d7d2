"""`redress …`: what each command prints, and how it refuses."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import Result

from engine.cli.main import COMMANDS
from tests.cli.conftest import Redress

KEYS = ["complaints", "open_tasks", "running", "on_hold", "due_timers", "incidents", "outbox"]
SHIPPED = Path(__file__).parents[2]
WORKFLOWS = SHIPPED / "workflows"
SEVERITY = WORKFLOWS / "decisions" / "severity.dmn"


def _refused(result: Result) -> str:
    """The one sentence on standard error."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    (sentence,) = result.stderr.splitlines()
    return sentence


def test_help_lists_every_command_with_an_example(redress: Redress) -> None:
    shown = redress("--help").stdout

    for command in COMMANDS:
        assert f"\n  {command}" in shown
        assert f"\n    redress {command}" in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example_in_its_own_help(redress: Redress, command: str) -> None:
    assert f"Example: redress {command}" in redress(command, "--help").stdout


def test_a_demo_bank_has_people_and_no_complaints(home: Path, redress: Redress) -> None:
    counted = json.loads(redress("status", "--json").stdout)

    assert list(counted) == KEYS
    assert set(counted.values()) == {0}


def test_the_secrets_of_a_demo_bank_are_read_by_their_owner_alone(home: Path) -> None:
    modes = {name: stat.S_IMODE((home / name).stat().st_mode) for name in ("secret.key", "demo-password")}

    assert modes == {"secret.key": 0o600, "demo-password": 0o600}


def test_init_may_be_run_again(home: Path, redress: Redress) -> None:
    before = (home / "secret.key").read_text(), (home / "demo-password").read_text()

    assert redress("init", "--demo").exit_code == 0

    assert ((home / "secret.key").read_text(), (home / "demo-password").read_text()) == before


def test_without_init_a_command_says_what_to_do(redress: Redress) -> None:
    assert "redress init" in _refused(redress("status"))


def test_an_unknown_setting_stops_the_start_by_name(home: Path, redress: Redress) -> None:
    assert "REDRESS_COLOUR" in _refused(redress("status", REDRESS_COLOUR="red"))


def test_a_database_that_is_not_there_is_said_and_may_be_tried_again(home: Path, redress: Redress) -> None:
    result = redress(
        "status", REDRESS_DATABASE_URL="postgresql://nobody@/nowhere?host=/nowhere&connect_timeout=2"
    )

    assert result.exit_code == 75
    assert len(result.stderr.splitlines()) == 1


def test_a_person_gets_a_table_of_the_status(home: Path, redress: Redress) -> None:
    lines = [line.split() for line in redress("status").stdout.splitlines()]

    assert [(" ".join(words), count) for *words, count in lines] == [(k.replace("_", " "), "0") for k in KEYS]


def test_a_decision_answers_in_json(redress: Redress) -> None:
    answer = json.loads(redress("decide", SEVERITY, "severity", "complaint={people_affected: 25}").stdout)

    assert sorted(answer) == ["grade", "reason"]


@pytest.mark.parametrize(
    ("decision", "inputs", "words"),
    [
        ("colour", "complaint={}", "colour"),
        ("severity", "complaint={amount: }", "line 1, column 10"),
    ],
)
def test_what_cannot_be_decided_is_said_in_a_sentence(
    redress: Redress, decision: str, inputs: str, words: str
) -> None:
    result = redress("decide", SEVERITY, decision, inputs)

    assert result.exit_code == 1
    assert result.stderr.startswith("redress: ")
    assert words in result.stderr


def test_an_input_without_a_name_is_wrong_use(redress: Redress) -> None:
    result = redress("decide", SEVERITY, "severity", "5000")

    assert result.exit_code == 2
    assert "NAME=FEEL" in result.stderr


def test_a_decision_takes_its_inputs_as_json_and_an_expression_counts_for_more(redress: Redress) -> None:
    given = '{"complaint": {"people_affected": 25}}'

    by_json = redress("decide", SEVERITY, "Severity", "--input", given)
    by_both = redress("decide", SEVERITY, "severity", "--input", given, "complaint={people_affected: 1}")

    assert json.loads(by_json.stdout)["grade"] == "major"
    assert json.loads(by_both.stdout)["grade"] == "general"


def test_a_decision_explained_says_beside_its_answer_which_rule_matched_on_what(redress: Redress) -> None:
    result = redress("decide", SEVERITY, "severity", "complaint={people_affected: 25}", "--explain")

    assert json.loads(result.stdout)["grade"] == "major"
    seen, matched = result.stderr.splitlines()
    assert "People affected was 25" in seen
    assert matched.startswith("Rule ")
    assert 'grade = "major"' in matched


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("{", "no JSON: Expecting property name"),
        ("[1]", "no JSON object"),
        ('{"amount": NaN}', "NaN is no number"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_inputs_that_are_no_json_object_are_refused_in_a_sentence(
    redress: Redress, given: str, words: str
) -> None:
    assert words in _refused(redress("decide", SEVERITY, "severity", "--input", given))


def test_a_file_that_is_not_there_to_be_imported_is_said(redress: Redress, tmp_path: Path) -> None:
    file = tmp_path / "imports.dmn"
    file.write_text(
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="D" namespace="urn:d">'
        '<import name="other" namespace="urn:other" locationURI="other.dmn" '
        'importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/></definitions>'
    )

    assert "other.dmn" in _refused(redress("decide", file, "D"))


def test_a_file_of_another_kind_is_wrong_use(redress: Redress) -> None:
    assert redress("check", __file__).exit_code == 2


def test_nobody_plays_with_a_real_bank(redress: Redress) -> None:
    redress("init")

    assert "demo" in _refused(redress("play", "--days", "1"))


def test_play_leaves_a_bank_alone_that_has_complaints(home: Path, redress: Redress, tmp_path: Path) -> None:
    complaints = tmp_path / "one.csv"
    complaints.write_text("Complaint ID,Issue\n1,A fee\n")
    redress("intake", complaints)

    assert redress("play", "--days", "3", "--if-empty").exit_code == 0

    assert json.loads(redress("status", "--json").stdout)["complaints"] == 1


def test_a_worker_does_what_is_due_once(home: Path, redress: Redress) -> None:
    assert (
        redress("worker", "--once").stdout
        == "timers: 0\noutbox: 0\nincidents: 0\nstarts: 0\nmessages: 0\nbulk: 0\n"
    )


def test_a_worker_that_would_never_look_does_not_start(home: Path, redress: Redress) -> None:
    assert "REDRESS_TICK_SECONDS" in _refused(redress("worker", REDRESS_TICK_SECONDS="0"))


def test_templates_are_printed_or_written_for_the_modeler(redress: Redress, tmp_path: Path) -> None:
    file = tmp_path / "resources" / "redress.json"

    printed = json.loads(redress("templates").stdout)
    assert redress("templates", "--out", str(file)).exit_code == 0

    assert json.loads(file.read_text(encoding="utf-8")) == printed
    assert "redress.notices.send" in {template["id"] for template in printed}


@pytest.mark.parametrize(
    "command",
    [
        ("check", WORKFLOWS / "offer.bpmn"),
        ("scenarios", WORKFLOWS / "scenarios" / "offer.yaml"),
        ("decide", WORKFLOWS / "decisions" / "severity.dmn", "severity", "complaint={amount: 5}"),
        ("templates",),
    ],
    ids=lambda command: command[0],
)
def test_what_designers_ask_needs_no_database(
    redress: Redress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str | Path, ...]
) -> None:
    monkeypatch.chdir(tmp_path)

    result = redress(
        *command, REDRESS_DATABASE_URL="postgresql://nobody@/nowhere?host=/nowhere", HOME="/nowhere"
    )

    assert result.exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_an_input_that_cannot_be_read_is_told_by_its_name(redress: Redress) -> None:
    result = redress("decide", SEVERITY, "severity", "complaint={amount: 5}", "lines=[1,2")

    assert _refused(result) == "redress: lines: expected ']', but the text ends (line 1, column 5)"


def test_a_decision_that_is_not_there_is_told_with_those_that_are(redress: Redress) -> None:
    assert "there is no decision 'sverity' here; there are severity" in _refused(
        redress("decide", SEVERITY, "sverity")
    )
