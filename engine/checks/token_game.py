"""The token game: every state a level can come into, as far as its flows say, to find tokens that wait for ever.

Tokens that do not wait move one at a time, which meets every state nothing can move out of; a join goes on as soon
as it can, as it does when it runs. What is found is a run that was played, so it is proved; a game that grows too
large is given up, and nothing is said of it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.checks.levels import Flow, Level, Node
from engine.checks.ways import Ways, ends_all, is_join

State = tuple[int, ...]
"""The flows that have a token, by number, sorted; one at a join waits there."""

MOST_TOKENS = 60


@dataclass(slots=True)
class Budget:
    """How many moves all games of one check may take together."""

    moves: int = 60_000

    def spend(self, moves: int) -> bool:
        """Take some; False when there are none left."""
        self.moves -= moves
        return self.moves >= 0


@dataclass(frozen=True, slots=True)
class Deadlock:
    """A join that waits for ever: for these flows, after this run."""

    join: Node
    missing: tuple[Flow, ...]
    run: tuple[Node, ...]


@dataclass(slots=True)
class Played:
    """What a game found; `whole` if every state was met."""

    deadlocks: list[Deadlock] = field(default_factory=list)
    visited: set[Node] = field(default_factory=set)
    whole: bool = True


Origin = Mapping[State, tuple[State | None, tuple[Node, ...]]]


class Game:
    """One level, its flows numbered, and what its nodes do with tokens."""

    def __init__(self, level: Level, ways: Ways, budget: Budget) -> None:
        self.level = level
        self.ways = ways
        self.budget = budget
        self.flows: list[Flow] = level.flows
        self.number = {flow: number for number, flow in enumerate(level.flows)}
        self.joins = {node for node in level.nodes.values() if is_join(node)}
        self.skips: dict[Flow, tuple[Flow, tuple[Node, ...]]] = {}
        self.upstream: dict[Flow, frozenset[Node]] = {}
        self.found: dict[Node, Deadlock] = {}
        self.played = Played()

    def play(self) -> Played:
        """From every start by itself, as each instance has one."""
        for start in self.level.entrances():
            self._play_from(start)
        self.played.deadlocks = list(self.found.values())
        self.played.whole = self.played.whole and self.budget.moves >= 0
        return self.played

    def _play_from(self, start: Node) -> None:
        origins: dict[State, tuple[State | None, tuple[Node, ...]]] = {}
        todo: deque[State] = deque()
        self.played.visited.add(start)
        for state, nodes in self._after((), start):
            if state not in origins:
                origins[state] = (None, nodes)
                todo.append(state)
        while todo:
            state = todo.popleft()
            if len(state) > MOST_TOKENS or not self.budget.spend(1 + len(state)):
                self.played.whole = False
                return
            for following, nodes in self._moves(state, origins):
                if following not in origins:
                    origins[following] = (state, nodes)
                    todo.append(following)

    def _moves(self, state: State, origins: Origin) -> Iterator[tuple[State, tuple[Node, ...]]]:
        joined = self._join(state)
        if joined is not None:
            yield from joined
            return
        moving = [number for number in dict.fromkeys(state) if self.flows[number].target not in self.joins]
        if not moving:
            self._at_rest(state, origins)
        for number in moving:
            after = list(self._after(_without(state, (number,)), self.flows[number].target))
            # one token at a time; another one, too, where this one only comes where we were before
            is_new = any(following not in origins for following, _ in after)
            yield from after
            if is_new:
                return

    def _after(self, rest: State, node: Node) -> Iterator[tuple[State, tuple[Node, ...]]]:
        """The states after a token left a node, with the nodes passed on the way."""
        self.played.visited.update((node, *node.attached))
        if ends_all(node):
            yield (), (node,)
            return
        for way in self.ways[node]:
            placed: list[int] = []
            passed = [node]
            for flow in way:
                at, nodes = self._skip(flow)
                if flow.source is not node:
                    self.played.visited.add(flow.source)
                    passed.append(flow.source)
                placed.append(self.number[at])
                passed += nodes
            yield tuple(sorted((*rest, *placed))), tuple(passed)

    def _skip(self, flow: Flow) -> tuple[Flow, tuple[Node, ...]]:
        """Where a token on a flow comes to by itself: past every node with one way on and nothing to decide."""
        if flow not in self.skips:
            here, passed = flow, list[Node]()
            while here.target not in passed and self._is_passed(here.target):
                passed.append(here.target)
                (here,) = self.ways[here.target][0]
            self.skips[flow] = (here, tuple(passed))
            self.played.visited.update(passed, *(node.attached for node in passed))
        return self.skips[flow]

    def _is_passed(self, node: Node) -> bool:
        ways = self.ways[node]
        return len(ways) == 1 and len(ways[0]) == 1 and not is_join(node) and not ends_all(node)

    # joins

    def _join(self, state: State) -> list[tuple[State, tuple[Node, ...]]] | None:
        """The first join that can go on, if there is one."""
        waiting: dict[Node, list[int]] = {}
        for number in dict.fromkeys(state):
            if self.flows[number].target in self.joins:
                waiting.setdefault(self.flows[number].target, []).append(number)
        for join, arrived in waiting.items():
            self.played.visited.add(join)
            if join.kind == "parallelGateway":
                taken = arrived if len(arrived) == len(join.incoming) else None
            else:
                taken = self._taken_by_inclusive(join, arrived, state)
            if taken is not None:
                return list(self._after(_without(state, taken), join))
        return None

    def _taken_by_inclusive(self, join: Node, arrived: Sequence[int], state: State) -> list[int] | None:
        """All tokens that arrived, if none is on its way to a flow that is still empty (BPMN 2.0.2 §13.4.3)."""
        if not self.budget.spend(len(join.incoming)):
            return None
        come = {self.flows[number] for number in arrived}
        near = frozenset[Node]().union(*(self._upstream(flow, join) for flow in come))
        far = frozenset[Node]().union(*(self._upstream(f, join) for f in join.incoming if f not in come))
        awaited = far - near
        elsewhere = (self.flows[number].target for number in state)
        if any(node is not join and node in awaited for node in elsewhere):
            return None
        return [number for number in state if number in arrived]

    def _upstream(self, flow: Flow, join: Node) -> frozenset[Node]:
        """The nodes from which a flow can be reached without passing the join it leads to."""
        if flow not in self.upstream:
            seen: set[Node] = set()
            todo = [flow.source]
            while todo:
                node = todo.pop()
                if node not in seen and node is not join:
                    seen.add(node)
                    todo += [before.source for before in node.incoming]
                    if node.host is not None:
                        todo.append(node.host)
            self.budget.spend(len(seen) // 10)
            self.upstream[flow] = frozenset(seen)
        return self.upstream[flow]

    # what is found

    def _at_rest(self, state: State, origins: Origin) -> None:
        """Nothing can move: whoever is still here waits for ever."""
        if self.budget.moves < 0:
            return  # some join was not looked at any more
        for join in dict.fromkeys(self.flows[number].target for number in state):
            if join not in self.found:
                missing = tuple(flow for flow in join.incoming if self.number[flow] not in state)
                self.found[join] = Deadlock(join, missing, _run(state, origins))


def _run(state: State, origins: Origin) -> tuple[Node, ...]:
    parts: list[tuple[Node, ...]] = []
    here: State | None = state
    while here is not None:
        here, nodes = origins[here]
        parts.append(nodes)
    return tuple(node for part in reversed(parts) for node in part)


def _without(state: State, taken: Sequence[int]) -> State:
    left = list(state)
    for number in taken:
        left.remove(number)
    return tuple(left)
