"""The token game, played on the shape of a structured process: what should be open, said without any engine."""

from typing import Any

from tests.builders.random_processes import Shape

State = Any


class TokenGame:
    """`open` are the tasks that wait; `do` completes one. `again` says whether a loop's task goes round."""

    def __init__(self, shape: Shape) -> None:
        self.state: State = begin(shape)

    @property
    def open(self) -> list[str]:
        """The open tasks, sorted."""
        return [] if self.state is None else sorted(waiting(self.state))

    def do(self, task: str, again: bool) -> None:
        """Complete a task."""
        self.state = step(self.state, task, again)


def begin(shape: Shape) -> State:
    """The state of a block that was just entered."""
    kind = shape[0]
    if kind == "user":
        return ["user", shape[1]]
    if kind == "seq":
        return ["seq", shape[1], 0, begin(shape[1][0])]
    if kind == "loop":
        return ["loop", shape, "inside", begin(shape[1])]
    _, gateway, shapes, chosen = shape
    if gateway == "and":
        taken = list(shapes)
    else:
        held = [inner for inner, holds in zip(shapes, chosen, strict=True) if holds]
        taken = (held[:1] if gateway == "xor" else held) or [shapes[0]]
    return ["all", [begin(inner) for inner in taken]]


def waiting(state: State) -> list[str]:
    """The tasks open in a state."""
    kind = state[0]
    if kind == "user":
        return [state[1]]
    if kind == "all":
        return [task for inner in state[1] for task in waiting(inner)]
    return [state[1][2]] if kind == "loop" and state[2] == "task" else waiting(state[3])


def step(state: State, task: str, again: bool) -> State:
    """The state after a task; None when the block is done."""
    kind = state[0]
    if kind == "user":
        return None
    if kind == "all":
        after = [step(inner, task, again) if task in waiting(inner) else inner for inner in state[1]]
        left = [inner for inner in after if inner is not None]
        return ["all", left] if left else None
    if kind == "seq":
        inner = step(state[3], task, again)
        if inner is not None:
            return ["seq", state[1], state[2], inner]
        following = state[2] + 1
        return (
            None if following == len(state[1]) else ["seq", state[1], following, begin(state[1][following])]
        )
    if state[2] == "task":
        return begin(state[1]) if again else None
    inner = step(state[3], task, again)
    return ["loop", state[1], "task", None] if inner is None else ["loop", state[1], "inside", inner]
