"""What may happen in a scenario, step by step: each through the use case that does it in the bank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from engine.bpmn.specs.happenings import signal_name
from engine.domain.actor import SYSTEM, Actor, customer_of
from engine.domain.department_requests import DepartmentRequest
from engine.domain.running import JobEnd, JobOutcome
from engine.domain.suggesting import meant
from engine.simulation import desk
from engine.simulation.outside import Fault
from engine.simulation.play import Play, Refused, Unplayable, done
from engine.simulation.scenario import Names, Step
from engine.simulation.words import NOTHING_WAITS
from engine.use_cases import case, collaboration, incidents

OFFICE = "consumer_protection"
NO_TIME = timedelta()


def take(play: Play, step: Step) -> None:
    """Play one step; raises Refused for what a form or the bank refuses, unless the step says that it will be."""
    wanted = step.more.get("refused", False)
    try:
        TAKE[step.verb](play, step)
    except Refused as refused:
        if wanted is True or (wanted and set(wanted) <= set(refused.fields)):
            return
        raise
    if wanted:
        raise Unplayable("this should have been refused, and was not")
    play.bank.deliver()


def _answer(play: Play, step: Step) -> None:
    more = step.more
    desk.answer(play, step.about, more.get("with", {}), of=more.get("of"), who=more.get("as"))


def _go_on(play: Play, step: Step) -> None:
    desk.go_on(play, None if step.about == NOTHING_WAITS else step.about)


# time


def _wait(play: Play, step: Step) -> None:
    play.bank.pass_time(play.later(step.about))


def _wait_until(play: Play, step: Step) -> None:
    now = play.bank.clock.now()
    if step.about < now:
        raise Unplayable(f"it is {now.isoformat()} already; time does not go back")
    play.bank.pass_time(step.about)


# the customer, or somebody for them


def _customer(play: Play, step: Step) -> Actor:
    who = step.more.get("as")
    return customer_of(play.about) if who is None else play.person(who)


def _inform(play: Play, step: Step) -> None:
    done(lambda: case.add_information(play.bank.ports, _customer(play, step), play.about, step.about))


def _withdraw(play: Play, step: Step) -> None:
    done(lambda: case.withdraw(play.bank.ports, _customer(play, step), play.about, step.about))


def _offer(play: Play, step: Step) -> None:
    accepted, why = step.about == "accepted", step.more.get("because", "")
    done(lambda: case.answer_offer(play.bank.ports, _customer(play, step), play.about, accepted, why))


def _rate(play: Play, step: Step) -> None:
    why = step.more.get("because", "")
    done(lambda: case.rate(play.bank.ports, customer_of(play.about), play.about, step.about, why))


# consumer protection


def _office(play: Play, step: Step) -> Actor:
    return play.person(step.more.get("as", OFFICE))


def _raise_to(play: Play, step: Step) -> None:
    why = step.more.get("because", "")
    done(lambda: case.raise_grade(play.bank.ports, _office(play, step), play.about, step.about, why))


def _invite(play: Play, step: Step) -> None:
    actor, days = _office(play, step), step.more.get("days", 3)
    question = step.more.get("question", "What happened on your side?")
    done(lambda: collaboration.invite(play.bank.ports, actor, play.about, step.about, question, days))


def _let_go(play: Play, step: Step) -> None:
    actor, request = _office(play, step), _request(play, step.about)
    why = step.more.get("because", "No longer needed.")
    done(lambda: collaboration.let_go(play.bank.ports, actor, request.id, why))


def _nudge(play: Play, step: Step) -> None:
    actor, request = _office(play, step), _request(play, step.about)
    done(lambda: collaboration.nudge(play.bank.ports, actor, request.id))


def _request(play: Play, department: str) -> DepartmentRequest:
    with play.bank.work() as work:
        for request in work.requests.find(complaint_id=play.about):
            if request.is_open and work.units.get(request.department_id).code == department:
                return request
    raise Unplayable(f"nothing is asked of {department!r} now")


# what comes from outside


def _message(play: Play, step: Step) -> None:
    key, kept = step.more.get("key", str(play.complaint_id or "")), step.more.get("kept for")
    ttl = NO_TIME if kept is None else play.later(kept) - play.bank.clock.now()
    _publish(play, step.about, key, step.more.get("with", {}), ttl)


def _signal(play: Play, step: Step) -> None:
    _publish(play, signal_name(step.about), "", step.more.get("with", {}))


def _publish(play: Play, name: str, key: str, variables: Names, ttl: timedelta = NO_TIME) -> None:
    with play.bank.work(SYSTEM) as work:
        heard = done(lambda: play.bank.town.engine.publish(work, name, key, variables, ttl=ttl))
    if not heard and not ttl:
        waited_for = sorted({s.message for s in play.bank.store.tables.subscriptions.values()})
        raise Unplayable(f"nobody waits for it; waited for: {', '.join(waited_for) or 'nothing'}")


def _bank(play: Play, step: Step) -> None:
    outside = play.bank.outside
    outside.is_silent = step.about == "is silent"
    refuses = step.about == "refuses"
    outside.refuses = step.more.get("because", "The account is closed.") if refuses else None


def _job(play: Play, step: Step) -> None:
    """What becomes of the oldest job of an operation that works outside."""
    jobs = play.bank.jobs()
    found = [job for job in jobs if job.payload["type"] == step.about]
    if not found:
        waiting = ", ".join(sorted(job.payload["type"] for job in jobs)) or "none"
        raise Unplayable(f"no job of {step.about!r} waits; waiting: {waiting}")
    play.bank.end_job(found[0], _outcome(step.more))


def _outcome(more: Names) -> JobOutcome:
    why = more.get("because", "")
    if more.get("error") is not None:
        return JobOutcome(JobEnd.THROWN, code=more["error"], message=why or more["error"])
    if more.get("failed"):
        return JobOutcome(JobEnd.FAILED, code="operation.failed", message=why or "It is broken for now.")
    return JobOutcome(JobEnd.DONE, more.get("with", {}))


# what breaks


def _fail(play: Play, step: Step) -> None:
    faulty = play.bank.town.faulty
    if step.about not in faulty.operations:
        raise Unplayable(f"there is no operation {step.about!r}{meant(step.about, faulty.operations)}")
    if faulty.operations[step.about].outside is not None:
        raise Unplayable(f"{step.about!r} works outside: say what becomes of it with `job`, when it waits")
    why = step.more.get("because", "It is broken for now.")
    faulty.faults[step.about] = Fault(step.more.get("times", 1), why, step.more.get("error"))


def _retry(play: Play, step: Step) -> None:
    actor = play.person(step.more.get("as", "administrator"))
    with play.bank.work() as work:
        found = [each.id for each in work.processes.incidents(resolved_at=None) if each.element == step.about]
    if not found or found[0] is None:
        raise Unplayable(f"no incident stands at {step.about!r}")
    id = found[0]
    done(lambda: incidents.retry(play.bank.ports, actor, id, "It is mended."))


TAKE: Mapping[str, Callable[[Play, Step], None]] = {
    "answer": _answer,
    "go on until": _go_on,
    "wait": _wait,
    "wait until": _wait_until,
    "inform": _inform,
    "withdraw": _withdraw,
    "offer": _offer,
    "rate": _rate,
    "raise to": _raise_to,
    "invite": _invite,
    "let go": _let_go,
    "nudge": _nudge,
    "message": _message,
    "signal": _signal,
    "bank": _bank,
    "job": _job,
    "fail": _fail,
    "retry": _retry,
}
