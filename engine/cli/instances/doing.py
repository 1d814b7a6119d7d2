"""An act carried out: on instances named by number at once, on chosen ones as a bulk job with its progress."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from engine import bootstrap
from engine.bootstrap import App
from engine.cli.console import REFUSED, out, print_table, settings
from engine.cli.instances.options import actor, require_either, wanted
from engine.domain.actor import Actor
from engine.domain.errors import RedressError, Unavailable
from engine.domain.steering import Act, BulkState, ItemState, Result, Told
from engine.reads.bulk import BulkView
from engine.runtime.bulk_tick import BulkTick
from engine.use_cases import bulk, steering

MOST_SHOWN = 20


@dataclass(frozen=True)
class Asked:
    """What was said on the command line beside the act: who, why, to which, and how to answer."""

    login: str
    reason: str
    ids: tuple[int, ...]
    chosen: dict[str, Any]
    later: bool
    as_json: bool


def carry_out(act: Act, asked: Asked) -> None:
    """Do it, tell what came of it, and end with 1 if anything was refused."""
    require_either(asked.ids, asked.chosen)
    with bootstrap.opened(settings()) as app:
        asking = actor(app, asked.login)
        if asked.ids:
            refused = _at_once(app, asking, act, asked)
        else:
            started = bulk.start(app.ports, asking, act, wanted(asked.chosen), asked.reason)
            refused = work_off(app, asking, started.id, later=asked.later, as_json=asked.as_json)
    if refused:
        click.get_current_context().exit(REFUSED)


def _at_once(app: App, asking: Actor, act: Act, asked: Asked) -> bool:
    told = [(id, one_told(app, asking, id, act, asked.reason)) for id in asked.ids]
    if asked.as_json:
        click.echo(json.dumps([answer(id, each) for id, each in told], ensure_ascii=False, default=str))
    else:
        for id, each in told:
            if each.result is Result.REFUSED:
                click.echo(f"Instance {id}: {each.sentence}", err=True)
            else:
                out.print(each.sentence)
                for name, value in (each.detail.get("before") or {}).items():
                    out.print(f"  {name} was {json.dumps(value, ensure_ascii=False, default=str)}")
    return any(each.result is Result.REFUSED for _, each in told)


def one_told(app: App, asking: Actor, id: int, act: Act, reason: str) -> Told:
    """What came of an act on one instance; a refusal is an answer too."""
    try:
        return steering.steer(app.ports, asking, id, act, reason)
    except Unavailable:
        raise
    except RedressError as error:
        return Told(Result.REFUSED, error.message)


def answer(id: int, told: Told) -> dict[str, Any]:
    """As JSON."""
    return {"instance": id, "result": str(told.result), "sentence": told.sentence, **told.detail}


def work_off(app: App, asking: Actor, bulk_id: int, *, later: bool, as_json: bool) -> bool:
    """Work a bulk job off, unless that is for later, and tell how far it is; whether anything was refused."""
    tick = BulkTick(app.ports, bulk_id)
    view = app.reads.bulk(asking, bulk_id)
    with _progress(as_json) as bar:
        task = bar.add_task(f"bulk {bulk_id}", total=view.bulk.total)
        while not later and tick():
            view = app.reads.bulk(asking, bulk_id)
            bar.update(task, completed=view.over)
    view = app.reads.bulk(asking, bulk_id)
    if as_json:
        click.echo(json.dumps(summary(view), ensure_ascii=False))
    else:
        tell(app, asking, view)
    return view.counts[ItemState.REFUSED] > 0


def summary(view: BulkView) -> dict[str, Any]:
    """A bulk job as JSON."""
    job = view.bulk
    return {
        "bulk": job.id,
        "verb": job.verb,
        "reason": job.reason,
        "by": job.actor,
        "at": job.at.isoformat(),
        "state": str(job.state),
        "total": job.total,
        **{str(state): count for state, count in view.counts.items()},
    }


def tell(app: App, asking: Actor, view: BulkView) -> None:
    """How far a bulk job is, and why instances were refused."""
    job, counts = view.bulk, view.counts
    words = ", ".join(
        f"{counts[state]:,} {str(state).replace('_', ' ')}" for state in ItemState if counts[state]
    )
    over = "" if job.state is BulkState.RUNNING else f" ({job.state})"
    out.print(f"Bulk {job.id}{over}: {job.verb} on {job.total:,}: {words or 'none fits'}.")
    refused = app.reads.bulk(asking, job.id, states=(ItemState.REFUSED,), limit=MOST_SHOWN).items
    if refused:
        print_items([(each.instance_id, str(each.state), each.sentence) for each in refused])
    if counts[ItemState.REFUSED] > len(refused):
        out.print(f"All of them: redress instances bulk show {job.id} --state refused --as …")


def print_items(rows: Sequence[tuple[int, str, str]]) -> None:
    """Instances with what came of them."""
    table = Table("instance", "result", "why", box=None)
    for id, result, sentence in rows:
        table.add_row(str(id), result.replace("_", " "), sentence)
    print_table(table)


def _progress(quiet: bool) -> Progress:
    return Progress(
        *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()),
        console=out,
        transient=True,
        disable=quiet or not out.is_terminal,
    )
