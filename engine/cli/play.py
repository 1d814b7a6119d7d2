"""`redress play`: simulated customers and staff at work, so that a newcomer sees a bank that lives."""

from datetime import timedelta

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from engine import bootstrap
from engine.cli.console import out, settings
from engine.runtime.clock import MovableClock, SystemClock
from engine.runtime.play import play as played
from engine.settings import Settings


@click.command()
@click.option(
    "--days", default=30, show_default=True, type=click.IntRange(1, 3660), help="How far back it begins."
)
@click.option(
    "--per-day", default=10, show_default=True, type=click.IntRange(0, 10_000), help="Complaints a day."
)
@click.option("--seed", default=1, show_default=True, help="The same seed plays the same days.")
@click.option("--if-empty", is_flag=True, help="Do nothing if there are complaints already.")
def play(days: int, per_day: int, seed: int, if_empty: bool) -> None:
    """Let simulated customers and staff work.

    Everybody works through the same use cases as real people, on a moved clock that ends now, at human delays. Only
    in demo databases.

    \b
    Example: redress play --days 30 --per-day 10 --seed 1
    """
    chosen = settings()
    if not (if_empty and has_complaints(chosen)):
        let_work(chosen, days=days, per_day=per_day, seed=seed)


def has_complaints(chosen: Settings) -> bool:
    """Whether there is any complaint yet."""
    with bootstrap.opened(chosen) as app:
        return app.reads.status().complaints > 0


def let_work(chosen: Settings, *, days: int, per_day: int, seed: int) -> None:
    """Play, with a progress bar."""
    until = SystemClock().now()
    clock = MovableClock(until - timedelta(days=days))
    bar = Progress(
        *(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()),
        console=out,
        transient=True,
        disable=not out.is_terminal,
    )
    actions = 0
    with bootstrap.opened(chosen, clock=clock, durable=False) as app, bar:
        task = bar.add_task(f"{days} days at the bank", total=1.0)
        for progress in played(
            app.ports, clock, app.senders, app.forms, days=days, per_day=per_day, seed=seed, until=until
        ):
            actions = progress.actions
            bar.update(task, completed=progress.share, description=f"{progress.at:%a %d %b}")
    out.print(f"{days} days at the bank: {actions:,} actions.")
