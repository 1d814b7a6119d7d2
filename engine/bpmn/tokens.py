"""A token: SpiffWorkflow's task without its tree of the past. It exists while something is open, and no longer.

Its parent is the token it hangs from (a boundary event from its activity, an item from its multi-instance, a
catching event from its gateway), not the one before it. `task.data` is empty and read-only: variables live in
scopes. Two states are used: READY (in the queue) and STARTED (waiting for somebody).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import orjson
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from engine.bpmn.specs.base import Flow, FlowNode
    from engine.bpmn.specs.process import ProcessSpec

READY = TaskState.READY
WAITING = TaskState.STARTED
DONE = TaskState.COMPLETED
GONE = TaskState.CANCELLED

TASK_ROW, TIMER_ROW, SUBSCRIPTION_ROW, INCIDENT_ROW = 1, 2, 4, 8


class Token(Task):
    """Where one thread of a process stands. `rows` is what it has stored."""

    data: Any = MappingProxyType({})
    triggered = False
    thread_id = 0
    last_state_change = 0.0
    workflow: Level
    task_spec: FlowNode

    def __init__(
        self,
        level: Level,
        spec: FlowNode,
        host: Token | None = None,
        flow: str | None = None,
        memo: dict[str, Any] | None = None,
        *,
        ready: bool = True,
        id: int | None = None,
    ) -> None:
        run = level.run
        if id is None:
            run.counter += 1
            id = run.counter
        self.id = id
        self.workflow = level
        self.task_spec = spec
        self.flow = flow
        self._memo: dict[str, Any] = memo if memo is not None else {}
        self.rows = 0
        self.going: list[Flow] | None = None
        self._parent = None
        self._children: list[int] = []
        self._state = READY if ready else WAITING
        level.tasks[id] = self
        level.packed = None
        run.tokens[id] = self
        if host is not None:
            self._parent = host.id
            host._children.append(id)
        if ready:
            run.ready.append(self)

    @property
    def memo(self) -> dict[str, Any]:
        """What it must remember, plain JSON. Whoever asks for it may write into it, so its level is packed anew."""
        self.workflow.packed = None
        return self._memo

    @memo.setter
    def memo(self, memo: dict[str, Any]) -> None:
        self.workflow.packed = None
        self._memo = memo

    def run(self) -> bool | None:
        """The library's `Task.run` without what it asks in vain: no step here says that it failed, it raises."""
        done: bool | None = self.task_spec._run(self)
        if done:
            self._state = DONE
            self.task_spec._on_complete(self)
        else:
            self._state = WAITING
        return done

    def _set_state(self, value: int) -> None:
        self._state = value
        if value == READY:
            self.workflow.run.ready.append(self)

    @property
    def host(self) -> Token | None:
        """The token this one hangs from."""
        return self.workflow.tasks.get(self._parent) if self._parent is not None else None

    @property
    def hosted(self) -> list[Token]:
        """The tokens that hang from this one."""
        tasks = self.workflow.tasks
        return [tasks[id] for id in self._children]

    @property
    def scope(self) -> int:
        """The number of the scope its expressions look into first."""
        return self.id if self.id in self.workflow.run.scopes else self.workflow.number

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for somebody."""
        return bool(self._state == WAITING)

    def resume(self) -> None:
        """Put it back into the queue."""
        self._set_state(READY)

    def detach(self) -> None:
        """Hang from nothing any more."""
        host = self.host
        if host is not None:
            host._children.remove(self.id)
            self._parent = None
            self.workflow.packed = None


class Level:
    """A process, subprocess or called process that is open: it stands where SpiffWorkflow has a workflow.

    `owner` is the token of the activity it runs inside, None at the top; `number` the scope of its variables;
    `triggers` how many of its tokens are only armed starts of event subprocesses, which keep nothing open. `done` are
    the activities that were completed here and can be undone, as `specs.compensation` remembers them; `definitions`
    the release its spec belongs to. `packed` is its part of the snapshot as it was last dumped: None once one of its
    tokens came, went, was detached, or may have written into its memo.
    """

    __slots__ = (
        "closing",
        "definitions",
        "done",
        "number",
        "owner",
        "packed",
        "process",
        "run",
        "spec",
        "tasks",
        "triggers",
    )

    def __init__(
        self,
        run: Any,
        spec: ProcessSpec,
        owner: Token | None,
        number: int,
        process: str,
        definitions: Any = None,
    ) -> None:
        self.run = run
        self.definitions: Any = definitions
        if definitions is None:
            self.definitions = run.definitions if owner is None else owner.workflow.definitions
        self.done: list[Any] = []
        self.spec = spec
        self.owner = owner
        self.number = number
        self.process = process
        self.tasks: dict[int, Token] = {}
        self.triggers = 0
        self.closing = False
        self.packed: bytes | None = None

    def pack(self) -> bytes:
        """Its part of the snapshot, as `snapshot.load` reads it; made anew only if something changed."""
        if self.packed is not None and not self.done:
            return self.packed
        process, definitions = self.process, self.definitions
        named = process if definitions is self.run.definitions else [process, definitions.release_id]
        tokens = [
            [t.id, t._parent or 0, t.task_spec.name, t.flow or 0, t._memo or 0] for t in self.tasks.values()
        ]
        owner = 0 if self.owner is None else self.owner.id
        if self.done:  # what is done grows without a word to the level
            return orjson.dumps([owner, named, tokens, self.done])
        self.packed = orjson.dumps([owner, named, tokens])
        return self.packed

    def drop(self, token: Token) -> None:
        """A token is gone."""
        del self.tasks[token.id]
        self.packed = None
