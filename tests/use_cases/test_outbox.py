"""The outbox: done at least once under one key, tried again with growing waits, given up in the end."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.errors import ProcessStuck
from engine.domain.notices import Notice, NoticeState
from engine.domain.running import Job, JobEnd, JobOutcome, OutboxMessage, OutboxState
from engine.ports import GiveUp, TryLater
from engine.use_cases import outbox
from engine.use_cases.outbox import Senders
from tests.builders.house import House


@dataclass
class Outside:
    """A bank's core and a mail server at once; fails as it is told."""

    raises: Exception | None = None
    done: list[tuple[str, ...]] = field(default_factory=list)

    def pay(self, reference: str, amount: str, currency: str) -> str:
        return self._do("pay", reference, amount, currency)

    def freeze(self, reference: str, reason: str) -> str:
        return self._do("freeze", reference, reason)

    def send(self, *, key: str, recipient: str, subject: str, body: str, language: str) -> None:
        self._do("mail", key, recipient, subject)

    def _do(self, *what: str) -> str:
        if self.raises is not None:
            raise self.raises
        self.done.append(what)
        return "receipt"


@pytest.fixture
def house() -> House:
    return House()


def put(house: House, kind: str, **payload: Any) -> int:
    complaint = house.complaint()
    with house.work() as work:
        work.send(OutboxMessage(kind, f"{kind}-1", payload, work.now, complaint.id))
    return complaint.id


def message(house: House) -> OutboxMessage:
    return next(iter(house.store.tables.outbox.values()))


def test_a_payment_is_instructed_and_the_process_told_the_receipt(house: House) -> None:
    outside = Outside()
    complaint_id = put(house, "bank.instruct", plan_id=7, amount="50.00", currency="CNY")

    assert outbox.deliver(house.ports, Senders(outside)) == 1

    assert outside.done == [("pay", "bank.instruct-1", "50.00", "CNY")]
    told = {"instruction": "bank.instruct-1", "plan_id": 7, "receipt": "receipt"}
    assert [("carried out", str(complaint_id), told)] == house.engine.published
    assert message(house).state == OutboxState.SENT
    assert outbox.deliver(house.ports, Senders(outside)) == 0


def test_what_fails_for_now_is_tried_again_later_and_later(house: House) -> None:
    outside = Outside(raises=TryLater("The core is closed."))
    put(house, "bank.freeze", reason="fraud")
    waits = []
    for _ in range(3):
        outbox.deliver(house.ports, Senders(outside))
        waits.append(message(house).due_at - house.store.now)
        house.store.now = message(house).due_at

    assert [timedelta(seconds=seconds) for seconds in (30, 60, 120)] == waits
    assert (message(house).attempts, message(house).last_error) == (3, "The core is closed.")
    outside.raises = None
    outbox.deliver(house.ports, Senders(outside))
    assert message(house).state == OutboxState.SENT
    assert "harm.stopped" in house.kinds()


def test_after_the_last_attempt_it_is_given_up(house: House) -> None:
    outside = Outside(raises=TryLater("Closed."))
    put(house, "bank.freeze", reason="fraud")

    for _ in range(outbox.MOST_ATTEMPTS):
        outbox.deliver(house.ports, Senders(outside))
        house.store.now += timedelta(days=1)

    assert message(house).state == OutboxState.GIVEN_UP
    assert "harm.stop_failed" in house.kinds()


def test_what_will_never_work_is_given_up_at_once_and_the_process_told(house: House) -> None:
    complaint_id = put(house, "bank.instruct", plan_id=7, amount="50.00", currency="CNY")

    outbox.deliver(house.ports, Senders(Outside(raises=GiveUp("The account is closed."))))

    name, key, variables = house.engine.published[0]
    assert ("carrying out failed", str(complaint_id), "The account is closed.") == (
        name,
        key,
        variables["reason"],
    )


def test_a_taken_message_is_due_again_when_its_lease_ends(house: House) -> None:
    put(house, "bank.freeze", reason="fraud")

    assert len(outbox.take_due(house.ports, 10)) == 1
    assert outbox.take_due(house.ports, 10) == []
    house.store.now += outbox.LEASE

    assert [taken.attempts for taken in outbox.take_due(house.ports, 10)] == [2]


def test_a_message_to_a_process_is_delivered_by_a_command_of_its_own(house: House) -> None:
    put(house, "message", message="finding ready", key="9", variables={"finding": "x"})

    outbox.deliver(house.ports, Senders(Outside()))

    assert house.engine.published == [("finding ready", "9", {"finding": "x"})]
    assert message(house).state == OutboxState.SENT


def notice_to(house: House, recipient: str | None) -> int:
    complaint = house.complaint()
    with house.work() as work:
        notice = work.notices.add(
            Notice(0, complaint.id, "received", "email", "en", recipient, "Received", "We have it.", work.now)
        )
        work.send(OutboxMessage("email", "notice-1", {"notice_id": notice.id}, work.now, complaint.id))
        return int(notice.id)


def state_of(house: House, notice_id: int) -> NoticeState:
    with house.work() as work:
        found: Notice = work.notices.get(notice_id)
        return found.state


def test_a_notice_is_mailed_under_its_key(house: House) -> None:
    outside = Outside()
    notice_id = notice_to(house, "alice@mail.example")

    outbox.deliver(house.ports, Senders(outside, outside))

    assert outside.done == [("mail", "notice-1", "alice@mail.example", "Received")]
    assert state_of(house, notice_id) == NoticeState.SENT


@pytest.mark.parametrize(("recipient", "has_mail"), [("alice@mail.example", False), (None, True)])
def test_a_notice_that_cannot_be_mailed_has_failed_but_stays_on_the_page(
    house: House, recipient: str | None, has_mail: bool
) -> None:
    outside = Outside()
    notice_id = notice_to(house, recipient)

    outbox.deliver(house.ports, Senders(outside, outside if has_mail else None))

    assert state_of(house, notice_id) == NoticeState.FAILED
    assert "notice.failed" in house.kinds()


def test_an_unknown_kind_is_given_up_not_tried_for_ever(house: House) -> None:
    put(house, "pigeon")

    outbox.deliver(house.ports, Senders(Outside()))

    assert message(house).state == OutboxState.GIVEN_UP


def test_waits_grow_to_six_hours_and_no_further() -> None:
    assert timedelta(seconds=30) == outbox.wait_after(1)
    assert timedelta(hours=6) == outbox.wait_after(50)


def a_job(house: House, **payload: Any) -> OutboxMessage:
    """A job in the outbox."""
    usual = {"instance_id": 1, "token": 2, "type": "look_up", "inputs": {"a": 1}, "retries": 2}
    put(house, "job", **{**usual, "backoff_seconds": None, **payload})
    return message(house)


def test_a_job_is_done_outside_and_its_end_told_to_the_engine(house: House) -> None:
    asked, seen = a_job(house), []

    def work(job: Job) -> JobOutcome:
        seen.append((job.type, job.key, job.inputs))
        return JobOutcome(JobEnd.DONE, {"b": 2})

    outbox.deliver(house.ports, Senders(Outside(), work=work))

    assert seen == [("look_up", asked.key, {"a": 1})]
    assert house.engine.jobs == [(asked.key, JobOutcome(JobEnd.DONE, {"b": 2}))]
    assert message(house).state is OutboxState.SENT


@pytest.mark.parametrize("error", [TryLater("Nobody answers."), RuntimeError("It broke.")])
def test_a_job_that_fails_is_tried_as_often_as_the_diagram_says(house: House, error: Exception) -> None:
    a_job(house, backoff_seconds=3600)

    def work(job: Job) -> JobOutcome:
        raise error

    tried = []
    for _ in range(4):
        tried.append(outbox.deliver(house.ports, Senders(Outside(), work=work)))
        house.store.now += timedelta(minutes=30)

    assert tried == [1, 0, 1, 0]
    assert [outcome.end for _, outcome in house.engine.jobs] == [JobEnd.FAILED]
    assert str(error) in house.engine.jobs[0][1].message
    assert message(house).state is OutboxState.GIVEN_UP


def test_a_job_that_never_helps_is_given_up_at_once(house: House) -> None:
    a_job(house)

    outbox.deliver(house.ports, Senders(Outside()))

    assert house.engine.jobs[0][1].message == "Nobody here does look_up."
    assert message(house).state is OutboxState.GIVEN_UP


def test_a_process_that_goes_round_after_a_job_is_an_incident_and_the_work_is_not_done_again(
    house: House,
) -> None:
    complaint = house.complaint()
    with house.work() as work:
        (instance,) = work.processes.of_complaint(complaint.id)
    a_job(house, instance_id=instance.id)
    house.engine.raises = ProcessStuck("It went round.", instance_id=instance.id, element="again")

    outbox.deliver(house.ports, Senders(Outside(), work=lambda job: JobOutcome(JobEnd.DONE)))

    (incident,) = house.store.tables.incidents.values()
    assert (incident.element, incident.code, incident.message) == ("again", "process_stuck", "It went round.")
    assert message(house).state is OutboxState.GIVEN_UP


def test_a_job_nobody_waits_for_is_not_done(house: House) -> None:
    a_job(house)
    house.engine.hears = False

    def work(job: Job) -> JobOutcome:
        raise AssertionError("it is not asked for")

    outbox.deliver(house.ports, Senders(Outside(), work=work))

    assert house.engine.jobs == []
    assert message(house).state is OutboxState.GIVEN_UP
