"""One act on many instances: chosen once, then worked off one by one, each in a transaction of its own.

A bulk job stands in tables, so that it goes on after a crash; an instance and its result are written together, so that
each is done once. Who started it is asked anew for every instance: roles may have changed since.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.domain.actor import SYSTEM, Actor, ActorKind
from engine.domain.errors import ChangedMeanwhile, RedressError, Unavailable, ValueRefused
from engine.domain.events import HistoryEvent
from engine.domain.migration import mappings_of
from engine.domain.organisation import units_below
from engine.domain.steering import (
    Act,
    Bulk,
    BulkItem,
    BulkState,
    ItemState,
    Reach,
    Result,
    Told,
    Verb,
    Wanted,
    Why,
    act_of,
    reach,
    reason_of,
    to_json,
)
from engine.ports import Ports, UnitOfWork
from engine.use_cases.inbox import actor_of
from engine.use_cases.steering import do

AT_ONCE = 500
STATES = {
    Result.DONE: ItemState.DONE,
    Result.NOT_NEEDED: ItemState.NOT_NEEDED,
    Result.REFUSED: ItemState.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Due:
    """One instance that a bulk job has still to do, and on whose behalf."""

    bulk_id: int
    instance_id: int
    actor: Actor


def start(ports: Ports, actor: Actor, act: Act, wanted: Wanted, reason: str) -> Bulk:
    """Choose the instances and write the job down; a tick or the caller works it off."""
    words = reason_of(reason)
    if act.token is not None or act.verb is Verb.CANCEL_TOKEN:
        raise ValueRefused("A token belongs to one instance: name an element instead.", field="token")
    mappings_of(act.mapping)
    reached = reach(actor, act.action)
    with ports.unit_of_work(actor) as work:
        if act.verb is Verb.MIGRATE and act.release_id is None:
            act = replace(
                act, release_id=work.releases.current().id
            )  # the same for all, whatever is released meanwhile
        chosen = list(_chosen(ports, work, wanted, reached))
        made = work.steering.add_bulk(
            Bulk(
                id=0,
                at=work.now,
                actor=actor.name,
                person_id=actor.person_id,
                reason=words,
                verb=act.verb,
                act=to_json(act),
                wanted=to_json(wanted),
                total=len(chosen),
            ),
            chosen,
        )
        _record(work, "bulk.started", made)
        return made


def _chosen(ports: Ports, work: UnitOfWork, wanted: Wanted, reached: Reach) -> Iterator[int]:
    """The ids of the instances that are meant and reached."""
    units = None if wanted.unit is None else units_below(work.units.find(), wanted.unit)
    after = 0
    while True:
        page = work.steering.instances(wanted, units, reached, after=after, limit=AT_ONCE)
        for instance in page:
            if wanted.element is None or wanted.element in ports.engine.elements(instance):
                yield instance.id
        if len(page) < AT_ONCE:
            return
        after = page[-1].id


def due(ports: Ports, limit: int, bulk_id: int | None = None) -> list[Due]:
    """What bulk jobs have still to do, the oldest job first; of one job alone if it is named."""
    with ports.unit_of_work(SYSTEM) as work:
        found: list[Due] = []
        for bulk in work.steering.running_bulks():
            if bulk_id not in (None, bulk.id) or len(found) >= limit:
                continue
            waiting = work.steering.waiting_items(bulk.id, limit - len(found))
            actor = _actor(work, bulk) if waiting else SYSTEM
            found += [Due(bulk.id, item.instance_id, actor) for item in waiting]
        return found


def work_off(ports: Ports, one: Due) -> bool:
    """Do one instance of a bulk job; False if somebody did it meanwhile, or the job was stopped."""
    try:
        with ports.unit_of_work(one.actor) as work:
            bulk, item = work.steering.bulk(one.bulk_id), _waiting(work, one)
            if item is None or bulk.state is not BulkState.RUNNING:
                return False
            why = Why(bulk.reason, bulk.id)
            told = do(ports.engine, work, one.instance_id, act_of(bulk.act), why)
            _save(work, item, told)
    except (Unavailable, ChangedMeanwhile):
        raise  # met again at the next look
    except RedressError as refused:
        with ports.unit_of_work(one.actor) as work:
            item = _waiting(work, one)
            if item is None:
                return False
            _save(work, item, Told(Result.REFUSED, refused.message))
    return True


def finish(ports: Ports) -> int:
    """Close the jobs in which nothing waits any more; how many."""
    with ports.unit_of_work(SYSTEM) as work:
        idle = [bulk for bulk in work.steering.running_bulks() if not work.steering.waiting_items(bulk.id, 1)]
        locked = [work.steering.lock_bulk(bulk.id) for bulk in idle]
        over = [
            bulk for bulk in locked if bulk.state is BulkState.RUNNING
        ]  # else somebody stopped it meanwhile
        for bulk in over:
            _record(work, "bulk.finished", _ended(work, bulk, BulkState.FINISHED))
        return len(over)


def stop(ports: Ports, actor: Actor, bulk_id: int, reason: str) -> bool:
    """Stop a job: what is done stays done, the rest is left alone. False if it is over already."""
    words = reason_of(reason)
    with ports.unit_of_work(actor) as work:
        bulk = work.steering.lock_bulk(bulk_id)
        reach(actor, act_of(bulk.act).action)
        if bulk.state is not BulkState.RUNNING:
            return False
        _record(work, "bulk.stopped", _ended(work, bulk, BulkState.STOPPED), words)
        return True


def _actor(work: UnitOfWork, bulk: Bulk) -> Actor:
    """Who started it, with the roles of today; somebody who left may do nothing."""
    if bulk.person_id is None:
        return SYSTEM
    person = work.people.get(bulk.person_id)
    if not person.active:
        return Actor(ActorKind.PERSON, person.name, person.id, person.login, person.unit_id)
    return actor_of(work, person)


def _waiting(work: UnitOfWork, one: Due) -> BulkItem | None:
    item = work.steering.lock_item(one.bulk_id, one.instance_id)
    return item if item.state is ItemState.WAITING else None


def _save(work: UnitOfWork, item: BulkItem, told: Told) -> None:
    work.steering.save_item(replace(item, state=STATES[told.result], at=work.now, sentence=told.sentence))


def _ended(work: UnitOfWork, bulk: Bulk, state: BulkState) -> Bulk:
    counts = work.steering.item_counts(bulk.id)
    return work.steering.save_bulk(
        replace(
            bulk,
            state=state,
            ended_at=work.now,
            ended_by=work.actor.name,
            done=counts[ItemState.DONE],
            not_needed=counts[ItemState.NOT_NEEDED],
            refused=counts[ItemState.REFUSED],
        )
    )


def _record(work: UnitOfWork, kind: str, bulk: Bulk, reason: str | None = None) -> None:
    work.record(
        HistoryEvent(
            at=work.now,
            kind=kind,
            actor=work.actor.name,
            person_id=work.actor.person_id,
            detail={
                "bulk": bulk.id,
                "verb": bulk.verb,
                "total": bulk.total,
                "reason": bulk.reason if reason is None else reason,
            },
        )
    )
