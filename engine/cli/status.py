"""`redress status`: how many complaints, and what is open, due or stuck."""

import json
from dataclasses import asdict

import click
from rich.table import Table

from engine import bootstrap
from engine.cli.console import out, settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def status(as_json: bool) -> None:
    """Count what is open, due and stuck.

    \b
    Example: redress status --json
    """
    with bootstrap.opened(settings()) as app:
        counts = asdict(app.reads.status())
    if as_json:
        click.echo(json.dumps(counts))
        return
    table = Table(show_header=False, box=None)
    for name, count in counts.items():
        table.add_row(name.replace("_", " "), f"{count:,}")
    out.print(table)
