"""Runs scenarios one after another, each in a bank of its own, and adds up what they cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from engine.dmn import DmnError
from engine.domain.errors import RedressError
from engine.domain.running import Incident
from engine.domain.suggesting import meant
from engine.feel import Environment, FeelError, compile_expression, to_json
from engine.simulation.bank import Bank, Town
from engine.simulation.begin import begin
from engine.simulation.coverage import Covered
from engine.simulation.expecting import fits, misses, written
from engine.simulation.known import Known, known
from engine.simulation.play import Play, Refused, Unplayable
from engine.simulation.result import Outcome, Result
from engine.simulation.scenario import Expected, Question, Scenario, Start, Step
from engine.simulation.steps import take
from engine.use_cases import subject


def run(
    files: Mapping[str, bytes], scenarios: Sequence[Scenario], questions: Sequence[Question] = ()
) -> Result:
    """Play all of them over these definitions, by their path in a release; raises what refuses the definitions."""
    return run_in(Town(files), scenarios, questions)


def run_in(town: Town, scenarios: Sequence[Scenario], questions: Sequence[Question] = ()) -> Result:
    """Play all of them in a town that is there already."""
    covered = Covered()
    names = known(town.definitions, {form.id for form in town.forms}, town.faulty.operations)
    outcomes = _wrong_answers(names, scenarios)
    for scenario in scenarios:
        wrong = next(names.wrong(scenario), None)
        if wrong is not None:
            outcomes.append(Outcome(scenario.file, wrong[0], scenario.name, False, wrong[1]))
            continue
        bank = town.bank(scenario.at)
        outcomes.append(_played(bank, scenario))
        covered.add(town.trace.steps)
        for event in bank.store.tables.events:
            if event.kind == "decision.made":
                covered.add_rules(event.detail["decision"], event.detail["rules"])
    outcomes += [_asked(town, question, covered) for question in questions]
    outcomes.sort(key=lambda outcome: (outcome.file, outcome.line))
    return Result(
        tuple(outcomes),
        tuple(covered.processes(town.definitions)),
        tuple(covered.decisions(town.definitions)),
    )


def _wrong_answers(names: Known, scenarios: Iterable[Scenario]) -> list[Outcome]:
    """Each of the usual answers that nothing asks for, once."""
    wrong = {found for scenario in scenarios for found in names.wrong_answers(scenario.answers)}
    return [Outcome(file, line, PurePosixPath(file).stem, False, reason) for file, line, reason in wrong]


def _played(bank: Bank, scenario: Scenario) -> Outcome:
    play = Play(bank, scenario.answers)
    line = scenario.line
    try:
        for step in scenario.whole:
            line = step.line
            missed = "; ".join(_done(play, step, f"scenario-{line}"))
            if missed:
                return _failed(scenario, line, missed, bank)
    except (Unplayable, Refused, RedressError) as error:
        return _failed(scenario, line, str(error), bank)
    if scenario.end.incidents is None and _incidents(bank):
        return _failed(scenario, scenario.line, "something could not go on", bank)
    return Outcome(scenario.file, scenario.line, scenario.name, True, path=_path(bank))


def _done(play: Play, step: Start | Step | Expected, key: str) -> Iterable[str]:
    """What is missing of what was expected, after this step."""
    if isinstance(step, Expected):
        return misses(play, step)
    if isinstance(step, Start):
        begin(play, step, key)
    else:
        take(play, step)
    return ()


def _failed(scenario: Scenario, line: int, message: str, bank: Bank) -> Outcome:
    told = "".join(f"; incident at {found.element}: {found.message}" for found in _incidents(bank))
    return Outcome(scenario.file, line, scenario.name, False, f"{message}{told}", _path(bank))


def _incidents(bank: Bank) -> list[Incident]:
    return [found for found in bank.store.tables.incidents.values() if found.resolved_at is None]


def _path(bank: Bank) -> tuple[str, ...]:
    return tuple(step.element for step in bank.town.trace.steps)


def _given(value: Any, environment: Environment) -> Any:
    """A value of a question; text that begins with "=" is FEEL, for dates and durations."""
    if isinstance(value, Mapping):
        return {name: _given(inner, environment) for name, inner in value.items()}
    if isinstance(value, list):
        return [_given(inner, environment) for inner in value]
    if isinstance(value, str) and value.startswith("="):
        return compile_expression(value[1:]).evaluate({}, environment)
    return value


def _asked(town: Town, question: Question, covered: Covered) -> Outcome:
    def outcome(message: str = "") -> Outcome:
        return Outcome(question.file, question.line, question.name, not message, message)

    model = town.definitions.decisions.get(question.decision)
    if model is None:
        suggestion = meant(question.decision, town.definitions.decisions)
        return outcome(f"there is no decision {question.decision!r}{suggestion}")
    bank = town.bank(question.at)
    with bank.work() as work:
        environment = Environment(now=work.now, functions=subject.functions(work, None))
        try:
            given = {name: _given(value, environment) for name, value in question.given.items()}
            explained = model.evaluate(question.decision, {"now": work.now, **given}, environment)
        except (FeelError, DmnError) as error:
            return outcome(str(error))
    matched = [rule.id for table in explained.record.tables for rule in table.matched]
    covered.add_rules(question.decision, matched)
    found = to_json(explained.value)
    if question.is_expected and not fits(found, question.expected):
        return outcome(f"expected {written(question.expected)}, but the decision says {written(found)}")
    if question.rules is not None and list(question.rules) != matched:
        return outcome(f"expected the rules {', '.join(question.rules)}, but matched {', '.join(matched)}")
    return outcome()
