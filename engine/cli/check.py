"""`redress check`: whether diagrams, decisions and forms can run."""

from pathlib import Path

import click

from engine import dmn
from engine.bpmn.definitions import Definitions
from engine.cli.console import REFUSED, out
from engine.dmn import DmnError
from engine.domain.errors import RedressError
from forms.definitions import read_form
from forms.errors import FormDefinitionError


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Tell whether diagrams, decisions and forms can run.

    Each FILE is a .bpmn, .dmn or .form; what refuses one is said with line, element and reason.

    \b
    Example: redress check workflows/complaint.bpmn forms/definitions/triage.form
    """
    refused = [error for file in files if (error := _refusal(file)) is not None]
    for error in refused:
        click.echo(str(error), err=True)
    if refused:
        ctx.exit(REFUSED)
    out.print(f"{len(files)} can run." if len(files) > 1 else f"{files[0]} can run.")


def _refusal(file: Path) -> Exception | None:
    """What refuses this file, if something does."""
    try:
        match file.suffix:
            case ".form":
                read_form(file.read_bytes(), str(file))
            case ".dmn":
                dmn.read(file)
            case ".bpmn":
                Definitions(0, {str(file): file.read_bytes()})
            case _:
                raise click.UsageError(f"{file} is no .bpmn, .dmn or .form file.")
    except (RedressError, DmnError, FormDefinitionError) as error:
        return error
    return None
