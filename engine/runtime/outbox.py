"""The look at the outbox: what waits is sent between transactions, at least once."""

from engine.domain.running import OutboxMessage
from engine.ports import Ports
from engine.runtime.sweep import Sweep
from engine.use_cases import outbox
from engine.use_cases.outbox import Senders

AT_ONCE = 50


class OutboxTick:
    """Sends what is due. A message that breaks its sender stays taken until its lease ends."""

    def __init__(self, ports: Ports, senders: Senders) -> None:
        self._ports = ports
        self._senders = senders
        self._sweep: Sweep[OutboxMessage] = Sweep("message", lambda message: message.key, ports.clock.now)

    def __call__(self) -> int:
        """Do what is due now; how many were tried."""
        return self._sweep.over(outbox.take_due(self._ports, AT_ONCE), self._carry_out)

    def _carry_out(self, message: OutboxMessage) -> bool:
        outbox.carry_out(self._ports, self._senders, message)
        return True
