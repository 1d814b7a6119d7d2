"""The world outside, as a scenario says it behaves: a core bank, a mail server that keeps what it gets, failing operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.domain.errors import OperationFailed
from engine.operations import BpmnError, Operation
from engine.operations.registry import Escalated
from engine.ports import GiveUp, UnitOfWork


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that would have been sent."""

    to: str
    subject: str
    body: str


@dataclass
class Outside:
    """`Senders` of the outbox: the bank pays, refuses or is silent; mails are kept."""

    refuses: str | None = None
    is_silent: bool = False
    mails: list[Mail] = field(default_factory=list)

    def freeze(self, reference: str, reason: str) -> str:
        """Freeze card or payment."""
        return self._answer(f"F-{reference}")

    def pay(self, reference: str, amount: str, currency: str) -> str:
        """Pay."""
        return self._answer(f"P-{reference}")

    def send(self, *, key: str, recipient: str, subject: str, body: str, language: str) -> None:
        """Keep a mail."""
        self.mails.append(Mail(recipient, subject, body))

    def _answer(self, receipt: str) -> str:
        if self.refuses is not None:
            raise GiveUp(self.refuses)
        return receipt


@dataclass(slots=True)
class Fault:
    """An operation that fails the next few times: with a BPMN error, or as if something were broken."""

    times: int
    reason: str
    error: str | None = None


class Faulty:
    """The operations of the house, each of which fails when it was told to."""

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self.faults: dict[str, Fault] = {}
        self.operations = {name: self._failing(each) for name, each in operations.items()}

    def _failing(self, operation: Operation) -> Operation:
        def run(
            work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]
        ) -> Mapping[str, Any] | Escalated | None:
            fault = self.faults.get(operation.name)
            if fault is None or fault.times <= 0:
                return operation.run(work, complaint_id, inputs)
            fault.times -= 1
            if fault.error is not None:
                raise BpmnError(fault.error, fault.reason)
            raise OperationFailed(fault.reason)

        return replace(operation, run=run)
