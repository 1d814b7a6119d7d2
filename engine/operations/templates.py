"""Element templates: each operation as the modeler offers it, with a field for each input, made from its schema.

The format is that of zeebe element templates; `SCHEMA` names its JSON schema.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import fields
from marshmallow.fields import Field
from marshmallow.validate import OneOf

from engine.operations.registry import Operation

SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
APPLIES_TO = ("bpmn:ServiceTask", "bpmn:SendTask", "bpmn:BusinessRuleTask", "bpmn:ScriptTask")
USUAL_RETRIES = "3"

Property = dict[str, Any]


def element_templates(operations: Iterable[Operation]) -> list[dict[str, Any]]:
    """The templates of these operations, by name."""
    return [_template(each) for each in sorted(operations, key=lambda each: each.name)]


def _template(operation: Operation) -> dict[str, Any]:
    noun, _, verb = operation.name.partition(".")
    inputs = [_input(name, field) for name, field in operation.input().fields.items()]
    return {
        "$schema": SCHEMA,
        "name": f"{_words(noun)}: {_words(verb).lower()}" if verb else _words(noun),
        "id": f"redress.{operation.name}",
        "description": " ".join(operation.summary.split()),
        "appliesTo": list(APPLIES_TO),
        "entriesVisible": True,
        "groups": _groups(bool(inputs), bool(operation.output().fields)),
        "properties": [
            _hidden(operation.name),
            *inputs,
            *_result(operation),
            _setting(
                "retries",
                "Tries",
                "How often it is tried in all before a person has to look.",
                value=USUAL_RETRIES,
            ),
            _setting("backoff", "Wait between tries", "A duration as PT15M; empty: waits that double."),
        ],
    }


def _groups(has_inputs: bool, has_result: bool) -> list[dict[str, str]]:
    groups = [{"id": "inputs", "label": "What it is given"}] if has_inputs else []
    if has_result:
        groups.append({"id": "result", "label": "What it gives"})
    return [*groups, {"id": "tries", "label": "If it fails"}]


def _hidden(type_: str) -> Property:
    return {"type": "Hidden", "value": type_, "binding": {"type": "zeebe:taskDefinition", "property": "type"}}


def _input(name: str, field: Field[Any]) -> Property:
    key = field.data_key or name
    made: Property = {
        "id": f"input_{key}",
        "label": str(field.metadata.get("label") or _words(key)),
        "description": str(field.metadata.get("description") or ""),
        "group": "inputs",
        "binding": {"type": "zeebe:input", "name": key},
        **_kind(field),
    }
    if field.required:
        made["constraints"] = {"notEmpty": True}
    else:
        made["optional"] = True
    return made


def _kind(field: Field[Any]) -> Property:
    choices = _choices(field)
    if choices:
        return {
            "type": "Dropdown",
            "choices": [{"name": _words(choice), "value": choice} for choice in choices],
        }
    if isinstance(field, fields.Boolean):
        return (
            {"type": "Boolean", "feel": "static"}
            if field.required
            else {"type": "Boolean", "feel": "optional"}
        )
    if isinstance(field, fields.Integer | fields.Float | fields.Decimal):
        return {"type": "Number", "feel": "optional"}
    if isinstance(field, fields.String):
        return {"type": "String", "feel": "optional"}
    return {"type": "Text", "feel": "required"}


def _choices(field: Field[Any]) -> list[str]:
    return [str(choice) for rule in field.validators if isinstance(rule, OneOf) for choice in rule.choices]


def _result(operation: Operation) -> list[Property]:
    names = ", ".join(operation.output().fields)
    if not names:
        return []
    return [
        {
            "id": "result_variable",
            "label": "Result variable",
            "description": f"Keeps {names} together in one variable; empty: each by its own name.",
            "group": "result",
            "type": "String",
            "optional": True,
            "binding": {"type": "zeebe:taskHeader", "key": "resultVariable"},
        }
    ]


def _setting(id: str, label: str, description: str, *, value: str | None = None) -> Property:
    binding: Mapping[str, str] = (
        {"type": "zeebe:taskDefinition", "property": "retries"}
        if id == "retries"
        else {"type": "zeebe:taskHeader", "key": "retryBackoff"}
    )
    made: Property = {
        "id": id,
        "label": label,
        "description": description,
        "group": "tries",
        "type": "String",
    }
    made |= {"value": value} if value is not None else {"optional": True}
    return {**made, "binding": binding}


def _words(name: str) -> str:
    return name.replace("_", " ").replace(".", " ").capitalize()
