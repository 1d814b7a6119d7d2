"""`redress worker`: the ticks without the web."""

import signal
from threading import Event

import click

from engine import bootstrap
from engine.cli.console import out, settings
from engine.runtime import memory
from engine.runtime.scheduler import Ticks
from engine.settings import SettingsRefused


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def worker(once: bool) -> None:
    """Fire due timers and send notices, until stopped.

    Several may run beside one another and beside `redress serve`: each step looks again under the lock.

    \b
    Example: redress worker
    """
    chosen = settings()
    with bootstrap.opened(chosen) as app:
        if once:
            for name, tick in app.ticks().items():
                out.print(f"{name}: {tick()}")
            return
        if chosen.tick_seconds == 0:
            raise SettingsRefused("REDRESS_TICK_SECONDS is 0: a worker that never looks does nothing.")
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        out.print(f"The worker looks every {chosen.tick_seconds} s; stop it with Ctrl+C.")
        memory.settle()
        with Ticks(app.ticks(), seconds=chosen.tick_seconds):
            stop.wait()
