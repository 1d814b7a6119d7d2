"""`redress play`: simulated customers and staff at work, so that a newcomer sees a bank that lives."""

import click


@click.command()
@click.option(
    "--days", default=30, show_default=True, type=click.IntRange(1, 3660), help="How far back to begin."
)
@click.option(
    "--per-day", default=10, show_default=True, type=click.IntRange(0, 10_000), help="Complaints a day."
)
@click.option("--seed", default=1, show_default=True, help="The same seed plays the same days.")
@click.option("--if-empty", is_flag=True, help="Do nothing if there are complaints already.")
def play(days: int, per_day: int, seed: int, if_empty: bool) -> None:
    """Let simulated customers and staff of every role work on a moved clock that ends now.

    Only in demo databases.

    \b
    Example: redress play --days 30 --per-day 10 --seed 1
    """
