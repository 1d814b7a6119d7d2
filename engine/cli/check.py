"""`redress check`: whether diagrams, decisions and forms can run, and what is doubtful in them."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from engine import bootstrap
from engine.checks import check_given, read_given
from engine.checks.files import KINDS
from engine.cli.console import REFUSED


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the problems as a JSON list.")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, path_type=Path),
)
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Tell whether diagrams, decisions and forms can run, and what is doubtful in them.

    Each FILE is a .bpmn, .dmn or .form, or a folder of them; they are checked together. They may refer to each other,
    to the files beside them, to workflows/ and forms/ of this folder, and to what ships with Redress. One line a
    problem: file:line: element: rule: message; the message of a doubt begins with "warning:". Doubts alone do not
    refuse a file.

    \b
    Example: redress check workflows forms/definitions/triage.form
    """
    for file in files:
        if not file.is_dir() and file.suffix not in KINDS:
            raise click.UsageError(f"{file} is no .bpmn, .dmn or .form file.")
    given = read_given(files)
    problems = check_given(given, Path(), bootstrap.shipped_definitions())
    if as_json:
        _say(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            _say(str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    click.echo(_summary(len(given), errors, len(problems) - errors), err=True)
    if errors:
        ctx.exit(REFUSED)


def _say(line: str) -> None:
    """Names of files may hold bytes that are no text."""
    click.echo(line.encode("utf-8", "backslashreplace").decode())


def _summary(files: int, errors: int, warnings: int) -> str:
    found = [_counted(count, word) for count, word in ((errors, "error"), (warnings, "warning")) if count]
    return f"{_counted(files, 'file')}: {', '.join(found) or 'nothing to say'}."


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
