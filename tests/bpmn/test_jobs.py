"""Work that happens outside: the token waits, the outbox does it, its end is a command that counts once."""

from collections.abc import Iterator

import pytest

from engine.domain.running import Job, JobEnd, JobOutcome, OutboxState
from engine.runtime.clock import MovableClock
from engine.use_cases import outbox
from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    flows,
    headers,
    mapping,
    message,
    named_message,
    process,
    service,
    start,
    timer,
    user,
)
from tests.builders.durable import DurableBank


@pytest.fixture
def bank(sqlite_url: str, clock: MovableClock) -> Iterator[DurableBank]:
    opened = DurableBank(sqlite_url, clock)
    yield opened
    opened.close()


def drawn(type: str = "look_up", *parts: str, retries: str | None = None) -> bytes:
    """A service task whose work happens outside, with a deadline and a message on its border."""
    return diagram(
        process(
            "p",
            start(),
            service("s", type, mapping([("=n", "value")], [("=value", "found")]), *parts, retries=retries),
            boundary("late", "s", timer("Duration", "P1D")),
            boundary("stop", "s", message("M")),
            user("after"),
            user("other"),
            flows("start", "s", "after"),
            flows("late", "other"),
            flows("stop", "other"),
        ),
        named_message("M", "stop", '="k"'),
    )


def job(bank: DurableBank, number: int = 0) -> Job:
    """A job of the outbox."""
    with bank.work() as work:
        waiting = [m for m in work.outbox(due_by=bank.clock.now(), limit=9) if m.kind == "job"]
    return outbox._job_of(waiting[number])


def test_the_token_waits_and_the_inputs_are_in_the_outbox(bank: DurableBank) -> None:
    bank.release(drawn())
    id = bank.start(n=3)

    asked = job(bank)

    assert (asked.type, asked.inputs) == ("look_up", {"value": 3})
    assert asked.key.startswith(f"job-{id}-")
    assert bank.open == []
    assert bank.path == ["start"]


def test_its_end_counts_once(bank: DurableBank) -> None:
    bank.release(drawn())
    id = bank.start(n=3)
    asked, done = job(bank), JobOutcome(JobEnd.DONE, {"value": "x"})

    with bank.work() as work:
        first = bank.engine.finish_job(work, asked, done)
    with bank.work() as work:
        again = bank.engine.finish_job(work, asked, JobOutcome(JobEnd.DONE, {"value": "y"}))

    assert (first, again) == (True, False)
    assert bank.variables(id)["found"] == "x"
    assert bank.open == ["after"]


@pytest.mark.parametrize("how", ["timer", "message"])
def test_an_event_on_its_border_interrupts_it_and_a_late_end_is_a_quiet_no(
    bank: DurableBank, how: str
) -> None:
    bank.release(drawn())
    bank.start(n=3)
    asked = job(bank)

    if how == "timer":
        bank.wait(days=1)
    else:
        bank.tell("stop", "k")

    with bank.work() as work:
        assert not bank.engine.wants_job(work, asked)
        assert not bank.engine.finish_job(work, asked, JobOutcome(JobEnd.DONE, {"value": "x"}))
    assert bank.open == ["other"]
    assert bank.deliver() == 1
    with bank.work() as work:
        assert [m.state for m in work._outbox.find(kind="job")] == [OutboxState.GIVEN_UP]


def test_a_person_who_retries_makes_a_new_job_with_a_new_key(bank: DurableBank) -> None:
    bank.release(drawn("look_up.never", retries="1"))
    bank.start(n=3)
    first = job(bank)
    bank.deliver()
    assert bank.incidents == ["s: operation.failed"]

    bank.retry()

    second = job(bank)
    assert bank.incidents == []
    assert second.key != first.key
    with bank.work() as work:
        assert not bank.engine.finish_job(work, first, JobOutcome(JobEnd.DONE, {}))


def test_the_back_off_of_the_diagram_is_kept_between_tries(bank: DurableBank) -> None:
    bank.release(drawn("look_up.never", headers(retryBackoff="PT2H"), retries="3"))
    bank.start(n=3)

    tried = []
    for _ in range(6):
        tried.append(bank.deliver())
        bank.wait(hours=1)

    assert tried == [1, 0, 1, 0, 1, 0]
    assert bank.incidents == ["s: operation.failed"]


def test_an_error_thrown_outside_that_nobody_catches_is_an_incident(bank: DurableBank) -> None:
    bank.release(drawn("look_up.throws"))
    bank.start(n=3)

    bank.deliver()

    assert bank.incidents == ["s: error.uncaught"]


def test_inputs_that_do_not_fit_are_an_incident_before_anything_is_sent(bank: DurableBank) -> None:
    bank.release(
        diagram(
            process(
                "p",
                start(),
                service("s", "look_up", mapping([("=[1]", "code")])),
                end(),
                flows("start", "s", "end"),
            )
        )
    )

    bank.start()

    assert bank.incidents == ["s: operation.inputs"]
    assert bank.deliver() == 0


def test_a_conclusion_that_fails_is_an_incident_and_the_work_is_not_done_again(bank: DurableBank) -> None:
    bank.release(
        diagram(
            process(
                "p",
                start(),
                service("s", "look_up", mapping(outputs=[("=value", "complaint.grade")])),
                end(),
                flows("start", "s", "end"),
            )
        )
    )
    bank.start()
    bank.deliver()
    assert bank.incidents == ["s: complaint.none"]

    bank.retry()

    assert bank.incidents == ["s: complaint.none"]
    assert bank.deliver() == 0
