"""Steering: what administrators do to running instances, to one or to many at once, and what came of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.domain.actor import Actor, ActorKind
from engine.domain.complaint import Complaint
from engine.domain.errors import NotAllowed, NotFound, ValueRefused
from engine.domain.permissions import POLICY, SEES_RESTRICTED, Action, units_of
from engine.domain.running import InstanceState

SHORTEST_REASON = 4
LONGEST_REASON = 2000
ALIVE = (InstanceState.RUNNING, InstanceState.SUSPENDED)


class Verb(StrEnum):
    """What can be done to an instance."""

    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY = "retry"
    SET = "set"
    ADD_TOKEN = "add_token"
    CANCEL_TOKEN = "cancel_token"
    TERMINATE = "terminate"
    MOVE = "move"
    MIGRATE = "migrate"
    TAKE_BACK = "take_back"


MIGRATING = frozenset({Verb.MIGRATE, Verb.TAKE_BACK})


@dataclass(frozen=True, slots=True)
class Act:
    """One act, the same for every instance it is done to.

    `element` is where a token is added, moved from, or where all tokens end; `to` where they are moved; `token` a
    single token; `inside` the token of the activity whose level is meant (0: the process itself) and `flow` the flow
    an added token comes by. `values` are variables for `scope` (0: the root). `code` picks incidents. `release_id`
    and `mapping` (per process: old element → new) are for a migration.
    """

    verb: Verb
    element: str | None = None
    to: str | None = None
    token: int | None = None
    inside: int | None = None
    flow: str | None = None
    scope: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    code: str | None = None
    release_id: int | None = None
    mapping: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def action(self) -> Action:
        """What one must be allowed to do for it."""
        return Action.MIGRATE if self.verb in MIGRATING else Action.STEER


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which instances are meant; what is not said does not matter.

    `element` is one where a token waits, `code` that of an open incident, `unit` the code of a unit (with those below
    it) the complaint stands at, `bulk` a bulk job that was done to them.
    """

    process: str | None = None
    release_id: int | None = None
    element: str | None = None
    states: tuple[InstanceState, ...] = ALIVE
    grade: str | None = None
    unit: str | None = None
    numbers: tuple[str, ...] = ()
    code: str | None = None
    bulk: int | None = None


def to_json(value: Act | Wanted) -> dict[str, Any]:
    """What was said, as plain JSON."""
    return {name: said for name, said in asdict(value).items() if said not in (None, (), {}, "")}


def act_of(said: Mapping[str, Any]) -> Act:
    """The act that was written down as JSON."""
    return Act(**{**said, "verb": Verb(said["verb"])})


def wanted_of(said: Mapping[str, Any]) -> Wanted:
    """The filter that was written down as JSON."""
    states = tuple(InstanceState(state) for state in said.get("states", ()))
    return Wanted(**{**said, "states": states, "numbers": tuple(said.get("numbers", ()))})


class Result(StrEnum):
    """What came of an act: done, not needed (it is so already), or refused."""

    DONE = "done"
    NOT_NEEDED = "not_needed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of an act on one instance, with a sentence for the person who did it."""

    result: Result
    sentence: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


class BulkState(StrEnum):
    """running → finished, or stopped by somebody."""

    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"


@dataclass(frozen=True)
class Bulk:
    """One act on many instances: who, why, what and to which; the counts stand when it is over."""

    id: int
    at: datetime
    actor: str
    person_id: int | None
    reason: str
    verb: str
    act: Mapping[str, Any]
    wanted: Mapping[str, Any]
    total: int
    state: BulkState = BulkState.RUNNING
    done: int = 0
    not_needed: int = 0
    refused: int = 0
    ended_at: datetime | None = None
    ended_by: str | None = None
    version: int = 0


class ItemState(StrEnum):
    """waiting → done, not_needed or refused."""

    WAITING = "waiting"
    DONE = "done"
    NOT_NEEDED = "not_needed"
    REFUSED = "refused"


@dataclass(frozen=True)
class BulkItem:
    """One instance of a bulk job, and what came of it."""

    bulk_id: int
    instance_id: int
    state: ItemState = ItemState.WAITING
    at: datetime | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose instances an actor reaches: all, or those whose complaint stands at one of these units.

    Nobody reaches a complaint about themselves; a restricted one only who sees restricted ones, or is its first owner.
    Instances without a complaint are reached by everybody who reaches any.
    """

    everything: bool
    units: frozenset[int]
    person_id: int | None
    restricted: bool


def reach(actor: Actor, action: Action) -> Reach:
    """What the actor reaches for this action; raises NotAllowed where their role allows it nowhere."""
    if actor.kind is ActorKind.SYSTEM:
        return Reach(True, frozenset(), None, True)
    roles = POLICY[action] & actor.roles
    if actor.kind is not ActorKind.PERSON or not roles:
        raise NotAllowed
    units = frozenset(unit for held in actor.held if held.role in roles for unit in held.covers)
    return Reach(False, units, actor.person_id, bool(SEES_RESTRICTED & actor.roles))


def reaches(found: Reach, complaint: Complaint | None) -> bool:
    """Whether an instance about this complaint is within reach."""
    if found.everything or complaint is None:
        return True
    if complaint.accused_id is not None and complaint.accused_id == found.person_id:
        return False
    if complaint.restricted and not found.restricted and complaint.first_owner_id != found.person_id:
        return False
    return any(unit in found.units for unit in units_of(complaint))


def require_reach(actor: Actor, action: Action, complaint: Complaint | None) -> None:
    """Refuse what the role does not allow; what is out of reach is not found at all."""
    if not reaches(reach(actor, action), complaint):
        raise NotFound


def reason_of(text: str) -> str:
    """Why somebody does it, in a few words; raises ValueRefused without them."""
    words = " ".join(text.split())
    if len(words) < SHORTEST_REASON:
        raise ValueRefused("Please say in a few words why.", field="reason")
    if len(words) > LONGEST_REASON:
        raise ValueRefused(f"Please use at most {LONGEST_REASON} characters.", field="reason")
    return words


def correcting(attribute: str) -> Action:
    """What one must be allowed to do to change this attribute of a complaint beside its tasks."""
    return Action.RAISE_GRADE if attribute == "grade" else Action.CORRECT_FACTS


@dataclass(frozen=True, slots=True)
class Why:
    """Why an act is done, and the bulk job it belongs to; both go into the history."""

    reason: str
    bulk: int | None = None

    @property
    def detail(self) -> dict[str, Any]:
        """As an event says it."""
        return {"reason": self.reason} if self.bulk is None else {"reason": self.reason, "bulk": self.bulk}
