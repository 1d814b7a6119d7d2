"""The only maker of Answers: what was typed becomes typed values of visible fields, or sentences at the fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from marshmallow import ValidationError

from engine.feel import Environment
from forms import messages
from forms.components import CHOICES, LISTS, Component, Condition, FormDefinition
from forms.errors import FormRejected
from forms.messages import Message
from forms.scope import Scope
from forms.values import Reader, fields_of, is_empty, refusal

__all__ = ["Answers", "FormRejected", "Looked", "check", "look"]

NOTHING: Mapping[str, Any] = MappingProxyType({})
LIMITED = CHOICES | LISTS | {"datetime"}
"""What has limits that may depend on the context."""
_LONGEST_GLIMPSE = 1_000


@dataclass(frozen=True, slots=True)
class Answers:
    """Checked answers by dotted name, and the form they were checked against."""

    values: Mapping[str, Any]
    form_id: str
    form_hash: str


class Looked(NamedTuple):
    """One look through what was typed: values and messages by name, and the fields that do not apply."""

    values: Mapping[str, Any]
    errors: Mapping[str, tuple[str, ...]]
    hidden: frozenset[str]
    scope: Scope


def check(
    form: FormDefinition,
    typed: Mapping[str, Any],
    context: Mapping[str, Any] = NOTHING,
    environment: Environment | None = None,
    language: str = "en",
) -> Answers:
    """The answers, or FormRejected with a message at each field that needs one; expressions may read `language`."""
    looked = look(form, typed, context, environment, language)
    if looked.errors:
        raise FormRejected(looked.errors, {key: typed[key] for key in form.keys if key in typed})
    return Answers(looked.values, form.id, form.hash)


def look(
    form: FormDefinition,
    typed: Mapping[str, Any],
    context: Mapping[str, Any] = NOTHING,
    environment: Environment | None = None,
    language: str = "en",
) -> Looked:
    """Read every field in the order of the form, so that a condition sees the answers before it.

    A hidden field is neither required nor kept. An answer not given is kept as null (false for a tick, an
    empty list for a list), but a fact of the complaint that was not asked for at all is left as it is.
    """
    scope = Scope(form, context, environment or Environment(), language)
    values: dict[str, Any] = {}
    errors: dict[str, tuple[str, ...]] = {}
    hidden: set[str] = set()
    known: dict[int, bool] = {}
    for question in _questions(form):
        key = question.key
        if question.hides and _is_hidden(question, scope, known):
            hidden.add(key)
            scope.put(key, None)
            continue
        given = typed.get(key)
        try:
            value = _value(question, given, scope)
        except ValidationError as error:
            errors[key] = tuple(error.messages)
            scope.put(key, _glimpse(given))
            continue
        if not question.is_fact or key in typed:
            values[key] = value
            scope.put(key, value)
    return Looked(MappingProxyType(values), MappingProxyType(errors), frozenset(hidden), scope)


class Question(NamedTuple):
    """One thing people answer, and what a look at it needs: worked out once for each form."""

    key: str
    component: Component
    hides: tuple[Condition, ...]
    reader: Reader[Any]
    is_fact: bool
    takes_one: bool
    has_limits: bool


@lru_cache(maxsize=512)
def _questions(form: FormDefinition) -> tuple[Question, ...]:
    """What people answer, in the order they are asked; a field that is only read is none of it."""
    readers = fields_of(form)
    return tuple(
        Question(
            key=component.key,
            component=component,
            hides=hides,
            reader=readers[component.key],
            is_fact=component.key.startswith("complaint."),
            takes_one=component.type not in LISTS,
            has_limits=component.type in LIMITED,
        )
        for component, hides in ((asked.component, asked.hides) for asked in form.asked)
        if not component.readonly
    )


def _is_hidden(question: Question, scope: Scope, known: dict[int, bool]) -> bool:
    """Whether one of its conditions holds; a group's is asked once, for it reads only what stands before the group."""
    for condition in question.hides:
        if id(condition) not in known:
            known[id(condition)] = scope.holds(question.component, condition)
        if known[id(condition)]:
            return True
    return False


def _value(question: Question, typed: Any, scope: Scope) -> Any:
    component = question.component
    if question.takes_one and isinstance(typed, list | tuple):
        # One value where one is asked: a page sends an empty one beside each tick, so that "not ticked" is said.
        typed = next((one for one in typed if one != ""), None)
    if type(typed) is str and typed.isprintable():
        typed = typed.strip()  # as readers do, and what is left tells whether there is anything
        value = question.reader.read(typed) if typed else _nothing(component)
    else:
        value = _nothing(component) if is_empty(typed) else question.reader.read(typed)
    if not value and (value is None or value is False or value == []):
        if component.required or scope.holds(component, component.required_if):
            raise ValidationError([Message(component.required_message or _asked_for(component))])
        return value
    if question.has_limits:
        _refuse_outside(component, value, scope)
    return value


def _refuse_outside(component: Component, value: Any, scope: Scope) -> None:
    """Limits that may depend on the context: the options, dates counted from today."""
    if component.type in CHOICES | LISTS:
        offered = {option.value for option in scope.options(component)}
        if not offered.issuperset([value] if isinstance(value, str) else value):
            raise refusal(messages.NOT_AN_OPTION)
    if component.type == "datetime":
        first, last = scope.day(component, component.min_date), scope.day(component, component.max_date)
        if first is not None and value < first:
            raise refusal(messages.TOO_EARLY, limit=first.isoformat())
        if last is not None and value > last:
            raise refusal(messages.TOO_LATE, limit=last.isoformat())


def _nothing(component: Component) -> Any:
    if component.type == "checkbox":
        return False
    return [] if component.type in LISTS else None


def _asked_for(component: Component) -> str:
    if component.type == "checkbox":
        return messages.REQUIRED_TICK
    if component.type in LISTS:
        return messages.REQUIRED_CHOICES
    return messages.REQUIRED_CHOICE if component.type in CHOICES else messages.REQUIRED


def _glimpse(typed: Any) -> Any:
    """What conditions see of an answer that was refused: whether there is one."""
    if is_empty(typed):
        return None
    return typed[:_LONGEST_GLIMPSE] if isinstance(typed, str) else True
