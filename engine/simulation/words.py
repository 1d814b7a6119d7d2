"""The words of a file of scenarios: what may stand where, and which kind of value each takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.simulation.kinds import Kinds, Read, one_of

NOTHING_WAITS = "nothing waits"


@dataclass(frozen=True, slots=True)
class Verb:
    """A kind of step: what it is about, and what may be said besides."""

    about: Read
    more: Mapping[str, Read]


EXPECT = "expect"
FILE = ("scenarios", "decisions", "answers", "answers from")
SCENARIO = ("name", "at", "before", "start", "steps")
START: Mapping[str, Read] = {
    "form": Kinds.words,
    "process": Kinds.words,
    "message": Kinds.words,
    "signal": Kinds.words,
    "after": Kinds.length,
    "with": Kinds.names,
    "complaint": Kinds.names,
    "channel": Kinds.words,
    "unit": Kinds.words,
    "as": Kinds.words,
}
EXPECTED: Mapping[str, Read] = {
    "tasks": Kinds.listed,
    "values": Kinds.names,
    "holds": Kinds.listed,
    "notices": Kinds.listed,
    "mails": Kinds.mails,
    "clocks": Kinds.clocks,
    "incidents": Kinds.listed,
    "alerted": Kinds.listed,
    "happened": Kinds.listed,
    "path": Kinds.path,
    "never": Kinds.listed,
    "ended": Kinds.flag,
}
QUESTION: Mapping[str, Read] = {
    "name": Kinds.words,
    "decision": Kinds.words,
    "at": Kinds.moment,
    "given": Kinds.names,
    "expect": Kinds.anything,
    "rules": Kinds.listed,
}
WHO: Mapping[str, Read] = {"as": Kinds.words}
WHY: Mapping[str, Read] = {"because": Kinds.words}
REFUSED: Mapping[str, Read] = {"refused": Kinds.refusal}
VERBS: Mapping[str, Verb] = {
    "answer": Verb(Kinds.words, {"with": Kinds.names, "of": Kinds.words, **WHO, **REFUSED}),
    "go on until": Verb(Kinds.words, {}),
    "wait": Verb(Kinds.length, {}),
    "wait until": Verb(Kinds.moment, {}),
    "inform": Verb(Kinds.words, {**WHO, **REFUSED}),
    "withdraw": Verb(Kinds.words, {**WHO, **REFUSED}),
    "offer": Verb(one_of("accepted", "rejected"), {**WHY, **WHO, **REFUSED}),
    "rate": Verb(Kinds.count, {**WHY, **REFUSED}),
    "raise to": Verb(Kinds.words, {**WHY, **WHO, **REFUSED}),
    "invite": Verb(Kinds.words, {"question": Kinds.words, "days": Kinds.count, **WHO, **REFUSED}),
    "let go": Verb(Kinds.words, {**WHY, **WHO, **REFUSED}),
    "nudge": Verb(Kinds.words, {**WHO, **REFUSED}),
    "message": Verb(Kinds.words, {"key": Kinds.words, "with": Kinds.names, "kept for": Kinds.length}),
    "signal": Verb(Kinds.words, {"with": Kinds.names}),
    "bank": Verb(one_of("pays", "refuses", "is silent"), WHY),
    "job": Verb(Kinds.words, {"with": Kinds.names, "error": Kinds.words, "failed": Kinds.flag, **WHY}),
    "fail": Verb(Kinds.words, {"times": Kinds.count, "error": Kinds.words, **WHY}),
    "retry": Verb(Kinds.words, {**WHO, **REFUSED}),
}
