"""Calling operations: inputs gathered by the names of their schema, checked, run, and their outputs made plain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from marshmallow import Schema, ValidationError

from engine.bpmn.expressions import plain
from engine.bpmn.failures import Failed, Thrown
from engine.domain.errors import ChangedMeanwhile, RedressError, Unavailable
from engine.operations.registry import BpmnError, Operation
from engine.ports import UnitOfWork

Operations = Mapping[str, Operation]
_OTHER = 3


def operate(
    operations: Operations,
    type_: str,
    work: UnitOfWork,
    complaint_id: int | None,
    find: Callable[[str], Any],
    headers: Mapping[str, str],
    retries: Any,
) -> Mapping[str, Any] | None:
    """Run an operation; raises Failed for anything it raises, and Thrown for a BPMN error."""
    operation = operations.get(type_)
    if operation is None:
        raise Failed("operation.unknown", f"There is no operation {type_!r}.")
    left = _count(retries)
    try:
        inputs = _inputs(operation, find, headers)
        result = operation.run(work, complaint_id, inputs)
        return None if result is None else _outputs(operation, result)
    except BpmnError as error:
        raise Thrown(error.code, str(error)) from error
    except ValidationError as error:
        raise Failed("operation.inputs", f"{type_}: {error.messages}", retries=0) from error
    except (Unavailable, ChangedMeanwhile):
        raise
    except RedressError as error:
        raise Failed(error.code, f"{type_}: {error.message}", retries=left) from error
    except Exception as error:
        raise Failed("operation.failed", f"{type_}: {type(error).__name__}: {error}", retries=left) from error


@lru_cache(maxsize=256)
def _schema(made: type[Schema]) -> Schema:
    return made()


def _inputs(operation: Operation, find: Callable[[str], Any], headers: Mapping[str, str]) -> dict[str, Any]:
    schema = _schema(operation.input)
    given: dict[str, Any] = {}
    for name, field in schema.fields.items():
        key = field.data_key or name
        found = find(key)
        if found is None:
            found = headers.get(key)
        if found is not None or field.allow_none:
            given[key] = found
    loaded: dict[str, Any] = schema.load(given)
    return loaded


def _outputs(operation: Operation, result: Mapping[str, Any]) -> dict[str, Any]:
    dumped: Mapping[str, Any] = _schema(operation.output).dump(result)
    return {name: plain(found) for name, found in dumped.items()}


def _count(retries: Any) -> int:
    try:
        return max(0, int(retries) - 1)
    except (TypeError, ValueError):
        return _OTHER - 1
