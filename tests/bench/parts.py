"""The parts of the benchmark: each measures, shows a table, and gives the keys it has in build/bench.json."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.bench import contestants as who
from tests.bench.others import install, install_npm
from tests.bench.runs import Figures, Runs, medians, ratio
from tests.bench.tables import W1_COLUMNS, show, show_lines, shown

W1_TURNS, TURNS = 5, 3
KEPT = ("tasks_per_s", "tasks_per_cpu_s", "p50_ms", "bytes_per_case")
BOTH = {"a second": "wall", "a CPU second": "cpu"}
W1_NOTES = (
    "Redress and PostgreSQL's limits with 32 people at once, all others with one. Each has one core; PostgreSQL has the other.",
    "bpmn-server with its memory store: there is no MongoDB here, and that store's own lock needs one, so it has none.",
)


def w1(runs: Runs) -> Figures:
    """Eight user tasks a case, on every engine, and what the stores come to without one."""
    install("viewflow", runs.out.print)
    install_npm(runs.out.print)
    limits = {f"limit of {name}": limit for name, limit in who.LIMITS.items()}
    found = runs.in_turn({**who.W1, **limits}, W1_TURNS)
    figures = medians(found)
    ratios = {
        "redress-sqlite / spiffworkflow-memory": _ratios(found, "redress-sqlite", "spiffworkflow-memory"),
        "redress-sqlite / viewflow": _ratios(found, "redress-sqlite", "viewflow"),
        "redress-sqlite / limit of sqlite": _ratios(found, "redress-sqlite", "limit of sqlite"),
        "redress-postgresql / limit of postgresql": _ratios(
            found, "redress-postgresql", "limit of postgresql"
        ),
        "redress-postgresql / limit of postgresql-pipeline": _ratios(
            found, "redress-postgresql", "limit of postgresql-pipeline"
        ),
    }
    show(runs.out, f"W1: 8 user tasks a case, medians of {W1_TURNS}", W1_COLUMNS, figures, W1_NOTES)
    show(runs.out, "W1 in proportion", {"by wall": "wall", "by CPU": "cpu"}, ratios)
    return {
        "w1": {name: _kept(figures[name]) for name in who.W1},
        "limits": {name: _kept(figures[f"limit of {name}"]) for name in who.LIMITS},
        "ratios": ratios,
    }


def http(runs: Runs) -> Figures:
    """W1 through the real desk."""
    figures = medians(runs.in_turn({"redress": who.HTTP}, TURNS))
    columns = {**BOTH, "p50 ms": "p50_ms", "p95 ms": "p95_ms"}
    note = "One serving process on one core; sixteen browsers on the other send the forms of W1's tasks."
    show(runs.out, f"W1 over HTTP: completions, medians of {TURNS}", columns, figures, [note])
    return {"http": figures["redress"]}


def multi_instance(runs: Runs) -> Figures:
    """Five at once: start and five completions."""
    found = {
        name: [
            {"wall": run["tasks_per_s"], "cpu": run["tasks_per_cpu_s"], "p50_ms": run["p50_ms"]}
            for run in seen
        ]
        for name, seen in runs.in_turn(who.MULTI_INSTANCE, TURNS).items()
    }
    title = f"Five at once, called, with boundary timers: commands, medians of {TURNS}"
    return {"multi_instance": _headed(runs, title, medians(found), {**BOTH, "p50 ms": "p50_ms"})}


def cold_load(runs: Runs) -> Figures:
    """An instance read from its rows."""
    figures = medians(runs.in_turn(who.COLD_LOAD, TURNS))
    title = "A cold instance that has passed 200 elements, loaded from its rows: milliseconds"
    return {"cold_load": _headed(runs, title, figures, {"wall ms": "wall", "CPU ms": "cpu"})}


def dispute_50(runs: Runs) -> Figures:
    """Roots of fifty disputes."""
    figures = medians(runs.in_turn(who.DISPUTE_50, TURNS))
    title = f"Fifty disputes a root, 11 kB of variables: commands, medians of {TURNS}"
    return {"dispute_50": _headed(runs, title, figures, BOTH)}


def inbox(runs: Runs) -> Figures:
    """A page of the inbox, asked in several ways, at three sizes."""
    found = {name: runs.figures(contestant) for name, contestant in who.INBOX.items()}
    for name, sizes in found.items():
        lines = []
        for question in ("most urgent", *next(iter(sizes.values()))["questions"]):
            asked = [figures["questions"].get(question, figures) for figures in sizes.values()]
            lines.append([question, *(shown(figures["p50_ms"]) for figures in asked)])
        headings = [f"{int(size):,} open" for size in sizes]
        show_lines(runs.out, f"An inbox page of 50 with its counts on {name}: p50 ms", headings, lines)
    return {"inbox": {**found["sqlite"], "postgresql": found["postgresql"]}}


def scale(runs: Runs) -> Figures:
    """What size costs."""
    figures = runs.figures(who.SCALE)
    small, large, stored = next(iter(figures.values()))
    lines = []
    for what, banks in figures.items():
        costs = [f"{shown(bank['wall_us'])} / {shown(bank['cpu_us'])}" for bank in banks.values()]
        grown = [_grown(banks, bank, small) for bank in (large, stored)]
        lines.append([what, *costs, *(f"{shown(each['wall'])} / {shown(each['cpu'])}" for each in grown)])
    headings = [f"{small} run", f"{large} run", stored, f"× at {large}", "× beside those ended"]
    show_lines(runs.out, "What size costs: µs by wall / by CPU", headings, lines)
    commands = [figures[what] for what in ("start", "complete", "timer")]
    asked = [banks for what, banks in figures.items() if what.startswith("inbox")]
    return {
        "scale": {
            **_worst([_grown(banks, large, small) for banks in commands]),
            "beside_ended": _worst([_grown(banks, stored, small) for banks in commands]),
            "inbox_beside_ended": _worst([_grown(banks, stored, large) for banks in asked]),
            "figures": figures,
        }
    }


def feel(runs: Runs) -> Figures:
    """Expressions and decisions beside others."""
    install("bkflow", runs.out.print)
    measured = (*runs.rows(who.FEEL), *runs.rows(who.BKFLOW_FEEL))
    figures = {row["what"]: {"median_us": row["median_us"]} for row in measured}
    show(runs.out, "FEEL and DMN: the median of many runs", {"µs": "median_us"}, figures)
    return {"feel": figures}


PARTS: Mapping[str, Callable[[Runs], Figures]] = {
    part.__name__: part for part in (w1, http, multi_instance, cold_load, dispute_50, inbox, scale, feel)
}


def _kept(figures: Figures) -> Figures:
    return {figure: figures[figure] for figure in KEPT}


def _ratios(found: Mapping[str, list[Figures]], one: str, other: str) -> dict[str, float]:
    return {
        "wall": ratio(found, one, other, "tasks_per_s"),
        "cpu": ratio(found, one, other, "tasks_per_cpu_s"),
    }


def _headed(runs: Runs, title: str, figures: Mapping[str, Figures], columns: Mapping[str, str]) -> Figures:
    """Show them; what stands first is the part's own figure, and all stand below it by name."""
    show(runs.out, title, columns, figures)
    first, *_ = figures.values()
    return {"wall": first["wall"], "cpu": first["cpu"], "figures": dict(figures)}


def _grown(banks: Mapping[str, Mapping[str, float]], bank: str, beside: str) -> dict[str, float]:
    return {kind: banks[bank][f"{kind}_us"] / banks[beside][f"{kind}_us"] for kind in ("wall", "cpu")}


def _worst(grown: list[dict[str, float]]) -> dict[str, Any]:
    return {kind: max(each[kind] for each in grown) for kind in ("wall", "cpu")}
