"""Rows of running processes: instances, timers, subscriptions, incidents, messages on their way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class InstanceState(StrEnum):
    """running → ended; or cancelled. `suspended` instances keep their timers for later."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Instance:
    """One run of a process. `tokens` is the engine's own compact snapshot; `version` counts commands."""

    id: int
    release_id: int
    process: str
    complaint_id: int | None
    started_at: datetime
    tokens: bytes = b""
    state: InstanceState = InstanceState.RUNNING
    ended_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """The variables of one scope of an instance: `number` is unique in it, `parent` the enclosing scope's."""

    instance_id: int
    number: int
    parent: int | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Timer:
    """A moment a token waits for. `due_at` is None while dormant (bound to a clock that does not run yet)."""

    instance_id: int
    token: int
    element: str
    due_at: datetime | None
    complaint_id: int | None = None
    clock: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A token that waits for a message: `message` is its name, `key` the correlation key as text."""

    instance_id: int
    token: int
    element: str
    message: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Incident:
    """A token that could not go on: the element, what went wrong in a sentence, and what may still be tried."""

    instance_id: int
    token: int
    element: str
    at: datetime
    code: str
    message: str
    retries_left: int
    retry_at: datetime | None = None
    complaint_id: int | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    id: int | None = None


class OutboxState(StrEnum):
    """waiting → sent, or given_up after the last retry."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """Something to be done outside after the commit, at least once; `key` is the id the receiver can use.

    `kind` names the sender: "email" (payload: notice_id), "bank.instruct" (payload: plan_id, instruction),
    "message" (payload: message, key, variables: a message to a process, delivered by a command of its own).
    """

    kind: str
    key: str
    payload: Mapping[str, Any]
    due_at: datetime
    complaint_id: int | None = None
    state: OutboxState = OutboxState.WAITING
    attempts: int = 0
    last_error: str | None = None
    sent_at: datetime | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A consistent set of diagrams, decisions and forms; `files` maps "complaint.bpmn", "decisions/severity.dmn",
    "forms/triage.form" to their bytes. Instances stay on the release they started with."""

    id: int
    sha256: str
    released_at: datetime
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommandDone:
    """A command that was carried out once: its idempotency key and the answer it gave."""

    key: str
    at: datetime
    answer: Mapping[str, Any]
