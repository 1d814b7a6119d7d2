"""`redress instances set | add-token | cancel-token | terminate | move`."""

from typing import Any

import click

from engine.cli.instances.acting import asked
from engine.cli.instances.doing import carry_out
from engine.cli.instances.options import CHOSEN, JSON, NUMBER, SAID, WHO, WHY
from engine.cli.instances.values import SET, values_of
from engine.domain.steering import Act, Verb

FLOW = click.option("--flow", metavar="ID", help="The flow the token comes by: a join counts by flows.")


@click.command(name="set")
@CHOSEN
@SET
@click.option(
    "--scope", default=0, show_default=True, help="Number of the scope, as show tells; 0 is the root."
)
@SAID
def set_values(values: tuple[str, ...], scope: int, **given: Any) -> None:
    """Change variables.

    A name with dots is an entry of a context; complaint.x writes to the complaint, by its rules and for those who may.

    \b
    Example: redress instances set 12 --set 'amount=5000' --because 'typed wrongly' --as ada
    """
    carry_out(Act(Verb.SET, values=values_of(values), scope=scope), asked(given))


@click.command(name="add-token")
@click.argument("element")
@CHOSEN
@click.option(
    "--inside", type=NUMBER, metavar="TOKEN", help="In the level this token holds; 0 is the process itself."
)
@FLOW
@SAID
def add_token(element: str, inside: int | None, flow: str | None, **given: Any) -> None:
    """Add a token at ELEMENT.

    It goes its way as if a flow had led there. At a subprocess or multi-instance it begins a new one; inside one that
    is not open it opens it. On hold it waits until the instance resumes.

    \b
    Example: redress instances add-token investigate 12 --because 'was skipped' --as ada
    """
    carry_out(Act(Verb.ADD_TOKEN, element=element, inside=inside, flow=flow), asked(given))


@click.command(name="cancel-token")
@click.argument("token", type=NUMBER)
@click.argument("instance", type=NUMBER)
@WHY
@WHO
@JSON
def cancel_token(token: int, instance: int, **given: Any) -> None:
    """Take TOKEN of INSTANCE away, with all that hangs from it.

    The last token of a subprocess takes it along, the last one of an instance cancels that. An item of a
    multi-instance is let go.

    \b
    Example: redress instances cancel-token 7 12 --because 'asked twice' --as ada
    """
    given |= {"ids": (instance,), "later": False}
    carry_out(Act(Verb.CANCEL_TOKEN, token=token), asked(given))


@click.command()
@click.argument("element")
@CHOSEN
@SAID
def terminate(element: str, **given: Any) -> None:
    """Take all tokens at ELEMENT away.

    \b
    Example: redress instances terminate chase 12 --because 'no longer needed' --as ada
    """
    carry_out(Act(Verb.TERMINATE, element=element), asked(given))


@click.command()
@click.argument("element")
@click.argument("to")
@CHOSEN
@FLOW
@SAID
def move(element: str, to: str, flow: str | None, **given: Any) -> None:
    """Move all tokens at ELEMENT to element TO.

    \b
    Example: redress instances move investigate plan --number C-2026-000184 --because 'done on paper' --as ada
    """
    carry_out(Act(Verb.MOVE, element=element, to=to, flow=flow), asked(given))
