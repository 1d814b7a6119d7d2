"""`redress scenarios`: play processes in memory, by scenarios, and say how much of each they cover."""

import json
from pathlib import Path

import click
from rich.table import Table

from engine import bootstrap
from engine.cli.console import REFUSED, out, print_table
from engine.simulation import Result
from engine.simulation.sources import SCENARIOS, run_files

HERE = Path("workflows") / SCENARIOS
SHOWN = 2


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help="Print what passed, what failed and the coverage as JSON."
)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(exists=True, path_type=Path))
@click.pass_context
def scenarios(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Play scenarios in memory: no database, no mail, a clock that is moved.

    Each FILE is YAML, or a folder of it; without one, those of workflows/scenarios, or else the ones that ship. Says
    which failed, where and why, and the share of each process's flows, elements and of each decision's rules that
    were passed.

    \b
    Example: redress scenarios workflows/scenarios/plan.yaml
    """
    chosen = files or (HERE if HERE.is_dir() else bootstrap.WORKFLOWS / SCENARIOS,)
    result = run_files(chosen, bootstrap.shipped_definitions())
    if not result.outcomes:
        raise click.ClickException(f"there are no scenarios in {', '.join(map(str, chosen))}")
    if as_json:
        click.echo(json.dumps(result.plain(), ensure_ascii=False, indent=2))
    else:
        _tell(result, whole=not files)
    if result.failed:
        ctx.exit(REFUSED)


def _tell(result: Result, *, whole: bool) -> None:
    """The failures, then a table; of some files only what they came by."""
    for outcome in result.outcomes:
        if not outcome.passed:
            click.echo(str(outcome))
    table = Table("", "flows", "elements", "rules", "not passed", box=None, pad_edge=False)
    for process in result.processes:
        if whole or process.element_coverage:
            flows, elements = f"{process.flow_coverage:.0%}", f"{process.element_coverage:.0%}"
            table.add_row(process.id, flows, elements, "", _some(process.missed_flows))
    for decision in result.decisions:
        if whole or decision.rule_coverage:
            rules = f"{decision.rule_coverage:.0%}"
            table.add_row(decision.id, "", "", rules, _some(decision.missed_rules))
    if table.row_count:
        print_table(table)
    out.print(f"{result.passed} passed, {result.failed} failed.")


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
