"""`redress serve`: the web application on waitress, and the ticks beside it in the same process."""

import signal
import sys
from typing import Any

import click
import waitress

from engine import bootstrap
from engine.cli.console import out, settings
from engine.cli.play import has_complaints, let_work
from engine.domain.errors import Unavailable
from engine.runtime import memory
from engine.runtime.keys import demo_password
from engine.runtime.scheduler import Ticks
from engine.use_cases.demo_bank import accounts

THREADS = 32
"""Waitress's own four stall as soon as a few pages are kept open."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen at."
)
@click.option(
    "--demo", is_flag=True, help="First make the demo bank, and let it work 30 days if it has no complaints."
)
def serve(host: str, port: int, demo: bool) -> None:
    """Show the web application.

    Due timers are fired and notices sent beside it, every REDRESS_TICK_SECONDS.

    \b
    Example: redress serve --port 8080
    """
    # the web and its libraries are loaded for this command alone
    from web.app import create_app

    chosen = settings()
    if demo:
        bootstrap.prepare(chosen, demo=True)
        if not has_complaints(chosen):
            let_work(chosen, days=30, per_day=10, seed=1)
    with bootstrap.opened(chosen) as app:
        server = _listening(create_app(app), host, port)
        out.print(f"Redress is at http://{_shown(host)}:{port}/")
        _print_accounts(app)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        memory.settle()
        with Ticks(app.ticks(), seconds=chosen.tick_seconds):
            server.run()


def _listening(application: Any, host: str, port: int) -> Any:
    try:
        return waitress.create_server(application, host=host, port=port, threads=THREADS, ident=None)
    except OSError as error:
        raise Unavailable(
            f"Nothing can listen at {host}:{port}: {error.strerror}. Try another --port."
        ) from None


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _print_accounts(app: bootstrap.App) -> None:
    password = demo_password(app.settings)
    if password is None:
        return
    out.print(f"Demo accounts at /desk, all with the password {password}:")
    for role, person in accounts(app.ports):
        out.print(f"  {person.login:<14} {role.replace('_', ' '):<20} {person.name}")
