"""Loading a cold instance: its process has passed two hundred elements, and no hydrated copy of it is kept.

From its rows (locked, with its scopes) to a run that could go on; what is read of definitions is read already. Started
by run.py; prints one line of JSON: milliseconds in the median.
"""

import json
import sys
import time
from statistics import median

from engine.bpmn.process_engine import BpmnEngine
from engine.bpmn.snapshot import load
from engine.domain.actor import SYSTEM
from engine.domain.running import Instance
from engine.domain.task import TaskState
from engine.ports import Ports
from engine.runtime import memory
from tests.bench.house import build
from tests.bench.measuring import answers
from tests.builders import diagrams as d

PASSED, INSTANCES, LOADS = 200, 20, 25


def chain(elements: int) -> bytes:
    """So many elements in a row, by turns asked of a person and worked out, and at the end one that waits."""
    names = [f"element_{number}" for number in range(elements)]
    made = [
        d.user(name) if number % 2 else d.script(name, f'="what was found in {name}"', f"found_{number}")
        for number, name in enumerate(names)
    ]
    waiting = d.user("last") + d.boundary("never", "last", d.timer("Duration", "P365D")) + d.end("late")
    row = d.flows("start", *names, "last", "end") + d.flow("never", "late")
    return d.diagram(d.process("chain", d.start(), *made, waiting, d.end(), row))


def main(folder: str, database_url: str, passed: int = PASSED, loads: int = LOADS) -> None:
    """Let some instances pass the elements, and load each of them again and again, in turn."""
    files = {"chain.bpmn": chain(passed)}
    ports, store, _ = build(folder, database_url, files)
    instances = [_at_the_end(ports, passed) for _ in range(INSTANCES)]
    engine = ports.engine
    assert isinstance(engine, BpmnEngine)
    definitions = engine.load(instances[0].release_id, files)
    memory.settle()
    took = []
    for _ in range(loads):
        for cold in instances:
            with ports.unit_of_work(SYSTEM) as work:
                cpu, wall = time.thread_time(), time.perf_counter()
                instance = work.processes.lock(cold.id)
                run = load(definitions, instance.process, instance.tokens, work.processes.scopes(cold.id))
                took.append((time.perf_counter() - wall, time.thread_time() - cpu))
            standing = [token.task_spec.bpmn_id for token in run.tokens.values()]
            if sorted(standing) != ["last", "never"]:
                raise SystemExit(f"loaded with tokens at {standing}")
    store.close()
    walls, cpus = zip(*took, strict=True)
    print(json.dumps({"wall": median(walls) * 1000, "cpu": median(cpus) * 1000, "loads": len(took)}))


def _at_the_end(ports: Ports, passed: int) -> Instance:
    """An instance that has passed the elements and waits at the last."""
    with ports.unit_of_work(SYSTEM) as work:
        instance = ports.engine.start(work, "chain")
        for number in range(1, passed, 2):
            (task,) = work.tasks.find(instance_id=instance.id, state=TaskState.OPEN)
            ports.engine.complete(work, task, answers(instance.id, f"element_{number}"))
    return instance


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
