"""Calling operations: inputs gathered by the names of their schema, checked, run, and their outputs made plain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from marshmallow import Schema, ValidationError

from engine.bpmn.expressions import Value, plain
from engine.bpmn.failures import Escalated, Failed, Thrown
from engine.bpmn.limits import kept_all
from engine.bpmn.timers import later
from engine.domain.errors import ChangedMeanwhile, RedressError, Unavailable
from engine.operations.registry import BpmnError, Operation
from engine.operations.registry import Escalated as EscalatedOnPurpose
from engine.ports import UnitOfWork

Operations = Mapping[str, Operation]
USUAL_TRIES = 3


def operate(
    operations: Operations,
    type_: str,
    work: UnitOfWork,
    complaint_id: int | None,
    find: Callable[[str], Any],
    headers: Mapping[str, str],
    retries: Any,
    backoff: timedelta | None = None,
) -> Mapping[str, Any] | Escalated | None:
    """Run an operation; raises Failed for anything it raises, and Thrown for a BPMN error."""
    operation = operations.get(type_)
    if operation is None:
        raise Failed("operation.unknown", f"There is no operation {type_!r}.")
    left = tries_of(retries) - 1
    try:
        inputs = _loaded(operation, _given(operation, find, headers))
        result = operation.run(work, complaint_id, inputs)
        if isinstance(result, EscalatedOnPurpose):
            outputs = None if result.outputs is None else outputs_of(operation, result.outputs)
            return Escalated(result.code, result.message, outputs)
        return None if result is None else outputs_of(operation, result)
    except BpmnError as error:
        raise Thrown(error.code, str(error)) from error
    except Failed:
        raise
    except (Unavailable, ChangedMeanwhile):
        raise
    except RedressError as error:
        raise Failed(error.code, f"{type_}: {error.message}", retries=left, wait=backoff) from error
    except Exception as error:
        raise Failed(
            "operation.failed", f"{type_}: {type(error).__name__}: {error}", retries=left, wait=backoff
        ) from error


@lru_cache(maxsize=256)
def _schema(made: type[Schema]) -> Schema:
    return made()


def gathered(operation: Operation, find: Callable[[str], Any], headers: Mapping[str, str]) -> dict[str, Any]:
    """What an operation is given, plain JSON, checked by its schema; raises Failed for what does not fit."""
    given = _given(operation, find, headers)
    _loaded(operation, given)
    return {name: plain(found) for name, found in given.items()}


def _given(operation: Operation, find: Callable[[str], Any], headers: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, field in _schema(operation.input).fields.items():
        key = field.data_key or name
        found = find(key)
        if found is None:
            found = headers.get(key)
        if found is not None or field.allow_none:
            given[key] = found
    return given


def _loaded(operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = _schema(operation.input).load(given)
    except ValidationError as error:
        raise Failed("operation.inputs", f"{operation.name}: {error.messages}") from error
    return loaded


def outputs_of(operation: Operation, result: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs by the operation's schema, plain JSON; raises LimitExceeded for what is too much."""
    dumped: Mapping[str, Any] = _schema(operation.output).dump(result)
    return kept_all(dumped)


def tries_of(retries: Any) -> int:
    """How often to try in all before a person has to; at least once."""
    try:
        return max(1, int(retries))
    except (TypeError, ValueError):
        return USUAL_TRIES


def backoff_of(text: Value | None, evaluate: Callable[[Value], Any], now: datetime) -> timedelta | None:
    """How long to wait before each new try, from the header retryBackoff; None where the diagram does not say."""
    if text is None:
        return None
    until = later(now, evaluate(text))
    if until is None or until <= now:
        raise Failed("operation.backoff", f"The header retryBackoff is no length of time: {text.text!r}.")
    return until - now
