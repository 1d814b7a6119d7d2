"""How a scenario begins: a complaint comes in through a form, or a process is started by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.bpmn.specs.happenings import signal_name
from engine.domain.actor import SYSTEM
from engine.domain.complaint import Channel
from engine.domain.intake import REGIMES, NewComplaint
from engine.domain.suggesting import meant
from engine.domain.tracking import secret_of
from engine.memory import MemoryUnitOfWork
from engine.simulation.desk import checked
from engine.simulation.play import Play, Unplayable, done
from engine.simulation.scenario import Start, dotted
from engine.use_cases import intake, subject


def begin(play: Play, start: Start, key: str) -> None:
    """The complaint comes in, or the process starts; a play may begin anew, then it is about the last."""
    play.began_at_step = len(play.bank.town.trace.steps)
    play.mails_before = len(play.bank.outside.mails)
    if start.form is not None:
        play.complaint_id = _submitted(play, start, start.form, key)
    else:
        _start(play, start, start.process or "", key)
    play.bank.deliver()


def _submitted(play: Play, start: Start, form: str, key: str) -> int:
    actor = SYSTEM if start.who is None else play.person(start.who)
    answers = checked(play, form, {**play.usual(form), **dotted(start.values)}, {})
    staff = start.who is not None
    submitted = done(
        lambda: intake.submit(
            play.bank.ports,
            actor,
            answers,
            channel=start.channel or (Channel.COUNTER if staff else Channel.PORTAL),
            key=key,
            staff=staff,
            unit=None if staff else start.unit,
        )
    )
    return submitted.complaint_id


def _start(play: Play, start: Start, process: str, key: str) -> None:
    if start.signal is not None or start.after is not None:
        play.complaint_id, play.instance_id = None, _started_by_itself(play, start, process)
        return
    with play.bank.work(SYSTEM) as work:
        play.complaint_id = _entered(play, work, start, key) if start.facts else None
        instance = done(
            lambda: play.bank.town.engine.start(
                work,
                process,
                complaint_id=play.complaint_id,
                variables=start.values,
                message=start.message,
            )
        )
        play.instance_id = instance.id


def _started_by_itself(play: Play, start: Start, process: str) -> int:
    """The newest instance of a process that a signal or its timer started."""
    before = len(play.bank.store.tables.instances)
    if start.signal is not None:
        with play.bank.work(SYSTEM) as work:
            done(lambda: play.bank.town.engine.publish(work, signal_name(start.signal or ""), ""))
    else:
        play.bank.pass_time(play.later(start.after or ""))
    made = list(play.bank.store.tables.instances.values())[before:]
    started = [instance.id for instance in made if instance.process == process]
    if not started:
        raise Unplayable(f"{process!r} did not start")
    return started[-1]


def _entered(play: Play, work: MemoryUnitOfWork, start: Start, key: str) -> int:
    """A complaint in the register with these facts, and no process of its own."""
    facts = dict(start.facts)
    known: dict[str, Any] = {
        name: read(name, facts.pop(name)) for name, read in FACTS.items() if name in facts
    }
    new = done(
        lambda: NewComplaint(
            channel=_channel(start.channel), unit=start.unit, **{"text": "It went wrong.", **known}
        )
    )
    secret = secret_of(play.bank.ports.secret_key, key)
    id = done(lambda: intake.enter(work, SYSTEM, new, key, secret)).id
    for name, value in facts.items():
        _write(work, id, name, value)
    return id


def _write(work: MemoryUnitOfWork, id: int, name: str, value: Any) -> None:
    done(lambda: subject.write(work, id, name, value))


def _channel(name: str | None) -> Channel:
    try:
        return Channel(name or Channel.PORTAL)
    except ValueError:
        raise Unplayable(f"channel is one of: {', '.join(Channel)}{meant(str(name), Channel)}") from None


def _words(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Unplayable(f"complaint.{name} is written in words")
    return value


def _money(name: str, value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise Unplayable(f"complaint.{name} is a number") from None


def _one_of(words: Any) -> Callable[[str, Any], Any]:
    def read(name: str, value: Any) -> Any:
        if value not in [str(word) for word in words]:
            raise Unplayable(f"complaint.{name} is one of: {', '.join(map(str, words))}")
        return next(word for word in words if str(word) == value)

    return read


FACTS: Mapping[str, Callable[[str, Any], Any]] = {
    "text": _words,
    "wish": _words,
    "product": _words,
    "amount": _money,
    "currency": _words,
    "customer_name": _words,
    "customer_email": _words,
    "customer_phone": _words,
    "contact_by": _one_of(("email", "phone", "post")),
    "regime": _one_of(tuple(REGIMES.values())),
    "language": _one_of(("en", "zh_Hans_CN")),
    "external_reference": _words,
}
"""What is known of a complaint when it arrives; everything else of it is written as a diagram would."""
