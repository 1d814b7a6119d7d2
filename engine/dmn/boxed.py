"""Boxed expressions compiled to closures over a scope (DMN 1.5 §10.2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from engine.dmn import model
from engine.dmn.errors import DmnError
from engine.dmn.evaluation import Code, Scope, Work
from engine.dmn.tables import CompiledTable
from engine.dmn.types import TypeBook
from engine.feel import syntax
from engine.feel.calling import apply
from engine.feel.errors import FeelError
from engine.feel.expression import Expression, UnaryTests, build_expression, build_unary_tests
from engine.feel.iterating import as_domain
from engine.feel.runtime import Run
from engine.feel.types import Type, coerce
from engine.feel.values import BOOLEAN, CONTEXT, FUNCTION, Function, kind, plain

DEEPEST = 60
NEVER = "? != ?"  # what a cell that cannot be read is: no value passes
Read = Callable[[str, str], None]


class BoxCompiler:
    """Compiles the boxed expressions of one place, where certain names are known.

    ``lenient`` turns a text or box that cannot be read into null instead of refusing the file.
    ``names`` and ``functions`` gather what the texts read.
    """

    def __init__(self, file: str, names: Collection[str], types: TypeBook, *, lenient: bool = False) -> None:
        self.file = file
        self.known = frozenset(names) | frozenset(types.member_names)
        self.types = types
        self.named_types = types.types
        self.lenient = lenient
        self.names: set[str] = set()
        self.functions: set[str] = set()
        self.local: frozenset[str] = frozenset()
        self.depth = 0

    def within(self, names: Iterable[str]) -> BoxCompiler:
        """A compiler for a place where more names are known; it gathers into the same sets."""
        inner = BoxCompiler.__new__(BoxCompiler)
        inner.file, inner.types, inner.named_types = self.file, self.types, self.named_types
        inner.lenient, inner.names, inner.functions = self.lenient, self.names, self.functions
        added = frozenset(name for name in names if name)
        inner.known = self.known | added
        inner.local = self.local | added
        inner.depth = self.depth + 1
        if inner.depth > DEEPEST:
            raise DmnError("dmn.depth", f"boxes are nested more than {DEEPEST} deep", file=self.file)
        return inner

    # texts

    def text(self, text: str, line: int, element: str) -> Expression:
        """A FEEL text."""
        try:
            found = build_expression(text, self.known, self.named_types)
        except FeelError as error:
            if not self.lenient:
                raise self.refused(error, line, element) from error
            found = build_expression("null", (), {})
        self._note(found)
        return found

    def tests(self, text: str, line: int, element: str) -> UnaryTests:
        """Unary tests."""
        try:
            found = build_unary_tests(text, self.known, self.named_types)
        except FeelError as error:
            if not self.lenient:
                raise self.refused(error, line, element) from error
            found = build_unary_tests(NEVER, (), {})
        self._note(found)
        return found

    def cell(self, cell: model.Cell) -> Any:
        """The test of one input cell, as a function of frame and value."""
        return self.tests(cell.text, cell.line, cell.id).test

    def listed(self, tests: UnaryTests) -> list[Any]:
        """The values a list of tests writes down, in order."""
        made: list[Any] = []
        for item in tests.tree.items:
            if isinstance(item, syntax.Literal | syntax.AtLiteral):
                made.append(item.value)
            elif isinstance(item, syntax.Negation) and isinstance(item.operand, syntax.Literal):
                made.append(-item.operand.value)
        return made

    def refused(self, error: FeelError, line: int, element: str) -> DmnError:
        """A FEEL error at its place in the file."""
        at = line + (error.line or 1) - 1
        return DmnError(error.code, str(error), file=self.file, line=at, element=element)

    def _note(self, found: Expression | UnaryTests) -> None:
        self.names |= found.names - self.local
        self.functions |= found.functions - self.local

    def type(self, type_ref: str) -> Type | None:
        """The type a reference means, if it means any."""
        return self.types.find(type_ref)

    # boxes

    def compile(self, box: model.Boxed | None) -> Code:
        """The code of a boxed expression; a missing one is null."""
        if box is None:
            return lambda scope, work: None
        try:
            code: Code = _BOXES[type(box)](self, box)
        except DmnError:
            if not self.lenient:
                raise
            return lambda scope, work: None
        return code if isinstance(box, model.FunctionDefinition) else self.typed(code, box.type_ref)

    def typed(self, code: Code, type_ref: str) -> Code:
        """The code with its result converted to a declared type."""
        type_ = self.type(type_ref)
        if type_ is None or not type_.known:
            return code
        return lambda scope, work: coerce(code(scope, work), type_)

    def result_type(self, type_ref: str) -> Type | None:
        """The type a function results in; files name either that or the type of the whole function."""
        type_ = self.type(type_ref)
        if type_ is None or not type_.known:
            return None
        return type_.result if type_.name == FUNCTION else type_

    def written(self, box: model.FunctionDefinition, name: str = "", declared: str = "") -> Code:
        """A function definition as code; a foreign one is null in a lenient reading."""
        make = self.function(box, name, declared)
        return (lambda scope, work: None) if make is None else make

    def function(
        self, box: model.FunctionDefinition, name: str = "", declared: str = ""
    ) -> Callable[[Mapping[str, Any], Work], Function] | None:
        """A maker of function values; none of a foreign function in a lenient reading."""
        if box.kind != "FEEL" and self.lenient:
            return None
        if box.kind != "FEEL":
            raise DmnError(
                "dmn.external",
                f"external functions ({box.kind}) are refused: a decision runs no foreign code",
                file=self.file,
                line=box.line,
                element=box.id or name,
            )
        names = tuple(parameter.name for parameter in box.parameters)
        types = tuple(self.type(parameter.type_ref) for parameter in box.parameters)
        body = self.within(names).compile(box.body)
        result = self.result_type(declared) or self.result_type(box.type_ref)

        def make(scope: Mapping[str, Any], work: Work) -> Function:
            def call(run: Run, arguments: Sequence[Any]) -> Any:
                run.spend(len(arguments) + 5)
                run.enter()
                try:
                    value = body(Scope(dict(zip(names, arguments, strict=True)), scope), work)
                    return coerce(value, result, run)
                finally:
                    run.depth -= 1

            return Function(name, names, call, required=len(names), types=types, result=result)

        return make


def _literal(compiler: BoxCompiler, box: model.Literal) -> Code:
    if not box.text:
        return lambda scope, work: None
    if box.language:
        message = f"the expression language {box.language!r} is refused; only FEEL is read"
        raise DmnError("dmn.language", message, file=compiler.file, line=box.line, element=box.id)
    expression = compiler.text(box.text, box.line, box.id)
    return lambda scope, work: expression.within(scope, work.run)


def _table(compiler: BoxCompiler, box: model.Table) -> Code:
    return CompiledTable(box, compiler)


def _context(compiler: BoxCompiler, box: model.Context) -> Code:
    entries: list[tuple[str, Code]] = []
    result: Code | None = None
    seen: list[str] = []
    for entry in box.entries:
        itself = [entry.name] if isinstance(entry.value, model.FunctionDefinition) else []
        inner = compiler.within([*seen, *itself])
        if isinstance(entry.value, model.FunctionDefinition):
            code = inner.written(entry.value, entry.name, entry.type_ref)
        else:
            code = inner.typed(inner.compile(entry.value), entry.type_ref)
        if entry.name:
            entries.append((entry.name, code))
            seen.append(entry.name)
        else:
            result = code

    def context(scope: Mapping[str, Any], work: Work) -> Any:
        made: dict[str, Any] = {}
        inside = Scope(made, scope)
        for name, code in entries:
            work.run.spend(1)
            made[name] = code(inside, work)
        return made if result is None else result(inside, work)

    return context


def _list(compiler: BoxCompiler, box: model.Items) -> Code:
    items = [compiler.compile(item) for item in box.items]
    return lambda scope, work: [item(scope, work) for item in items]


def _relation(compiler: BoxCompiler, box: model.Relation) -> Code:
    rows = [[compiler.compile(cell) for cell in row] for row in box.rows]
    columns = box.columns

    def relation(scope: Mapping[str, Any], work: Work) -> list[dict[str, Any]]:
        return [{name: cell(scope, work) for name, cell in zip(columns, row, strict=False)} for row in rows]

    return relation


def _function(compiler: BoxCompiler, box: model.FunctionDefinition) -> Code:
    return compiler.written(box)


def _invocation(compiler: BoxCompiler, box: model.Invocation) -> Code:
    function = compiler.compile(box.function)
    names = tuple(name for name, _ in box.bindings)
    arguments = [compiler.compile(value) for _, value in box.bindings]

    def invoke(scope: Mapping[str, Any], work: Work) -> Any:
        values = [argument(scope, work) for argument in arguments]
        return apply(function(scope, work), work.run, values, names)

    return invoke


def _conditional(compiler: BoxCompiler, box: model.Conditional) -> Code:
    condition, yes, no = (compiler.compile(part) for part in (box.condition, box.yes, box.no))

    def conditional(scope: Mapping[str, Any], work: Work) -> Any:
        chosen = condition(scope, work)
        if chosen is not None and kind(chosen) is not BOOLEAN:
            return None
        return yes(scope, work) if chosen is True else no(scope, work)

    return conditional


def _iterator(compiler: BoxCompiler, box: model.Iterator) -> Code:
    domain = compiler.compile(box.domain)
    name = box.variable
    body = compiler.within((name, "partial") if box.kind == "for" else (name,)).compile(box.body)
    decisive = box.kind == "some"

    def values(
        items: Iterable[Any], scope: Mapping[str, Any], work: Work, partial: list[Any]
    ) -> Iterable[Any]:
        for item in items:
            work.run.spend(2)
            yield body(Scope({name: plain(item), "partial": partial}, scope), work)

    def loop(scope: Mapping[str, Any], work: Work) -> Any:
        items = as_domain(domain(scope, work))
        if items is None:
            return None
        results: list[Any] = []
        for value in values(items, scope, work, results):
            results.append(value)
        return results

    def quantified(scope: Mapping[str, Any], work: Work) -> bool | None:
        items = as_domain(domain(scope, work))
        result: bool | None = None if items is None else not decisive
        for value in values(items or (), scope, work, []):
            if value is decisive:
                return bool(decisive)
            if kind(value) is not BOOLEAN:
                result = None
        return result

    return loop if box.kind == "for" else quantified


def _filter(compiler: BoxCompiler, box: model.Filter) -> Code:
    """A filter; unlike ``list[condition]`` it is null when the condition is no boolean for some item (§10.2)."""
    source = compiler.compile(box.source)
    match = compiler.within(("item",)).compile(box.match)

    def filtered(scope: Mapping[str, Any], work: Work) -> Any:
        items = as_domain(source(scope, work))
        if items is None:
            return None
        kept: list[Any] = []
        for item in items:
            work.run.spend(2)
            inside = Scope({"item": plain(item)}, scope)
            value = match(Scope(item, inside) if kind(item) is CONTEXT else inside, work)
            if value is True:
                kept.append(item)
            elif value is not False:
                return None
        return kept

    return filtered


_BOXES: dict[type, Callable[[BoxCompiler, Any], Code]] = {
    model.Literal: _literal,
    model.Table: _table,
    model.Context: _context,
    model.Items: _list,
    model.Relation: _relation,
    model.FunctionDefinition: _function,
    model.Invocation: _invocation,
    model.Conditional: _conditional,
    model.Iterator: _iterator,
    model.Filter: _filter,
}
