"""`redress instances migrate | take-back`."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import click

from engine import bootstrap
from engine.bootstrap import App
from engine.cli.console import out, settings
from engine.cli.instances.acting import asked
from engine.cli.instances.doing import carry_out
from engine.cli.instances.options import CHOSEN, JSON, LATER, SAID, WHO, actor, pages, require_either, wanted
from engine.domain.actor import Actor
from engine.domain.errors import RedressError, Unavailable
from engine.domain.migration import Mappings, MigrationPlan
from engine.domain.steering import Act, Verb
from engine.use_cases import steering

TO = click.option(
    "--to", "target", required=True, metavar="RELEASE", help="Number of the release, or `current`."
)
MAP = click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="OLD=NEW",
    help="An element that is called otherwise there, as old=new or process:old=new; old= is carried over to nothing.",
)


@click.command()
@CHOSEN
@TO
@MAP
@click.option("--dry-run", is_flag=True, help="Tell for each instance what would happen, or why not.")
@click.option("--because", "reason", default="", metavar="WORDS", help="Why, for the history.")
@WHO
@LATER
@JSON
def migrate(target: str, mapping: tuple[str, ...], dry_run: bool, **given: Any) -> None:
    """Move instances to another release.

    Tokens stay at the elements of the same id, or go where --map says. Timers keep their moment, tasks their holder,
    due date and drafts. What cannot move says why, and stays.

    \b
    Example: redress instances migrate --process complaint --to current --map check=review --dry-run --as ada
    """
    to = _release(target)
    if dry_run:
        _tell_plans(to, mapping, given)
        return
    if not given["reason"]:
        raise click.UsageError("Say with --because why, or ask with --dry-run first.")
    said = asked(given)
    act = Act(
        Verb.MIGRATE, release_id=to, mapping=mappings(mapping, _process(said.ids, said.chosen, said.login))
    )
    carry_out(act, said)


@click.command(name="take-back")
@CHOSEN
@SAID
def take_back(**given: Any) -> None:
    """Take migrations back where nothing moved on since.

    The instance is again exactly as it was before.

    \b
    Example: redress instances take-back --bulk 3 --because 'wrong mapping' --as ada
    """
    carry_out(Act(Verb.TAKE_BACK), asked(given))


def mappings(texts: Iterable[str], process: str | None) -> dict[str, dict[str, str]]:
    """The mapping by process of what was said."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for text in texts:
        named, colon, names = text.rpartition(":")
        old, equals, new = names.partition("=")
        of = named if colon else process
        if not equals or not old.strip():
            raise click.UsageError(f"{text!r} is no mapping: write OLD=NEW, as check=review.")
        if not of:
            raise click.UsageError(f"Say of which process {old} is: write PROCESS:{names}.")
        found[of][old.strip()] = new.strip()
    return {of: dict(names) for of, names in found.items()}


def _process(ids: tuple[int, ...], chosen: dict[str, Any], login: str) -> str | None:
    """The process that is meant where a mapping names none."""
    if not ids:
        process: str | None = chosen["process"]
        return process
    with bootstrap.opened(settings()) as app:
        asking = actor(app, login)
        of = {app.reads.instance(asking, id).row.process for id in ids}
    return of.pop() if len(of) == 1 else None


def _release(text: str) -> int | None:
    if text == "current":
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise click.UsageError(f"{text!r} is no release: write its number, or `current`.")
    return int(text)


def _tell_plans(to: int | None, texts: tuple[str, ...], given: dict[str, Any]) -> None:
    said = asked(given)
    require_either(said.ids, said.chosen)
    mapping = mappings(texts, _process(said.ids, said.chosen, said.login))
    with bootstrap.opened(settings()) as app:
        asking = actor(app, said.login)
        ids = said.ids or tuple(row.id for row in pages(app, asking, wanted(said.chosen)))
        plans = [_planned(app, asking, id, to, mapping) for id in ids]
    if said.as_json:
        click.echo(json.dumps([_plain(plan) for plan in plans], ensure_ascii=False))
        return
    for plan in plans:
        _tell(plan)
    possible = sum(plan.is_possible and plan.is_needed for plan in plans)
    out.print(f"{len(plans):,} looked at, {possible:,} can go.")


def _planned(app: App, asking: Actor, id: int, to: int | None, mapping: Mappings) -> MigrationPlan:
    try:
        return steering.plan_migration(app.ports, asking, id, to, mapping)
    except Unavailable:
        raise
    except RedressError as error:
        return MigrationPlan(id, "", 0, to or 0, reasons=(error.message,))


def _plain(plan: MigrationPlan) -> dict[str, Any]:
    return {
        "instance": plan.instance_id,
        "process": plan.process,
        "from_release": plan.from_release_id,
        "to_release": plan.to_release_id,
        "needed": plan.is_needed,
        "possible": plan.is_possible,
        "steps": [
            {
                "kind": str(step.kind),
                "element": step.element,
                "to": step.to,
                "token": step.token,
                "sentence": step.sentence,
            }
            for step in plan.steps
        ],
        "reasons": list(plan.reasons),
    }


def _tell(plan: MigrationPlan) -> None:
    if not plan.is_needed:
        out.print(f"Instance {plan.instance_id}: is on release {plan.to_release_id} already.")
        return
    can = "can go" if plan.is_possible else "cannot go"
    out.print(
        f"Instance {plan.instance_id}: {can} from release {plan.from_release_id} to {plan.to_release_id}."
    )
    for sentence in plan.reasons or [step.sentence for step in plan.steps]:
        out.print(f"  {sentence}")
