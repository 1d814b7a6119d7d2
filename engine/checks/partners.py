"""What is thrown should be caught, what is waited for should be sent: errors, escalations, signals, messages."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.rules.problems import Problem
from engine.checks.events import THROWING, declared_names, named_by
from engine.checks.levels import Level, Node, Process
from engine.checks.variables import Variables
from engine.domain.suggesting import meant

THROWN = ("error", "escalation")
NAMED = ("signal", "message")
ANYTHING = "*"
"""Stands for the codes of something whose inside is not known."""


class Partners:
    """Throwers and catchers of a set of processes that call one another."""

    def __init__(self, variables: Variables) -> None:
        self.processes = variables.processes
        self.variables = variables
        self.callers: dict[str, list[Node]] = {}
        self.names: dict[tuple[str, bool], set[str]] = {}
        self._of_level: dict[tuple[Level, str], list[tuple[Node, frozenset[str]]]] = {}
        self._of_node: dict[tuple[Node, str], frozenset[str]] = {}
        for process in self.processes.values():
            for node in process.nodes():
                if node.kind == "callActivity":
                    called = node.extensions.get("calledElement", "processId") or ""
                    self.callers.setdefault(called, []).append(node)
                if node.happening in NAMED and not _is_done_by_an_operation(node):
                    self.names.setdefault((node.happening, node.kind in THROWING), set()).add(named_by(node))

    def check(self, process: Process) -> Iterator[Problem]:
        """Partners that are missing."""
        for node in process.nodes():
            if node.happening in THROWN:
                yield from self._thrown(node) if node.kind in THROWING else self._caught(node)
            elif node.happening in NAMED and not _is_done_by_an_operation(node):
                yield from self._named(node)

    def _thrown(self, node: Node) -> Iterator[Problem]:
        code, kind = node.code, node.happening
        if code is None or code.startswith("=") or self._is_caught(node.level, kind, code):
            return
        then = "it would become an incident" if kind == "error" else "nothing would happen"
        message = f"nobody catches the {kind} {code!r}: {then}; put a boundary event or an event subprocess around it"
        yield node.level.diagram.warning(node.element, "catch", message)

    def _is_caught(self, level: Level, kind: str, code: str) -> bool:
        """Whether something around catches it, wherever the process is called from."""
        todo: list[tuple[Level, Node | None]] = [(level, None)]
        seen: set[Level] = set()
        while todo:
            here, inside = todo.pop()
            if here in seen or _is_caught_around(here, inside, kind, code):
                continue
            seen.add(here)
            outwards = [here.owner] if here.owner is not None else self.callers.get(here.process, [])
            if not outwards:
                return False
            todo += [
                (activity.level, activity)
                for activity in outwards
                if not any(_wants(event, kind, code) for event in activity.attached)
            ]
        return True

    def _caught(self, node: Node) -> Iterator[Problem]:
        """A boundary event or an event subprocess that waits for what nobody throws."""
        if node.host is not None:
            thrown = set(self._codes(node.host, node.happening))
        elif node.kind == "startEvent" and node.level.owner is not None:
            around = node.level.owner
            others = self._throwers(around.level, node.happening)
            thrown = set[str]().union(*(codes for other, codes in others if other is not around))
        else:
            return
        if ANYTHING in thrown or (thrown if node.code is None else node.code in thrown):
            return
        what = f"the {node.happening} {node.code!r}" if node.code else f"an {node.happening}"
        suggestion = meant(node.code or "", thrown)
        message = f"nothing inside throws {what}{suggestion}: this event never happens"
        yield node.level.diagram.warning(node.element, "catch", message)

    def _throwers(self, level: Level, kind: str) -> list[tuple[Node, frozenset[str]]]:
        """The nodes of a level that may throw something, and what."""
        key = (level, kind)
        if key not in self._of_level:
            codes = ((node, self._codes(node, kind)) for node in level.nodes.values())
            self._of_level[key] = [(node, found) for node, found in codes if found]
        return self._of_level[key]

    def _codes(self, activity: Node, kind: str) -> frozenset[str]:
        """The codes an activity or event may throw, by itself or by what is inside."""
        key = (activity, kind)
        if key not in self._of_node:
            self._of_node[key] = frozenset(self._thrown_inside(activity, kind))
        return self._of_node[key]

    def _thrown_inside(self, activity: Node, kind: str) -> set[str]:
        found: set[str] = set()
        todo = [activity]
        called: set[str] = set()
        while todo:
            node = todo.pop()
            if node.kind in THROWING:
                found |= {_thrown_code(node)} if node.happening == kind else set()
            elif node.inner is not None:
                todo += node.inner.nodes.values()
            elif node.kind == "callActivity":
                id = node.extensions.get("calledElement", "processId") or ""
                process = self.processes.get(id)
                if process is None:
                    found.add(ANYTHING)
                elif id not in called:
                    called.add(id)
                    todo += process.top.nodes.values()
            else:
                found |= self._codes_of_operation(node)
        return found

    def _codes_of_operation(self, node: Node) -> set[str]:
        operation = node.extensions.get("taskDefinition", "type")
        if operation is None:
            return set()
        codes = self.variables.house.throws(operation)
        return {ANYTHING} if codes is None else set(codes)

    def _named(self, node: Node) -> Iterator[Problem]:
        """A signal or message that nobody throws, or that nobody waits for."""
        name, kind, thrown = named_by(node), node.happening, node.kind in THROWING
        others = self.names.get((kind, not thrown), set())
        if not name or name.startswith("=") or name in others or any(each.startswith("=") for each in others):
            return
        if kind == "message" and not thrown:
            yield from self._message(node, name, others)
            return
        told = "no process waits for" if thrown else "no process throws"
        message = f"{told} the {kind} {name!r}{meant(name, others)}"
        yield node.level.diagram.warning(node.element, kind, message)

    def _message(self, node: Node, name: str, published: set[str]) -> Iterator[Problem]:
        house = self.variables.house
        known = {*house.messages, *(start.message for start in house.starts.values()), *published}
        if name in known or declared_names(node) is not None:
            return
        message = (
            f"nothing in Redress sends the message {name!r}{meant(name, known)}; if it comes "
            "from outside, name what comes with it in a property 'variables' (it may be empty)"
        )
        yield node.level.diagram.warning(node.element, "message", message)


def _is_done_by_an_operation(node: Node) -> bool:
    """A message that an operation sends: which one, the operation knows."""
    return node.kind in THROWING and "taskDefinition" in node.extensions.elements


def _thrown_code(node: Node) -> str:
    code = node.code
    return ANYTHING if code is None or code.startswith("=") else code


def _starts(event_subprocess: Node) -> list[Node]:
    return [] if event_subprocess.inner is None else event_subprocess.inner.of_kind("startEvent")


def _is_caught_around(level: Level, inside: Node | None, kind: str, code: str) -> bool:
    """By an event subprocess of the level, other than the one it is thrown in."""
    others = [each for each in level.event_subprocesses if each is not inside]
    return any(_wants(start, kind, code) for each in others for start in _starts(each))


def _wants(event: Node, kind: str, code: str) -> bool:
    return event.happening == kind and event.code in (None, code)
