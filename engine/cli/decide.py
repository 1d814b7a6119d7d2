"""`redress decide`: ask one decision, outside any process."""

import json
from datetime import UTC
from pathlib import Path
from typing import Any

import click

from engine import dmn, feel
from engine.runtime.clock import SystemClock


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("decision")
@click.argument("inputs", nargs=-1, metavar="[NAME=FEEL]...")
def decide(file: Path, decision: str, inputs: tuple[str, ...]) -> None:
    """Ask DECISION of a DMN FILE; the answer is printed as JSON.

    Each input is a name and a FEEL expression.

    \b
    Example: redress decide workflows/decisions/severity.dmn severity 'complaint={amount: 5000}'
    """
    environment = feel.Environment(now=SystemClock().now().astimezone(UTC))
    known = dict(_read(text, environment) for text in inputs)
    answer = feel.to_json(dmn.read(file).evaluate(decision, known, environment))
    click.echo(json.dumps(answer, ensure_ascii=False, default=str))


def _read(text: str, environment: feel.Environment) -> tuple[str, Any]:
    name, equals, expression = text.partition("=")
    if not equals or not name.strip():
        raise click.UsageError(f"{text!r} is no input: write NAME=FEEL, as amount=5000.")
    return name.strip(), feel.compile_expression(expression).evaluate({}, environment)
