"""`redress instances bulk list | show | run | stop`."""

import json

import click
from rich.table import Table

from engine import bootstrap
from engine.cli.console import REFUSED, out, print_table, settings
from engine.cli.instances.doing import print_items, summary, tell, work_off
from engine.cli.instances.options import COUNT, JSON, NUMBER, WHO, WHY, actor
from engine.domain.steering import ItemState
from engine.use_cases import bulk as use_case


@click.group()
def bulk() -> None:
    """Jobs on many instances: how far they are, and what came of each.

    \b
    Example: redress instances bulk show 3 --as ada
    """


@bulk.command(name="list")
@WHO
@JSON
def list_bulks(login: str, as_json: bool) -> None:
    """List the newest jobs.

    \b
    Example: redress instances bulk list --as ada
    """
    with bootstrap.opened(settings()) as app:
        found = app.reads.bulks(actor(app, login))
    if as_json:
        click.echo(json.dumps([summary(view) for view in found], ensure_ascii=False))
        return
    table = Table("bulk", "what", "state", "over", "of", "refused", "by", "at", "why", box=None)
    for view in found:
        job = view.bulk
        counts = f"{view.over:,}", f"{job.total:,}", f"{view.counts[ItemState.REFUSED]:,}"
        table.add_row(
            str(job.id), job.verb, str(job.state), *counts, job.actor, f"{job.at:%Y-%m-%d %H:%M}", job.reason
        )
    print_table(table)


@bulk.command()
@click.argument("job", type=NUMBER)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([str(state) for state in ItemState]),
    help="Only instances in this state.",
)
@click.option("--limit", default=50, show_default=True, type=COUNT, help="At most so many.")
@click.option("--after", default=0, type=NUMBER, metavar="INSTANCE", help="Only those after this one.")
@WHO
@JSON
def show(job: int, states: tuple[str, ...], limit: int, after: int, login: str, as_json: bool) -> None:
    """Show one job, instance by instance.

    \b
    Example: redress instances bulk show 3 --state refused --as ada
    """
    with bootstrap.opened(settings()) as app:
        asking = actor(app, login)
        chosen = tuple(ItemState(state) for state in states)
        view = app.reads.bulk(asking, job, states=chosen, after=after, limit=limit)
        items = [(each.instance_id, str(each.state), each.sentence) for each in view.items]
        if not as_json:
            tell(app, asking, view)
            print_items(items)
            return
    named = [{"instance": id, "result": state, "sentence": words} for id, state, words in items]
    click.echo(json.dumps({**summary(view), "items": named}, ensure_ascii=False))


@bulk.command()
@click.argument("job", type=NUMBER)
@WHO
@JSON
@click.pass_context
def run(ctx: click.Context, job: int, login: str, as_json: bool) -> None:
    """Work a job off here, from where it stands.

    \b
    Example: redress instances bulk run 3 --as ada
    """
    with bootstrap.opened(settings()) as app:
        refused = work_off(app, actor(app, login), job, later=False, as_json=as_json)
    if refused:
        ctx.exit(REFUSED)


@bulk.command()
@click.argument("job", type=NUMBER)
@WHY
@WHO
def stop(job: int, reason: str, login: str) -> None:
    """Stop a job: what is done stays done, the rest is left alone.

    \b
    Example: redress instances bulk stop 3 --because 'wrong filter' --as ada
    """
    with bootstrap.opened(settings()) as app:
        stopped = use_case.stop(app.ports, actor(app, login), job, reason)
    out.print(f"Bulk {job} is stopped." if stopped else f"Bulk {job} was over already.")
