"""One process of a crowd: several threads that do whatever they find on the same instances, and tell what was confirmed.

Started as `crowd_worker.py URL SEED THREADS STEPS SECONDS`: each thread stops after so many steps, or after so many
seconds where that is later. Prints one JSON object.
"""

import json
import sys
from collections import Counter
from random import Random
from threading import Lock, Thread
from time import monotonic
from typing import Any

from engine.domain.actor import SYSTEM, Actor
from engine.domain.errors import ChangedMeanwhile, TaskNotOpen
from engine.domain.steering import Why
from engine.ports import Ports
from engine.use_cases import deadlines
from tests.runtime.crowd import CANCELS, CASES, DOOMED, clerk, house, key_of


class Crowd:
    """What these threads did, as it was confirmed to them."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self.lock = Lock()
        self.tasks: list[tuple[int, int]] = []
        self.notes: Counter[int] = Counter()
        self.fired: Counter[int] = Counter()
        self.cancelled: list[int] = []
        self.errors: list[str] = []
        self.faster = 0

    def work(self, seed: int, steps: int, seconds: float) -> None:
        """Do whatever is found, until it is enough."""
        chance, actor, until = Random(seed), clerk(self.ports), monotonic() + seconds
        with self.ports.unit_of_work(SYSTEM) as work:
            cases = [
                (subscription.instance_id, key)
                for key in map(key_of, range(CASES))
                for subscription in work.processes.subscriptions("note", key)
            ]
        done = 0
        while done < steps or monotonic() < until:
            done += 1
            try:
                self._one(chance, actor, *chance.choice(cases))
            except (TaskNotOpen, ChangedMeanwhile):
                with self.lock:
                    self.faster += 1
            except Exception as error:
                with self.lock:
                    self.errors.append(f"{type(error).__name__}: {error}")

    def _one(self, chance: Random, actor: Actor, instance: int, key: str) -> None:
        luck = chance.random()
        if luck < CANCELS and key in DOOMED:
            self._cancel(instance)
        elif luck < 0.55:
            self._complete(actor, instance)
        elif luck < 0.8:
            self._note(instance, key)
        else:
            self._fire()

    def _complete(self, actor: Actor, instance: int) -> None:
        with self.ports.unit_of_work(actor) as work:
            waiting = work.tasks.find(instance_id=instance, state="open")
        if not waiting:
            return
        task = waiting[0]
        with self.ports.unit_of_work(actor) as work:
            self.ports.engine.complete(work, work.tasks.get(task.instance_id, task.token), {})
        with self.lock:
            self.tasks.append((task.instance_id, task.token))

    def _note(self, instance: int, key: str) -> None:
        with self.ports.unit_of_work(SYSTEM) as work:
            heard = self.ports.engine.publish(work, "note", key, {})
        with self.lock:
            self.notes[instance] += heard

    def _fire(self) -> None:
        for instance, token in deadlines.due(self.ports, 3):
            fired = deadlines.fire_timer(self.ports, instance, token)
            with self.lock:
                self.fired[instance] += fired

    def _cancel(self, instance: int) -> None:
        with self.ports.unit_of_work(SYSTEM) as work:
            running = work.processes.lock(instance).state == "running"
            self.ports.engine.cancel(work, instance, Why("enough"))
        if running:
            with self.lock:
                self.cancelled.append(instance)

    def told(self) -> dict[str, Any]:
        """Everything, for the test."""
        return {
            "tasks": self.tasks,
            "notes": list(self.notes.items()),
            "fired": list(self.fired.items()),
            "cancelled": self.cancelled,
            "errors": self.errors,
            "faster": self.faster,
        }


def main(url: str, seed: int, threads: int, steps: int, seconds: float) -> None:
    """Let the crowd work."""
    store, ports = house(url)
    crowd = Crowd(ports)
    crowd_threads = [
        Thread(target=crowd.work, args=(seed * 100 + number, steps, seconds)) for number in range(threads)
    ]
    for thread in crowd_threads:
        thread.start()
    for thread in crowd_threads:
        thread.join()
    store.close()
    sys.stdout.write(json.dumps(crowd.told()))


if __name__ == "__main__":
    _url, _seed, _threads, _steps, _seconds = sys.argv[1:]
    main(_url, int(_seed), int(_threads), int(_steps), float(_seconds))
