"""Values given on the command line: a name and a FEEL expression."""

from typing import Any

import click

from engine import feel
from engine.domain.errors import ValueRefused


def named_value(text: str, environment: feel.Environment) -> tuple[str, Any]:
    """The name and the value of NAME=FEEL."""
    name, equals, expression = text.partition("=")
    if not equals or not name.strip():
        raise click.UsageError(f"{text!r} is no input: write NAME=FEEL, as amount=5000.")
    try:
        return name.strip(), feel.compile_expression(expression).evaluate({}, environment)
    except feel.FeelError as error:
        raise ValueRefused(f"{name.strip()}: {error}", field=name.strip()) from None
