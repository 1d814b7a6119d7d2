"""Element templates: one for each operation, made from its schema, and accepted by the modeler's own validator."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from marshmallow import fields, validate

from engine.bootstrap import element_templates as shipped
from engine.bpmn.specs.collaborating import BUILT_IN
from engine.operations import build_operations
from engine.operations.multi_instance import BY_ENGINE
from engine.operations.registry import Inputs, Operation, carried_out_elsewhere, says
from engine.operations.templates import SCHEMA, element_templates
from engine.runtime.files import LocalFiles

HERE = Path(__file__).parent
OPERATIONS = [*build_operations(LocalFiles(Path("/nowhere"))).values(), *BY_ENGINE]


class Everything(Inputs):
    colour = fields.String(
        required=True, validate=validate.OneOf(["red", "dark_blue"]), metadata=says("Which.")
    )
    amount = fields.Decimal(load_default=None, metadata=says("How much."))
    sure = fields.Boolean(load_default=False, metadata=says("Whether."))
    words = fields.String(required=True, metadata=says("What."))
    listed = fields.List(fields.String(), data_key="list", load_default=list, metadata=says("Several."))


class Given(Inputs):
    one = fields.String()
    two = fields.String()


EVERYTHING = Operation("paint.dry_now", "Paints\n    something.", Everything, Given, carried_out_elsewhere)


def validated(templates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the modeler's validator says."""
    done = subprocess.run(
        ["node", str(HERE / "validate_templates.mjs")],
        input=json.dumps(templates),
        capture_output=True,
        text=True,
        check=True,
    )
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said


def field_of(template: dict[str, Any], name: str) -> dict[str, Any]:
    """The property of one input."""
    found = [p for p in template["properties"] if p["binding"] == {"type": "zeebe:input", "name": name}]
    assert len(found) == 1
    return found[0]  # type: ignore[no-any-return]


def test_the_modelers_validator_accepts_every_template_that_ships() -> None:
    said = validated(shipped())

    assert [each for each in said if not each["valid"]] == []
    assert len(said) == len(OPERATIONS)


def test_the_modelers_validator_refuses_a_template_that_is_wrong() -> None:
    wrong = element_templates([EVERYTHING])
    del wrong[0]["name"]
    wrong[0]["properties"][0]["binding"] = {"type": "nowhere"}

    (said,) = validated(wrong)

    assert not said["valid"]
    assert said["errors"]


def test_there_is_one_for_each_operation_a_diagram_may_name() -> None:
    types = [
        p["value"]
        for template in shipped()
        for p in template["properties"]
        if p["binding"] == {"type": "zeebe:taskDefinition", "property": "type"}
    ]

    assert types == sorted(operation.name for operation in OPERATIONS)
    assert {operation.name for operation in BY_ENGINE} == set(BUILT_IN)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_input_says_what_it_is(operation: Operation) -> None:
    silent = [
        name for name, field in operation.input().fields.items() if not field.metadata.get("description")
    ]

    assert silent == []
    assert operation.summary


def test_a_template_says_what_the_schema_says() -> None:
    (template,) = element_templates([EVERYTHING])

    assert template["$schema"] == SCHEMA
    assert (template["id"], template["name"]) == ("redress.paint.dry_now", "Paint: dry now")
    assert template["description"] == "Paints something."
    assert template["entriesVisible"] is True
    assert {"bpmn:ServiceTask", "bpmn:SendTask"} <= set(template["appliesTo"])
    assert template["properties"][0] == {
        "type": "Hidden",
        "value": "paint.dry_now",
        "binding": {"type": "zeebe:taskDefinition", "property": "type"},
    }
    assert validated([template])[0]["valid"]


def test_an_enumeration_is_a_dropdown() -> None:
    colour = field_of(element_templates([EVERYTHING])[0], "colour")

    assert colour["type"] == "Dropdown"
    assert colour["choices"] == [{"name": "Red", "value": "red"}, {"name": "Dark blue", "value": "dark_blue"}]
    assert colour["constraints"] == {"notEmpty": True}
    assert "feel" not in colour


@pytest.mark.parametrize(
    ("name", "kind", "feel", "optional"),
    [
        ("amount", "Number", "optional", True),
        ("sure", "Boolean", "optional", True),
        ("words", "String", "optional", None),
        ("list", "Text", "required", True),
    ],
)
def test_other_inputs_have_the_kind_of_their_values(
    name: str, kind: str, feel: str, optional: bool | None
) -> None:
    found = field_of(element_templates([EVERYTHING])[0], name)

    assert (found["type"], found["feel"], found.get("optional")) == (kind, feel, optional)
    assert found["label"] == name.capitalize()
    assert found["description"]


def test_what_it_gives_may_be_kept_in_one_variable() -> None:
    (template,) = element_templates([EVERYTHING])
    (result,) = [
        p
        for p in template["properties"]
        if p["binding"] == {"type": "zeebe:taskHeader", "key": "resultVariable"}
    ]

    assert "one, two" in result["description"]
    assert result["optional"]
