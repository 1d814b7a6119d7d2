"""Messages: to whom, how often, with what; and events racing behind a gateway."""

import pytest

from engine.domain.errors import NotFound, OperationFailed
from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    event_subprocess,
    extensions,
    flows,
    mapping,
    message,
    named_message,
    node,
    process,
    signal,
    start,
    subprocess,
    timer,
    user,
    zeebe,
)
from tests.builders.running import Bank

M = named_message("M", "note", "=case")
SIGNAL = '<bpmn:signal id="S" name="finding ready"/>\n'


def test_a_message_that_does_not_interrupt_is_heard_every_time() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                user("u"),
                boundary("b", "u", message("M"), interrupting=False),
                user("read"),
                flows("start", "u"),
                flows("b", "read"),
            ),
            M,
        )
    )
    bank.start(case="c1")

    assert [bank.tell("note", "c1", n=number) for number in (1, 2, 3)] == [True] * 3

    assert bank.open == ["read", "read", "read", "u"]
    assert bank.variables()["n"] == 3


def test_nobody_waits_under_another_key() -> None:
    bank = Bank(
        diagram(process("p", start(), node("receiveTask", "wait", messageRef="M"), flows("start", "wait")), M)
    )
    bank.start(case="c1")

    assert not bank.tell("note", "c2")
    assert bank.tell("note", "c1")

    assert bank.is_over


def test_a_message_is_heard_by_the_oldest_of_the_instances_of_a_process_that_wait_for_it() -> None:
    bank = Bank(
        diagram(process("p", start(), node("receiveTask", "wait", messageRef="M"), flows("start", "wait")), M)
    )
    first, second = bank.start(case="c"), bank.start(case="c")

    assert bank.tell("note", "c")

    assert [bank.store.tables.instances[id].state for id in (first, second)] == ["ended", "running"]
    assert bank.tell("note", "c")
    assert not bank.tell("note", "c")


def test_a_process_and_the_one_it_called_both_hear_a_message_they_both_wait_for() -> None:
    def with_ear(id: str, task: str) -> str:
        return event_subprocess(
            f"{id}_ear",
            message("M"),
            user(f"{id}_read") + end(f"{id}_e") + flows(f"{id}_ear_start", f"{id}_read", f"{id}_e"),
            interrupting=False,
        )

    main = process(
        "p",
        start(),
        node("callActivity", "call", zeebe("calledElement", processId="q")),
        with_ear("p", "a"),
        flows("start", "call"),
    )
    called = process("q", start("qs"), user("work"), with_ear("q", "b"), flows("qs", "work"))
    bank = Bank(diagram(main, called, M))
    bank.start(case="c")

    bank.tell("note", "c")

    assert bank.open == ["p_read", "q_read", "work"]


def test_a_start_event_that_waits_for_a_message_is_chosen_by_its_name() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start("plain"),
                start("told", extensions(mapping([], [("=who", "by")])) + message("M")),
                user("a"),
                user("b"),
                flows("plain", "a"),
                flows("told", "b"),
            ),
            M,
        )
    )

    bank.start(message="note", who="a customer")
    assert bank.open == ["b"]
    assert bank.variables()["by"] == "a customer"
    bank.start()
    assert bank.open == ["a", "b"]
    with pytest.raises(NotFound):
        bank.start(message="something else")


@pytest.fixture
def race() -> Bank:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node("eventBasedGateway", "first"),
                node(
                    "intermediateCatchEvent",
                    "told",
                    mapping(outputs=[("=yes", "accepted")]),
                    body=message("M"),
                ),
                node("receiveTask", "other", messageRef="N"),
                node("intermediateCatchEvent", "short", body=timer("Duration", "PT1H")),
                node("intermediateCatchEvent", "long", body=timer("Duration", "P2D")),
                user("after_told"),
                user("after_other"),
                user("after_short"),
                user("after_long"),
                flows("start", "first", "told", "after_told"),
                flows("first", "other", "after_other"),
                flows("first", "short", "after_short"),
                flows("first", "long", "after_long"),
            ),
            M,
            named_message("N", "other", "=case"),
        )
    )
    bank.start(case="c")
    return bank


def test_several_timers_and_messages_wait_behind_one_gateway(race: Bank) -> None:
    assert [timer.element for timer in race.timers] == ["short", "long"]
    assert race.subscriptions == [("note", "c"), ("other", "c")]


@pytest.mark.parametrize("event", ["told", "other", "short"])
def test_the_first_event_ends_the_others(race: Bank, event: str) -> None:
    if event == "short":
        race.fire()
    else:
        assert race.tell("note" if event == "told" else "other", "c", yes=True)

    assert race.open == [f"after_{event}"]
    assert race.timers == []
    assert race.subscriptions == []
    assert race.variables().get("accepted") == (True if event == "told" else None)


def test_a_signal_reaches_every_instance_by_commands_of_their_own() -> None:
    waits = process(
        "p",
        start(),
        node("intermediateCatchEvent", "wait", body=signal("S")),
        user("after"),
        flows("start", "wait", "after"),
    )
    sends = process(
        "q",
        start("qs"),
        node("intermediateThrowEvent", "send", body=signal("S")),
        end("qe"),
        flows("qs", "send", "qe"),
    )
    bank = Bank(diagram(waits, sends, SIGNAL))
    bank.start()
    bank.start()

    bank.start("q")

    assert bank.open == []
    sent = next(iter(bank.store.tables.outbox.values()))
    assert bank.tell(sent.payload["message"], str(sent.payload["key"]))
    assert bank.open == ["after", "after"]


def test_a_key_that_is_null_is_an_incident() -> None:
    bank = Bank(
        diagram(process("p", start(), node("receiveTask", "wait", messageRef="M"), flows("start", "wait")), M)
    )

    bank.start()

    assert bank.incidents == ["wait"]


def test_a_receive_task_may_have_a_deadline_on_its_border() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node("receiveTask", "wait", messageRef="M"),
                boundary("late", "wait", timer("Duration", "P1D")),
                user("ask_again"),
                user("after"),
                flows("start", "wait", "after"),
                flows("late", "ask_again"),
            ),
            M,
        )
    )
    bank.start(case="a")
    bank.start(case="b")

    bank.tell("note", "a")
    bank.fire()

    assert bank.open == ["after", "ask_again"]
    assert bank.subscriptions == []
    assert bank.timers == []


def test_a_process_whose_ears_cannot_be_opened_does_not_start() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                user("u"),
                event_subprocess("ear", message("M"), end("e") + flows("ear_start", "e")),
                flows("start", "u"),
            ),
            M,
        )
    )

    with pytest.raises(OperationFailed, match="correlation key =case"):
        bank.start()

    assert bank.store.tables.instances == {}
    bank.start(case="c")
    assert bank.open == ["u"]


def test_an_ear_inside_a_subprocess_that_cannot_be_opened_is_an_incident_that_can_be_retried() -> None:
    inside = (
        start("a")
        + user("u")
        + event_subprocess("ear", message("M"), end("e") + flows("ear_start", "e"))
        + flows("a", "u")
    )
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node("parallelGateway", "fork"),
                user("other"),
                subprocess("s", inside),
                flows("start", "fork", "s"),
                flows("fork", "other"),
            ),
            M,
        )
    )
    bank.start()
    assert bank.incidents == ["s"]

    bank.do("other", case="c")
    bank.retry()

    assert bank.open == ["u"]
    assert bank.subscriptions == [("note", "c")]


def test_events_on_an_activity_are_armed_together_or_not_at_all() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node("parallelGateway", "fork"),
                user("other"),
                user("u"),
                boundary("first", "u", timer("Duration", "P1D")),
                boundary("second", "u", message("M")),
                user("late"),
                flows("start", "fork", "u"),
                flows("fork", "other"),
                flows("first", "late"),
                flows("second", "late"),
            ),
            M,
        )
    )
    bank.start()
    assert bank.incidents == ["u"]

    bank.do("other", case="c")
    bank.retry()

    assert bank.open == ["u"]
    assert [t.element for t in bank.timers] == ["first"]
    assert bank.subscriptions == [("note", "c")]
