"""How much of processes and decisions scenarios came by."""

from engine.simulation.coverage import DecisionCoverage, ProcessCoverage
from tests.builders.diagrams import diagram, end, flow, flows, node, process, start, subprocess, user, zeebe
from tests.builders.scenarios import played

CHOICE = node("exclusiveGateway", "which", name="?", default="which_end")
INSIDE = start("s") + user("work") + end("e") + flows("s", "work", "e")
P = diagram(
    process(
        "p",
        start(),
        CHOICE,
        subprocess("sub", INSIDE),
        end(),
        end("other"),
        flows("start", "which", "end"),
        flow("which", "sub", "=far = true"),
        flows("sub", "other"),
    )
)
CALLING = diagram(
    process(
        "caller",
        start("c_start"),
        node("callActivity", "call", zeebe("calledElement", processId="p")),
        end("c_end"),
        flows("c_start", "call", "c_end"),
    )
)
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="D" namespace="urn:d">
<decision id="size" name="Size"><decisionTable id="size_table" hitPolicy="FIRST">
<input id="in"><inputExpression id="x"><text>n</text></inputExpression></input><output id="out" name="size"/>
<rule id="big"><inputEntry id="a"><text>&gt; 5</text></inputEntry><outputEntry id="b"><text>"big"</text></outputEntry></rule>
<rule id="small"><inputEntry id="c"><text>-</text></inputEntry><outputEntry id="d"><text>"small"</text></outputEntry></rule>
</decisionTable></decision>
<decision id="price" name="Price"><variable id="v" name="price"/>
<informationRequirement id="r"><requiredDecision href="#size"/></informationRequirement>
<literalExpression id="l"><text>if size = "big" then 9 else 1</text></literalExpression></decision></definitions>
"""


def processes(words: str) -> dict[str, ProcessCoverage]:
    """What is covered of each process."""
    found = played(words, {"p.bpmn": P, "caller.bpmn": CALLING}).processes
    return {process.id: process for process in found}


def test_elements_and_flows_count_by_process_in_subprocesses_too() -> None:
    found = processes("scenarios:\n- {name: x, start: {process: p}, ended: true}\n")["p"]

    assert (found.flows, found.flow_coverage) == (6, 0.3333)
    assert found.missed_flows == ("which_sub", "sub_other", "s_work", "work_e")
    assert found.missed_elements == ("sub", "s", "work", "e", "other")


def test_scenarios_add_up() -> None:
    words = """
    scenarios:
    - {name: near, start: {process: p}}
    - name: far
      start: {process: p, with: {far: true}}
      steps:
      - answer: work
    """

    found = processes(words)["p"]
    assert (found.flow_coverage, found.element_coverage) == (1.0, 1.0)
    assert (found.missed_flows, found.missed_elements) == ((), ())


def test_a_called_process_counts_for_itself() -> None:
    found = processes("scenarios:\n- {name: x, start: {process: caller}}\n")

    assert found["caller"].flow_coverage == 1.0
    assert found["p"].flow_coverage == 0.3333


def test_a_scenario_that_fails_covers_what_it_came_by() -> None:
    found = processes("scenarios:\n- {name: x, start: {process: p}, ended: false}\n")["p"]

    assert found.flow_coverage == 0.3333


def test_a_scenario_that_cannot_be_played_covers_nothing() -> None:
    found = processes("scenarios:\n- {name: x, start: {process: p}, never: [nothing]}\n")["p"]

    assert (found.flow_coverage, found.element_coverage) == (0.0, 0.0)


def test_rules_count_for_the_decision_they_stand_in_whoever_asked() -> None:
    question = "decisions:\n- {name: x, decision: DECISION, given: {n: 9}, expect: ANSWER}\n"
    files = {"size.dmn": TABLE.encode()}
    expected = [DecisionCoverage("size", 0.5, 2, ("small",))]

    asked = played(question.replace("DECISION", "size").replace("ANSWER", "big"), files)
    asked_by_another = played(question.replace("DECISION", "price").replace("ANSWER", "9"), files)

    assert (asked.failed, list(asked.decisions)) == (0, expected)
    assert (asked_by_another.failed, list(asked_by_another.decisions)) == (0, expected)


def test_rules_count_when_a_process_asks() -> None:
    asking = diagram(
        process(
            "q",
            start(),
            node(
                "businessRuleTask", "ask", zeebe("calledDecision", decisionId="size", resultVariable="size")
            ),
            end(),
            flows("start", "ask", "end"),
        )
    )
    words = "scenarios:\n- {name: x, start: {process: q, complaint: {text: x}, with: {n: 3}}, values: {size: small}}\n"
    result = played(words, {"size.dmn": TABLE.encode(), "q.bpmn": asking})

    assert (result.failed, list(result.decisions)) == (0, [DecisionCoverage("size", 0.5, 2, ("big",))])
