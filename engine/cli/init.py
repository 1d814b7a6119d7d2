"""`redress init`: create or upgrade the database, and release the definitions that ship."""

import click

from engine import bootstrap
from engine.cli.console import out, settings


@click.command()
@click.option(
    "--demo", is_flag=True, help="Add the demo bank: units, a person a role, calendars; no complaints."
)
def init(demo: bool) -> None:
    """Create or upgrade the database.

    Safe to run again: what is there stays, what is new is added.

    \b
    Example: redress init --demo
    """
    chosen = settings()
    bootstrap.prepare(chosen, demo=demo)
    out.print(f"Redress is ready in {chosen.home}.")
