"""On hold: tasks leave the inboxes, timers, messages and jobs wait; what came is made up for when it resumes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.errors import OnHold, OutOfOrder, TaskNotOpen
from engine.domain.running import OutboxState
from engine.domain.task import TaskState
from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
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
    timer,
    user,
)
from tests.builders.steered import SteeredBank

M = named_message("M", "note", "=case")
SIGNAL = '<bpmn:signal id="S" name="news"/>\n'


def one_task(*more: str) -> bytes:
    """A user task between start and end, and what hangs on it."""
    return diagram(process("p", start(), user("u"), end(), flows("start", "u", "end"), *more), M, SIGNAL)


def test_its_tasks_leave_the_inboxes_and_come_back_to_whom_they_belong(bank: SteeredBank) -> None:
    two = user("a"), user("b"), end("ea"), end("eb")
    split = node("parallelGateway", "g"), flows("start", "g", "a", "ea"), flows("g", "b", "eb")
    bank.release(diagram(process("p", start(), *two, *split)))
    instance = bank.start()
    with bank.work() as work:
        (claimed,) = work.tasks.find(element="b")
        (person,) = work.people.find(login="ann")
        work.tasks.save(replace(claimed, state=TaskState.CLAIMED, assignee_id=person.id))

    assert bank.suspend()
    assert {task.state for task in bank.all_tasks(instance)} == {TaskState.SUSPENDED}
    assert bank.open == []
    assert bank.resume()

    assert {task.element: task.state for task in bank.all_tasks(instance)} == {
        "a": TaskState.OPEN,
        "b": TaskState.CLAIMED,
    }
    assert bank.task("b").assignee_id == person.id


def test_a_second_time_is_a_quiet_no_and_what_is_over_is_refused(bank: SteeredBank) -> None:
    bank.release(one_task())
    instance = bank.start()

    assert not bank.resume()
    assert bank.suspend()
    assert not bank.suspend()
    assert bank.resume()
    assert not bank.resume()

    bank.do("u")
    with pytest.raises(OutOfOrder, match="is over"):
        bank.suspend(instance)
    with pytest.raises(OutOfOrder, match="is over"):
        bank.resume(instance)
    assert [event["reason"] for event in bank.history("process.suspended")] == ["so that it can be tested"]


def test_nobody_completes_a_task_of_a_case_on_hold(bank: SteeredBank) -> None:
    bank.release(one_task())
    bank.start()
    task = bank.task("u")
    bank.suspend()

    with pytest.raises(OnHold), bank.work() as work:
        bank.engine.complete(work, task, {})
    bank.resume()
    bank.do("u")
    with pytest.raises(TaskNotOpen), bank.work() as work:
        bank.engine.complete(work, task, {})


def test_a_timer_waits_and_fires_when_it_resumes(bank: SteeredBank) -> None:
    late = boundary("late", "u", timer("Duration", "PT1H")), user("chase"), flows("late", "chase")
    bank.release(one_task(*late))
    bank.start()
    bank.suspend()
    bank.wait(hours=2)
    assert bank.open == []

    bank.resume()

    assert bank.open == ["chase"]


def test_missed_rounds_of_a_cycle_fire_once_and_the_next_is_on_time(bank: SteeredBank) -> None:
    again = boundary("again", "u", timer("Cycle", "R/PT1H"), interrupting=False), service("tell", "echo")
    bank.release(one_task(*again, flows("again", "tell")))
    bank.start()
    bank.suspend()
    bank.wait(hours=5, minutes=30)

    bank.resume()
    bank.wait(minutes=29)
    assert bank.path.count("tell") == 1
    bank.wait(minutes=1)

    assert bank.path.count("tell") == 2


def test_messages_are_kept_and_given_in_their_order(bank: SteeredBank) -> None:
    heard = event_subprocess(
        "on_note",
        message("M"),
        user("read") + end("er") + flows("on_note_start", "read", "er"),
        interrupting=False,
    )
    bank.release(one_task(heard))
    instance = bank.start(case="c")
    bank.suspend()

    assert bank.tell("note", "c", n=1)
    assert bank.tell("note", "c", n=2)
    assert bank.open == []
    assert [message.variables for message in bank.held(instance)] == [{"n": 1}, {"n": 2}]
    bank.resume()

    assert bank.open == ["read", "read", "u"]
    with bank.work() as work:
        scopes = [dict(scope.values) for scope in work.processes.scopes(instance) if scope.number]
    assert [scope["n"] for scope in scopes] == [1, 2]
    assert bank.held(instance) == []


def test_a_second_message_goes_to_whoever_else_waits_before_it_is_kept(bank: SteeredBank) -> None:
    bank.release(
        diagram(
            process(
                "p", start(), node("receiveTask", "r", messageRef="M"), user("u"), flows("start", "r", "u")
            ),
            M,
        )
    )
    first, second = bank.start(case="c"), bank.start(case="c")
    bank.suspend(first)

    assert bank.tell("note", "c", n=1)
    assert bank.open == []
    assert bank.tell("note", "c", n=2)
    assert bank.variables(second) == {"case": "c", "n": 2}
    assert bank.tell("note", "c", n=3)
    bank.resume(first)

    assert bank.variables(first) == {"case": "c", "n": 1}
    assert [event["message"] for event in bank.history("message.unheard")] == ["note"]


def test_a_kept_message_that_is_not_heard_stays_kept_for_others(bank: SteeredBank) -> None:
    bank.release(
        diagram(
            process(
                "p", start(), node("receiveTask", "r", messageRef="M"), user("u"), flows("start", "r", "u")
            ),
            M,
        )
    )
    first = bank.start(case="c")
    bank.suspend()
    assert bank.keep("note", "c", variables={"n": 1.5})
    bank.move("r", "u")
    bank.resume()
    assert bank.open == ["u"]

    second = bank.start(case="c")

    assert bank.variables(first) == {"case": "c"}
    assert bank.variables(second) == {"case": "c", "n": 1.5}


def test_a_signal_reaches_it_when_it_resumes(bank: SteeredBank) -> None:
    news = boundary("news", "u", signal("S")), user("read"), flows("news", "read")
    bank.release(one_task(*news))
    on_hold, running = bank.start(), bank.start()
    bank.suspend(on_hold)

    assert bank.tell("signal: news", "")
    assert [task.instance_id for task in bank.tasks] == [running]
    bank.resume(on_hold)

    assert bank.open == ["read", "read"]


def test_what_came_meanwhile_happens_in_the_order_it_came(bank: SteeredBank) -> None:
    """The timer came due before the message was published: it interrupts first, and nobody waits for the message."""
    late = boundary("late", "u", timer("Duration", "PT1H")), user("chase"), flows("late", "chase")
    told = boundary("told", "u", message("M")), user("read"), flows("told", "read")
    bank.release(one_task(*late, *told))
    after, before = bank.start(case="a"), bank.start(case="b")
    for each in (after, before):
        bank.suspend(each)
    bank.tell("note", "b")
    bank.wait(hours=2)
    bank.tell("note", "a")

    bank.resume(after)
    bank.resume(before)

    assert {task.instance_id: task.element for task in bank.tasks} == {after: "chase", before: "read"}


def test_a_job_that_was_not_begun_begins_when_it_resumes(bank: SteeredBank) -> None:
    bank.release(diagram(process("p", start(), service("s", "look_up"), user("u"), flows("start", "s", "u"))))
    instance = bank.start(value=7)
    bank.suspend()
    bank.deliver()
    with bank.work() as work:
        held = work.outbox_message(f"job-{instance}-2-1")
    assert (held.state, held.attempts) == (OutboxState.WAITING, 0)
    assert held.last_error == "The case is on hold; this begins when it resumes."

    bank.resume()
    bank.deliver()

    assert bank.variables(instance)["value"] == "found 7"
    assert bank.open == ["u"]


def test_a_job_that_ends_meanwhile_ends_when_it_resumes(bank: SteeredBank) -> None:
    bank.release(diagram(process("p", start(), service("s", "look_up"), user("u"), flows("start", "s", "u"))))
    instance = bank.start(value=7)
    with bank.work() as work:
        (taken,) = work.outbox(due_by=work.now, limit=5)
    bank.suspend()

    assert bank.end_job(taken, value="found it")
    assert not bank.end_job(taken, value="found it twice")
    assert bank.open == []
    bank.resume()

    assert bank.variables(instance)["value"] == "found it"
    assert bank.open == ["u"]


def test_an_incident_is_not_tried_again_on_hold(bank: SteeredBank) -> None:
    bank.release(diagram(process("p", start(), service("s", "fail"), user("u"), flows("start", "s", "u"))))
    bank.start()
    bank.suspend()

    bank.wait(hours=1)
    with pytest.raises(OnHold):
        bank.retry()
    bank.put(value="now it works")
    bank.resume()
    bank.wait(minutes=1)

    assert bank.open == ["u"]


def test_a_case_on_hold_can_be_cancelled_and_keeps_nothing(bank: SteeredBank) -> None:
    bank.release(one_task(boundary("told", "u", message("M")), user("read"), flows("told", "read")))
    instance = bank.start(case="c")
    bank.suspend()
    bank.tell("note", "c")

    assert bank.end()
    assert not bank.end(instance)

    assert bank.held(instance) == []
    assert {task.state for task in bank.all_tasks(instance)} == {TaskState.CANCELLED}
    assert bank.running == 0


def test_an_inclusive_join_is_looked_at_again_when_it_resumes(bank: SteeredBank) -> None:
    gates = node("inclusiveGateway", "split"), node("inclusiveGateway", "join")
    ways = flow("split", "a", "=true"), flow("split", "b", "=true"), flows("a", "join"), flows("b", "join")
    bank.release(
        diagram(
            process(
                "p",
                start(),
                *gates,
                user("a"),
                user("b"),
                user("c"),
                flows("start", "split"),
                *ways,
                flows("join", "c"),
            )
        )
    )
    bank.start()
    bank.do("a")
    bank.suspend()

    bank.terminate("b")
    assert bank.open == []
    bank.resume()

    assert bank.open == ["c"]


def test_due_timers_and_incidents_of_a_case_on_hold_are_not_looked_up(bank: SteeredBank) -> None:
    late = boundary("late", "u", timer("Duration", "PT1H")), user("chase"), flows("late", "chase")
    bank.release(one_task(*late))
    bank.start()
    bank.suspend()
    bank.clock.move_by(timedelta(days=1))

    with bank.work() as work:
        assert work.processes.due_timers(by=work.now, limit=5) == []


def test_a_mapping_of_what_came_is_kept(bank: SteeredBank) -> None:
    """What a held message brings goes through the output mapping of the event, as it would have."""
    told = node(
        "boundaryEvent", "told", mapping(outputs=[("=n + 1", "seen")]), body=message("M"), attachedToRef="u"
    )
    bank.release(one_task(told, user("read"), flows("told", "read")))
    instance = bank.start(case="c")
    bank.suspend()
    bank.tell("note", "c", n=0.5)
    bank.resume()

    assert bank.variables(instance)["seen"] == 1.5
