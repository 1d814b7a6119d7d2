"""The token game, played on the shape of a structured process: what should be open, said without any engine.

A state is a list that begins with its kind. A level (the process, a subprocess) has a main state and those spawned
beside it by events that do not interrupt; it is done when all of them are.
"""

from typing import Any

from tests.builders.random_processes import Shape

State = Any
Event = tuple[str, str]


class TokenGame:
    """`open` are the tasks that wait, `timers` and `messages` the events; `do` and `happen` move the tokens."""

    def __init__(self, shape: Shape) -> None:
        self.state: State = begin(("level", shape, None))

    @property
    def open(self) -> list[str]:
        """The open tasks, sorted."""
        return [] if self.state is None else sorted(waiting(self.state))

    @property
    def events(self) -> list[Event]:
        """What is waited for, as (kind, id)."""
        return [] if self.state is None else sorted(listening(self.state))

    def do(self, task: str, again: bool) -> None:
        """Complete a task; `again` says whether a loop's task goes round."""
        self.state = move(self.state, ("task", task, again), [])

    def happen(self, id: str) -> None:
        """Let an event happen."""
        self.state = move(self.state, ("event", id, False), [])


def begin(shape: Shape) -> State:
    """The state of a block that was just entered."""
    kind = shape[0]
    if kind == "user":
        return ["user", shape[1]]
    if kind == "catch":
        return ["catch", shape[1:]]
    if kind == "seq":
        return ["seq", shape[1], 0, begin(shape[1][0])]
    if kind == "loop":
        return ["loop", shape, "inside", begin(shape[1])]
    if kind == "level":
        return ["level", begin(shape[1]), [], shape[2]]
    if kind == "bound":
        return ["bound", begin(shape[1]), shape[2]]
    _, gateway, shapes, chosen = shape
    if gateway == "and":
        taken = list(shapes)
    else:
        held = [inner for inner, holds in zip(shapes, chosen, strict=True) if holds]
        taken = (held[:1] if gateway == "xor" else held) or [shapes[0]]
    return ["all", [begin(inner) for inner in taken]]


def inner_states(state: State) -> list[State]:
    """The states inside a state that are active now."""
    kind = state[0]
    if kind in ("user", "catch"):
        return []
    if kind == "all":
        return list(state[1])
    if kind == "level":
        return [inner for inner in (state[1], *state[2]) if inner is not None]
    if kind == "bound":
        return [state[1]]
    return [] if kind == "loop" and state[2] == "task" else [state[3]]


def waiting(state: State) -> list[str]:
    """The tasks open in a state."""
    if state[0] == "user":
        return [state[1]]
    if state[0] == "loop" and state[2] == "task":
        return [state[1][2]]
    return [task for inner in inner_states(state) for task in waiting(inner)]


def listening(state: State) -> list[Event]:
    """The events waited for in a state."""
    found = [event for inner in inner_states(state) for event in listening(inner)]
    if state[0] == "catch":
        found.append(state[1])
    own = state[2] if state[0] == "bound" else state[3] if state[0] == "level" else None
    return found if own is None else [*found, own[:2]]


def concerns(state: State, happened: tuple[str, str, bool]) -> bool:
    """Whether this task or event is open in a state."""
    kind, name, _ = happened
    return name in (waiting(state) if kind == "task" else [id for _, id in listening(state)])


def move(state: State, happened: tuple[str, str, bool], spawned: list[State]) -> State:
    """The state after a task or an event; None when the block is done. What begins beside it is `spawned`."""
    kind = state[0]
    if kind in ("user", "catch"):
        return None
    if kind == "all":
        after = [move(inner, happened, spawned) if concerns(inner, happened) else inner for inner in state[1]]
        left = [inner for inner in after if inner is not None]
        return ["all", left] if left else None
    if kind == "level":
        return _in_level(state, happened)
    if kind == "bound":
        return _on_border(state, happened, spawned)
    if kind == "seq":
        inner = move(state[3], happened, spawned)
        following = state[2] + (inner is None)
        if following == len(state[1]):
            return None
        return ["seq", state[1], following, begin(state[1][following]) if inner is None else inner]
    if state[2] == "task":
        return begin(state[1]) if happened[2] else None
    inner = move(state[3], happened, spawned)
    return ["loop", state[1], "task", None] if inner is None else ["loop", state[1], "inside", inner]


def _in_level(state: State, happened: tuple[str, str, bool]) -> State:
    _, main, beside, event = state
    spawned: list[State] = []
    if event is not None and happened[1] == event[1]:
        kind, _, interrupting, task = event
        if interrupting:
            return ["level", None, [["user", task]], None]
        beside = [*beside, ["user", task]]
        event = event if kind == "message" else None
    elif main is not None and concerns(main, happened):
        main = move(main, happened, spawned)
    else:
        # an event that repeats leaves several of the same task: one of them is done
        place = next(number for number, each in enumerate(beside) if concerns(each, happened))
        beside = [*beside[:place], move(beside[place], happened, spawned), *beside[place + 1 :]]
    left = [each for each in (*beside, *spawned) if each is not None]
    return None if main is None and not left else ["level", main, left, event]


def _on_border(state: State, happened: tuple[str, str, bool], spawned: list[State]) -> State:
    _, main, event = state
    if event is not None and happened[1] == event[1]:
        kind, _, interrupting, task = event
        if interrupting:
            return ["user", task]
        spawned.append(["user", task])
        return ["bound", main, event if kind == "message" else None]
    main = move(main, happened, spawned)
    return None if main is None else ["bound", main, event]
