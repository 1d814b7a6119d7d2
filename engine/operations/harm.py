"""Stopping harm that is under way: ask the bank's core to freeze card or payment."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from engine.domain.running import OutboxMessage
from engine.operations.registry import Inputs, complaint_of, operation, record, says
from engine.ports import UnitOfWork


class StopInput(Inputs):
    reason = fields.String(load_default="", allow_none=True, metadata=says("What is going on, for the core."))


class StopOutput(Inputs):
    stopped = fields.Boolean()


@operation("harm.stop", input=StopInput, output=StopOutput)
def stop(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Ask the core to freeze; false when no product is known that it could freeze, and a person has to."""
    complaint = complaint_of(work, complaint_id)
    if complaint.product is None:
        record(work, complaint.id, "harm.not_stopped", reason="No product is known that could be frozen.")
        return {"stopped": False}
    reason = inputs["reason"] or "harm under way"
    payload = {"reason": reason, "product": complaint.product, "number": complaint.number}
    work.send(OutboxMessage("bank.freeze", f"freeze-{complaint.id}", payload, work.now, complaint.id))
    record(work, complaint.id, "harm.stop_asked", reason=reason, product=complaint.product)
    return {"stopped": True}


OPERATIONS = (stop,)
