"""`redress instances list | show`."""

import json
from dataclasses import asdict
from typing import Any

import click
from rich.table import Table

from engine import bootstrap
from engine.cli.console import out, print_table, settings
from engine.cli.instances.options import COUNT, FILTERED, JSON, NUMBER, WHO, actor, wanted
from engine.reads.instances import InstanceRow, InstanceView


@click.command(name="list")
@FILTERED
@click.option("--limit", default=50, show_default=True, type=COUNT, help="At most so many.")
@click.option("--after", default=0, type=NUMBER, metavar="INSTANCE", help="Only those after this one.")
@WHO
@JSON
def list_instances(limit: int, after: int, login: str, as_json: bool, **chosen: Any) -> None:
    """List instances and where they stand.

    \b
    Example: redress instances list --process complaint --at investigate --as ada
    """
    with bootstrap.opened(settings()) as app:
        asking, meant = actor(app, login), wanted(chosen)
        rows = app.reads.instances(asking, meant, after=after, limit=limit)
        count = app.reads.count_instances(asking, meant)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, default=str))
        return
    table = Table("instance", "process", "release", "state", "complaint", "grade", "at", "stuck", box=None)
    for row in rows:
        table.add_row(*_cells(row))
    print_table(table)
    out.print(f"{len(rows):,} of {count:,}.")


def _cells(row: InstanceRow) -> list[str]:
    return [
        *(str(row.id), row.process, str(row.release_id), str(row.state), row.number or ""),
        *(str(row.grade or ""), ", ".join(row.elements), ", ".join(row.incidents)),
    ]


@click.command()
@click.argument("instance", type=NUMBER)
@WHO
@JSON
def show(instance: int, login: str, as_json: bool) -> None:
    """Show one instance: its tokens and what they wait for, its variables, its past.

    Values are shown to those who may see the case.

    \b
    Example: redress instances show 12 --as ada
    """
    with bootstrap.opened(settings()) as app:
        view = app.reads.instance(actor(app, login), instance)
    if as_json:
        click.echo(json.dumps(_plain(view), ensure_ascii=False, default=str))
        return
    row = view.row
    since = f"{row.started_at:%Y-%m-%d %H:%M} UTC"
    out.print(f"Instance {row.id}: {row.process}, release {row.release_id}, {row.state}, since {since}.")
    if row.number:
        out.print(f"Complaint {row.number}, {row.grade or 'not graded'}.")
    if view.held:
        out.print(f"{view.held} messages wait until it resumes.")
    _print_tokens(view)
    _print_scopes(view)
    _print_past(view)


def _plain(view: InstanceView) -> dict[str, Any]:
    return {
        **asdict(view.row),
        "version": view.version,
        "held": view.held,
        "tokens": [asdict(token) for token in view.tokens],
        "scopes": [asdict(scope) for scope in view.scopes],
        "migrations": [
            {
                "id": each.id,
                "at": each.at,
                "by": each.actor,
                "reason": each.reason,
                "from_release": each.from_release_id,
                "to_release": each.to_release_id,
                "taken_back_at": each.taken_back_at,
            }
            for each in view.migrations
        ],
        "events": [
            {
                "at": event.at,
                "kind": event.kind,
                "actor": event.actor,
                "element": event.element,
                "detail": event.detail,
            }
            for event in view.events
        ],
    }


def _print_tokens(view: InstanceView) -> None:
    table = Table("token", "at", "inside", "beside", "process", "waits for", box=None)
    for token in view.tokens:
        at = f"{token.element} ({token.part})" if token.part else token.element
        process = (
            token.process
            if token.release_id == view.row.release_id
            else f"{token.process}, release {token.release_id}"
        )
        table.add_row(str(token.token), at, str(token.inside), str(token.host or ""), process, token.waits)
    print_table(table)


def _print_scopes(view: InstanceView) -> None:
    table = Table("scope", "in", "variable", "value", box=None)
    for scope in view.scopes:
        for name in scope.names:
            value = (
                "…"
                if scope.values is None
                else json.dumps(scope.values[name], ensure_ascii=False, default=str)
            )
            table.add_row(str(scope.number), "" if scope.parent is None else str(scope.parent), name, value)
    print_table(table)


def _print_past(view: InstanceView) -> None:
    for each in view.migrations:
        back = "" if each.taken_back_at is None else f", taken back {each.taken_back_at:%Y-%m-%d %H:%M}"
        out.print(
            f"Migrated {each.at:%Y-%m-%d %H:%M} by {each.actor} from release {each.from_release_id} to "
            f"{each.to_release_id}{back}: {each.reason}"
        )
    for event in view.events[-15:]:
        out.print(f"{event.at:%Y-%m-%d %H:%M}  {event.kind}  {event.element or ''}  {event.actor}")
