"""Messages kept for later, heard once by each process, published once by their id, and starting one instance at a time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from engine.bpmn.buffer import MOST_ASKED
from engine.domain.running import BufferedMessage
from engine.domain.steering import Why
from engine.runtime.clock import MovableClock
from engine.use_cases import deadlines
from tests.builders.diagrams import (
    boundary,
    diagram,
    each,
    end,
    extensions,
    flows,
    mapping,
    message,
    named_message,
    node,
    process,
    start,
    user,
    zeebe,
)
from tests.builders.durable import DurableBank
from tests.builders.running import Bank

M = named_message("M", "note", "=case")
EACH = named_message("E", "note", "=item")


@pytest.fixture
def bank(sqlite_url: str, clock: MovableClock) -> Iterator[DurableBank]:
    opened = DurableBank(sqlite_url, clock)
    yield opened
    opened.close()


def waiting(id: str = "p", *, before: str = "") -> str:
    """A process that waits for a message, behind a user task if one is given."""
    inner = [node("receiveTask", f"{id}_wait", messageRef="M"), user(f"{id}_after")]
    first = [user(before)] if before else []
    ids = [f"{id}_start", *([before] if before else []), f"{id}_wait", f"{id}_after"]
    return process(id, start(f"{id}_start"), *first, *inner, flows(*ids))


STARTS = process(
    "s",
    start("told", extensions(mapping(outputs=[("=n", "seen")])) + message("M")),
    user("work"),
    end("e"),
    flows("told", "work", "e"),
)


def test_a_message_nobody_waits_for_is_given_to_the_first_that_opens(bank: DurableBank) -> None:
    bank.release(diagram(waiting(before="u"), M))
    bank.start(case="c")
    assert not bank.keep("note", "c", variables={"n": 1})

    bank.do("u")

    assert bank.open == ["p_after"]


def test_the_first_published_is_given_first_each_to_one(bank: DurableBank) -> None:
    bank.release(diagram(waiting(), M))
    bank.keep("note", "c", variables={"n": 1})
    bank.keep("note", "c", variables={"n": 2})

    first, second, third = bank.start(case="c"), bank.start(case="c"), bank.start(case="c")

    assert [bank.variables(id).get("n") for id in (first, second, third)] == [1, 2, None]
    assert bank.open == ["p_after", "p_after"]


def test_one_kept_message_is_heard_once_by_each_process(bank: DurableBank) -> None:
    bank.release(diagram(waiting("p"), waiting("q"), M))
    bank.keep("note", "c")

    for id in ("p", "p", "q", "q"):
        bank.start(id, case="c")

    assert bank.open == ["p_after", "q_after"]


def test_a_message_given_at_once_is_kept_for_other_processes(bank: DurableBank) -> None:
    bank.release(diagram(waiting("p"), waiting("q"), M))
    bank.start("p", case="c")

    assert bank.keep("note", "c")
    bank.start("q", case="c")
    bank.start("p", case="c")

    assert bank.open == ["p_after", "q_after"]


def test_without_a_time_to_live_nothing_is_kept(bank: DurableBank) -> None:
    bank.release(diagram(waiting(), M))
    assert not bank.tell("note", "c")

    bank.start(case="c")

    assert bank.open == []


def test_a_message_is_over_when_its_time_is(bank: DurableBank) -> None:
    bank.release(diagram(waiting(), M))
    bank.keep("note", "c", timedelta(hours=1))

    bank.wait(hours=1)
    bank.start(case="c")

    assert bank.open == []
    assert deadlines.forget_messages(bank.ports) == 1
    assert deadlines.forget_messages(bank.ports) == 0


def test_a_message_id_makes_a_publication_once(bank: DurableBank) -> None:
    bank.release(diagram(waiting(), M))
    for _ in range(2):
        bank.keep("note", "c", timedelta(hours=1), message_id="1")
    bank.keep("note", "c", timedelta(hours=1), message_id="2")

    with bank.work() as work:
        assert [kept.message_id for kept in work.publications.messages("note", "c")] == ["1", "2"]
    bank.wait(hours=1)
    bank.keep("note", "c", timedelta(hours=1), message_id="1")
    with bank.work() as work:
        assert [kept.message_id for kept in work.publications.messages("note", "c")] == ["1"]


def test_an_event_that_goes_on_listening_hears_every_kept_message_in_turn(bank: DurableBank) -> None:
    drawn = process(
        "p",
        start(),
        user("u"),
        user("v"),
        boundary("b", "v", message("M"), interrupting=False),
        user("read"),
        flows("start", "u", "v"),
        flows("b", "read"),
    )
    bank.release(diagram(drawn, M))
    bank.start(case="c")
    for number in (1, 2):
        bank.keep("note", "c", variables={"n": number})

    bank.do("u")

    assert bank.open == ["read", "read", "v"]
    bank.tell("note", "c")
    assert bank.open == ["read", "read", "read", "v"]


def test_a_key_starts_one_instance_at_a_time(bank: DurableBank) -> None:
    bank.release(diagram(STARTS, M))

    assert [bank.tell("note", "a"), bank.tell("note", "b"), bank.tell("note", "a")] == [True, True, False]

    assert bank.open == ["work", "work"]


def test_a_second_message_waits_until_the_instance_with_its_key_ends(bank: DurableBank) -> None:
    bank.release(diagram(STARTS, M))
    for number in (1, 2, 3):
        bank.keep("note", "a", variables={"n": number})
    assert bank.open == ["work"]

    seen = []
    while bank.open:
        seen.append(bank.variables(max(each.id for each in bank.instances()))["seen"])
        bank.do("work")

    assert seen == [1, 2, 3]
    assert bank.running == 0


def test_without_a_key_every_message_starts_an_instance(bank: DurableBank) -> None:
    bank.release(diagram(STARTS, M))

    for _ in range(2):
        bank.tell("note", "")

    assert bank.open == ["work", "work"]


def test_a_cancelled_instance_makes_room_too(bank: DurableBank) -> None:
    bank.release(diagram(STARTS, M))
    bank.keep("note", "a", variables={"n": 1})
    bank.keep("note", "a", variables={"n": 2})

    first = bank.instances()[0].id

    with bank.work() as work:
        bank.engine.cancel(work, first, Why("wrong"))

    assert bank.variables(bank.instances()[-1].id) == {"n": 2, "seen": 2}


def test_a_process_that_hears_a_message_in_its_middle_is_not_started_by_it(bank: DurableBank) -> None:
    both = process(
        "s",
        start("plain"),
        start("told", message("M")),
        node("receiveTask", "wait", messageRef="M"),
        user("work"),
        user("after"),
        flows("told", "work"),
        flows("plain", "wait", "after"),
    )
    bank.release(diagram(both, M))
    bank.start("s", case="a")

    bank.tell("note", "a")

    assert bank.open == ["after"]


def test_a_signal_reaches_everything_that_waits_and_starts_what_it_starts(bank: DurableBank) -> None:
    signal = '<bpmn:signalEventDefinition signalRef="S"/>'
    waits = process(
        "p",
        start(),
        node("parallelGateway", "fork"),
        *[node("intermediateCatchEvent", id, body=signal) for id in ("one", "two")],
        *[user(f"after_{id}") for id in ("one", "two")],
        flows("start", "fork", "one", "after_one"),
        flows("fork", "two", "after_two"),
    )
    begins = process("q", start("heard", signal), user("begun"), flows("heard", "begun"))
    bank.release(diagram(waits, begins, '<bpmn:signal id="S" name="news"/>\n'))
    bank.start()
    bank.start()

    bank.tell("signal: news", "")

    assert bank.open == ["after_one", "after_one", "after_two", "after_two", "begun"]


def test_a_diagram_publishes_with_a_time_to_live_and_an_id(bank: DurableBank) -> None:
    publish = zeebe("publishMessage", correlationKey="=case", timeToLive="PT1H", messageId='="only " + case')
    sends = process(
        "q",
        start("qs"),
        node("intermediateThrowEvent", "send", publish, mapping([("=7", "n")]), body=message("M")),
        end("qe"),
        flows("qs", "send", "qe"),
    )
    bank.release(diagram(waiting(), sends, M))
    for _ in range(2):
        bank.start("q", case="c")
    bank.deliver()

    waits = bank.start(case="c")
    bank.start(case="c")

    assert bank.variables(waits)["n"] == 7
    assert bank.open == ["p_after"]


def each_waits(count: int) -> bytes:
    """So many items at once, each waiting for a message with its own key."""
    wait = node(
        "receiveTask",
        "wait",
        messageRef="E",
        body=each(f"=for i in 1..{count} return string(i)", inputElement="item"),
    )
    return diagram(process("p", start(), wait, user("u"), flows("start", "wait", "u")), EACH)


def test_of_many_that_begin_to_wait_each_hears_what_is_kept_for_it(bank: DurableBank) -> None:
    bank.release(each_waits(5))
    for key in ("2", "4", "4", "6"):
        bank.keep("note", key)

    instance = bank.start()

    with bank.work() as work:
        assert [waits.key for waits in work.processes.subscriptions_of(instance)] == ["1", "3", "5"]
        kept = work.publications.messages("note", ["2", "4", "6"])
        assert [(message.key, message.heard) for message in kept] == [
            ("2", ("p",)),
            ("4", ("p",)),
            ("4", ()),
            ("6", ()),
        ]


def test_what_is_kept_for_many_is_asked_a_few_times() -> None:
    bank = Bank(each_waits(2 * MOST_ASKED + 1))
    asked: list[int] = []
    with bank.work() as work:
        find: Callable[[str, Sequence[str]], list[BufferedMessage]] = work.publications.messages

        def noting(name: str, key: Sequence[str]) -> list[BufferedMessage]:
            asked.append(len(key))
            kept: list[BufferedMessage] = find(name, key)
            return kept

        work.publications.messages = noting

        bank.engine.start(work, "p")

    assert asked == [MOST_ASKED, MOST_ASKED, 1]
