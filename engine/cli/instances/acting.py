"""`redress instances suspend | resume | cancel | retry`."""

from typing import Any

import click

from engine.cli.instances.doing import Asked, carry_out
from engine.cli.instances.options import CHOSEN, SAID
from engine.cli.instances.values import SET, values_of
from engine.domain.steering import Act, Verb


def asked(given: dict[str, Any]) -> Asked:
    """What the options of all commands say."""
    names = ("login", "reason", "ids", "later", "as_json")
    own = {name: given.pop(name) for name in names}
    return Asked(**own, chosen=given)


@click.command()
@CHOSEN
@SAID
def suspend(**given: Any) -> None:
    """Put instances on hold.

    Their tasks leave the inboxes, their timers and messages wait. The clocks of the complaints run on: the law does
    not stop.

    \b
    Example: redress instances suspend --process complaint --at pay --because 'core system down' --as ada
    """
    carry_out(Act(Verb.SUSPEND), asked(given))


@click.command()
@CHOSEN
@SAID
def resume(**given: Any) -> None:
    """Let instances on hold go on.

    What came due fires, missed rounds once; messages and signals that were kept are given, all in the order they came.

    \b
    Example: redress instances resume --state suspended --because 'core system is back' --as ada
    """
    carry_out(Act(Verb.RESUME), asked(given))


@click.command()
@CHOSEN
@SAID
def cancel(**given: Any) -> None:
    """End instances where they stand.

    Their tasks, timers and subscriptions go; the history stays. There is no way back: the complaints stay open, and
    nobody is asked for anything any more.

    \b
    Example: redress instances cancel 12 --because 'started twice' --as ada
    """
    carry_out(Act(Verb.CANCEL), asked(given))


@click.command()
@CHOSEN
@SET
@click.option("--scope", default=0, show_default=True, help="Scope of the variables; 0 is the root.")
@click.option("--element", metavar="ELEMENT", help="Only what is stuck at this element.")
@click.option("--only", "only_code", metavar="CODE", help="Only incidents of this code.")
@SAID
def retry(
    values: tuple[str, ...], scope: int, element: str | None, only_code: str | None, **given: Any
) -> None:
    """Try again what is stuck, if need be with changed variables.

    \b
    Example: redress instances retry --code operation.failed --because 'mail server is back' --as ada
    Example: redress instances retry 12 --set 'rate=0.5' --because 'rate mended' --as ada
    """
    act = Act(Verb.RETRY, element=element, code=only_code, values=values_of(values), scope=scope)
    carry_out(act, asked(given))
