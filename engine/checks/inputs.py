"""Rule `input`: what an operation or a decision needs must be seen from its task, and what is given must be taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import ValidationError, fields

from engine.bpmn.expressions import RESERVED
from engine.bpmn.rules.problems import Problem
from engine.checks.levels import Node, Process
from engine.checks.variables import Variables
from engine.dmn import DecisionModel
from engine.dmn.walking import tables_of
from engine.domain.suggesting import meant
from engine.feel import FeelError, to_json


def check(process: Process, variables: Variables) -> Iterator[Problem]:
    """Operations and decisions of a process."""
    for node in process.nodes():
        if node.kind == "userTask":
            continue
        type_ = node.extensions.get("taskDefinition", "type")
        decision = node.extensions.get("calledDecision", "decisionId")
        if type_ is not None:
            yield from _operation(node, type_, variables)
        elif decision is not None:
            yield from _decision(node, decision, variables)


def _operation(node: Node, type_: str, variables: Variables) -> Iterator[Problem]:
    operation = variables.house.operations.get(type_)
    if operation is None:
        return
    asked = {field.data_key or name: field for name, field in operation.input().fields.items()}
    takes = set(asked)
    required = {name for name, field in asked.items() if field.required}
    for name in sorted(required - node.extensions.headers.keys()):
        if not _is_seen(node, name, variables):
            what = f"the operation {type_!r} needs {name!r}"
            yield node.level.diagram.problem(node.element, "input", f"{what}; give it by an input mapping")
    yield from _not_taken(node, takes, f"the operation {type_!r}", variables)
    yield from _refused(node, type_, asked, variables)


def _refused(
    node: Node, type_: str, asked: Mapping[str, fields.Field[Any]], variables: Variables
) -> Iterator[Problem]:
    """Inputs that are the same every time, and that the operation refuses every time."""
    for line in node.mapping("input"):
        field, (is_known, value) = asked.get(line.get("target", "")), _constant(line.get("source"), variables)
        if field is None or not is_known or value is None:
            continue
        try:
            field.deserialize(value)
        except ValidationError as error:
            said = (
                " ".join(map(str, error.messages))
                if isinstance(error.messages, list)
                else str(error.messages)
            )
            message = (
                f"the operation {type_!r} refuses {line.get('source')} for {line.get('target')!r}: {said}"
            )
            yield node.level.diagram.problem(line, "input", message)


def _constant(text: str | None, variables: Variables) -> tuple[bool, Any]:
    """The value of a text that needs nothing to be known; (False, None) for any other."""
    expression = variables.compiled(text)
    if expression is None:
        return bool(text) and not str(text).strip().startswith("="), text
    if expression.names or expression.item_names or expression.functions:
        return False, None
    try:
        return True, to_json(expression.evaluate({}))
    except FeelError:
        return False, None


def _decision(node: Node, decision: str, variables: Variables) -> Iterator[Problem]:
    found = variables.definitions.decisions.get(decision)
    if found is None:
        return
    reads = found.names(decision)
    for name in sorted(reads):
        if not _is_seen(node, name, variables):
            what = f"the decision {decision!r} reads {name!r}, and nothing that can be seen here is called so"
            advice = "give it by an input mapping"
            if _is_a_cell(found, decision, name):
                advice += f', or write it in quotation marks if it is a text: "{name}"'
            yield node.level.diagram.problem(node.element, "input", f"{what}; {advice}")
    yield from _not_taken(node, reads, f"the decision {decision!r}", variables)


def _is_a_cell(found: DecisionModel, decision: str, name: str) -> bool:
    """Whether the name is all that stands in some cell of the decision's table."""
    tables = tables_of(found.decisions[decision].expression)
    cells = (cell for table in tables for rule in table.rules for cell in (*rule.inputs, *rule.outputs))
    return any(name in (part.strip() for part in cell.text.split(",")) for cell in cells)


def _is_seen(node: Node, name: str, variables: Variables) -> bool:
    """Whether something may have written it before: what the node itself gives comes too late."""
    place = variables.places[node]
    if variables.see(place.inside)(name) is None:
        return False
    root = place.inside.outermost
    local = place.inside is not root and name in place.inside.names
    if name in RESERVED or local or root.open or name in variables.given[root]:
        return True
    return variables.writers.get((root, name)) != {node}


def _not_taken(node: Node, takes: Iterable[str], what: str, variables: Variables) -> Iterator[Problem]:
    """Inputs that neither the operation or decision nor another text of the node reads."""
    known = set(takes)
    read = _read_by(node, variables)
    for line in node.mapping("input"):
        name = line.get("target", "").split(".")[0]
        if name and name not in known and name not in read:
            message = f"{what} takes no {name!r}{meant(name, known)}"
            yield node.level.diagram.warning(line, "input", message)


def _read_by(node: Node, variables: Variables) -> set[str]:
    """The names that the mappings of a node and the events on it read."""
    texts = [line.source for line in (*node.extensions.inputs, *node.extensions.outputs)]
    for attached in node.attached:
        for part in (attached.definition, attached.refers_to()):
            if part is not None:
                texts += [text for each in part.iter() for text in (each.text, *each.attrib.values()) if text]
    found: set[str] = set()
    for text in texts:
        expression = variables.compiled(str(text).strip())
        if expression is not None:
            found |= expression.names | expression.item_names
    return found
