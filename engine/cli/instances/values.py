"""Variables on the command line: --set NAME=FEEL, as often as needed."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

import click

from engine import feel
from engine.cli.named_values import named_value
from engine.runtime.clock import SystemClock

SET = click.option(
    "--set", "values", multiple=True, metavar="NAME=FEEL", help="A variable and its value; may be repeated."
)


def values_of(texts: Iterable[str]) -> dict[str, Any]:
    """The variables, plain JSON."""
    environment = feel.Environment(now=SystemClock().now().astimezone(UTC))
    found = dict(named_value(text, environment) for text in texts)
    return {name: feel.to_json(value) for name, value in found.items()}
