"""What the plain library silently passes over, refuses or cannot do, element by element, each shown in it and right here.

When one of these tests fails in its first half, the library has mended the defect, and our own way can go.
"""

import json
import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.spiff.parser import SpiffBpmnParser

from engine.bpmn.rules import check_files
from engine.dmn import read_decisions
from engine.domain.errors import ProcessStuck
from tests.bpmn.conformance.variants.boundary import ad_hoc
from tests.bpmn.conformance.variants.compensation import undo_task
from tests.builders.diagrams import (
    boundary,
    diagram,
    each,
    end,
    error,
    event_subprocess,
    flow,
    flows,
    mapping,
    message,
    named_message,
    node,
    process,
    service,
    signal,
    start,
    subprocess,
    timer,
    user,
    zeebe,
)
from tests.builders.durable import OPERATIONS
from tests.builders.plain import Plain
from tests.builders.running import Bank

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ERROR = '<bpmn:error id="E" name="E" errorCode="X"/>\n'
SIGNAL = '<bpmn:signal id="S" name="news"/>\n'


def road(*parts: str, roots: str = "") -> bytes:
    """One process."""
    return diagram(process("p", *parts), roots)


def refusals(drawn: bytes) -> list[tuple[str, str]]:
    """The rules and elements of the errors here."""
    return [(p.rule, p.element) for p in check_files({"x.bpmn": drawn}) if p.severity == "error"]


def is_complete(plain: Plain) -> bool:
    """Whether the plain library thinks that the process is over."""
    return bool(plain.workflow.completed)


def test_a_token_disappears_in_a_link() -> None:
    drawn = road(
        start(),
        node("intermediateThrowEvent", "leap", body='<bpmn:linkEventDefinition name="x"/>'),
        node("intermediateCatchEvent", "land", body='<bpmn:linkEventDefinition name="x"/>'),
        user("u"),
        end(),
        flows("start", "leap"),
        flows("land", "u", "end"),
    )

    plain = Plain(drawn)
    assert plain.open == []

    bank = Bank(drawn)
    bank.start()
    assert bank.open == ["u"]


def test_compensation_is_not_thrown() -> None:
    throw = node("intermediateThrowEvent", "throw", body="<bpmn:compensateEventDefinition/>")
    ours = road(start(), user("a"), throw, end(), undo_task("a"), flows("start", "a", "throw", "end"))
    drawn = road(start(), user("a"), throw, end(), flows("start", "a", "throw", "end"))

    with pytest.raises(ValidationException):
        Plain(ours)
    plain = Plain(drawn)
    plain.do("a")
    assert is_complete(plain)

    bank = Bank(ours)
    bank.start()
    bank.do("a")
    assert bank.open == ["undo_a"]


@pytest.mark.parametrize(
    "definition", [signal("S"), "<bpmn:compensateEventDefinition/>"], ids=["signal", "compensation"]
)
def test_a_signal_or_compensation_at_the_end_does_nothing(definition: str) -> None:
    catch = node("intermediateCatchEvent", "wait", body=signal("S"))
    drawn = road(
        start(),
        node("parallelGateway", "fork"),
        user("a"),
        catch,
        user("heard"),
        end("z", definition),
        end("f"),
        flows("start", "fork", "a", "z"),
        flows("fork", "wait", "heard", "f"),
        undo_task("a"),
        roots=SIGNAL,
    )
    plain_drawn = drawn.decode().replace(undo_task("a"), "").encode()

    plain = Plain(plain_drawn)
    plain.do("a")
    assert plain.open == []

    bank = Bank(drawn)
    bank.start()
    bank.do("a")
    if "signal" in definition:
        sent = next(iter(bank.store.tables.outbox.values()))
        bank.tell(sent.payload["message"], "")
    assert bank.open == (["heard"] if "signal" in definition else ["undo_a"])


@pytest.mark.parametrize("definition", ["", error("E")], ids=["none", "error"])
def test_a_catch_event_that_waits_for_nothing_is_passed(definition: str) -> None:
    drawn = road(
        start(),
        node("intermediateCatchEvent", "wait", body=definition),
        user("u"),
        end(),
        flows("start", "wait", "u", "end"),
        roots=ERROR,
    )

    assert Plain(drawn).open == ["u"]

    assert ("unsupported", "wait") in refusals(drawn)


def test_a_receive_task_without_a_message_is_passed() -> None:
    drawn = road(start(), node("receiveTask", "wait"), user("u"), end(), flows("start", "wait", "u", "end"))

    assert Plain(drawn).open == ["u"]

    assert refusals(drawn) == [("message", "wait")]


def test_an_error_starts_a_process_at_once() -> None:
    drawn = road(start("begin", error("E")), user("u"), end(), flows("begin", "u", "end"), roots=ERROR)

    assert Plain(drawn).open == ["u"]

    assert refusals(drawn) == [("unsupported", "begin")]


def test_an_error_nobody_catches_ends_the_process_well() -> None:
    drawn = road(start(), user("u"), end("z", error("E")), flows("start", "u", "z"), roots=ERROR)

    plain = Plain(drawn)
    plain.do("u")
    assert is_complete(plain)

    bank = Bank(drawn)
    bank.start()
    bank.do("u")
    assert bank.incidents == ["z"]
    assert not bank.is_over


def test_a_condition_behind_an_activity_is_ignored() -> None:
    def drawn(condition: str) -> bytes:
        return road(start(), user("u"), end(), flow("u", "end", condition), flows("start", "u"))

    plain = Plain(drawn("False"))
    plain.do("u")
    assert is_complete(plain)

    bank = Bank(drawn("=false"))
    bank.start()
    bank.do("u")
    assert bank.incidents == ["u"]


def test_a_syntax_error_in_a_condition_is_not_seen_before_it_is_met() -> None:
    def drawn(condition: str) -> bytes:
        return road(
            start(),
            node("exclusiveGateway", "g", default="g_b", name="?"),
            user("a"),
            user("b"),
            end(),
            flow("g", "a", condition, id="wrong"),
            flows("start", "g", "b", "end"),
            flows("a", "end"),
        )

    with pytest.raises(SpiffWorkflowException):
        Plain(drawn("1 +"))

    assert ("feel", "wrong") in refusals(drawn("=1 +"))


def test_a_message_that_is_not_in_the_file_breaks_the_refusal_itself() -> None:
    drawn = road(
        start(),
        node("intermediateCatchEvent", "wait", body=message("nowhere")),
        end(),
        flows("start", "wait", "end"),
    )

    with pytest.raises(ValidationException, match="unexpected keyword argument 'node'"):
        Plain(drawn)

    assert refusals(drawn) == [("message", "wait")]


def test_an_event_subprocess_with_an_error_starts_at_once() -> None:
    drawn = road(
        start(),
        user("work"),
        end(),
        event_subprocess("esp", error("E"), user("mend") + end("z") + flows("esp_start", "mend", "z")),
        flows("start", "work", "end"),
        roots=ERROR,
    )

    assert "mend" in Plain(drawn).open

    bank = Bank(drawn)
    bank.start()
    assert bank.open == ["work"]


def test_an_event_subprocess_with_a_timer_keeps_the_process_open() -> None:
    def drawn(duration: str) -> bytes:
        return road(
            start(),
            user("work"),
            end(),
            event_subprocess(
                "esp", timer("Duration", duration), user("late") + end("z") + flows("esp_start", "late", "z")
            ),
            flows("start", "work", "end"),
        )

    with time_machine.travel(START, tick=False):
        plain = Plain(drawn("'P1D'"))
        plain.do("work")
        assert not is_complete(plain)

    bank = Bank(drawn("P1D"))
    bank.start()
    bank.do("work")
    assert bank.is_over
    assert bank.timers == []


def test_an_event_subprocess_inside_a_subprocess_is_never_triggered() -> None:
    inside = (
        start("a")
        + user("work")
        + end("b")
        + flows("a", "work", "b")
        + event_subprocess("esp", message("M"), user("heard") + end("z") + flows("esp_start", "heard", "z"))
    )
    drawn = road(
        start(),
        subprocess("sub", inside),
        end(),
        flows("start", "sub", "end"),
        roots=named_message("M", "note", '="k"'),
    )

    plain = Plain(drawn)
    with pytest.raises(SpiffWorkflowException):
        plain.tell("note")
    assert plain.open == ["work"]

    bank = Bank(drawn)
    bank.start()
    bank.tell("note", "k")
    assert bank.open == ["heard"]


def many(*, plain: bool, enough: str = "", output: bool = False) -> str:
    """One for each of l, in one dialect or the other."""
    if not plain:
        return each("=l", enough=enough or None, inputElement="x")
    parts = ["<bpmn:loopDataInputRef>l</bpmn:loopDataInputRef>"]
    parts += ["<bpmn:loopDataOutputRef>o</bpmn:loopDataOutputRef>"] if output else []
    parts += ['<bpmn:inputDataItem id="x" name="x"/>']
    parts += ['<bpmn:outputDataItem id="y" name="y"/>'] if output else []
    parts += [f"<bpmn:completionCondition>{enough}</bpmn:completionCondition>"] if enough else []
    inside = "".join(parts)
    return f'<bpmn:multiInstanceLoopCharacteristics isSequential="false">{inside}</bpmn:multiInstanceLoopCharacteristics>'


def test_a_second_multi_instance_with_the_same_item_name_dies() -> None:
    def drawn(plain: bool) -> bytes:
        both = [user(id, body=many(plain=plain)) for id in "ab"]
        return road(start(), user("first"), *both, end(), flows("start", "first", "a", "b", "end"))

    plain = Plain(drawn(plain=True))
    plain.do("first", l=[1, 2])
    plain.do("a")
    with pytest.raises(SpiffWorkflowException):
        plain.do("a")

    bank = Bank(drawn(plain=False))
    bank.start(l=[1, 2])
    for task in ("first", "a", "a", "b", "b"):
        bank.do(task)
    assert bank.is_over


def test_a_completion_condition_does_not_see_what_is_collected() -> None:
    def drawn(condition: str, *, plain: bool) -> bytes:
        body = many(plain=plain, enough=condition, output=True)
        return road(start(), user("first"), user("m", body=body), end(), flows("start", "first", "m", "end"))

    plain = Plain(drawn("len(locals().get('o', [])) >= 2 or len(globals().get('o', [])) >= 2", plain=True))
    plain.do("first", l=[1, 2, 3])
    plain.do("m", y=1)
    plain.do("m", y=2)
    assert plain.open == ["m"]

    bank = Bank(drawn("=numberOfCompletedInstances >= 2", plain=False))
    bank.start(l=[1, 2, 3])
    for task in ("first", "m", "m"):
        bank.do(task)
    assert bank.is_over


def test_an_ad_hoc_subprocess_without_a_condition_crashes() -> None:
    drawn = road(
        start(),
        ad_hoc("x", user("a"), zeebe("adHoc", activeElementsCollection='=["a"]')),
        end(),
        flows("start", "x", "end"),
    )

    with pytest.raises(TypeError):
        Plain(drawn)

    bank = Bank(drawn)
    bank.start()
    bank.do("a")
    assert bank.is_over


def test_a_service_task_has_no_work_and_never_ends() -> None:
    drawn = road(start(), service("s", "echo"), user("u"), end(), flows("start", "s", "u", "end"))

    plain = Plain(drawn)
    assert plain.open == []
    assert not is_complete(plain)

    bank = Bank(drawn, operations=OPERATIONS)
    bank.start()
    assert bank.open == ["u"]


def test_a_failing_service_hides_its_error() -> None:
    with pytest.raises(NameError):
        PythonScriptEngine().call_service(None, operation_name="x", operation_params={})

    bank = Bank(road(start(), service("s", "fail"), end(), flows("start", "s", "end")), operations=OPERATIONS)
    bank.start()
    (incident,) = bank.store.tables.incidents.values()
    assert "It broke." in incident.message


def test_a_called_process_gives_back_everything_it_knows() -> None:
    call = node(
        "callActivity", "call", zeebe("calledElement", processId="q", propagateAllChildVariables="false")
    )
    main = process(
        "p",
        start(),
        call.replace("<bpmn:callActivity", '<bpmn:callActivity calledElement="q"'),
        user("u"),
        end(),
        flows("start", "call", "u", "end"),
    )
    called = process("q", start("qs"), user("v"), end("qe"), flows("qs", "v", "qe"))
    drawn = diagram(main, called)

    plain = Plain(drawn)
    plain.do("v", secret=1)
    assert plain._ready()[0].data == {"secret": 1}

    bank = Bank(drawn)
    bank.start()
    bank.do("v", secret=1)
    assert bank.variables() == {}


class Lost(Exception):
    """The parser went round more often than a file has nodes."""


def test_the_parser_never_returns_from_a_data_object_that_is_not_there() -> None:
    lost = '<bpmn:dataObjectReference id="r" dataObjectRef="nowhere"/>'
    reads = (
        '<bpmn:dataInputAssociation id="in"><bpmn:sourceRef>r</bpmn:sourceRef></bpmn:dataInputAssociation>'
    )
    inside = start("a") + user("u", body=reads) + end("b") + lost + flows("a", "u", "b")
    drawn = road(start(), subprocess("sub", inside), end(), flows("start", "sub", "end"))
    rounds = 0

    def counting(frame: Any, event: str, argument: Any) -> None:
        nonlocal rounds
        rounds += event == "c_call" and frame.f_code.co_name == "_resolve_data_object_ref"
        if rounds > 10_000:
            raise Lost

    sys.setprofile(counting)
    try:
        with pytest.raises(ValidationException, match="Lost"):
            Plain(drawn)
    finally:
        sys.setprofile(None)

    bank = Bank(drawn)
    bank.start()
    assert bank.open == ["u"]


def test_a_data_store_refuses_the_whole_file() -> None:
    drawn = road(
        start(),
        user("u"),
        end(),
        flows("start", "u", "end"),
        roots='<bpmn:dataStore id="register" name="Register"/>\n',
    )

    with pytest.raises(ValidationException):
        Plain(drawn)

    bank = Bank(drawn)
    bank.start()
    assert bank.open == ["u"]


def test_a_time_as_the_modeler_writes_it_is_no_expression() -> None:
    drawn = road(
        start(),
        node("intermediateCatchEvent", "wait", body=timer("Duration", "PT1H")),
        end(),
        flows("start", "wait", "end"),
    )

    with pytest.raises(SpiffWorkflowException):
        Plain(drawn)

    bank = Bank(drawn)
    bank.start()
    assert [timer.element for timer in bank.timers] == ["wait"]


def test_the_minus_of_a_duration_is_dropped() -> None:
    with time_machine.travel(START, tick=False):
        seconds = TimerEventDefinition.get_timedelta_from_start(
            TimerEventDefinition.parse_iso_duration("-PT1H"), START
        ).total_seconds()
    assert seconds == 3600

    bank = Bank(
        road(
            start(),
            node("intermediateCatchEvent", "wait", body=timer("Duration", '=duration("-PT1H")')),
            user("u"),
            flows("start", "wait", "u"),
        )
    )
    bank.start()
    bank.fire()
    assert bank.open == ["u"]
    assert bank.store.now == START.replace(hour=9)


def test_an_event_on_a_border_does_not_see_what_was_entered_meanwhile() -> None:
    inside = start("a") + user("one") + user("two") + end("b") + flows("a", "one", "two", "b")
    drawn = road(
        start(),
        subprocess("sub", inside),
        boundary("note", "sub", message("M"), interrupting=False),
        user("read"),
        end(),
        flows("start", "sub", "end"),
        flows("note", "read", "end"),
        roots=named_message("M", "note", '="k"'),
    )

    plain = Plain(drawn)
    plain.do("one", seen=1)
    plain.tell("note")
    (read,) = [task for task in plain._ready() if task.task_spec.bpmn_id == "read"]
    assert "seen" not in read.data

    bank = Bank(drawn)
    bank.start()
    bank.do("one", seen=1)
    bank.tell("note", "k")
    assert bank.variables() == {"seen": 1}


def test_an_amount_cannot_be_stored() -> None:
    drawn = road(start(), user("a"), user("b"), end(), flows("start", "a", "b", "end"))

    plain = Plain(drawn)
    plain.do("a", amount=Decimal("10.20"))
    with pytest.raises(TypeError):
        json.dumps(BpmnWorkflowSerializer().to_dict(plain.workflow))

    bank = Bank(drawn)
    bank.start()
    bank.do("a", amount=Decimal("10.20"))
    assert bank.variables() == {"amount": 10.2}


def counting_loop(increment: str, condition: str) -> bytes:
    """A script that counts up, again and again."""
    script = node(
        "scriptTask",
        "s",
        zeebe("script", expression="=n + 1", resultVariable="n"),
        body=f"<bpmn:script>{increment}</bpmn:script>",
    )
    return road(
        start(),
        user("first"),
        node("exclusiveGateway", "round"),
        script,
        node("exclusiveGateway", "again", default="again_end", name="Again?"),
        end(),
        flows("start", "first", "round", "s", "again", "end"),
        flow("again", "round", condition),
    )


def test_a_loop_stalls_silently_after_some_hundred_rounds() -> None:
    plain = Plain(counting_loop("n = n + 1", "n &lt; 500".replace("&lt;", "<")))
    plain.do("first", n=0)
    assert not is_complete(plain)
    assert plain.open == []

    bank = Bank(counting_loop("", "=n < 500"))
    bank.start(n=0)
    bank.do("first")
    assert bank.is_over


def test_a_loop_without_end_is_stopped_and_named() -> None:
    bank = Bank(counting_loop("", "=true"))
    bank.start(n=0)

    with pytest.raises(ProcessStuck, match="went round without waiting"):
        bank.do("first")


def table(*cells: str) -> bytes:
    """A decision table with one text input and these cells, each giving its number."""
    rules = "".join(
        f'<rule id="r{number}"><inputEntry id="i{number}"><text>{cell}</text></inputEntry>'
        f'<outputEntry id="o{number}"><text>{number}</text></outputEntry></rule>'
        for number, cell in enumerate(cells, 1)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="defs" name="d" namespace="n">'
        '<decision id="d" name="d"><decisionTable id="t"><input id="i" label="product">'
        '<inputExpression id="e" typeRef="string"><text>product</text></inputExpression></input>'
        f'<output id="o" name="found" typeRef="number"/>{rules}</decisionTable></decision></definitions>'
    ).encode()


def plain_decision(content: bytes, **data: Any) -> dict[str, Any]:
    """What the plain library's decision gives."""
    parser = SpiffBpmnParser()
    parser.add_dmn_xml(etree.fromstring(content), "d.dmn")
    engine = parser.get_engine("d", None)
    rule = node("scriptTask", "s", body="<bpmn:script>x = 1</bpmn:script>")
    plain = Plain(road(start(), rule, user("u"), end(), flows("start", "s", "u", "end")))
    (task,) = plain._ready()
    task.data.update(data)
    found: dict[str, Any] = engine.result(task)
    return found


def test_a_cell_with_two_values_never_matches() -> None:
    cell = '"card","loan"'

    assert not plain_decision(table(cell), product="card")

    assert read_decisions(table(cell), "d.dmn").value("d", {"product": "card"}) == 1


def test_two_rules_of_a_unique_table_that_match_are_not_told() -> None:
    cells = ('"card"', '"card"')

    assert plain_decision(table(*cells), product="card") == {"found": 1}

    assert read_decisions(table(*cells), "d.dmn").value("d", {"product": "card"}) is None


def test_a_mapping_of_the_modeler_is_not_read() -> None:
    drawn = road(start(), user("u", mapping([("=n + 1", "m")])), end(), flows("start", "u", "end"))

    assert Plain(drawn)._ready()[0].data == {}

    bank = Bank(drawn)
    bank.start(n=1)
    assert bank.task("u").inputs == {"m": 2}
