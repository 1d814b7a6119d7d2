"""Administrators steer running instances: on hold and back, tried again, changed by hand, moved to another release.

Whoever steers says why. What is done, by whom and why stands in the history of the complaint; a second time is a quiet
no. One act on one instance is one transaction.
"""

from collections.abc import Callable, Mapping

from engine.domain.actor import Actor, ActorKind
from engine.domain.complaint import Complaint
from engine.domain.errors import NotAllowed, NotFound, OutOfOrder, ValueRefused
from engine.domain.migration import Mappings, MigrationPlan, mappings_of
from engine.domain.permissions import Action, Sight, may
from engine.domain.running import Instance
from engine.domain.steering import (
    Act,
    Result,
    Told,
    Verb,
    Why,
    correcting,
    reach,
    reaches,
    reason_of,
    require_reach,
)
from engine.ports import Ports, ProcessEngine, UnitOfWork
from engine.use_cases.case import may_see
from engine.use_cases.incidents import try_again

Doing = Callable[[ProcessEngine, UnitOfWork, Instance, Act, Why], Told]


def steer(ports: Ports, actor: Actor, instance_id: int, act: Act, reason: str, *, key: str = "") -> Told:
    """Do one act to one instance; with a key, once. What cannot be done is refused, and changes nothing."""
    why = Why(reason_of(reason))
    with ports.unit_of_work(actor) as work:
        instance = _reached(work, instance_id, act)
        name = f"steer:{instance_id}:{key}"
        before = work.done(name) if key else None
        if before is not None:
            return Told(Result.NOT_NEEDED, str(before.answer["sentence"]))
        told = DOING[act.verb](ports.engine, work, instance, act, why)
        if key:
            work.remember(name, {"sentence": told.sentence})
        return told


def do(engine: ProcessEngine, work: UnitOfWork, instance_id: int, act: Act, why: Why) -> Told:
    """Do an act inside an open transaction, if the actor may; the complaint is locked before the instance."""
    return DOING[act.verb](engine, work, _reached(work, instance_id, act), act, why)


def plan_migration(
    ports: Ports, actor: Actor, instance_id: int, release_id: int | None, mapping: Mappings
) -> MigrationPlan:
    """What a migration would do to an instance; changes nothing. Without a release the current one is meant."""
    with ports.unit_of_work(actor) as work:
        instance = work.processes.get(instance_id)
        require_reach(actor, Action.SEE_INSTANCES, _locked(work, instance))
        to = _release(work, release_id)
        return ports.engine.plan_migration(work, instance_id, to, mappings_of(mapping))


def _reached(work: UnitOfWork, instance_id: int, act: Act) -> Instance:
    reached = reach(work.actor, act.action)
    instance = work.processes.get(instance_id)
    if not reaches(reached, _locked(work, instance)):
        raise NotFound
    return instance


def _locked(work: UnitOfWork, instance: Instance) -> Complaint | None:
    return None if instance.complaint_id is None else work.complaints.lock(instance.complaint_id)


def _release(work: UnitOfWork, release_id: int | None) -> int:
    return work.releases.current().id if release_id is None else release_id


def _element(act: Act) -> str:
    if not act.element:
        raise ValueRefused("Say at which element.", field="element")
    return act.element


def _suspend(engine: ProcessEngine, work: UnitOfWork, instance: Instance, act: Act, why: Why) -> Told:
    if engine.suspend(work, instance.id, why):
        return Told(Result.DONE, f"Instance {instance.id} is on hold.")
    return Told(Result.NOT_NEEDED, f"Instance {instance.id} was on hold already.")


def _resume(engine: ProcessEngine, work: UnitOfWork, instance: Instance, act: Act, why: Why) -> Told:
    if engine.resume(work, instance.id, why):
        return Told(Result.DONE, f"Instance {instance.id} goes on.")
    return Told(Result.NOT_NEEDED, f"Instance {instance.id} was not on hold.")


def _cancel(engine: ProcessEngine, work: UnitOfWork, instance: Instance, act: Act, why: Why) -> Told:
    if engine.cancel(work, instance.id, why):
        return Told(Result.DONE, f"Instance {instance.id} is cancelled.")
    return Told(Result.NOT_NEEDED, f"Instance {instance.id} was over already.")


def _retry(engine: ProcessEngine, work: UnitOfWork, instance: Instance, act: Act, why: Why) -> Told:
    if act.values:
        _set(engine, work, instance, act, why)
    wanted = {
        name: value
        for name, value in (("code", act.code), ("element", act.element), ("token", act.token))
        if value is not None
    }
    found = work.processes.incidents(instance_id=instance.id, resolved_at=None, **wanted)
    if not found:
        return Told(Result.NOT_NEEDED, f"Nothing is stuck in instance {instance.id}.")
    for incident in found:
        try_again(engine, work, incident, why)
    still = {each.token for each in work.processes.incidents(instance_id=instance.id, resolved_at=None)}
    stuck = sum(incident.token in still for incident in found)
    words = f"{len(found)} tried again, {len(found) - stuck} went on, {stuck} still stuck."
    return Told(Result.DONE, words, {"tried": len(found), "stuck": stuck})


def _set(engine: ProcessEngine, work: UnitOfWork, instance: Instance, act: Act, why: Why) -> Told:
    if not act.values:
        raise ValueRefused("Say which variables get which values.", field="values")
    complaint = _locked(work, instance)
    for name in act.values:
        root, _, attribute = name.partition(".")
        if (
            root == "complaint"
            and complaint is not None
            and not may(work.actor, correcting(attribute), complaint)
        ):
            raise NotAllowed(f"Your roles do not allow you to change {name}.")
    before = engine.set_variables(work, instance.id, act.scope, act.values, why)
    detail = {"before": dict(before)} if _sees_values(work, complaint) else {}
    return Told(Result.DONE, f"{', '.join(act.values)} set in instance {instance.id}.", detail)


def _sees_values(work: UnitOfWork, complaint: Complaint | None) -> bool:
    if complaint is None or work.actor.kind is ActorKind.SYSTEM:
        return True
    return may_see(work, work.actor, complaint) is Sight.WHOLE


def _add_token(engine: ProcessEngine, work: UnitOfWork, instance: Instance, act: Act, why: Why) -> Told:
    element = _element(act)
    token = engine.add_token(work, instance.id, element, why, inside=act.inside, flow=act.flow)
    return Told(
        Result.DONE, f"Token {token} was added at {element} in instance {instance.id}.", {"token": token}
    )


def _cancel_token(engine: ProcessEngine, work: UnitOfWork, instance: Instance, act: Act, why: Why) -> Told:
    if act.token is None:
        raise ValueRefused("Say which token.", field="token")
    if engine.cancel_token(work, instance.id, act.token, why):
        return Told(Result.DONE, f"Token {act.token} of instance {instance.id} is cancelled.")
    return Told(Result.NOT_NEEDED, f"Token {act.token} of instance {instance.id} was gone already.")


def _terminate(engine: ProcessEngine, work: UnitOfWork, instance: Instance, act: Act, why: Why) -> Told:
    element = _element(act)
    count = engine.terminate(work, instance.id, element, why)
    if count:
        return Told(Result.DONE, f"{count} ended at {element} in instance {instance.id}.", {"tokens": count})
    return Told(Result.NOT_NEEDED, f"No token stands at {element} in instance {instance.id}.")


def _move(engine: ProcessEngine, work: UnitOfWork, instance: Instance, act: Act, why: Why) -> Told:
    element = _element(act)
    if not act.to:
        raise ValueRefused("Say to which element.", field="to")
    count = engine.move(work, instance.id, element, act.to, why, flow=act.flow)
    if count:
        words = f"{count} moved from {element} to {act.to} in instance {instance.id}."
        return Told(Result.DONE, words, {"tokens": count})
    return Told(Result.NOT_NEEDED, f"No token stands at {element} in instance {instance.id}.")


def _migrate(engine: ProcessEngine, work: UnitOfWork, instance: Instance, act: Act, why: Why) -> Told:
    to = _release(work, act.release_id)
    plan = engine.migrate(work, instance.id, to, mappings_of(act.mapping), why)
    if not plan.is_needed:
        return Told(Result.NOT_NEEDED, f"Instance {instance.id} is on release {plan.to_release_id} already.")
    if not plan.is_possible:
        raise OutOfOrder(plan.why_not, reasons=plan.reasons)
    words = f"Instance {instance.id} went from release {plan.from_release_id} to {plan.to_release_id}."
    return Told(Result.DONE, words, {"steps": [step.sentence for step in plan.steps]})


def _take_back(engine: ProcessEngine, work: UnitOfWork, instance: Instance, act: Act, why: Why) -> Told:
    if engine.take_back(work, instance.id, why):
        back = work.processes.get(instance.id).release_id
        return Told(Result.DONE, f"Instance {instance.id} is back on release {back}, as it was.")
    return Told(Result.NOT_NEEDED, f"The migration of instance {instance.id} was taken back already.")


DOING: Mapping[Verb, Doing] = {
    Verb.SUSPEND: _suspend,
    Verb.RESUME: _resume,
    Verb.CANCEL: _cancel,
    Verb.RETRY: _retry,
    Verb.SET: _set,
    Verb.ADD_TOKEN: _add_token,
    Verb.CANCEL_TOKEN: _cancel_token,
    Verb.TERMINATE: _terminate,
    Verb.MOVE: _move,
    Verb.MIGRATE: _migrate,
    Verb.TAKE_BACK: _take_back,
}
