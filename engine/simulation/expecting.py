"""Whether what a scenario expects is so; what is not, in a sentence: what was expected, and what there is instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.bpmn.expressions import condition
from engine.domain.clocks import Clock
from engine.domain.running import InstanceState
from engine.feel import Environment, FeelError, to_json
from engine.simulation.play import Play, Unplayable
from engine.simulation.scenario import Expected, Names, dotted
from engine.simulation.tracing import Passed
from engine.use_cases import subject

SHOWN = 8


def misses(play: Play, expected: Expected) -> Iterator[str]:
    """A sentence for everything that is not as expected."""
    yield from _listed("tasks", expected.tasks, play.waiting(), in_order=False)
    yield from _listed("notices", expected.notices, _notices(play))
    yield from _listed("alerted", expected.alerted, _alerted(play))
    yield from _listed("incidents", expected.incidents, _incidents(play), in_order=False)
    yield from _mails(play, expected.mails)
    yield from _clocks(play, expected.clocks)
    yield from _happened(play, expected.happened)
    yield from _values(play, expected)
    steps = play.way()
    yield from _path(steps, expected.path)
    yield from _never(steps, expected.never)
    if expected.ended is not None:
        yield from _ended(play, ended=expected.ended)


def _listed(
    what: str, expected: Sequence[str] | None, found: Sequence[str], *, in_order: bool = True
) -> Iterator[str]:
    if expected is None:
        return
    if (list(expected) if in_order else sorted(expected)) != (list(found) if in_order else sorted(found)):
        yield f"{what}: expected {_shown(expected)}, but found {_shown(found)}"


def _shown(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _notices(play: Play) -> list[str]:
    with play.bank.work() as work:
        return [n.event for n in work.notices.find(**_mine(play))]


def _alerted(play: Play) -> list[str]:
    return [str(detail.get("role")) for kind, detail in _history(play) if kind == "people.alerted"]


def _history(play: Play) -> list[tuple[str, Mapping[str, Any]]]:
    if play.complaint_id is None:
        return []
    with play.bank.work() as work:
        return [(event.kind, event.detail) for event in work.events(play.complaint_id)]


def _incidents(play: Play) -> list[str]:
    with play.bank.work() as work:
        return [incident.element for incident in work.processes.incidents(resolved_at=None)]


def _mine(play: Play) -> dict[str, Any]:
    return {"complaint_id": play.complaint_id}


def _mails(play: Play, expected: Sequence[str | Names] | None) -> Iterator[str]:
    """Each as a part of its subject, or as {to, subject, body} of which each is a part."""
    if expected is None:
        return
    found = play.bank.outside.mails[play.mails_before :]
    wanted = [{"subject": one} if isinstance(one, str) else dict(one) for one in expected]
    fits = len(found) == len(wanted) and all(
        str(part) in getattr(mail, name, "")
        for mail, one in zip(found, wanted, strict=True)
        for name, part in one.items()
    )
    if not fits:
        said = "; ".join(f"to {mail.to}: {mail.subject}" for mail in found) or "none"
        yield f"mails: expected {', '.join(map(str, expected)) or 'none'}, but sent were {said}"


def _clocks(play: Play, expected: Mapping[str, str]) -> Iterator[str]:
    if not expected:
        return
    with play.bank.work() as work:
        clocks = {clock.name: clock for clock in work.clocks.find(**_mine(play))}
    for name, wanted in expected.items():
        found = _state(clocks.get(name))
        if found != wanted:
            yield f"clocks: expected {name} to be {wanted}, but it is {found}"


def _state(clock: Clock | None) -> str:
    if clock is None:
        return "not there"
    if clock.stopped_at is not None:
        return "stopped"
    return "paused" if clock.paused_at is not None else "running"


def _happened(play: Play, expected: Sequence[str]) -> Iterator[str]:
    kinds = Counter(kind for kind, _ in _history(play))
    for kind, count in Counter(expected).items():
        if kinds[kind] < count:
            times = f" {count} times" if count > 1 else ""
            yield f"happened: expected {kind!r}{times}, but the history has {_shown(sorted(kinds))}"


def names_of(play: Play) -> dict[str, Any]:
    """The variables of the process as they stand, or stood at its end, and the complaint."""
    found: dict[str, Any] = {}
    instances = play.instances()
    running = [i for i in instances if i.state is InstanceState.RUNNING]
    with play.bank.work() as work:
        for instance in running:
            for scope in work.processes.scopes(instance.id):
                if scope.number == 0:
                    found |= scope.values
        if not running:
            for instance in instances:
                found |= play.bank.town.trace.variables.get(instance.process, {})
        if play.complaint_id is not None:
            found["complaint"] = dict(subject.read(work, play.complaint_id))
        found["now"] = work.now
    return found


def _values(play: Play, expected: Expected) -> Iterator[str]:
    if not expected.values and not expected.holds:
        return
    names = names_of(play)
    for name, wanted in dotted(expected.values).items():
        found = to_json(_under(names, name))
        if not same(found, wanted):
            yield f"values: expected {name} to be {written(wanted)}, but it is {written(found)}"
    with play.bank.work() as work:
        environment = Environment(now=work.now, functions=subject.functions(work, play.complaint_id))
        for text in expected.holds:
            try:
                found = condition(text).of(names, environment)
            except FeelError as error:
                raise Unplayable(f"{text!r} cannot be read: {error}") from None
            if found is not True:
                yield f"holds: expected {text!r} to be true, but it is {written(to_json(found))}"


def _under(names: Any, path: str) -> Any:
    value = names
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def same(found: Any, wanted: Any) -> bool:
    """Whether a value is the one that was written; numbers by their value, truth values only as themselves."""
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        return found.keys() == wanted.keys() and all(same(found[name], wanted[name]) for name in wanted)
    number = isinstance(found, int | float | Decimal) and isinstance(wanted, int | Decimal)
    return Decimal(str(found)) == wanted if number else bool(found == wanted)


def fits(found: Any, wanted: Any) -> bool:
    """Whether a value has all that was written: of a mapping only the names that are written, of a list every item."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return all(name in found and fits(found[name], inner) for name, inner in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return len(found) == len(wanted) and all(map(fits, found, wanted))
    return same(found, wanted)


def written(value: Any) -> str:
    """A value as an author would write it."""
    if value is None:
        return "null"
    return (
        repr(value)
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def _path(steps: Sequence[Passed], expected: Sequence[str | frozenset[str]]) -> Iterator[str]:
    """Elements in this order, with others between; a set of them in any order."""
    at = 0
    before = "the start"
    for part in expected:
        wanted = set(part) if isinstance(part, frozenset) else {part}
        here = at
        while wanted and here < len(steps):
            step = steps[here]
            wanted -= {step.element, f"{step.process}.{step.element}"}
            here += 1
        if wanted:
            after = [step.element for step in steps[at:]][-SHOWN:]
            passed = f"the last were {' → '.join(after)}" if after else "nothing was"
            yield f"path: expected {_shown(sorted(wanted))} to be passed after {before}, but {passed}"
            return
        at, before = here, part if isinstance(part, str) else _shown(sorted(part))


def _never(steps: Sequence[Passed], expected: Sequence[str]) -> Iterator[str]:
    passed = {name for step in steps for name in (step.element, f"{step.process}.{step.element}")}
    for name in expected:
        if name in passed:
            yield f"never: {name} was passed"


def _ended(play: Play, *, ended: bool) -> Iterator[str]:
    running = [instance for instance in play.instances() if instance.state is InstanceState.RUNNING]
    if ended and running:
        still = sorted(element for each in running for element in play.bank.town.engine.elements(each))
        yield f"ended: expected the process to be over, but it still is at {_shown(still)}"
    elif not ended and not running:
        yield "ended: expected the process to go on, but it is over"
