"""Which scenarios are run, and over which definitions: those around them, before those that ship."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from engine.bpmn.rules.editions import Editions
from engine.domain.errors import DefinitionRefused
from engine.simulation.placed import ScenarioRefused
from engine.simulation.reading import read_scenarios
from engine.simulation.result import Outcome, Result
from engine.simulation.running import run
from engine.simulation.scenario import Question, Scenario
from forms.errors import FormDefinitionError

SCENARIOS = "scenarios"
KINDS = (".yaml", ".yml")
DEFINED = (".bpmn", ".dmn")
TEMPLATES = "templates/notices.json"
NOT_WALKED = frozenset({"node_modules", "__pycache__", "build"})
FORMS = ("", "forms", "forms/definitions", "../forms", "../forms/definitions")


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
    for above in path.absolute().parents:
        if above.name == SCENARIOS:
            return above.parent
    return path.absolute().parent


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
    try:
        result = run(_definitions(home, shipped), scenarios, questions)
    except (DefinitionRefused, FormDefinitionError) as error:
        files = [scenario.file for scenario in scenarios] + [question.file for question in questions]
        cannot = [_cannot_run(file, error) for file in dict.fromkeys(files)]
        return Result((*refused, *cannot), (), ())
    return Result((*refused, *result.outcomes), result.processes, result.decisions)


def _cannot_run(file: str, error: DefinitionRefused | FormDefinitionError) -> Outcome:
    reasons = "; ".join(error.message.splitlines())
    return Outcome(file, 1, PurePosixPath(file).stem, False, f"what it plays cannot run: {reasons}")


def _beside(path: Path) -> Mapping[str, bytes]:
    return {each.name: each.read_bytes() for each in path.parent.iterdir() if each.suffix in KINDS}


def _definitions(home: Path, shipped: Mapping[str, bytes]) -> dict[str, bytes]:
    """What scenarios run over: what stands at home, and what ships as far as home has no edition of it."""
    found = dict(_at(home))
    editions = Editions(found)
    for file, content in shipped.items():
        editions.add(file, content, found)
    return found


def _at(home: Path) -> Iterator[tuple[str, bytes]]:
    """Diagrams, decisions and templates of a folder as a release names them, and the forms in it or beside it."""
    for path in sorted(_inside(home)):
        name = path.relative_to(home).as_posix()
        if (path.suffix in DEFINED or name == TEMPLATES) and path.is_file():
            yield name, path.read_bytes()
    nearest: dict[str, Path] = {}
    for folder in FORMS:
        for path in sorted((home / folder).glob("*.form")):
            nearest.setdefault(path.name, path)
    for path in nearest.values():
        yield f"forms/{path.name}", path.read_bytes()


def _inside(home: Path) -> Iterator[Path]:
    """All files of a folder that has scenarios; of any other those in it and of its decisions, for it may be anything."""
    if not (home / SCENARIOS).is_dir():
        yield from (path for folder in (home, home / "decisions") for path in folder.glob("*"))
        return
    for path in home.rglob("*"):
        folders = path.relative_to(home).parts[:-1]
        if not any(name == SCENARIOS or name.startswith(".") or name in NOT_WALKED for name in folders):
            yield path
