"""What a form shows before anybody typed: what the bank knows already, an expression's value, or the default."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.feel import Environment
from forms.components import LISTS, Component, FormDefinition
from forms.scope import Scope


def initial(
    form: FormDefinition,
    context: Mapping[str, Any],
    environment: Environment,
    language: str = "en",
) -> dict[str, Any]:
    """The first values of the fields, written as they would be typed; fields without one are left out."""
    scope = Scope(form, context, environment, language)
    found = {component.key: _first(component, scope) for component in form.fields()}
    return {key: value for key, value in found.items() if value is not None}


def _first(component: Component, scope: Scope) -> Any:
    value = None
    if component.initial is not None:
        value = scope.value(component, component.initial)
    elif component.key.startswith("complaint.") or component.readonly:
        value = scope.fact(component.key)
    return _typed(component.default if value is None else value, component)


def _typed(value: Any, component: Component) -> Any:
    """The value as a person would type it."""
    if component.type == "checkbox":
        return "true" if value is True else ""
    if component.type in LISTS:
        return [str(item) for item in value] if isinstance(value, list | tuple) else None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str | int) and not isinstance(value, bool):
        return value[:10] if component.type == "datetime" and isinstance(value, str) else str(value)
    return None
