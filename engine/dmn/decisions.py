"""The public face: read a file of decisions, ask one, and have it explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.dmn import model
from engine.dmn.errors import DmnError
from engine.dmn.evaluation import Work
from engine.dmn.graph import Evaluation, File, aliases
from engine.dmn.reader import read_definitions
from engine.dmn.record import Explanation, Record
from engine.feel.calling import invoke
from engine.feel.runtime import DEFAULT, Environment
from engine.feel.values import Function

Imports = Callable[[str], bytes]
DEEPEST_IMPORT = 20

MOST_LISTED = 20


class DecisionModel:
    """The decisions of one file and of those it imports."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.decisions: Mapping[str, model.Decision] = {
            decision.id: decision for decision in file.definitions.decisions
        }
        self._by_name = {decision.label: decision for decision in file.definitions.decisions} | {
            decision.name: decision for decision in file.definitions.decisions
        }
        self._services = {service.name: service for service in file.definitions.services} | {
            service.id: service for service in file.definitions.services
        }
        self._knowledge = {item.name: item for item in file.definitions.knowledge} | {
            item.id: item for item in file.definitions.knowledge
        }

    @property
    def definitions(self) -> model.Definitions:
        """What the file says."""
        return self.file.definitions

    def decision(self, name: str) -> model.Decision:
        """The decision of that id or name."""
        found = self.decisions.get(name) or self._by_name.get(name)
        if found is None:
            there = sorted(self.decisions)
            listed = ", ".join(there[:MOST_LISTED]) + (", …" if len(there) > MOST_LISTED else "")
            message = f"there is no decision {name!r} here{f'; there are {listed}' if there else ''}"
            raise DmnError("dmn.unknown", message, file=self.definitions.file, element=name)
        return found

    def evaluate(
        self, decision: str, inputs: Mapping[str, Any], environment: Environment = DEFAULT
    ) -> Explanation:
        """A decision, asked by id or name: its value, and the record of which rules of which tables matched on what.

        The value is one answer, a context of outputs, or a list. Raises DmnError for a decision that is not there or
        requires itself, FeelError where a budget is spent or the clock is missing.
        """
        record = Record()
        return Explanation(self._evaluated(decision, inputs, Work(environment, record)), record)

    def value(self, decision: str, inputs: Mapping[str, Any], environment: Environment = DEFAULT) -> Any:
        """The value alone, where nobody asks why: no record is kept. Raises as `evaluate` does."""
        return self._evaluated(decision, inputs, Work(environment))

    def _evaluated(self, decision: str, inputs: Mapping[str, Any], work: Work) -> Any:
        return Evaluation(inputs, work).value(self.file, self.decision(decision))

    def call(self, name: str, arguments: Mapping[str, Any], environment: Environment = DEFAULT) -> Any:
        """The result of a decision service or business knowledge model, by id or name."""
        node = self._services.get(name) or self._knowledge.get(name)
        if node is None:
            raise DmnError("dmn.unknown", f"there is no service or knowledge {name!r}", element=name)
        work = Work(environment)
        function = Evaluation({}, work).value(self.file, node)
        if not isinstance(function, Function):
            return None
        return invoke(function, work.run, [arguments.get(parameter) for parameter in function.parameters])

    def names(self, decision: str) -> frozenset[str]:
        """The input names a decision needs, through everything it requires."""
        found: set[str] = set()
        self._gather(self.file, self.decision(decision), found, set())
        return frozenset(found)

    def _gather(self, file: File, node: Any, found: set[str], seen: set[tuple[int, str]]) -> None:
        if (id(file), node.id) in seen:
            return
        seen.add((id(file), node.id))
        if isinstance(node, model.InputData):
            found.add(node.name)
            return
        provided = set(file.imported)
        for requirement in file.requirements[node.id]:
            provided |= aliases(requirement.node)
            self._gather(requirement.file, requirement.node, found, seen)
        found |= file.reads.get(node.id, frozenset()) - provided - file.names


def read_decisions(
    source: bytes, file: str = "", *, imports: Imports | None = None, lenient: bool = False
) -> DecisionModel:
    """Read DMN XML.

    ``imports`` gives the bytes of another file by its location, or by its namespace when no location is
    written. ``lenient`` takes expressions that cannot be read as null instead of refusing the file.
    """
    return DecisionModel(_load(source, file, imports, lenient, ()))


def read(path: str | Path) -> DecisionModel:
    """Read a DMN file; what it imports is looked for beside it."""
    place = Path(path)

    def beside(location: str) -> bytes:
        found = (place.parent / location).resolve()
        if found.parent != place.parent.resolve():
            raise DmnError("dmn.import", f"imports are only read from the same folder, not {location!r}")
        return found.read_bytes()

    return read_decisions(place.read_bytes(), str(place), imports=beside)


def _load(source: bytes, file: str, imports: Imports | None, lenient: bool, above: tuple[str, ...]) -> File:
    definitions = read_definitions(source, file)
    if definitions.namespace in above or len(above) > DEEPEST_IMPORT:
        raise DmnError("dmn.circle", "files import each other in a circle", file=file)
    imported: dict[str, File] = {}
    for item in definitions.imports:
        if item.kind != "dmn":
            continue
        if imports is None:
            raise DmnError(
                "dmn.import", f"the import {item.name!r} cannot be read", file=file, line=item.line
            )
        location = item.location or item.namespace
        other = imports(location)
        imported[item.name] = _load(other, location, imports, lenient, (*above, definitions.namespace))
    return File(definitions, imported, lenient=lenient)
