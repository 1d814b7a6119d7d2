"""Names a scenario gets wrong: without a look they would never be met, and never be missed."""

import pytest

from tests.builders.scenarios import missed, played, told


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ("never: [wrok]", "2: there is no element 'wrok': did you mean 'work'?"),
        ("never: [p.wrok]", "2: there is no element 'p.wrok': did you mean 'p.work'?"),
        ("path: [start, [work, ned]]", "2: there is no element 'ned': did you mean 'end'?"),
        ("tasks: [wrk]", "2: there is no element 'wrk': did you mean 'work'?"),
        ("incidents: [wrk]", "2: there is no element 'wrk': did you mean 'work'?"),
        ("steps:\n- answer: wrk", "5: there is no element 'wrk': did you mean 'work'?"),
        ("steps:\n- go on until: wrk", "5: there is no element 'wrk': did you mean 'work'?"),
        ("steps:\n- expect: {never: [wrk]}", "5: there is no element 'wrk': did you mean 'work'?"),
        ("before:\n- {process: q}", "5: there is no process 'q'"),
        ("before:\n- {form: complant}", "5: there is no form 'complant'"),
        (
            "before:\n- fail: people.alrt",
            "5: there is no operation 'people.alrt': did you mean 'people.alert'?",
        ),
    ],
)
def test_a_wrong_name_fails_a_scenario_where_it_stands(steps: str, reason: str) -> None:
    assert missed(steps) == [reason]


def test_an_element_may_be_named_with_its_process() -> None:
    assert missed("tasks: [work]\nnever: [p.end]\npath: [p.start]") == []


def test_usual_answers_nothing_asks_for_are_told_once() -> None:
    words = """
    answers:
      triag: {triage.verdict: complaint}
      work: {}
      triage: {}
    scenarios:
    - {name: a, start: {process: p}, tasks: [work]}
    - {name: b, start: {process: p}, tasks: [work]}
    """

    result = played(words)
    assert told(result) == ["3: there is no element and no form 'triag': did you mean 'triage'?"]
    assert (result.passed, result.failed) == (2, 1)
