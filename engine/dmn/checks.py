"""What a designer should know before a file of decisions is released, each with table, row and column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.dmn import coverage, model
from engine.dmn.boxed import BoxCompiler
from engine.dmn.decisions import DecisionModel
from engine.dmn.errors import DmnError
from engine.dmn.segments import constants
from engine.dmn.walking import boxes_of, tables_of
from engine.feel import UnaryTests, compile_unary_tests, syntax
from engine.feel.types import Type, matches
from engine.feel.values import kind

_ONE_ANSWER = frozenset({"UNIQUE", "ANY", "FIRST", "PRIORITY"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to look at; row and column count from 1, and are 0 where they do not apply."""

    code: str
    message: str
    file: str
    line: int
    decision: str
    element: str = ""
    row: int = 0
    column: int = 0
    certain: bool = True


def check(
    decisions: DecisionModel, names: Collection[str] = (), functions: Collection[str] = ()
) -> list[Problem]:
    """Everything found in a file.

    ``names`` and ``functions`` are what the caller's scope and environment will supply. Read the file with
    ``lenient=True``, so that cells that cannot be read are reported and not refused.
    """
    found: list[Problem] = []
    for decision in decisions.definitions.decisions:
        checker = _Checker(decisions, decision, frozenset(names), frozenset(functions))
        found.extend(checker.problems())
    return sorted(found, key=lambda problem: (problem.line, problem.row, problem.column))


class _Checker:
    def __init__(
        self,
        decisions: DecisionModel,
        decision: model.Decision,
        names: frozenset[str],
        functions: frozenset[str],
    ) -> None:
        self.file = decisions.file
        self.decision = decision
        self.given = names
        self.functions = functions
        self.known = self.file.known(decision) | names

    def problem(self, code: str, message: str, line: int, **more: Any) -> Problem:
        return Problem(code, message, self.file.definitions.file, line, self.decision.name, **more)

    def problems(self) -> Iterator[Problem]:
        yield from self._texts()
        yield from self._foreign()
        yield from self._unknown()
        for table in tables_of(self.decision.expression):
            yield from _TableChecker(self, table).problems()

    def compiler(self) -> BoxCompiler:
        """A strict compiler with the names this decision knows."""
        return BoxCompiler(self.file.definitions.file, self.known, self.file.types)

    def _texts(self) -> Iterator[Problem]:
        """Literal expressions that cannot be read; those of tables are told with their row and column."""
        for box in boxes_of(self.decision.expression):
            if isinstance(box, model.Literal) and box.text and not box.language:
                error = self.unreadable(box.text, box.line, box.id)
                if error is not None:
                    yield self.problem(error.code, error.message, error.line or box.line, element=box.id)

    def _foreign(self) -> Iterator[Problem]:
        """What is written in another language than FEEL, and refused."""
        for box in boxes_of(self.decision.expression):
            if isinstance(box, model.Literal) and box.language:
                message = f"the expression language {box.language!r} is refused; only FEEL is read"
                yield self.problem("dmn.language", message, box.line, element=box.id)
            if isinstance(box, model.FunctionDefinition) and box.kind != "FEEL":
                message = f"external functions ({box.kind}) are refused: a decision runs no foreign code"
                yield self.problem("dmn.external", message, box.line, element=box.id)

    def unreadable(self, text: str, line: int, element: str, *, tests: bool = False) -> DmnError | None:
        """The error of a text, or None when it can be read."""
        compiler = self.compiler()
        try:
            (compiler.tests if tests else compiler.text)(text, line, element)
        except DmnError as error:
            return error
        return None

    def _unknown(self) -> Iterator[Problem]:
        identifier = self.decision.id
        declares = bool(self.file.definitions.inputs) or bool(self.given)
        for name in sorted(self.file.reads.get(identifier, frozenset()) - self.known):
            if declares or name in self.file.names:
                message = f"nothing supplies the name {name!r}"
                yield self.problem("dmn.unknown_name", message, self.decision.line, element=identifier)
        for name in sorted(self.file.calls.get(identifier, frozenset()) - self.known - self.functions):
            message = f"there is no function {name!r}"
            yield self.problem("dmn.unknown_function", message, self.decision.line, element=identifier)


class _TableChecker:
    def __init__(self, around: _Checker, table: model.Table) -> None:
        self.around = around
        self.table = table
        self.listed = [self._listed(column.values) for column in table.inputs]

    def _listed(self, text: str) -> list[Any]:
        if not text or self.around.unreadable(text, self.table.line, self.table.id, tests=True):
            return []
        compiler = self.around.compiler()
        tests = compiler.tests(text, self.table.line, self.table.id)
        values = compiler.listed(tests)
        return values if len(values) == len(tests.tree.items) else []

    def problems(self) -> Iterator[Problem]:
        cells: list[list[UnaryTests | None]] = []
        broken = False
        for column, item in enumerate(self.table.inputs, 1):
            error = self.around.unreadable(item.text, item.line, item.id) if item.text else None
            if error is not None:
                yield self._told(error, item.id, 0, column)
            yield from self._column(item, column)
        for number, output in enumerate(self.table.outputs, len(self.table.inputs) + 1):
            yield from self._type_is_there(output, number)
        for row, rule in enumerate(self.table.rules, 1):
            read, problems = self._rule(row, rule)
            broken = broken or bool(problems)
            yield from problems
            cells.append(read)
        if not broken:
            yield from self._coverage(cells)

    def _column(self, item: model.Input, column: int) -> Iterator[Problem]:
        """What is wrong with the head of an input column."""
        yield from self._type_is_there(item, column)
        if not item.text:
            asked = [rule.inputs[column - 1].text for rule in self.table.rules if column <= len(rule.inputs)]
            yield self.around.problem(
                "dmn.column",
                "the column has no expression, so what it asks is always null",
                item.line,
                element=item.id,
                column=column,
                certain=any(text not in ("", "-") for text in asked),
            )

    def _type_is_there(self, head: model.Input | model.Output, column: int) -> Iterator[Problem]:
        name = head.type_ref
        if name and "<" not in name and self.around.file.types.find(name) is None:
            message = f"there is no type {name!r}, so anything may stand in this column"
            yield self.around.problem(
                "dmn.type", message, head.line, element=head.id, column=column, certain=False
            )

    def _told(self, error: DmnError, element: str, row: int, column: int) -> Problem:
        line = error.line or self.table.line
        return self.around.problem(error.code, error.message, line, element=element, row=row, column=column)

    def _rule(self, row: int, rule: model.Rule) -> tuple[list[UnaryTests | None], list[Problem]]:
        read: list[UnaryTests | None] = []
        problems: list[Problem] = []
        if len(rule.inputs) != len(self.table.inputs) or len(rule.outputs) != len(self.table.outputs):
            message = "the rule has another number of cells than the table has columns"
            return read, [self.around.problem("dmn.rule", message, rule.line, element=rule.id, row=row)]
        for column, cell in enumerate(rule.inputs, 1):
            if cell.text in ("", "-"):
                read.append(None)
                continue
            error = self.around.unreadable(cell.text, cell.line, cell.id, tests=True)
            if error is not None:
                problems.append(self._told(error, cell.id, row, column))
                continue
            tests = compile_unary_tests(cell.text, self.around.known)
            read.append(tests)
            problems.extend(self._input_type(tests, cell, row, column))
        problems.extend(self._outputs(rule, row))
        return read, problems

    def _input_type(self, tests: UnaryTests, cell: model.Cell, row: int, column: int) -> Iterator[Problem]:
        item = self.table.inputs[column - 1]
        values = constants(tests) or []
        wanted = self.around.file.types.find(item.type_ref)
        yield from self._wrong(values, wanted, cell, row, column)
        allowed = self.listed[column - 1]
        for value in values:
            if allowed and value not in allowed and value is not None:
                message = f"{cell.text} is none of the input values {item.values}"
                yield self._at(cell, "dmn.value", message, row, column)

    def _wrong(
        self, values: Sequence[Any], wanted: Type | None, cell: model.Cell, row: int, column: int
    ) -> Iterator[Problem]:
        if wanted is None or not wanted.known:
            return
        for value in values:
            if value is not None and not matches(value, wanted):
                message = f"{cell.text} is of the type {kind(value)}, the column of {wanted}"
                yield self._at(cell, "dmn.type", message, row, column)
                return

    def _at(self, cell: model.Cell, code: str, message: str, row: int, column: int) -> Problem:
        return self.around.problem(code, message, cell.line, element=cell.id, row=row, column=column)

    def _outputs(self, rule: model.Rule, row: int) -> Iterator[Problem]:
        for index, (cell, output) in enumerate(zip(rule.outputs, self.table.outputs, strict=True)):
            column = len(self.table.inputs) + index + 1
            if not cell.text:
                continue
            error = self.around.unreadable(cell.text, cell.line, cell.id)
            if error is not None:
                yield self._told(error, cell.id, row, column)
                continue
            tree = self.around.compiler().text(cell.text, cell.line, cell.id).tree
            if isinstance(tree, syntax.Name) and self._is_a_text(tree.name, index):
                message = f"{tree.name} is a name nothing here supplies; a text stands in quotation marks"
                yield self._at(cell, "dmn.unknown_name", message, row, column)
            if isinstance(tree, syntax.Literal | syntax.AtLiteral):
                wanted = self.around.file.types.find(output.type_ref)
                yield from self._wrong([tree.value], wanted, cell, row, column)
                allowed = self._listed(output.values)
                if allowed and tree.value not in allowed and tree.value is not None:
                    message = f"{cell.text} is none of the output values {output.values}"
                    yield self._at(cell, "dmn.value", message, row, column)

    def _is_a_text(self, name: str, index: int) -> bool:
        """Whether a name somebody wrote looks like a text without its marks: other cells of the column are texts."""
        others = (rule.outputs[index].text for rule in self.table.rules if index < len(rule.outputs))
        return name not in self.around.known and any(text.startswith('"') for text in others)

    # overlaps, gaps, unreachable rules

    def _coverage(self, cells: list[list[UnaryTests | None]]) -> Iterator[Problem]:
        try:
            space = coverage.space(self.table, cells, self.listed) if self.table.inputs else None
        except coverage.TooLarge:
            message = "the table is too large to look for gaps and overlaps"
            yield self.around.problem("dmn.too_large", message, self.table.line, element=self.table.id)
            return
        if space is None:
            return
        for row, box in enumerate(space.boxes, 1):
            if box is not None and coverage.is_empty(box):
                yield self._row("dmn.unreachable", f"rule {row} can never match", row)
        if self.table.hit_policy in ("UNIQUE", "ANY"):
            yield from self._overlaps(space)
        if self.table.hit_policy == "FIRST":
            yield from self._hidden(space)
        if self.table.hit_policy in _ONE_ANSWER and not any(output.default for output in self.table.outputs):
            yield from self._gaps(space)

    def _row(self, code: str, message: str, row: int) -> Problem:
        rule = self.table.rules[row - 1]
        return self.around.problem(code, message, rule.line, element=rule.id, row=row)

    def _overlaps(self, space: coverage.Space) -> Iterator[Problem]:
        for second, two in enumerate(space.boxes):
            for first, one in enumerate(space.boxes[:second]):
                if one is None or two is None or self._same_answer(first, second):
                    continue
                place = coverage.overlap(one, two)
                if place is not None:
                    message = f"rules {first + 1} and {second + 1} both match: {space.words(place)}"
                    yield self._row("dmn.overlap", message, second + 1)

    def _same_answer(self, first: int, second: int) -> bool:
        rules = self.table.rules
        answers = [[cell.text for cell in rules[index].outputs] for index in (first, second)]
        return self.table.hit_policy == "ANY" and answers[0] == answers[1]

    def _hidden(self, space: coverage.Space) -> Iterator[Problem]:
        for row, box in enumerate(space.boxes, 1):
            earlier = [other for other in space.boxes[: row - 1] if other is not None]
            if box is None or coverage.is_empty(box) or not earlier:
                continue
            if not coverage.uncovered(box, earlier):
                message = f"rule {row} is never reached: the rules before it match all it could"
                yield self._row("dmn.unreachable", message, row)

    def _gaps(self, space: coverage.Space) -> Iterator[Problem]:
        boxes = [box for box in space.boxes if box is not None]
        certain = len(boxes) == len(space.boxes)
        whole = tuple((1 << len(column)) - 1 for column in space.columns)
        if not certain:
            return
        for place in coverage.uncovered(whole, boxes):
            message = f"no rule matches: {space.words(place)}"
            yield self.around.problem("dmn.gap", message, self.table.line, element=self.table.id)
