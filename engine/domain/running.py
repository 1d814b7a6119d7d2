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


@dataclass(frozen=True)
class Instance:
    """One run of a process. `tokens` is the engine's own compact snapshot; `version` counts commands.

    `start_key` is the correlation key of the message that started it: while it runs, no other instance of the process
    starts by a message with this key.
    """

    id: int
    release_id: int
    process: str
    complaint_id: int | None
    started_at: datetime
    tokens: bytes = b""
    state: InstanceState = InstanceState.RUNNING
    ended_at: datetime | None = None
    version: int = 0
    start_key: str | None = None


@dataclass(frozen=True)
class Scope:
    """The variables of one scope of an instance: `number` is unique in it, `parent` the enclosing scope's."""

    instance_id: int
    number: int
    parent: int | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Timer:
    """A moment a token waits for. `due_at` is None while dormant (bound to a clock that does not run yet)."""

    instance_id: int
    token: int
    element: str
    due_at: datetime | None
    complaint_id: int | None = None
    clock: str | None = None


@dataclass(frozen=True)
class Subscription:
    """A token that waits for a message: `message` is its name, `key` the correlation key as text.

    `process` is the process it waits in, which hears a message once; None for rows older than that column.
    """

    instance_id: int
    token: int
    element: str
    message: str
    key: str | None
    process: str | None = None


@dataclass(frozen=True)
class BufferedMessage:
    """A published message that waits for subscriptions until it expires.

    `message_id` makes a publication once while it is buffered; `heard` are the processes that got it already.
    """

    id: int
    name: str
    key: str
    message_id: str | None
    variables: Mapping[str, Any]
    published_at: datetime
    expires_at: datetime
    complaint_id: int | None = None
    heard: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeldMessage:
    """A message or signal that an instance on hold will be given when it resumes, in the order of `id`.

    `buffered_id` is the buffered message it is too, if it has a time to live.
    """

    id: int
    instance_id: int
    name: str
    key: str
    variables: Mapping[str, Any]
    published_at: datetime
    buffered_id: int | None = None


@dataclass(frozen=True)
class Migration:
    """One move of an instance to another release, and what is needed to take it back.

    `mapping` has for each process the elements that are called otherwise in the other release. `before` are the rows
    as they were, plain JSON; `left_version` is the version the instance was left with, None if it went on at once.
    """

    id: int
    instance_id: int
    at: datetime
    actor: str
    reason: str
    from_release_id: int
    to_release_id: int
    mapping: Mapping[str, Any]
    before: Mapping[str, Any]
    left_version: int | None
    taken_back_at: datetime | None = None


@dataclass(frozen=True)
class StartTimer:
    """A timer start event of the current release: `due_at` is when it starts its process next, None when never again.

    `cycle` is what a repeating one remembers (`every`, `left`).
    """

    process: str
    element: str
    release_id: int
    due_at: datetime | None
    cycle: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True)
class VersionTag:
    """Which release has the newest definition with this version tag; `kind` is process, decision or form."""

    kind: str
    name: str
    tag: str
    release_id: int


@dataclass(frozen=True)
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


HELD_BACK = "The case is on hold; this begins when it resumes."
"""Why a job that is due was not begun."""


@dataclass(frozen=True)
class OutboxMessage:
    """Something to be done outside after the commit, at least once; `key` is the id the receiver can use.

    `kind` names the sender: "email" (payload: notice_id), "bank.instruct" (payload: plan_id, instruction),
    "message" (payload: message, key, variables, ttl_seconds, message_id: a message to processes, delivered by a command
    of its own), "job" (payload: instance_id, token, type, inputs, retries, backoff_seconds: work of an operation that
    happens outside, whose end is a command of its own).
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


@dataclass(frozen=True)
class Job:
    """Work of an operation that happens outside: `type` is the operation, `key` the id the receiver can use.

    The key stays the same however often the job is tried; a retry by a person makes a new job with a new key.
    """

    instance_id: int
    token: int
    type: str
    key: str
    complaint_id: int | None
    inputs: Mapping[str, Any]


class JobEnd(StrEnum):
    """How a job ended: with outputs, with a BPMN error on purpose, or not at all after its last try."""

    DONE = "done"
    THROWN = "thrown"
    FAILED = "failed"


@dataclass(frozen=True)
class JobOutcome:
    """What became of a job: `outputs` if it is done, else the `code` and a sentence."""

    end: JobEnd
    outputs: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    message: str = ""


@dataclass(frozen=True)
class Release:
    """A consistent set of diagrams, decisions and forms; `files` maps "complaint.bpmn", "decisions/severity.dmn",
    "forms/triage.form" to their bytes. Instances stay on the release they started with."""

    id: int
    sha256: str
    released_at: datetime
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class CommandDone:
    """A command that was carried out once: its idempotency key and the answer it gave."""

    key: str
    at: datetime
    answer: Mapping[str, Any]
