"""The documents say what the code does: settings, operations, commands, make targets, links."""

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
