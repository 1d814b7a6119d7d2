"""From a file to scenarios: every word is checked, and what is not known is refused with the nearest word that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from engine.domain.suggesting import meant
from engine.simulation.kinds import Kinds
from engine.simulation.moments import USUAL_START
from engine.simulation.placed import Placed, read_yaml
from engine.simulation.scenario import Expected, Given, Question, Scenario, Start, Step, dotted
from engine.simulation.words import EXPECT, EXPECTED, FILE, QUESTION, SCENARIO, START, VERBS


def read_scenarios(
    content: bytes, file: str, beside: Mapping[str, bytes] | None = None
) -> tuple[list[Scenario], list[Question]]:
    """The scenarios and questions of a file; `beside` are the files it may take answers from, by name.

    Raises ScenarioRefused.
    """
    return _Reader(file, beside or {}).file_(read_yaml(content, file))


class _Reader(Kinds):
    def __init__(self, file: str, beside: Mapping[str, bytes]) -> None:
        super().__init__(file)
        self.beside = beside

    def file_(self, placed: Placed) -> tuple[list[Scenario], list[Question]]:
        found = self.entries(placed, FILE, "a file of scenarios")
        if not {"scenarios", "decisions", "answers"} & found.keys():
            self.refuse(placed, "the file has no scenarios, no decisions and no answers")
        answers = {**self._answers_from(found.get("answers from")), **self.answers(found.get("answers"))}
        return (
            [self._scenario(item, answers) for item in self._cases(found.get("scenarios"), "scenarios")],
            [self._question(item) for item in self._cases(found.get("decisions"), "decisions")],
        )

    def _cases(self, placed: Placed | None, what: str) -> Iterator[Placed]:
        names: set[str] = set()
        for item in self._several(placed, what):
            name = item.value.get("name") if isinstance(item.value, dict) else None
            if name is None:
                self.refuse(item, "a case has a name: a sentence that says what happens")
            words = self.words(name, "name")
            if words in names:
                self.refuse(name, f"another case of this file is called {words!r}, too")
            names.add(words)
            yield item

    def _several(self, placed: Placed | None, what: str) -> list[Placed]:
        if placed is None:
            return []
        if not isinstance(placed.value, list):
            self.refuse(placed, f"{what} is a list, each item behind a dash")
        return list(placed.value)

    def _answers_from(self, placed: Placed | None) -> Mapping[str, Given]:
        if placed is None:
            return {}
        name = self.words(placed, "answers from")
        content = self.beside.get(name)
        if content is None:
            self.refuse(placed, f"there is no file {name!r} beside this one{meant(name, self.beside)}")
        other = _Reader(str(PurePosixPath(self.file).with_name(name)), {})
        found = other.entries(read_yaml(content, other.file), FILE, "a file of scenarios")
        if "answers" not in found:
            self.refuse(placed, f"the file {name!r} has no answers")
        return other.answers(found["answers"])

    def answers(self, placed: Placed | None) -> Mapping[str, Given]:
        """What is answered where a scenario says nothing else."""
        if placed is None:
            return {}
        if not isinstance(placed.value, dict):
            self.refuse(placed, "answers are written by element or form, each with its values")
        return {
            name: Given(self.file, item.line, dotted(self.names(item, f"the answer to {name}")))
            for name, item in placed.value.items()
        }

    def _scenario(self, placed: Placed, answers: Mapping[str, Given]) -> Scenario:
        found = self.entries(placed, (*SCENARIO, *EXPECTED), "a scenario")
        if "start" not in found:
            self.refuse(placed, "a scenario has a start: a form or a process")
        at_end = {name: item for name, item in found.items() if name in EXPECTED}
        return Scenario(
            self.file,
            placed.line,
            self.words(found["name"], "name"),
            self.moment(found["at"], "at") if "at" in found else USUAL_START,
            tuple(map(self._earlier, self._several(found.get("before"), "before"))),
            self._start(found["start"]),
            tuple(map(self._step, self._several(found.get("steps"), "steps"))),
            self._expected(Placed(at_end, placed.line)),
            answers,
        )

    def _earlier(self, placed: Placed) -> Start | Step | Expected:
        """Something that happens before the start: another start, or a step that makes things ready."""
        is_start = isinstance(placed.value, dict) and placed.value.keys() & {"form", "process"}
        return self._start(placed) if is_start else self._step(placed)

    def _start(self, placed: Placed) -> Start:
        found = self.read(placed, START, "a start")
        kinds = [name for name in ("form", "process") if name in found]
        if len(kinds) != 1:
            self.refuse(placed, "a start names either a form or a process")
        ways = found.keys() & {"message", "signal", "after"}
        if kinds == ["form"] and (ways or "complaint" in found):
            self.refuse(placed, "a start with a form says everything in `with`")
        if len(ways) > 1:
            self.refuse(
                placed, "a process starts by a message, by a signal or after some time: only one of them"
            )
        if ways & {"signal", "after"} and found.keys() & {"complaint", "with"}:
            self.refuse(placed, "what starts by a signal or by time has no complaint and no values")
        return Start(
            placed.line,
            found.get("form"),
            found.get("process"),
            found.get("message"),
            found.get("signal"),
            found.get("after"),
            found.get("with", {}),
            found.get("complaint", {}),
            found.get("channel"),
            found.get("unit"),
            found.get("as"),
        )

    def _step(self, placed: Placed) -> Step | Expected:
        if not isinstance(placed.value, dict) or not placed.value:
            self.refuse(placed, f"a step begins with what happens: {', '.join(sorted((*VERBS, EXPECT)))}")
        name, about = next(iter(placed.value.items()))
        if name == EXPECT and len(placed.value) == 1:
            return self._expected(about)
        verb = VERBS.get(name)
        if verb is None:
            self.refuse(about, f"there is no step {name!r}{meant(name, (*VERBS, EXPECT))}")
        more = Placed({key: item for key, item in placed.value.items() if key != name}, placed.line)
        return Step(
            placed.line, name, verb.about(self, about, name), self.read(more, verb.more, f"the step {name!r}")
        )

    def _expected(self, placed: Placed) -> Expected:
        return Expected(placed.line, **self.read(placed, EXPECTED, "what is expected"))

    def _question(self, placed: Placed) -> Question:
        found = self.read(placed, QUESTION, "a question to a decision")
        if "decision" not in found:
            self.refuse(placed, "a question to a decision names the decision")
        if not {"expect", "rules"} & found.keys():
            self.refuse(
                placed, "a question to a decision says what to expect: an answer, or the rules that match"
            )
        return Question(
            self.file,
            placed.line,
            found["name"],
            found["decision"],
            found.get("given", {}),
            "expect" in found,
            found.get("expect"),
            found.get("rules"),
            found.get("at", USUAL_START),
        )
