"""A worker of bulk jobs in a process of its own that the test kills in the middle of an instance.

Started as `bulk_worker.py URL K`. It says "done INSTANCE" after each of K instances, then "inside" with the next one
changed and not committed, and waits there for its end.
"""

import os
import signal
import sys
from typing import Any

from engine.runtime.clock import SystemClock
from engine.use_cases import bulk
from tests.builders.steered_house import SteeredHouse

AT_ONCE = 100


def say(line: str) -> None:
    """One line to the test, at once."""
    os.write(1, f"{line}\n".encode())


def main(url: str, confirmations: int) -> None:
    """Work off what waits, and stop in mid-air."""
    house = SteeredHouse(url, SystemClock())  # type: ignore[arg-type]  # nobody moves it here
    todo = bulk.due(house.ports, AT_ONCE)
    for one in todo[:confirmations]:
        if bulk.work_off(house.ports, one):
            say(f"done {one.instance_id}")
    change = house.engine.add_token

    def stops(*given: Any, **more: Any) -> int:
        made = change(*given, **more)
        say("inside")
        signal.pause()
        return made

    house.engine.add_token = stops  # type: ignore[method-assign]
    bulk.work_off(house.ports, todo[confirmations])


main(sys.argv[1], int(sys.argv[2]))
