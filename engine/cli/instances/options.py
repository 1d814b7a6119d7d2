"""What the commands on instances have in common: who asks, why, and which instances are meant."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click

from engine.bootstrap import App
from engine.domain.actor import Actor
from engine.domain.complaint import Grade
from engine.domain.errors import NotFound
from engine.domain.running import InstanceState
from engine.domain.steering import ALIVE, Wanted
from engine.reads.instances import InstanceRow

F = TypeVar("F", bound=Callable[..., Any])
PAGE = 200

NUMBER = click.IntRange(0, 2**63 - 1)
"""The number of a row, as large as either database keeps one."""
COUNT = click.IntRange(1, 2**63 - 1)

IDS = click.argument("ids", nargs=-1, type=NUMBER, metavar="[INSTANCE]...")
WHO = click.option("--as", "login", required=True, metavar="LOGIN", help="In whose name.")
WHY = click.option("--because", "reason", required=True, metavar="WORDS", help="Why, for the history.")
JSON = click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")
LATER = click.option("--later", is_flag=True, help="Leave a bulk job to the worker.")
FILTERS = (
    click.option("--process", metavar="ID", help="Instances of this process."),
    click.option("--release", type=NUMBER, metavar="N", help="On this release."),
    click.option("--at", metavar="ELEMENT", help="With a token at this element."),
    click.option(
        "--state",
        "states",
        multiple=True,
        type=click.Choice([str(state) for state in InstanceState]),
        help="In this state [default: running and suspended].",
    ),
    click.option(
        "--grade", type=click.Choice([str(grade) for grade in Grade]), help="Of complaints of this grade."
    ),
    click.option("--unit", metavar="CODE", help="Of complaints that stand at this unit or below it."),
    click.option(
        "--number", "numbers", multiple=True, metavar="NUMBER", help="Of this complaint; may be repeated."
    ),
    click.option("--code", metavar="CODE", help="With an open incident of this code."),
    click.option("--bulk", type=NUMBER, metavar="N", help="That this bulk job was done to."),
)


def _all(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one, in this order."""

    def added(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return added


FILTERED = _all(*FILTERS)
"""A filter, which comes as `chosen`."""
CHOSEN = _all(IDS, FILTERED)
"""Which instances: their ids, or a filter."""
SAID = _all(WHY, WHO, LATER, JSON)
"""What is said of every act."""


def wanted(chosen: dict[str, Any]) -> Wanted:
    """The filter that was said."""
    return Wanted(
        process=chosen["process"],
        release_id=chosen["release"],
        element=chosen["at"],
        states=tuple(InstanceState(state) for state in chosen["states"]) or ALIVE,
        grade=chosen["grade"],
        unit=chosen["unit"],
        numbers=tuple(chosen["numbers"]),
        code=chosen["code"],
        bulk=chosen["bulk"],
    )


def require_either(ids: tuple[int, ...], chosen: dict[str, Any]) -> None:
    """Instances are named by number or chosen by a filter, not both and not neither."""
    said = any(chosen.values())
    if ids and said:
        raise click.UsageError("Name instances by number, or choose them by a filter; not both.")
    if not ids and not said:
        raise click.UsageError(
            "Name instances by number, or choose them by a filter, as --process complaint."
        )


def actor(app: App, login: str) -> Actor:
    """The person with this login; raises NotFound."""
    person = app.reads.login(login)
    if person is None or not person.active:
        raise NotFound(f"Nobody here has the login {login}.")
    return app.reads.actor_for(person.id)


def pages(app: App, asking: Actor, meant: Wanted) -> Iterator[InstanceRow]:
    """Every instance that fits, a page at a time."""
    after = 0
    while True:
        rows = app.reads.instances(asking, meant, after=after, limit=PAGE)
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1].id
