"""Events inside subprocesses inside multi-instances: whose scope, who is interrupted, what is left over."""

import pytest

from tests.builders.diagrams import (
    TERMINATE,
    boundary,
    diagram,
    each,
    end,
    error,
    escalation,
    event_subprocess,
    flow,
    flows,
    mapping,
    message,
    named_message,
    node,
    process,
    start,
    subprocess,
    timer,
    user,
    zeebe,
)
from tests.builders.running import Bank

ERROR = '<bpmn:error id="E" errorCode="X"/>\n'


def inside(id: str, task: str) -> str:
    """The inner road of an event subprocess: its task and its end."""
    return user(task) + end(f"{id}_end") + flows(f"{id}_start", task, f"{id}_end")


ITEMS = subprocess(
    "work",
    start("a")
    + user("do_it")
    + node("exclusiveGateway", "ok", default="ok_good")
    + end("good")
    + end("bad_end", error("E"))
    + flows("a", "do_it", "ok", "good")
    + flow("ok", "bad_end", "=bad = true")
    + event_subprocess("overdue", timer("Duration", "P1D"), inside("overdue", "hurry"))
    + event_subprocess("information", message("M"), inside("information", "read"), interrupting=False)
    + event_subprocess("repair", error("E"), inside("repair", "fix")),
    mapping([("=item", "k"), ("=null", "bad")]),
    loop=each("=l", inputElement="item", outputCollection="o", outputElement="=item"),
)


@pytest.fixture
def items() -> Bank:
    bank = Bank(
        diagram(
            process("p", start(), ITEMS, end(), flows("start", "work", "end")),
            ERROR,
            named_message("M", "m", "=k"),
        )
    )
    bank.start("p", l=["p", "q", "r"])
    return bank


def test_each_item_has_event_subprocesses_of_its_own(items: Bank) -> None:
    assert len(items.timers) == 3
    assert items.subscriptions == [("m", "p"), ("m", "q"), ("m", "r")]

    assert items.tell("m", "q", z=1)
    assert items.tell("m", "q", z=2)
    items.fire()

    assert items.open == ["do_it", "do_it", "hurry", "read", "read"]
    assert sorted(task.inputs.get("z", 0) for task in items.tasks) == [0, 0, 0, 0, 0]


def test_an_error_is_caught_by_the_event_subprocess_of_its_own_item(items: Bank) -> None:
    items.do("do_it", bad=True)

    assert items.open == ["do_it", "do_it", "fix"]

    while items.open:
        items.do(items.open[0])
    assert items.is_over
    assert items.incidents == []
    assert items.timers == []
    assert items.store.tables.scopes == {}


def test_an_interrupting_timer_ends_a_multi_instance_of_called_processes() -> None:
    called = process(
        "called",
        start("cs"),
        subprocess(
            "inner",
            start("a") + user("u") + end("z") + flows("a", "u", "z"),
            loop=each("=l", sequential=True, inputElement="x"),
        ),
        end("ce"),
        flows("cs", "inner", "ce"),
    )
    main = process(
        "p",
        start(),
        node(
            "callActivity",
            "call",
            zeebe("calledElement", processId="=pid"),
            body=each("=l", inputElement="item"),
        ),
        boundary("too_late", "call", timer("Date", "2026-04-01T00:00:00Z")),
        user("after"),
        end(),
        end("end2"),
        flows("start", "call", "end"),
        flows("too_late", "after", "end2"),
    )
    bank = Bank(diagram(main, called))
    bank.start("p", l=[1, 2, 3], pid="called")
    assert bank.open == ["u", "u", "u"]
    bank.do("u")
    assert bank.open == ["u", "u", "u"]

    bank.fire()

    assert bank.open == ["after"]
    assert set(bank.store.tables.scopes) == {(bank.id, 0)}
    bank.do("after")
    assert bank.is_over


def test_a_called_process_gives_back_all_its_variables_unless_told_otherwise() -> None:
    called = process("called", start("cs"), user("u"), end("ce"), flows("cs", "u", "ce"))
    main = process(
        "p",
        start(),
        node("callActivity", "call", zeebe("calledElement", processId="called")),
        user("after"),
        flows("start", "call", "after"),
    )
    bank = Bank(diagram(main, called))
    bank.start("p", seen=1)

    bank.do("u", found=2, seen=3)

    assert bank.variables() == {"seen": 3, "found": 2}


@pytest.fixture
def escalating() -> Bank:
    work = subprocess(
        "work",
        start("a")
        + node("parallelGateway", "g")
        + user("u")
        + user("v")
        + node("intermediateThrowEvent", "tell_head", body=escalation())
        + node("exclusiveGateway", "more", default="more_stop")
        + end("stop", TERMINATE)
        + end("z")
        + flows("a", "g", "u", "tell_head", "more", "stop")
        + flows("g", "v", "z")
        + flow("more", "u", "=again = true"),
    )
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                work,
                boundary("escalated", "work", escalation(), interrupting=False),
                user("head"),
                end(),
                end("end2"),
                flows("start", "work", "end"),
                flows("escalated", "head", "end2"),
            )
        )
    )
    bank.start("p")
    return bank


def test_an_escalation_is_heard_every_time_and_the_work_goes_on(escalating: Bank) -> None:
    escalating.do("u", again=True)

    assert escalating.open == ["head", "u", "v"]


def test_terminate_ends_the_subprocess_it_stands_in_and_nothing_else(escalating: Bank) -> None:
    escalating.do("u", again=True)

    escalating.do("u", again=False)

    assert escalating.open == ["head", "head"]
    assert not escalating.is_over
    escalating.do("head")
    escalating.do("head")
    assert escalating.is_over


def test_a_reminder_branch_outlives_the_task_it_reminds_of() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                user("main"),
                boundary("remind", "main", timer("Cycle", "R/PT24H"), interrupting=False),
                user("call_them"),
                end(),
                flows("start", "main", "end"),
                flows("remind", "call_them"),
            )
        )
    )
    bank.start("p")
    bank.fire()

    bank.do("main")

    assert bank.open == ["call_them"]
    assert not bank.is_over
    assert bank.timers == []
