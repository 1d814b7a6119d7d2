"""The token game without any cleverness: every token moves in every order, node by node. Small drawings only."""

from collections import deque

from engine.checks.levels import Flow, Level, Node
from engine.checks.ways import ends_all, ways_of

State = tuple[Flow, ...]
MOST_STATES, MOST_TOKENS = 4_000, 7


class TooLarge(Exception):
    """The drawing has more states than this game looks at."""


def play(level: Level) -> tuple[set[str], set[str]]:
    """The ids of parallel joins that tokens wait at when nothing moves any more, and of the nodes that were left."""
    order = {flow: number for number, flow in enumerate(level.flows)}
    ways = ways_of(level)
    waiting: set[str] = set()
    left: set[str] = set()
    todo: deque[State] = deque()
    seen: set[State] = set()

    def put(flows: list[Flow]) -> None:
        state = tuple(sorted(flows, key=order.__getitem__))
        if len(state) > MOST_TOKENS or len(seen) > MOST_STATES:
            raise TooLarge
        if state not in seen:
            seen.add(state)
            todo.append(state)

    def leave(node: Node, rest: list[Flow]) -> None:
        left.add(node.id)
        for way in ways[node]:
            put([] if ends_all(node) else [*rest, *way])

    for start in level.of_kind("startEvent"):
        leave(start, [])
    while todo:
        state = todo.popleft()
        moved = False
        for flow in dict.fromkeys(state):
            node, rest = flow.target, list(state)
            taken = node.incoming if node.kind == "parallelGateway" else [flow]
            if all(each in rest for each in taken):
                for each in taken:
                    rest.remove(each)
                moved = True
                leave(node, rest)
        if not moved:
            waiting |= {flow.target.id for flow in state}
    return waiting, left
