"""Running an operation as a service task does: inputs checked by its schema, outputs dumped by its schema."""

from collections.abc import Mapping
from typing import Any

from engine.domain.actor import SYSTEM, Actor
from engine.operations import build_operations
from tests.builders.house import House


def run(
    house: House, name: str, complaint_id: int, actor: Actor = SYSTEM, /, **inputs: Any
) -> Mapping[str, Any]:
    """The outputs of this operation, run in a transaction of its own."""
    operation = build_operations(house.files)[name]
    loaded = operation.input().load(inputs)
    with house.work(actor) as work:
        result = operation.run(work, complaint_id, loaded)
    dumped: Mapping[str, Any] = operation.output().dump(result or {})
    return dumped
