"""Figures as tables that people read."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from tests.bench.runs import Figures

W1_COLUMNS = {
    "tasks/s": "tasks_per_s",
    "tasks/CPU s": "tasks_per_cpu_s",
    "p50 ms": "p50_ms",
    "p95 ms": "p95_ms",
    "bytes/case": "bytes_per_case",
    "RSS MB": "rss_mb",
}


def show(
    out: Console,
    title: str,
    columns: Mapping[str, str],
    rows: Mapping[str, Figures],
    notes: Iterable[str] = (),
) -> None:
    """A table: `columns` are headings and the figures below them; what a row does not have stays empty."""
    lines = [
        [name, *(shown(figures.get(figure)) for figure in columns.values())] for name, figures in rows.items()
    ]
    show_lines(out, title, list(columns), lines, notes)


def show_lines(
    out: Console,
    title: str,
    headings: Sequence[str],
    lines: Iterable[Sequence[str]],
    notes: Iterable[str] = (),
) -> None:
    """A table of lines whose first cell is a name."""
    table = Table(title=title, title_justify="left", caption="\n".join(notes) or None, caption_justify="left")
    table.add_column("")
    for heading in headings:
        table.add_column(heading, justify="right")
    for line in lines:
        table.add_row(*line)
    out.print(table)


def shown(figure: float | None) -> str:
    """A figure with as many digits as mean something."""
    if figure is None:
        return ""
    return f"{figure:,.{0 if figure >= 100 else 2}f}"
