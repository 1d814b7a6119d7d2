"""The look at the incidents: what failed and may be tried again is, when its time has come."""

from engine.domain.actor import SYSTEM
from engine.domain.running import Incident
from engine.ports import Ports
from engine.runtime.sweep import Sweep
from engine.use_cases import deadlines, incidents

AT_ONCE = 50


class IncidentTick:
    """Tries due incidents again."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._sweep: Sweep[Incident] = Sweep("incident", lambda incident: incident.id, ports.clock.now)

    def __call__(self) -> int:
        """Try what is due now; how many were tried."""
        due = deadlines.due_incidents(self._ports, AT_ONCE + self._sweep.aside)
        return self._sweep.over(due, lambda incident: incidents.retry_one(self._ports, SYSTEM, incident))
