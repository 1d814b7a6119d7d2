"""The look at what time starts and ends: processes with a due timer start, kept messages that expired."""

from engine.ports import Ports
from engine.runtime.sweep import Sweep
from engine.use_cases import deadlines

AT_ONCE = 50


class StartTick:
    """Starts the processes whose timer start event is due, each in a transaction of its own."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._sweep: Sweep[tuple[str, str]] = Sweep("start", lambda start: start, ports.clock.now)

    def __call__(self) -> int:
        """Start what is due now; how many were started."""
        due = deadlines.due_starts(self._ports, AT_ONCE + self._sweep.aside)
        return self._sweep.over(due, lambda start: deadlines.fire_start(self._ports, *start))


class MessageTick:
    """Forgets kept messages whose time to live is over."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def __call__(self) -> int:
        """Forget them; how many there were."""
        return deadlines.forget_messages(self._ports)
