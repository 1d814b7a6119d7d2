"""The documents say what the code does: settings, operations, commands, make targets, links."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from engine.bpmn import limits
from engine.cli.main import COMMANDS
from engine.operations import Operation, build_operations
from engine.operations.multi_instance import BY_ENGINE
from engine.runtime.files import LocalFiles
from engine.settings import Settings, variable
from engine.simulation.reading import read_scenarios
from engine.simulation.words import EXPECTED, FILE, QUESTION, SCENARIO, START, VERBS
from tests.architecture.sources import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
OPERATIONS = build_operations(LocalFiles(Path("/nowhere")))


def _rows(document: str, start: str) -> list[str]:
    return [line for line in (ROOT / document).read_text().splitlines() if line.startswith(start)]


def test_the_table_of_settings_is_the_code() -> None:
    expected = [
        f"| `{variable(field.name)}` | {field.metadata['meaning']} | {field.metadata['default']} |"
        for field in fields(Settings)
    ]

    assert _rows("README.md", "| `REDRESS_") == expected


def _names(schema_fields: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in schema_fields) or "–"


def _row(operation: Operation) -> str:
    takes, gives = operation.input().fields, operation.output().fields
    summary = " ".join(operation.summary.split())
    throws = _names(list(operation.errors))
    return f"| `{operation.name}` | {summary} | {_names(list(takes))} | {_names(list(gives))} | {throws} |"


def test_every_operation_is_documented_as_it_is() -> None:
    expected = [_row(OPERATIONS[name]) for name in sorted(OPERATIONS)]

    assert _rows("docs/operations.md", "| `") == expected


def test_every_input_of_an_operation_is_documented_as_it_is() -> None:
    expected = [
        f"| {each.name} | {name} | {'yes' if field.required else ''} | {field.metadata['description']} |"
        for each in sorted([*OPERATIONS.values(), *BY_ENGINE], key=lambda each: each.name)
        for name, field in each.input().fields.items()
    ]
    written = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").partition("## What each takes")[2]

    assert [line for line in written.splitlines() if line.startswith("| ")][1:] == expected


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text())
    missing = [
        link for link in links if "://" not in link and not (document.parent / link).resolve().exists()
    ]

    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_is_named_exists(document: Path) -> None:
    """A path in backticks that begins with one of our folders; those with <placeholders> or * are patterns."""
    named = re.findall(r"`((?:engine|forms|web|workflows|tests|docs)/[\w./-]+)`", document.read_text())

    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_is_named_exists(document: Path) -> None:
    named = set(re.findall(r"redress ([a-z]+)", document.read_text()))

    assert named <= {*COMMANDS, "in"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", document.read_text(), re.MULTILINE))

    assert named <= targets


def test_make_help_tells_what_each_public_target_does() -> None:
    makefile = (ROOT / "Makefile").read_text()
    public = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert public is not None

    silent = [
        target
        for target in public[1].split()
        if not re.search(rf"^{target}:.*## ", makefile, re.MULTILINE) and target != "test-only"
    ]
    assert silent == []


def _rules_in_code() -> dict[str, set[str]]:
    """Every rule by name, as the rooms of rules and checks write it, and whether it is an error or a warning."""
    found: dict[str, set[str]] = {name: {"error"} for name in ("error", "escalation")}  # by a name of its own
    found["signal"] = {"error", "warning"}
    for folder in ("engine/bpmn/rules", "engine/checks"):
        for path in sorted((ROOT / folder).glob("*.py")):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call):
                    _note_rule(call, found)
    return found


def _note_rule(call: ast.Call, found: dict[str, set[str]]) -> None:
    called = ast.unparse(call.func).rpartition(".")[2]
    place = {"problem": 1, "warning": 1, "Problem": 3}.get(called)
    if place is None or len(call.args) <= place or not isinstance(call.args[place], ast.Constant):
        return
    warns = called == "warning" or any(
        isinstance(argument, ast.Constant) and argument.value == "warning" for argument in call.args
    )
    name = call.args[place].value  # type: ignore[attr-defined]
    if not name.startswith("dmn."):
        found.setdefault(name, set()).add("warning" if warns else "error")


def test_every_rule_of_the_checks_is_documented() -> None:
    rows = [row.split("|") for row in _rows("docs/checks.md", "| `")]
    written = {row[1].strip().strip("`"): set(row[2].strip().split(", ")) for row in rows}
    code = _rules_in_code()

    assert sorted(written) == sorted(code)
    assert {name: kinds for name, kinds in code.items() if not kinds <= written[name]} == {}


def test_every_word_of_a_scenario_is_documented_as_it_is() -> None:
    rows = [
        [cell.strip() for cell in row.split("|")[1:-1]]
        for row in _rows("docs/designers.md", "| `")
        if row.split("|")[1].strip().strip("`") in {*VERBS, *EXPECTED}
    ]

    steps = {
        name.strip("`"): set(re.findall(r"`([^`]+)`", more))
        for name, _, more in (r for r in rows if len(r) == 3)
    }
    assert steps == {name: set(verb.more) for name, verb in VERBS.items()}
    assert [row[0].strip("`") for row in rows if len(row) == 2] == list(EXPECTED)


def test_every_start_and_question_of_a_scenario_is_documented() -> None:
    written = (ROOT / "docs" / "designers.md").read_text(encoding="utf-8").partition("## Scenarios")[2]

    words = {*FILE, *SCENARIO, *START, *QUESTION}
    assert {word for word in words if f"`{word}`" not in written} == set()


def test_the_scenario_of_the_document_can_be_read() -> None:
    written = (ROOT / "docs" / "designers.md").read_text(encoding="utf-8")
    shown = written.partition("```yaml\n")[2].partition("```")[0]

    (scenario,), _ = read_scenarios(shown.encode(), "shown.yaml", {"answers.yaml": b"answers: {}"})
    assert len(scenario.steps) == 5


def test_what_is_said_of_the_plain_library_is_shown_by_a_test() -> None:
    """Every row names a test that is there."""
    rows = [row.split("|") for row in _rows("docs/plain_library.md", "| ") if "shown by" not in row]
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))

    missing = [row[1] for row in rows if f"def {row[3].strip().strip('`')}(" not in sources]

    assert len(rows) > 40
    assert missing == []


def test_the_limits_of_variables_are_documented_as_they_are() -> None:
    expected = [
        f"| characters of JSON in one variable | {limits.LARGEST_VALUE:,} |",
        f"| characters of JSON with one start, answer, message or result | {limits.LARGEST_PAYLOAD:,} |",
        f"| lists and contexts inside one another | {limits.DEEPEST_VALUE} |",
        f"| characters of a name | {limits.LONGEST_NAME} |",
    ]

    assert [row for row in expected if row not in _rows("docs/bpmn.md", "| ")] == []
