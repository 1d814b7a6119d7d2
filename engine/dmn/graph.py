"""Decisions, knowledge and services joined by what they require, across files (DMN 1.5 §6, §10.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.dmn import model
from engine.dmn.boxed import BoxCompiler
from engine.dmn.errors import DmnError
from engine.dmn.evaluation import Code, Scope, Work
from engine.dmn.record import DecisionRecord
from engine.dmn.types import TypeBook
from engine.feel.runtime import Run
from engine.feel.types import Type, coerce
from engine.feel.values import Function

DEEPEST = 100
Node = model.InputData | model.Decision | model.Knowledge | model.Service


@dataclass(frozen=True, slots=True)
class Requirement:
    """A required element, and the name of the import it is seen under (empty for the same file)."""

    prefix: str
    file: File
    node: Any


def aliases(node: Any) -> set[str]:
    """What a required element may be called: its variable's name, its own, and, as Camunda does, its id."""
    return {name for name in (node.name, node.label, node.id) if name}


class File:
    """One file with its elements compiled, and the files it imports."""

    def __init__(
        self, definitions: model.Definitions, imported: Mapping[str, File], *, lenient: bool
    ) -> None:
        self.definitions = definitions
        self.imported = imported
        self.lenient = lenient
        self.types: TypeBook = TypeBook(definitions, {name: file.types for name, file in imported.items()})
        self.nodes: dict[str, Any] = {}
        for node in definitions.nodes:
            if node.id in self.nodes and not lenient:
                raise self.refuse("dmn.duplicate", f"two elements have the id {node.id!r}", node)
            self.nodes[node.id] = node
        self.requirements = {node_id: self._requirements(node) for node_id, node in self.nodes.items()}
        self.reads: dict[str, frozenset[str]] = {}
        self.calls: dict[str, frozenset[str]] = {}
        self.names = frozenset(node.name for node in self.nodes.values())
        self.code: dict[str, Code] = {}
        self.functions: dict[str, Callable[[Mapping[str, Any], Work], Function]] = {}
        self.result_types: dict[str, Type | None] = {}
        for node in self.nodes.values():
            self._compile(node)

    def refuse(self, code: str, message: str, node: Any) -> DmnError:
        """An error at an element of this file."""
        return DmnError(
            code, message, file=self.definitions.file, line=node.line, element=node.id or node.name
        )

    def find(self, href: str, node: Any) -> Requirement:
        """The element a reference means."""
        namespace, _, identifier = href.rpartition("#")
        if namespace in ("", self.definitions.namespace) and identifier in self.nodes:
            return Requirement("", self, self.nodes[identifier])
        for prefix, file in self.imported.items():
            if namespace in ("", file.definitions.namespace) and identifier in file.nodes:
                return Requirement(prefix, file, file.nodes[identifier])
        raise self.refuse("dmn.reference", f"there is no element {href!r}", node)

    def _requirements(self, node: Any) -> list[Requirement]:
        found = []
        for href in getattr(node, "requires", ()):
            try:
                found.append(self.find(href, node))
            except DmnError:
                if not self.lenient:
                    raise
        return found

    def known(self, node: Any) -> set[str]:
        """The names an element may mention: what it requires, and what is imported."""
        names = set()
        for requirement in self.requirements[node.id]:
            names |= aliases(requirement.node)
            if requirement.prefix:
                names.add(requirement.prefix)
        for prefix, file in self.imported.items():
            names.add(prefix)
            names.update(file.names)
        if isinstance(node, model.Knowledge):
            names.add(node.name)
        return names

    def _compile(self, node: Any) -> None:
        if isinstance(node, model.InputData | model.Service):
            self.result_types[node.id] = self.types.find(node.type_ref)
            return
        compiler = BoxCompiler(self.definitions.file, self.known(node), self.types, lenient=self.lenient)
        if isinstance(node, model.Decision):
            self.result_types[node.id] = self.types.find(node.type_ref)
            self.code[node.id] = compiler.compile(node.expression)
        elif node.function is not None:
            make = compiler.function(node.function, node.name, node.type_ref)
            if make is not None:
                self.functions[node.id] = make
        self.reads[node.id] = frozenset(compiler.names)
        self.calls[node.id] = frozenset(compiler.functions)


class Undeclared(Mapping[str, Any]):
    """The caller's inputs without the names the file declares: those are seen only where required."""

    __slots__ = ("hidden", "inputs")

    def __init__(self, inputs: Mapping[str, Any], hidden: frozenset[str]) -> None:
        self.inputs = inputs
        self.hidden = hidden

    def __getitem__(self, name: str) -> Any:
        if name in self.hidden:
            raise KeyError(name)
        return self.inputs[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name the file does not declare."""
        return default if name in self.hidden else self.inputs.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name not in self.hidden and name in self.inputs

    def __iter__(self) -> Any:
        return (name for name in self.inputs if name not in self.hidden)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Evaluation:
    """One question to a graph: values are worked out once and kept."""

    def __init__(
        self, inputs: Mapping[str, Any], work: Work, preset: Mapping[tuple[int, str], Any] | None = None
    ) -> None:
        self.inputs = inputs
        self.work = work
        self.known: dict[tuple[int, str], Any] = dict(preset or {})
        self.open: set[tuple[int, str]] = set()

    def value(self, file: File, node: Node, prefix: str = "") -> Any:
        """The value of an element: an input's, a decision's result, or a function."""
        key = (id(file), node.id)
        if key in self.known:
            return self.known[key]
        if key in self.open or len(self.open) > DEEPEST:
            raise file.refuse("dmn.circle", f"{node.name!r} requires itself", node)
        self.open.add(key)
        try:
            value = self._work_out(file, node, prefix)
        finally:
            self.open.discard(key)
        self.known[key] = value
        return value

    def _work_out(self, file: File, node: Node, prefix: str) -> Any:
        if isinstance(node, model.InputData):
            return self._input(file, node, prefix)
        if isinstance(node, model.Decision):
            return self._decision(file, node)
        if isinstance(node, model.Knowledge):
            return self.knowledge(file, node)
        return self.service(file, node)

    def knowledge(self, file: File, node: model.Knowledge) -> Function | None:
        """A business knowledge model as a function; what it requires is worked out at its first call."""
        make = file.functions.get(node.id)
        if make is None:
            return None
        made: list[Function] = []

        def call(run: Run, arguments: Sequence[Any]) -> Any:
            if not made:
                made.append(make(self.scope(file, node, strict=True), self.work))
            return made[0].call(run, arguments)

        shape = make({}, self.work)
        return Function(
            node.name, shape.parameters, call, required=shape.required, types=shape.types, result=shape.result
        )

    def _input(self, file: File, node: model.InputData, prefix: str) -> Any:
        value = self.inputs.get(node.name)
        if value is None and node.label != node.name:
            value = self.inputs.get(node.label)
        if prefix:
            section = self.inputs.get(prefix)
            if isinstance(section, Mapping) and node.name in section:
                value = section.get(node.name)
        type_ = file.result_types[node.id]
        return value if type_ is None or not type_.known else coerce(value, type_)

    def _decision(self, file: File, node: model.Decision) -> Any:
        scope = self.scope(file, node)
        work = self.work
        before, work.decision = work.decision, node.name
        value = file.code[node.id](scope, work)
        work.decision = before
        type_ = file.result_types[node.id]
        if type_ is not None and type_.known:
            value = coerce(value, type_)
        if work.record is not None:
            work.record.decisions.append(DecisionRecord(node.id, node.name, value))
        return value

    def scope(self, file: File, node: Any, *, strict: bool = False) -> Mapping[str, Any]:
        """What an element sees: what it requires, and the caller's names that the file does not declare."""
        local: dict[str, Any] = {}
        for requirement in file.requirements[node.id]:
            inner = self._inputs_of(requirement)
            value = inner.value(requirement.file, requirement.node, requirement.prefix)
            if requirement.prefix:
                local.setdefault(requirement.prefix, {})[requirement.node.name] = value
                continue
            for name in aliases(requirement.node):
                local.setdefault(name, value)
            local[requirement.node.name] = value
        if isinstance(node, model.Knowledge):
            local.setdefault(node.name, self.known.get((id(file), node.id)))
        outer: Mapping[str, Any] = {} if strict else Undeclared(self.inputs, file.names)
        return Scope(local, outer)

    def _inputs_of(self, requirement: Requirement) -> Evaluation:
        """For an imported element, the caller may give a context of inputs under the import's name."""
        section = self.inputs.get(requirement.prefix) if requirement.prefix else None
        if not isinstance(section, Mapping):
            return self
        inner = Evaluation(Scope(section, self.inputs), self.work)
        inner.known, inner.open = self.known, self.open
        return inner

    def service(self, file: File, node: model.Service) -> Function:
        """A decision service as a function of its inputs (§10.4)."""
        inputs = [file.find(href, node) for href in (*node.input_data, *node.input_decisions)]
        names = tuple(requirement.node.name for requirement in inputs)
        types = tuple(requirement.file.result_types.get(requirement.node.id) for requirement in inputs)

        def call(run: Run, arguments: Sequence[Any]) -> Any:
            run.enter()
            try:
                preset = {
                    (id(requirement.file), requirement.node.id): value
                    for requirement, value in zip(inputs, arguments, strict=True)
                }
                return self._serve(file, node, preset)
            finally:
                run.depth -= 1

        return Function(node.name, names, call, required=len(names), types=types, strict=True)

    def _serve(self, file: File, node: model.Service, preset: Mapping[tuple[int, str], Any]) -> Any:
        inner = Evaluation({}, self.work, preset)
        outputs = [file.find(href, node) for href in node.output_decisions]
        results = {output.node.name: inner.value(output.file, output.node) for output in outputs}
        value = next(iter(results.values())) if len(results) == 1 else results
        type_ = file.result_types[node.id]
        return value if type_ is None or not type_.known else coerce(value, type_)
