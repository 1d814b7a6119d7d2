"""Files of scenarios: what they become, and what is refused in them, with its line and the word that was meant."""

from datetime import UTC, datetime
from textwrap import dedent

import pytest

from engine.simulation.moments import USUAL_START
from engine.simulation.placed import ScenarioRefused
from engine.simulation.reading import read_scenarios
from engine.simulation.scenario import Expected, Given, Question, Scenario, Start, Step

CASE = "scenarios:\n- name: A case\n  start: {process: p}\n"


def refused(words: str, **beside: bytes) -> str:
    """What is said of a file, without its name."""
    files = {name.replace("_", "."): content for name, content in beside.items()}
    with pytest.raises(ScenarioRefused) as caught:
        read_scenarios(dedent(words).encode(), "cases.yaml", files)
    return caught.value.message.removeprefix("cases.yaml:")


def test_a_scenario_is_read_whole() -> None:
    words = """\
    answers:
      work: {plan: {amount: 3}}
    scenarios:
      - name: Somebody pays
        at: 2026-12-01 09:00
        before:
          - {form: complaint}
        start: {process: p, message: m, with: {x: 1}, complaint: {amount: 5}, channel: email, unit: SH}
        steps:
          - answer: work
            as: handler
          - expect: {tasks: []}
        path: [a, [b, c]]
        ended: true
    """
    scenarios, questions = read_scenarios(dedent(words).encode(), "cases.yaml")

    assert questions == []
    assert scenarios == [
        Scenario(
            file="cases.yaml",
            line=4,
            name="Somebody pays",
            at=datetime(2026, 12, 1, 1, 0, tzinfo=UTC),
            before=(Start(7, form="complaint"),),
            start=Start(8, None, "p", "m", None, None, {"x": 1}, {"amount": 5}, "email", "SH"),
            steps=(Step(10, "answer", "work", {"as": "handler"}), Expected(12, tasks=())),
            end=Expected(4, path=("a", frozenset({"b", "c"})), ended=True),
            answers={"work": Given("cases.yaml", 2, {"plan.amount": 3})},
        )
    ]


def test_a_question_to_a_decision_is_read_whole() -> None:
    words = "decisions:\n- {name: Big, decision: size, given: {x: 9}, expect: big, rules: [r_2]}\n"
    scenarios, questions = read_scenarios(words.encode(), "cases.yaml")

    assert scenarios == []
    assert questions == [
        Question("cases.yaml", 2, "Big", "size", {"x": 9}, True, "big", ("r_2",), USUAL_START)
    ]


def test_answers_come_from_a_file_beside_and_the_nearer_ones_win() -> None:
    beside = {"usual.yaml": b"answers:\n  a: {x: 1}\n  b: {x: 2}\n"}
    words = "answers from: usual.yaml\nanswers:\n  b: {x: 3}\n" + CASE
    (scenario,), _ = read_scenarios(words.encode(), "folder/cases.yaml", beside)

    assert scenario.answers == {
        "a": Given("folder/usual.yaml", 2, {"x": 1}),
        "b": Given("folder/cases.yaml", 3, {"x": 3}),
    }


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("hello", "1: a file of scenarios is written as names with values: scenarios, decisions, answers"),
        ("{}", "1: the file has no scenarios, no decisions and no answers"),
        ("scenario: []", "1: a file of scenarios knows no 'scenario': did you mean 'scenarios'?"),
        ("scenarios: {}", "1: scenarios is a list, each item behind a dash"),
        ("scenarios:\n- start: {process: p}", "2: a case has a name: a sentence that says what happens"),
        ("scenarios:\n- 3", "2: a case has a name: a sentence that says what happens"),
        ("scenarios:\n- name: true\n  start: {process: p}", "2: name is written in words"),
        (
            CASE + "- name: A case\n  start: {process: p}",
            "4: another case of this file is called 'A case', too",
        ),
        ("scenarios:\n- name: x", "2: a scenario has a start: a form or a process"),
        (CASE + "  step: []", "4: a scenario knows no 'step': did you mean 'steps'?"),
        (CASE + "  at: soon", "4: at is a moment, as 2026-11-23 09:30"),
        (CASE + "  before: x", "4: before is a list, each item behind a dash"),
        (CASE + "  tasks: work", "4: tasks is a list, as [a, b]"),
        (CASE + "  tasks: [{a: b}]", "4: tasks is written in words"),
        (CASE + "  path: work", "4: path is a list of elements"),
        (CASE + "  ended: yes", "4: ended is true or false"),
        (CASE + "  mails: [{form: x}]", "4: a mail knows no 'form'"),
        (CASE + "  clocks: [a]", "4: clocks is written as names with states, as {triage: running}"),
        (
            CASE + "  clocks: {a: ticking}",
            "4: the clock a is one of: running, paused, stopped, not there",
        ),
        (CASE + "  values: 3", "4: values is written as names with values, as {amount: 30}"),
    ],
)
def test_a_file_that_says_what_nobody_knows_is_refused(words: str, reason: str) -> None:
    assert refused(words).startswith(reason)


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("{}", "a start names either a form or a process"),
        ("{form: f, process: p}", "a start names either a form or a process"),
        ("{form: f, complaint: {}}", "a start with a form says everything in `with`"),
        ("{proces: p}", "a start knows no 'proces': did you mean 'process'?"),
        ("{process: [p]}", "process is written in words"),
        ("{process: p, message: m, signal: s}", "a process starts by a message, by a signal or after some"),
        ("{process: p, after: 2 days, with: {x: 1}}", "what starts by a signal or by time has no complaint"),
        ("{process: p, after: soon}", "after is a length of time"),
        ("{form: f, signal: s}", "a start with a form says everything in `with`"),
        ("p", "a start is written as names with values: form, process, message"),
    ],
)
def test_a_start_that_says_what_nobody_knows_is_refused(start: str, reason: str) -> None:
    assert refused(f"scenarios:\n- name: x\n  start: {start}").startswith(f"3: {reason}")


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("work", "a step begins with what happens: answer, bank, expect, fail"),
        ("{}", "a step begins with what happens: answer, bank, expect, fail"),
        ("{anser: work}", "there is no step 'anser': did you mean 'answer'?"),
        ("{answer: work, wiht: {}}", "the step 'answer' knows no 'wiht': did you mean 'with'?"),
        ("{answer: work, with: 3}", "with is written as names with values, as {amount: 30}"),
        ("{answer: }", "answer is written in words"),
        ("{answer: work, refused: maybe}", "refused is a list, as [a, b]"),
        ("{wait: soon}", "wait is a length of time, as 4 hours, 3 days, 2 working days or PT30M"),
        ("{wait until: soon}", "wait until is a moment, as 2026-11-23 09:30"),
        ("{offer: acepted}", "offer is one of: accepted, rejected: did you mean 'accepted'?"),
        ("{rate: 0}", "rate is a whole number from 1 to 1000"),
        ("{rate: true}", "rate is a whole number from 1 to 1000"),
        ("{fail: x, times: 5000}", "times is a whole number from 1 to 1000"),
        ("{bank: sleeps}", "bank is one of: pays, refuses, is silent"),
        ("{expect: {task: []}}", "what is expected knows no 'task': did you mean 'tasks'?"),
        ("{expect: {}, because: x}", "there is no step 'expect'"),
    ],
)
def test_a_step_that_says_what_nobody_knows_is_refused(step: str, reason: str) -> None:
    assert refused(f"{CASE}  steps:\n  - {step}").startswith(f"5: {reason}")


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("{name: x, expect: 3}", "a question to a decision names the decision"),
        ("{name: x, decision: d}", "a question to a decision says what to expect"),
        ("{name: x, decision: d, gives: 3, expect: 3}", "a question to a decision knows no 'gives': did you"),
    ],
)
def test_a_question_that_asks_nothing_is_refused(question: str, reason: str) -> None:
    assert refused(f"decisions:\n- {question}").startswith(f"2: {reason}")


def test_a_decision_that_answers_nothing_can_be_expected() -> None:
    _, (question,) = read_scenarios(b"decisions:\n- {name: x, decision: d, expect: null}\n", "cases.yaml")

    assert (question.is_expected, question.expected) == (True, None)


def test_answers_are_looked_for_beside_the_file() -> None:
    usual = b"answers: {}"

    assert refused("answers from: usual.yml\n" + CASE, usual_yaml=usual) == (
        "1: there is no file 'usual.yml' beside this one: did you mean 'usual.yaml'?"
    )
    assert refused("answers from: usual.yaml\n" + CASE, usual_yaml=b"scenarios: []") == (
        "1: the file 'usual.yaml' has no answers"
    )
    assert refused("answers:\n- a") == "1: answers are written by element or form, each with its values"
    assert refused("answers:\n  work: 3") == (
        "2: the answer to work is written as names with values, as {amount: 30}"
    )


def test_what_is_wrong_in_the_file_of_answers_is_told_there() -> None:
    with pytest.raises(ScenarioRefused) as caught:
        read_scenarios(
            ("answers from: usual.yaml\n" + CASE).encode(), "a/cases.yaml", {"usual.yaml": b"answers:\n- x\n"}
        )

    assert caught.value.message.startswith("a/usual.yaml:1: answers are written")
