"""`redress check`: whether diagrams, decisions and forms can run, and what is doubtful in them."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath

import click

from engine import bootstrap, dmn
from engine.bpmn.expressions import FUNCTIONS, RESERVED
from engine.bpmn.rules import Problem
from engine.cli.console import REFUSED, out
from engine.dmn import DmnError
from forms.definitions import read_form
from forms.errors import FormDefinitionError

KINDS = (".bpmn", ".dmn", ".form")
BESIDE = ("", "decisions", "forms")
DOUBTFUL = frozenset({"dmn.gap", "dmn.overlap", "dmn.unreachable", "dmn.unknown_name"})
"""What a table does that may be meant: it runs, and answers null or refuses where rules contradict each other."""

Files = Mapping[str, bytes]
PROCESS = re.compile(rb'<(?:\w+:)?process\s[^>]*?\bid="([^"]*)"')


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the problems as a JSON list.")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Tell whether diagrams, decisions and forms can run.

    Each FILE is a .bpmn, .dmn or .form. One line a problem: file:line: element: rule: message. They may refer to
    each other, to the files beside them, and to what ships with Redress. Doubts alone do not refuse a file.

    \b
    Example: redress check workflows/complaint.bpmn forms/definitions/triage.form
    """
    given = {}
    for file in files:
        if file.suffix not in KINDS:
            raise click.UsageError(f"{file} is no .bpmn, .dmn or .form file.")
        given[file.as_posix()] = file.read_bytes()
    problems = check_given(given, _around(files, given))
    refused = {problem.file for problem in problems if problem.severity == "error"}
    if as_json:
        click.echo(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            click.echo(_line(problem), err=True)
        if not refused:
            out.print(f"{len(files)} can run." if len(files) > 1 else f"{files[0]} can run.")
    if refused:
        ctx.exit(REFUSED)


def check_given(given: Files, context: Files) -> list[Problem]:
    """Every problem of these files, by file and line; `context` may be referred to."""
    forms, problems = _forms(given)
    shown, _ = _forms(context)
    decided = [
        problem for file in given if file.endswith(".dmn") for problem in _decisions(file, given, context)
    ]
    told = {(problem.file, problem.line, problem.element) for problem in decided}
    problems += decided
    problems += (
        problem
        for problem in bootstrap.problems_of(given, forms | shown, context)
        if (problem.file, problem.line, problem.element) not in told
    )
    return sorted(problems, key=lambda p: (p.file, p.line or 0, p.element, p.rule, p.message))


def _line(problem: Problem) -> str:
    words = " ".join(str(problem).split())
    return words if problem.severity == "error" else f"{words} (a warning)"


def _around(files: Sequence[Path], given: Files) -> dict[str, bytes]:
    """What the given files may refer to; what they are another edition of is left out."""
    around = dict(bootstrap.shipped_definitions())
    seen = {file.resolve() for file in files}
    for folder in sorted({file.parent / name for file in files for name in BESIDE}):
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if path.suffix in KINDS and path.is_file() and path.resolve() not in seen:
                around[path.as_posix()] = path.read_bytes()
    offered = _processes(given.values())
    return {
        file: content
        for file, content in around.items()
        if file not in given and not (file.endswith(".bpmn") and offered & _processes([content]))
    }


def _processes(contents: Collection[bytes]) -> set[bytes]:
    return {found for content in contents for found in PROCESS.findall(content)}


def _forms(files: Files) -> tuple[set[str], list[Problem]]:
    """The ids of the forms among these files, and what refuses some of them."""
    ids, problems = set(), []
    for file, content in files.items():
        if file.endswith(".form"):
            try:
                ids.add(read_form(content, file).id)
            except FormDefinitionError as error:
                ids.add(PurePosixPath(file).stem)
                problems.append(Problem(file, error.line, error.component or "", "form", error.reason))
    return ids, problems


def _decisions(file: str, given: Files, context: Files) -> Iterator[Problem]:
    """What a designer should know of a file of decisions; one that cannot be read at all is told by the rules."""
    everything = {**context, **given}
    folder = PurePosixPath(file).parent
    try:
        model = dmn.read_decisions(
            given[file], file, imports=lambda location: everything[str(folder / location)], lenient=True
        )
    except (DmnError, KeyError):
        return
    supplied = RESERVED if model.definitions.inputs else ()
    for found in dmn.check(model, supplied, FUNCTIONS):
        yield Problem(
            file,
            found.line,
            found.element,
            found.code,
            f"{_place(found)}{found.message}",
            "warning" if found.code in DOUBTFUL or not found.certain else "error",
        )


def _place(found: dmn.Problem) -> str:
    """Where in its table it stands, as "row 3, column 2: "."""
    parts = [f"{name} {number}" for name, number in (("row", found.row), ("column", found.column)) if number]
    return f"{', '.join(parts)}: " if parts else ""
