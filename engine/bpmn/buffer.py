"""Messages kept for subscriptions that open later: the first published goes to the first that opens, each process once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.bpmn.limits import kept_all
from engine.bpmn.run import Run
from engine.bpmn.tokens import SUBSCRIPTION_ROW, Token
from engine.domain.running import BufferedMessage
from engine.ports import UnitOfWork

MOST_ASKED = 500
"""Keys in one question to the database, which bounds how many it takes."""


def hear_kept(run: Run) -> bool:
    """Give kept messages to what began to wait in this command; whether any was given."""
    waiting = [token for token in run.changed.values() if _begins_to_wait(token)]
    if not waiting:
        return False
    kept, given = _names_and_keys_of_kept(run, waiting), False
    for token in waiting:
        if kept and (token.memo.get("message"), token.memo.get("key")) in kept:
            given |= hear_first(run, token)
    return given


def _begins_to_wait(token: Token) -> bool:
    memo = token.memo
    return "message" in memo and memo["key"] is not None and not token.rows & SUBSCRIPTION_ROW


def _names_and_keys_of_kept(run: Run, waiting: Iterable[Token]) -> set[tuple[str, str]]:
    """For which of these there are kept messages at all: asked once for each name, for a root may wait at every child."""
    wanted: dict[str, dict[str, None]] = {}
    for token in waiting:
        wanted.setdefault(token.memo["message"], {})[token.memo["key"]] = None
    find = run.command.work.publications.messages
    return {
        (name, message.key)
        for name, keys in wanted.items()
        for some in _in_turn(list(keys))
        for message in find(name, some)
    }


def _in_turn(keys: list[str]) -> Iterator[list[str]]:
    """So many at once as one question may name."""
    for first in range(0, len(keys), MOST_ASKED):
        yield keys[first : first + MOST_ASKED]


def hear_first(run: Run, token: Token) -> bool:
    """Give the oldest kept message a token waits for; whether there was one."""
    if token.id not in run.tokens or token.id in run.failures or "message" not in token.memo:
        return False
    work, process = run.command.work, token.workflow.process
    for message in kept_for(work, token.memo["message"], token.memo["key"], process):
        work.publications.save_message(replace(message, heard=(*message.heard, process)))
        run.command.record("message.received", token.task_spec.bpmn_id, {"message": message.name})
        run.happen(token, kept_all(message.variables))
        return True
    return False


def unhear(work: UnitOfWork, name: str, key: str, id: int, process: str) -> None:
    """A process did not get a kept message after all: the next subscription of it may."""
    for message in work.publications.messages(name, key):
        if message.id == id and process in message.heard:
            heard = tuple(other for other in message.heard if other != process)
            work.publications.save_message(replace(message, heard=heard))


def kept_for(work: UnitOfWork, name: str, key: str, process: str) -> list[BufferedMessage]:
    """The messages of this name and key that this process has not heard, oldest first."""
    return [
        message
        for message in work.publications.messages(name, key)
        if message.expires_at > work.now and process not in message.heard
    ]
