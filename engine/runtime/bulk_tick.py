"""The look at the bulk jobs: a stretch of what waits is done, each instance in a transaction of its own."""

from engine.ports import Ports
from engine.runtime.sweep import Sweep
from engine.use_cases import bulk
from engine.use_cases.bulk import Due

AT_ONCE = 200


class BulkTick:
    """Works bulk jobs off, the oldest first; of one job alone if it is named."""

    def __init__(self, ports: Ports, bulk_id: int | None = None) -> None:
        self._ports = ports
        self._bulk_id = bulk_id
        self._sweep: Sweep[Due] = Sweep("bulk", lambda one: (one.bulk_id, one.instance_id), ports.clock.now)

    def __call__(self) -> int:
        """Do the next stretch; how many instances were done."""
        waiting = bulk.due(self._ports, AT_ONCE + self._sweep.aside, self._bulk_id)
        done = self._sweep.over(waiting, lambda one: bulk.work_off(self._ports, one))
        bulk.finish(self._ports)
        return done
