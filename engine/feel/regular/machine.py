"""Runs a regular expression by backtracking that never visits a state twice, counting every step."""

from __future__ import annotations

from engine.feel.regular.classes import variants
from engine.feel.regular.pattern import Program
from engine.feel.runtime import Run

Groups = tuple[int | None, ...]
_BATCH = 64


def search(program: Program, text: str, start: int, run: Run) -> Groups | None:
    """The first match from an offset on: start and end of the whole and of each group."""
    seen: set[tuple[int, int, Groups]] = set()
    passed = 0
    for at in range(start, len(text) + 1):
        if at < len(text) and not program.may_start(text[at]):
            passed += 1
            if passed >= _BATCH:
                run.spend(passed)
                passed = 0
            continue
        found = _match(program, text, at, run, seen)
        if found is not None:
            run.spend(passed)
            return found
    run.spend(passed)
    return None


def _match(
    program: Program, text: str, start: int, run: Run, seen: set[tuple[int, int, Groups]]
) -> Groups | None:
    steps = program.steps
    empty: Groups = (None,) * (2 * program.groups)
    pending: list[tuple[int, int, Groups]] = [(0, start, empty)]
    spent = 0
    while pending:
        place, at, groups = pending.pop()
        while True:
            spent += 1
            if spent >= _BATCH:
                run.spend(spent)
                spent = 0
            step = steps[place]
            kind = step.kind
            if kind == "test":
                if at >= len(text) or not step.test(text[at]):  # type: ignore[misc]
                    break
                at += 1
                place += 1
            elif kind == "split":
                state = (place, at, groups if program.looks_back else ())
                if state in seen:
                    break
                seen.add(state)
                pending.append((step.second, at, groups))
                place = step.first
            elif kind == "jump":
                place = step.first
            elif kind == "save":
                index = step.first - 2
                groups = (*groups[:index], at, *groups[index + 1 :])
                place += 1
            elif kind == "same":
                end = _repeats(program, text, at, groups, step.first)
                if end is None:
                    break
                at = end
                place += 1
            elif kind == "found":
                run.spend(spent)
                return (start, at, *groups)
            elif (_at_start if kind == "start" else _at_end)(program, text, at):
                place += 1
            else:
                break
    run.spend(spent)
    return None


def _repeats(program: Program, text: str, at: int, groups: Groups, number: int) -> int | None:
    first, last = groups[2 * number - 2], groups[2 * number - 1]
    if first is None or last is None:
        return at
    wanted = text[first:last]
    found = text[at : at + len(wanted)]
    if len(found) < len(wanted):
        return None
    if program.ignore_case:
        alike = all(not variants(a).isdisjoint(variants(b)) for a, b in zip(wanted, found, strict=True))
    else:
        alike = wanted == found
    return at + len(wanted) if alike else None


def _at_start(program: Program, text: str, at: int) -> bool:
    return at == 0 or (program.multiline and at < len(text) and text[at - 1] == "\n")


def _at_end(program: Program, text: str, at: int) -> bool:
    return at == len(text) or (program.multiline and text[at] == "\n")
