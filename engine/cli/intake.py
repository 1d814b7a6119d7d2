"""`redress intake`: complaints from a file into the register, each row once however often it is run."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine import bootstrap
from engine.cli.console import out, settings
from engine.cli.intake_file import FileRefused, Line, Unreadable, columns, lines
from engine.cli.intake_map import CFPB, Map, Row, RowRefused, read_map, read_row
from engine.domain.actor import SYSTEM
from engine.domain.errors import LimitExceeded, ValueRefused
from engine.feel import Environment
from engine.use_cases import intake as use_case
from forms.checking import FormRejected, check

FORM = "imported_complaint"


@dataclass(slots=True)
class Tally:
    """What became of the rows."""

    taken: int = 0
    known: int = 0
    refused: int = 0


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--limit", type=click.IntRange(min=0), help="Only the file's first N rows, on reruns too.")
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML that says which column is what; without it, the columns of the US public complaint database.",
)
@click.option("--unit", help="Code of the unit that receives them [default: head office].")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rows that cannot be read are written, with reasons [default: rejects/ in REDRESS_HOME].",
)
def intake(
    file: Path, limit: int | None, map_file: Path | None, unit: str | None, rejects: Path | None
) -> None:
    """Put complaints from a file into the register.

    FILE is CSV, plain or gzipped. The complaints take the road of every other complaint. A row counts once: run it
    again after an interruption and it goes on where it stopped.

    \b
    Example: redress intake complaints.csv --limit 100
    """
    chosen = settings()
    map_ = read_map(map_file) if map_file else CFPB
    if missing := map_.missing_in(columns(file)):
        raise FileRefused(
            f"{file} has no column named {' or '.join(missing)}: say with --map which holds the text."
        )
    rejects = rejects or chosen.home / "rejects" / f"{file.name}.rejects.csv"
    tally = Tally()
    refusals: list[tuple[int, str, str]] = []
    with bootstrap.opened(chosen) as app, _progress() as progress:
        bar = progress.add_task(file.name, total=sum(1 for _ in lines(file, limit)))
        for number, row in _rows(file, map_, limit):
            reason = _submitted(app, row, unit, tally) if isinstance(row, Row) else row
            if reason is not None:
                tally.refused += 1
                refusals.append((number, row.key if isinstance(row, Row) else "", reason))
            progress.advance(bar)
    _write(rejects, refusals)
    out.print(f"{tally.taken:,} taken in, {tally.known:,} known already, {tally.refused:,} refused.")
    if refusals:
        out.print(f"The refused rows and why: {rejects}")


def _rows(file: Path, map_: Map, limit: int | None) -> Iterator[tuple[int, Row | str]]:
    """Each row's line in the file, and the row or why it cannot be read."""
    equal: Counter[tuple[str, ...]] = Counter()
    for line in lines(file, limit):
        if isinstance(line, Unreadable):
            yield line.line, line.reason
            continue
        occurrence = _occurrence(line, map_, equal)
        try:
            yield line.line, read_row(map_, line.values, occurrence=occurrence)
        except RowRefused as error:
            yield line.line, error.message


def _occurrence(line: Line, map_: Map, equal: Counter[tuple[str, ...]]) -> int:
    if "key" in map_.rules:
        return 1
    content = tuple(line.values.values())
    equal[content] += 1
    return equal[content]


def _submitted(app: bootstrap.App, row: Row, unit: str | None, tally: Tally) -> str | None:
    """Why the register refused it, if it did."""
    try:
        answers = check(app.forms.form(FORM), row.typed, environment=Environment(now=app.ports.clock.now()))
        submitted = use_case.submit(
            app.ports,
            SYSTEM,
            answers,
            channel=row.channel,
            key=row.key,
            received_at=row.received_at,
            unit=unit,
        )
    except FormRejected as rejected:
        return "; ".join(f"{name}: {' '.join(said)}" for name, said in rejected.errors.items())
    except (LimitExceeded, ValueRefused) as error:
        return error.message
    if submitted.repeated:
        tally.known += 1
    else:
        tally.taken += 1
    return None


def _write(path: Path, refusals: list[tuple[int, str, str]]) -> None:
    """The refusals of this run; none takes an earlier run's file away, for it would say what is no longer so."""
    if not refusals:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="", errors="backslashreplace") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "key", "reason"))
        writer.writerows(refusals)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=out,
        transient=True,
        disable=not out.is_terminal,
    )
