"""A clerk who works tasks and says so, in a process of its own that the test kills.

Started as `kill_worker.py URL`. It reads one command a line: "open N" starts cases; "work K" forks a clerk who confirms
K tasks and then stops in mid-air ("work 0": never stops). The clerk's lines are "instance token"; "gone" says that the
clerk is dead.
"""

import os
import signal
import sys

from engine.bpmn.process_engine import BpmnEngine
from engine.domain.actor import SYSTEM, Actor, ActorKind, Held
from engine.domain.organisation import Role
from engine.ports import Ports
from engine.runtime.clock import SystemClock
from engine.runtime.files import LocalFiles
from engine.store.store import Store
from engine.use_cases import inbox, subject
from forms.checking import check
from forms.library import FormLibrary

ROUND = 6


def say(line: str) -> None:
    """One line to the test, at once."""
    os.write(1, f"{line}\n".encode())


def house(url: str, folder: str) -> tuple[Store, Ports]:
    """The rooms a completion goes through."""
    store = Store(url, SystemClock())
    ports = Ports(
        unit_of_work=store.unit_of_work,
        engine=BpmnEngine(subject, {}),
        files=LocalFiles(folder),  # type: ignore[arg-type]  # no file is stored here
        clock=SystemClock(),
        secret_key=b"k" * 32,
    )
    return store, ports


def clerk(ports: Ports) -> Actor:
    """The one person of this bank."""
    with ports.unit_of_work(SYSTEM) as work:
        (person,) = work.people.find(login="handler")
    held = (Held(Role.HANDLER, person.unit_id, frozenset({person.unit_id})),)
    return Actor(ActorKind.PERSON, person.name, person.id, person.login, person.unit_id, held=held)


def work(url: str, confirmations: int) -> None:
    """Complete tasks round the cases, confirming each after its commit."""
    _, ports = house(url, "/nowhere")
    actor = clerk(ports)
    with ports.unit_of_work(SYSTEM) as opened:
        form = FormLibrary(opened.releases.current().files).form("w1")
    done = 0
    while True:
        with ports.unit_of_work(SYSTEM) as opened:
            waiting = [task for task in opened.tasks.find(state="open") if task.is_open][:ROUND]
        if not waiting:
            say("idle")
            signal.pause()
        for task in waiting:
            typed = {"name": "A", "amount": "150", "note": "seen", "reference": f"R-{task.key}"}
            inbox.complete(
                ports, actor, task.instance_id, task.token, check(form, typed), version=task.version
            )
            say(f"{task.instance_id} {task.token}")
            done += 1
            if done == confirmations:
                say("between")
                signal.pause()


def main(url: str) -> None:
    """Take commands until there are no more."""
    say("ready")
    for line in sys.stdin:
        command, count = line.split()
        if command == "open":
            store, ports = house(url, "/nowhere")
            for _ in range(int(count)):
                with ports.unit_of_work(SYSTEM) as opened:
                    ports.engine.start(opened, "w1")
            store.close()
            say("opened")
            continue
        pid = os.fork()
        if pid == 0:
            try:
                work(url, int(count))
            finally:
                os._exit(1)
        say(f"clerk {pid}")
        _, status = os.waitpid(pid, 0)
        say(f"gone {os.waitstatus_to_exitcode(status)}")


main(sys.argv[1])
