"""Small files for the checks: a form from its keys, a decision from its columns, and what the checks say of them."""

import json
from collections.abc import Mapping
from typing import Any

from engine.checks import Problem, check
from tests.builders.diagrams import diagram, end, flow, flows, node, process, start

ROLE = "handler"


def a_form(id: str, *keys: str, **more: Mapping[str, Any]) -> dict[str, bytes]:
    """A form with a text field a key; `more` are entries of single fields, by their id ("a.b" is field_a_b)."""
    components = [
        {
            "type": "textfield",
            "id": f"field_{key.replace('.', '_')}",
            "key": key,
            "label": key.replace(".", " ").capitalize(),
            "description": "What is asked.",
            **more.get(f"field_{key.replace('.', '_')}", {}),
        }
        for key in keys
    ]
    form = {"type": "default", "id": id, "schemaVersion": 18, "components": components}
    return {f"forms/{id}.form": json.dumps(form, indent=1).encode()}


def a_table(
    id: str, inputs: tuple[str, ...], outputs: tuple[str, ...], hit_policy: str = "FIRST"
) -> dict[str, bytes]:
    """A decision table with one rule that always matches."""
    columns = "".join(
        f'<input id="{id}_in{n}"><inputExpression id="{id}_x{n}"><text>{text}</text></inputExpression></input>'
        for n, text in enumerate(inputs)
    )
    answers = "".join(f'<output id="{id}_out{n}" name="{name}"/>' for n, name in enumerate(outputs))
    cells = "".join(f'<inputEntry id="{id}_i{n}"><text>-</text></inputEntry>' for n, _ in enumerate(inputs))
    cells += "".join(
        f'<outputEntry id="{id}_o{n}"><text>1</text></outputEntry>' for n, _ in enumerate(outputs)
    )
    content = (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d_{id}" name="d" namespace="urn:{id}">'
        f'<decision id="{id}" name="{id}"><decisionTable id="{id}_table" hitPolicy="{hit_policy}">'
        f'{columns}{answers}<rule id="{id}_rule">{cells}</rule></decisionTable></decision></definitions>'
    )
    return {f"decisions/{id}.dmn": content.encode()}


def asked(*parts: str, roots: str = "", **files: Any) -> list[Problem]:
    """What is said of one process, "p", with these parts; the parts stand from line 4 on."""
    return said_of(diagram(process("p", *parts), roots), **files)


def said_of(content: bytes, files: Mapping[str, bytes] | None = None) -> list[Problem]:
    """What is said of a diagram, beside files it may refer to."""
    return check({"x.bpmn": content}, dict(files or {}))


def short(problems: list[Problem]) -> list[tuple[str, str]]:
    """Rule and element of each."""
    return [(problem.rule, problem.element) for problem in problems]


def only(problems: list[Problem], *rules: str) -> list[Problem]:
    """Those of these rules."""
    return [problem for problem in problems if problem.rule in rules]


def line(*steps: str) -> str:
    """Steps one after another between a start and an end; each is a node as `diagrams` writes it."""
    ids = [step.split('id="', 1)[1].split('"', 1)[0] for step in steps]
    return "".join((start(), *steps, end(), flows("start", *ids, "end")))


def branch(gateway: str, when: str, *, kind: str = "exclusiveGateway") -> str:
    """After "start": a gateway that leads to "yes" when the condition holds, else to "no"."""
    return (
        node(kind, gateway, name="Which?", default=f"{gateway}_no")
        + node("task", "yes")
        + node("task", "no")
        + flow(gateway, "yes", when, name="Yes")
        + flow(gateway, "no", name="No")
    )
