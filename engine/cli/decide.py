"""`redress decide`: ask one decision, outside any process."""

import json
import sys
from datetime import UTC
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import click

from engine import dmn, feel
from engine.cli.named_values import named_value
from engine.domain.errors import ValueRefused
from engine.runtime.clock import SystemClock


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("decision")
@click.argument("inputs", nargs=-1, metavar="[NAME=FEEL]...")
@click.option(
    "--input", "given", metavar="JSON", help="The inputs as a JSON object; - reads it from standard input."
)
@click.option("--explain", is_flag=True, help="Tell on standard error which rules matched, and on what.")
def decide(file: Path, decision: str, inputs: tuple[str, ...], given: str | None, explain: bool) -> None:
    """Ask DECISION, by its id or name, of a DMN FILE; the answer is printed as JSON.

    Inputs are one JSON object, or names with FEEL expressions, or both; a name given twice is what its expression
    says.

    \b
    Example: redress decide workflows/decisions/severity.dmn severity 'complaint={amount: 5000}'
    Example: redress decide severity.dmn Severity --input '{"complaint": {"amount": 5000}}' --explain
    """
    environment = feel.Environment(now=SystemClock().now().astimezone(UTC))
    known = _object(given) | dict(named_value(text, environment) for text in inputs)
    explanation = _model(file).evaluate(decision, known, environment)
    if explain:
        for sentence in explanation.record.sentences():
            click.echo(sentence, err=True)
    click.echo(json.dumps(feel.to_json(explanation.value), ensure_ascii=False))


def _model(file: Path) -> dmn.DecisionModel:
    try:
        return dmn.read(file)
    except OSError as missing:
        raise dmn.DmnError(
            "dmn.import", f"the imported file {missing.filename} cannot be read", file=str(file)
        ) from missing


def _object(text: str | None) -> dict[str, Any]:
    """The inputs of a JSON object, its numbers as exact as they are written."""
    if text is None:
        return {}
    try:
        found = json.loads(
            sys.stdin.read() if text == "-" else text,
            parse_float=Decimal,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:
        raise ValueRefused(f"--input is no JSON: {error}.", field="input") from None
    if not isinstance(found, dict):
        raise ValueRefused(
            '--input is no JSON object: write names and values, as {"amount": 5000}.', field="input"
        )
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")
