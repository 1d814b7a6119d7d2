"""Checks a set of files together: what cannot run, and what a designer should know besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from engine.bpmn.rules import Problem, check_files
from engine.bpmn.rules.checking import read_diagram
from engine.checks import decisions, early, forms, inputs, labels, livelock, names, shared, slips, soundness
from engine.checks.files import Given, context_of
from engine.checks.forms import Forms
from engine.checks.house import House, our_house
from engine.checks.levels import Node, Process, read_processes
from engine.checks.partners import Partners
from engine.checks.reads import reads_of
from engine.checks.settling import settled
from engine.checks.token_game import Budget
from engine.checks.variables import Definitions, Variables
from engine.checks.ways import is_understood, ways_of
from engine.dmn import DecisionModel

Files = Mapping[str, bytes]
MOST_PROBLEMS = 1_000


def check(files: Files, context: Files, house: House | None = None) -> list[Problem]:
    """Every problem of these files, by file and line; `context` are files they may refer to."""
    checking = _Checking(files, context, house or our_house())
    found: dict[str, set[Problem]] = {file: set() for file in files}
    for problem in checking.problems():
        of_file = found.get(problem.file)
        if of_file is not None:
            of_file.add(problem)
            if len(of_file) >= MOST_PROBLEMS:
                reason = f"there are {MOST_PROBLEMS:,} problems or more; mend these, and check again"
                of_file.add(Problem(problem.file, None, "", "many", reason))
                break
    return sorted(
        (problem for of_file in found.values() for problem in of_file),
        key=lambda p: (p.file, p.line or 0, p.element, p.row or 0, p.column or 0, p.rule, p.message),
    )


def check_given(given: Given, here: Path, shipped: Files) -> list[Problem]:
    """Every problem of files as they were named on a command line, in the folder `here`."""
    return [*given.unreadable, *check(given.files, context_of(given, here, shipped))]


class _Checking:
    def __init__(self, files: Files, context: Files, house: House) -> None:
        self.files = files
        self.house = house
        self.context = {file: content for file, content in context.items() if file not in files}
        self.everything = {**self.context, **files}

    def problems(self) -> Iterator[Problem]:
        own, around = Forms(self.files), Forms(self.context)
        yield from own.problems
        read = dict(decisions.read_models(self.everything))
        found = [
            problem
            for file, model in read.items()
            if file in self.files
            for problem in decisions.check(file, model, self.house)
        ]
        yield from found
        told = {(problem.file, problem.line, problem.element) for problem in found}
        for problem in self._what_cannot_run(own.ids | around.ids):
            if (problem.file, problem.line, problem.element) not in told:
                yield problem
        by_id = {**around.by_id, **own.by_id}
        models = dict(self._by_decision(read))
        shapes = {id: decisions.result_of(found, found.decisions[id]) for id, found in models.items()}
        processes = self._processes()
        variables = settled(processes, self.house, Definitions(by_id, models, shapes))
        yield from self._of_processes(variables)
        yield from self._of_forms(own, variables)

    def _what_cannot_run(self, form_ids: set[str]) -> list[Problem]:
        return check_files(
            self.files,
            operations=self.house.operations,
            forms=form_ids,
            roles=self.house.roles,
            context=self.context,
        )

    def _by_decision(self, read: Mapping[str, DecisionModel]) -> Iterator[tuple[str, DecisionModel]]:
        """The decisions by id; those of the files that are checked come last and win."""
        for file in (*self.context, *self.files):
            model = read.get(file)
            if model is not None:
                yield from ((id, model) for id in model.decisions)

    def _processes(self) -> list[Process]:
        """All processes; those of the files that are checked come first and win."""
        diagrams = []
        for file in (*sorted(self.files), *sorted(self.context)):
            if PurePosixPath(file).suffix == ".bpmn":
                diagram, _ = read_diagram(file, self.everything[file])
                if diagram is not None:
                    diagrams.append(diagram)
        return read_processes(diagrams)

    def _of_processes(self, variables: Variables) -> Iterator[Problem]:
        partners, budget = Partners(variables), Budget()
        for process in variables.processes.values():
            if process.diagram.file not in self.files:
                continue
            reads = list(reads_of(process, variables))
            yield from names.check(process, variables, reads)
            yield from early.check(process, variables, reads)
            yield from inputs.check(process, variables)
            yield from slips.check(reads)
            yield from shared.check(process, variables, reads)
            yield from partners.check(process)
            for level in process.levels:
                yield from labels.check(level)
                if is_understood(level):
                    ways = ways_of(level)
                    yield from livelock.check(level, ways)
                    yield from soundness.check(level, ways, budget)

    def _of_forms(self, own: Forms, variables: Variables) -> Iterator[Problem]:
        for known in own.by_id.values():
            yield from forms.check_words(known)
            yield from forms.check_keys(known, variables)
        asking: dict[str, list[Node]] = {id: [] for id in own.by_id}
        for process in variables.processes.values():
            for node in process.nodes():
                if node.kind == "userTask":
                    asking.setdefault(node.extensions.get("formDefinition", "formId") or "", []).append(node)
        for id, tasks in asking.items():
            form = variables.definitions.forms.get(id)
            if form is not None:
                at_the_form = form.file in self.files
                yield from forms.check_names(form, variables, tasks, at_the_form=at_the_form)
