"""The look at the timers: what is due fires, each in a transaction of its own."""

from engine.ports import Ports
from engine.runtime.sweep import Sweep
from engine.use_cases import deadlines

AT_ONCE = 200


class TimerTick:
    """Fires due timers. What must happen in order is due in order: the earliest first."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._sweep: Sweep[tuple[int, int]] = Sweep("timer", lambda timer: timer, ports.clock.now)

    def __call__(self) -> int:
        """Fire what is due now; how many did."""
        due = deadlines.due(self._ports, AT_ONCE + self._sweep.aside)
        return self._sweep.over(due, lambda timer: deadlines.fire_timer(self._ports, *timer))
