"""Event definitions, and what a token remembers while it waits for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.bpmn.expressions import Value
from engine.bpmn.failures import Failed
from engine.bpmn.timers import armed

if TYPE_CHECKING:
    from engine.bpmn.run import Run

WAITED_FOR = frozenset({"timer", "message", "signal"})


@dataclass(frozen=True, slots=True)
class Happening:
    """An event definition: `kind` is none, timer, message, signal, error, escalation, compensation, cancel, link or
    terminate.

    For a timer `shape` is date, duration or cycle and `text` its time, or `clock` names the complaint's clock it is
    bound to ("any": the warning points of all). For a message, signal or link `text` is its name and `key` the
    correlation key. For errors and escalations `code` is the one it catches, None catches all, and `text` the one it
    throws. For a compensation `activity` is the one to be undone; None means all.
    """

    kind: str = "none"
    text: Value | None = None
    shape: str | None = None
    clock: Value | None = None
    key: Value | None = None
    code: str | None = None
    activity: str | None = None

    @property
    def is_waited_for(self) -> bool:
        """Whether a token waits for it; errors and escalations are looked up when they are thrown."""
        return self.kind in WAITED_FOR

    def remembered(self, run: Run, number: int) -> dict[str, Any]:
        """What a token that begins to wait for it remembers: a due moment, a clock, or a message and its key."""
        if self.kind == "timer":
            if self.clock is not None:
                return {"clock": str(run.evaluate(self.clock, number))}
            return armed(self.shape or "date", run.evaluate(self._text, number), run.command.now)
        name = str(run.evaluate(self._text, number))
        if self.kind == "signal":
            return {"message": signal_name(name), "key": ""}
        if self.key is None:
            return {"message": name, "key": ""}
        key = run.evaluate(self.key, number)
        if key is None or isinstance(key, (dict, list)):
            raise Failed("message.no_key", f"The correlation key {self.key.text} gives no text or number.")
        return {"message": name, "key": str(key)}

    @property
    def _text(self) -> Value:
        assert self.text is not None
        return self.text


NOTHING_HAPPENS = Happening()


def is_signal(message: str) -> bool:
    """Whether a message by this name is a signal."""
    return message.startswith("signal: ")


def signal_name(name: str) -> str:
    """How a signal is named among the messages: signals are messages without a key that reach everyone."""
    return f"signal: {name}"
