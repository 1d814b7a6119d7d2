"""What a designer should know of a file of decisions, and what its decisions give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from engine import dmn
from engine.bpmn.expressions import FUNCTIONS, RESERVED
from engine.bpmn.rules.problems import Problem
from engine.checks.house import House
from engine.checks.inference import infer
from engine.checks.names import unknown_member
from engine.checks.shapes import ANY, Shape, joined
from engine.checks.slips import slips
from engine.dmn import DecisionModel, DmnError, model
from engine.dmn.boxed import BoxCompiler
from engine.dmn.walking import boxes_of, tables_of
from engine.feel import syntax
from engine.feel.errors import FeelError

DOUBTFUL = frozenset({"dmn.gap", "dmn.overlap", "dmn.unreachable", "dmn.unknown_name", "dmn.too_large"})
"""What a table does that may be meant: it runs, and answers null or refuses where rules contradict each other."""


COMPLAINT = "complaint"


def read_models(files: Mapping[str, bytes]) -> Iterator[tuple[str, DecisionModel]]:
    """The files of decisions, read leniently: cells that cannot be read are reported, not refused.

    Those that cannot be read at all are told of by the rules.
    """
    for file, content in sorted(files.items()):
        if file.endswith(".dmn"):
            folder = PurePosixPath(file).parent

            def beside(location: str, folder: PurePosixPath = folder) -> bytes:
                return files[str(folder / location)]

            try:
                yield file, dmn.read_decisions(content, file, imports=beside, lenient=True)
            except (DmnError, KeyError):
                continue


def check(file: str, found: DecisionModel, house: House) -> Iterator[Problem]:
    """Everything found in one file; a cell with its row and column."""
    supplied = RESERVED if found.definitions.inputs else ()
    for problem in dmn.check(found, supplied, FUNCTIONS):
        place = _place(problem.row, problem.column)
        certain = problem.certain and problem.code not in DOUBTFUL
        yield Problem(
            file,
            problem.line,
            problem.element,
            problem.code,
            f"{place}{problem.message}",
            "error" if certain else "warning",
            problem.row or None,
            problem.column or None,
        )
    for decision in found.definitions.decisions:
        yield from _of_complaint(file, found, decision, house)


def _place(row: int, column: int) -> str:
    parts = [f"{name} {number}" for name, number in (("row", row), ("column", column)) if number]
    return f"{', '.join(parts)}: " if parts else ""


def _of_complaint(
    file: str, found: DecisionModel, decision: model.Decision, house: House
) -> Iterator[Problem]:
    """Members that the complaint does not have, and what is null whatever comes."""
    compiler = BoxCompiler(file, found.file.known(decision) | RESERVED, found.file.types, lenient=True)

    def see(name: str) -> Shape:
        return house.complaint if name == COMPLAINT else ANY

    for row, column, line, element, tree in _texts(decision, compiler):
        for slip in slips(tree):
            message = f"{_place(row, column)}{slip}"
            yield Problem(file, line, element, "null", message, "warning", row or None, column or None)
        for miss in infer(tree, see)[1]:
            if miss.path:
                message = f"{_place(row, column)}{unknown_member(miss)}"
                yield Problem(file, line, element, "member", message, "error", row or None, column or None)


def _is_asked(text: str) -> bool:
    """Whether it speaks of the complaint, calls a function or writes a date."""
    return COMPLAINT in text or "(" in text or "@" in text


def _texts(
    decision: model.Decision, compiler: BoxCompiler
) -> Iterator[tuple[int, int, int, str, syntax.Node]]:
    """Every text of a decision that may be wrong so: row, column, line, element and tree."""
    for box in boxes_of(decision.expression):
        if isinstance(box, model.Literal) and _is_asked(box.text):
            yield 0, 0, box.line, box.id, compiler.text(box.text, box.line, box.id).tree
    for table in tables_of(decision.expression):
        for number, item in enumerate(table.inputs, 1):
            if _is_asked(item.text):
                yield 0, number, item.line, item.id, compiler.text(item.text, item.line, item.id).tree
        for row, rule in enumerate(table.rules, 1):
            for number, cell in enumerate(rule.inputs, 1):
                if _is_asked(cell.text):
                    tree = compiler.tests(cell.text, cell.line, cell.id).tree
                    yield row, number, cell.line, cell.id, tree
            for number, cell in enumerate(rule.outputs, len(table.inputs) + 1):
                if _is_asked(cell.text):
                    yield row, number, cell.line, cell.id, compiler.text(cell.text, cell.line, cell.id).tree


def result_of(found: DecisionModel, decision: model.Decision) -> Shape:
    """The members of a decision's answer."""
    compiler = BoxCompiler("", found.file.known(decision) | RESERVED, found.file.types, lenient=True)
    return _shape(decision.expression, compiler)


def _shape(box: model.Boxed | None, compiler: BoxCompiler) -> Shape:
    if isinstance(box, model.Table):
        several = len(box.outputs) > 1
        return Shape({output.name: ANY for output in box.outputs}) if several else ANY
    if isinstance(box, model.Context):
        last = box.entries[-1] if box.entries else None
        if last is not None and not last.name:
            return ANY
        return Shape({entry.name: _shape(entry.value, compiler) for entry in box.entries})
    if isinstance(box, model.Relation):
        return Shape({name: ANY for name in box.columns})
    if isinstance(box, model.Conditional):
        return _shape(box.yes, compiler) | _shape(box.no, compiler)
    if isinstance(box, model.Items):
        return joined(_shape(item, compiler) for item in box.items)
    if isinstance(box, model.Literal) and box.text:
        try:
            return infer(compiler.text(box.text, box.line, box.id).tree, lambda name: ANY)[0]
        except FeelError:
            return ANY
    return ANY
