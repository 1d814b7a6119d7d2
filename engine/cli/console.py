"""How every command speaks: plain sentences, no traceback for what Redress refuses, and exit codes that mean something."""

import os
import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from engine.dmn import DmnError
from engine.domain.errors import RedressError, Unavailable
from engine.feel import FeelError
from engine.settings import Settings
from forms.errors import FormDefinitionError

REFUSED = 1
WRONG_USE = 2
TRY_AGAIN = 75
"""EX_TEMPFAIL of sysexits.h: the database is busy or gone, the same command may work in a moment."""

WIDEST = 400

PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False}
"""Words are shown as they are: "[/note]" or ":bank:" in a reason means nothing."""
out = Console(soft_wrap=True, **PLAIN)


class Commands(click.Group):
    """The group of all commands: turns what Redress refuses into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command asked for."""
        try:
            return super().invoke(ctx)
        except UnicodeEncodeError:
            _say("this holds bytes that are no text in UTF-8; please write it anew.")
            ctx.exit(WRONG_USE)
        except Unavailable as error:
            _say(error)
            ctx.exit(TRY_AGAIN)
        except (RedressError, FeelError, DmnError, FormDefinitionError) as error:
            _say(error)
            ctx.exit(REFUSED)
        except BrokenPipeError:
            # whoever read our output has gone; what is left of it goes nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(REFUSED)


def print_table(table: Table) -> None:
    """A table as wide as the terminal; in a file or pipe as wide as it needs."""
    wide = out if out.is_terminal else Console(width=WIDEST, file=out.file, **PLAIN)
    wide.print(table)


def settings() -> Settings:
    """The settings of this environment."""
    return Settings.from_env(os.environ)


def _say(error: Exception | str) -> None:
    click.echo(f"redress: {error}", err=True)
