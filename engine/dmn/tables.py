"""Decision tables, compiled to closures: matching rules, then the hit policy (DMN 1.5 §8.2, §8.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from engine.dmn import model
from engine.dmn.errors import DmnError
from engine.dmn.evaluation import Work
from engine.dmn.record import MatchedRule, SeenInput, TableRecord
from engine.feel import comparing
from engine.feel.builtins import lists
from engine.feel.runtime import Frame, Run
from engine.feel.types import coerce, matches

if TYPE_CHECKING:
    from engine.dmn.boxed import BoxCompiler

Outcome = tuple[Any, str]


class CompiledTable:
    """A table ready to be asked."""

    def __init__(self, table: model.Table, compiler: BoxCompiler) -> None:
        self.table = table
        self.compiler = compiler
        self.inputs = [
            compiler.text(column.text or "null", column.line, column.id) for column in table.inputs
        ]
        self.input_types = [compiler.type(column.type_ref) for column in table.inputs]
        self.input_values = [_values(compiler, column.values, column) for column in table.inputs]
        self.names = [output.name for output in table.outputs]
        self.output_types = [compiler.type(output.type_ref) for output in table.outputs]
        self.output_values = [_values(compiler, output.values, output) for output in table.outputs]
        self.priorities = [_priorities(compiler, output) for output in table.outputs]
        self.rules = [self._tests(rule) for rule in table.rules]
        self.answers = [self._answers(rule) for rule in table.rules]
        self.defaults = self._defaults()
        self.single = len(table.outputs) == 1
        self.first_only = table.hit_policy == "FIRST"
        self.policy = _POLICIES[table.hit_policy]

    def _tests(self, rule: model.Rule) -> tuple[tuple[int, Any], ...]:
        if len(rule.inputs) != len(self.table.inputs) or len(rule.outputs) != len(self.table.outputs):
            raise DmnError(
                "dmn.rule",
                "the rule has another number of cells than the table has columns",
                file=self.compiler.file,
                line=rule.line,
                element=rule.id,
            )
        cells = enumerate(rule.inputs)
        return tuple((i, self.compiler.cell(cell)) for i, cell in cells if cell.text not in ("-", ""))

    def _answers(self, rule: model.Rule) -> list[Any]:
        return [self.compiler.text(cell.text or "null", cell.line, cell.id) for cell in rule.outputs]

    def _defaults(self) -> list[Any] | None:
        outputs = self.table.outputs
        if not any(output.default for output in outputs):
            return None
        return [self.compiler.text(output.default or "null", output.line, output.id) for output in outputs]

    def __call__(self, scope: Mapping[str, Any], work: Work) -> Any:
        run = work.run
        values = [expression.within(scope, run) for expression in self.inputs]
        problem = self._input_problem(values, run)
        if problem:
            self._note(work, scope, values, [], False, problem)
            return None
        found = self._matching(values, scope, run)
        if not found:
            return self._without_match(values, scope, work)
        rows = [self._row(index, scope, run) for index in found]
        value, problem = self.policy(self, rows, run)
        if work.record is not None:
            self._note(work, scope, values, list(zip(found, rows, strict=True)), False, problem)
        return value

    def _input_problem(self, values: list[Any], run: Run) -> str:
        for place, (type_, allowed) in enumerate(zip(self.input_types, self.input_values, strict=True)):
            value = values[place]
            if value is None:
                continue
            if type_ is not None and type_.known and not matches(value, type_):
                values[place] = value = coerce(value, type_)
                if value is None:
                    return f"{self._label(place)} is not of the type {type_}."
            if allowed is not None and not allowed(value, run):
                return f"{self._label(place)} is not one of the allowed values."
        return ""

    def _label(self, place: int) -> str:
        column = self.table.inputs[place]
        return column.label or column.text

    def _matching(self, values: list[Any], scope: Mapping[str, Any], run: Run) -> list[int]:
        frame = Frame(scope, None, run)
        found: list[int] = []
        run.spend(len(self.rules))
        for index, tests in enumerate(self.rules):
            for place, test in tests:
                if test(frame, values[place]) is not True:
                    break
            else:
                found.append(index)
                if self.first_only:
                    break
        return found

    def _row(self, index: int, scope: Mapping[str, Any], run: Run) -> list[Any]:
        answers = self.answers[index]
        return self._typed([answer.within(scope, run) for answer in answers], run)

    def _typed(self, row: list[Any], run: Run) -> list[Any]:
        """The answers as their columns want them: null when not of the type, or not among the output values."""
        for place, (type_, allowed) in enumerate(zip(self.output_types, self.output_values, strict=True)):
            value = row[place]
            if type_ is not None and type_.known:
                row[place] = value = coerce(value, type_, run)
            if allowed is not None and value is not None and not allowed(value, run):
                row[place] = None
        return row

    def _without_match(self, values: list[Any], scope: Mapping[str, Any], work: Work) -> Any:
        row = None
        if self.defaults is not None:
            row = self._typed([default.within(scope, work.run) for default in self.defaults], work.run)
        self._note(work, scope, values, [], row is not None, "")
        if row is not None:
            return self.shape(row)
        if self.table.hit_policy == "COLLECT" and self.table.aggregation == "COUNT":
            return 0
        return [] if self.table.hit_policy == "COLLECT" and not self.table.aggregation else None

    def shape(self, row: list[Any]) -> Any:
        """One output is itself; several are a context."""
        return row[0] if self.single else dict(zip(self.names, row, strict=True))

    def rank(self, row: list[Any]) -> tuple[int, ...]:
        """Where a row stands in the order of the output values; the first is the highest."""
        return tuple(
            next((place for place, wanted in enumerate(order) if comparing.equal(wanted, value)), len(order))
            for order, value in zip(self.priorities, row, strict=True)
        )

    def _note(
        self,
        work: Work,
        scope: Mapping[str, Any],
        values: list[Any],
        found: list[tuple[int, list[Any]]],
        used_default: bool,
        problem: str,
    ) -> None:
        if work.record is None:
            return
        seen = (
            SeenInput(column.label, column.text, value)
            for column, value in zip(self.table.inputs, values, strict=True)
        )
        matched = []
        for index, row in found:
            rule = self.table.rules[index]
            notes = (*((rule.description,) if rule.description else ()), *rule.annotations)
            matched.append(MatchedRule(rule.id, index + 1, dict(zip(self.names, row, strict=True)), notes))
        work.record.tables.append(
            TableRecord(
                work.decision,
                self.table.id,
                self.table.hit_policy,
                tuple(seen),
                tuple(matched),
                used_default,
                problem,
            )
        )


def _values(
    compiler: BoxCompiler, text: str, column: model.Input | model.Output
) -> Callable[[Any, Run], bool] | None:
    if not text:
        return None
    tests = compiler.tests(text, column.line, column.id)
    return lambda value, run: tests.within(value, {}, run) is True


def _priorities(compiler: BoxCompiler, output: model.Output) -> list[Any]:
    """The output values in the order they are listed, highest first (§8.2.10)."""
    if not output.values:
        return []
    tests = compiler.tests(output.values, output.line, output.id)
    return compiler.listed(tests)


def _unique(table: CompiledTable, rows: list[list[Any]], run: Run) -> Outcome:
    if len(rows) > 1:
        return None, f"{len(rows)} rules matched, but the hit policy UNIQUE allows one."
    return table.shape(rows[0]), ""


def _first(table: CompiledTable, rows: list[list[Any]], run: Run) -> Outcome:
    return table.shape(rows[0]), ""


def _any(table: CompiledTable, rows: list[list[Any]], run: Run) -> Outcome:
    if not all(comparing.equal(row, rows[0]) for row in rows[1:]):
        return None, "Rules with different answers matched, but the hit policy ANY wants them alike."
    return table.shape(rows[0]), ""


def _priority(table: CompiledTable, rows: list[list[Any]], run: Run) -> Outcome:
    return table.shape(min(rows, key=table.rank)), ""


def _rule_order(table: CompiledTable, rows: list[list[Any]], run: Run) -> Outcome:
    return [table.shape(row) for row in rows], ""


def _output_order(table: CompiledTable, rows: list[list[Any]], run: Run) -> Outcome:
    return [table.shape(row) for row in sorted(rows, key=table.rank)], ""


def _collect(table: CompiledTable, rows: list[list[Any]], run: Run) -> Outcome:
    aggregation = table.table.aggregation
    if not aggregation:
        return [table.shape(row) for row in rows], ""
    if aggregation == "COUNT":
        return len(rows), ""
    aggregate = _AGGREGATORS[aggregation]
    if table.single:
        return aggregate(run, [row[0] for row in rows]), ""
    columns = zip(*rows, strict=True)
    return dict(zip(table.names, (aggregate(run, list(c)) for c in columns), strict=True)), ""


_AGGREGATORS: Mapping[str, Callable[[Run, list[Any]], Any]] = {
    "SUM": lists.total,
    "MIN": lists.minimum,
    "MAX": lists.maximum,
}
_POLICIES: Mapping[str, Callable[[CompiledTable, list[list[Any]], Run], Outcome]] = {
    "UNIQUE": _unique,
    "FIRST": _first,
    "ANY": _any,
    "PRIORITY": _priority,
    "RULE ORDER": _rule_order,
    "OUTPUT ORDER": _output_order,
    "COLLECT": _collect,
}
