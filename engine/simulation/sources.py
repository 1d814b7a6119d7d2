"""Which scenarios are run, and over which definitions: those around them, before those that ship."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine.simulation.placed import ScenarioRefused
from engine.simulation.reading import read_scenarios
from engine.simulation.result import Outcome, Result
from engine.simulation.running import run
from engine.simulation.scenario import Question, Scenario

SCENARIOS = "scenarios"
KINDS = (".yaml", ".yml")
DEFINED = (".bpmn", ".dmn", ".json")
FORMS = ("forms", "forms/definitions", "../forms", "../forms/definitions")


def run_files(arguments: Iterable[Path], shipped: Mapping[str, bytes]) -> Result:
    """Run all scenarios of these files and folders; a file that cannot be read counts as one that failed.

    Files over the same definitions are run together: then each process stands in the result once.
    """
    together: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(found for argument in arguments for found in _walk(argument)):
        together.setdefault(_home(path), []).append(path)
    results = [_run(home, paths, shipped) for home, paths in together.items()]
    return Result(
        tuple(outcome for result in results for outcome in result.outcomes),
        tuple(process for result in results for process in result.processes),
        tuple(decision for result in results for decision in result.decisions),
    )


def _walk(argument: Path) -> list[Path]:
    if not argument.is_dir():
        return [argument]
    return sorted(path for path in argument.rglob("*") if path.suffix in KINDS and path.is_file())


def _home(path: Path) -> Path:
    """The folder of the definitions: the one that holds the folder of scenarios, or the file itself."""
    for above in path.parents:
        if above.name == SCENARIOS:
            return above.parent
    return path.parent


def _run(home: Path, paths: list[Path], shipped: Mapping[str, bytes]) -> Result:
    scenarios: list[Scenario] = []
    questions: list[Question] = []
    refused: list[Outcome] = []
    for path in paths:
        try:
            cases, asked = read_scenarios(path.read_bytes(), path.as_posix(), _beside(path))
        except ScenarioRefused as error:
            line, reason = int(error.details["line"]), str(error.details["reason"])
            refused.append(Outcome(str(error.details["file"]), line, path.stem, False, reason))
        else:
            scenarios += cases
            questions += asked
    result = run({**shipped, **dict(_definitions(home))}, scenarios, questions)
    return Result((*refused, *result.outcomes), result.processes, result.decisions)


def _beside(path: Path) -> Mapping[str, bytes]:
    return {each.name: each.read_bytes() for each in path.parent.iterdir() if each.suffix in KINDS}


def _definitions(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Diagrams, decisions and templates of a folder as a release names them, and the forms beside it."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in DEFINED and path.is_file() and SCENARIOS not in path.parts:
            yield path.relative_to(folder).as_posix(), path.read_bytes()
    for name in FORMS:
        for path in sorted((folder / name).glob("*.form")):
            yield f"forms/{path.name}", path.read_bytes()
