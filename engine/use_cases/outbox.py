"""What is to be done outside: taken in one transaction, done between transactions, its result recorded in another.

A message is taken with a lease: if this process dies while sending, the message is due again when the lease ends, so
everything is done at least once, under a key the receiver can use.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from engine.domain import notices
from engine.domain.actor import SYSTEM
from engine.domain.errors import OnHold, ProcessStuck
from engine.domain.events import HistoryEvent
from engine.domain.running import HELD_BACK, Job, JobEnd, JobOutcome, OutboxMessage, OutboxState
from engine.ports import Channel, CoreBank, GiveUp, Ports, TryLater, UnitOfWork
from engine.use_cases import incidents

LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 12


@dataclass(frozen=True, slots=True)
class Senders:
    """Where messages go: the bank's core, mail if a server is set, and what does the work of operations outside.

    `work` raises TryLater or GiveUp; any other exception counts as a try.
    """

    bank: CoreBank
    email: Channel | None = None
    work: Callable[[Job], JobOutcome] | None = None


def deliver(ports: Ports, senders: Senders, limit: int = 50) -> int:
    """Do what is due, each message on its own; how many were tried."""
    taken = take_due(ports, limit)
    for message in taken:
        carry_out(ports, senders, message)
    return len(taken)


def take_due(ports: Ports, limit: int) -> list[OutboxMessage]:
    """The messages that are due, held by a lease from the next taker."""
    with ports.unit_of_work(SYSTEM) as work:
        taken = []
        for message in work.outbox(due_by=work.now, limit=limit):
            held = replace(message, due_at=work.now + LEASE, attempts=message.attempts + 1)
            work.save_outbox(held)
            taken.append(held)
        return taken


def carry_out(ports: Ports, senders: Senders, message: OutboxMessage) -> None:
    """Do one message and record what became of it."""
    if message.kind == "message":
        _publish(ports, message)
        return
    if message.kind == "job":
        _do_job(ports, senders, message)
        return
    try:
        receipt = _send(ports, senders, message)
    except TryLater as later:
        _record_failure(ports, message, str(later), final=message.attempts >= MOST_ATTEMPTS)
    except GiveUp as refusal:
        _record_failure(ports, message, str(refusal), final=True)
    else:
        _record_success(ports, message, receipt)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, up to six hours."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _send(ports: Ports, senders: Senders, message: OutboxMessage) -> str:
    payload = message.payload
    if message.kind == "bank.instruct":
        return senders.bank.pay(message.key, str(payload["amount"]), str(payload["currency"]))
    if message.kind == "bank.freeze":
        return senders.bank.freeze(message.key, str(payload.get("reason") or ""))
    if message.kind == "email":
        if senders.email is None:
            raise GiveUp("No mail server is set.")
        with ports.unit_of_work(SYSTEM) as work:
            notice = work.notices.get(int(payload["notice_id"]))
        if not notice.recipient:
            raise GiveUp("The notice has no recipient.")
        senders.email.send(
            key=message.key,
            recipient=notice.recipient,
            subject=notice.subject,
            body=notice.body,
            language=notice.language,
        )
        return ""
    raise GiveUp(f"Nobody here does {message.kind}.")


def _publish(ports: Ports, message: OutboxMessage) -> None:
    payload = message.payload
    with ports.unit_of_work(SYSTEM) as work:
        if message.complaint_id is not None:
            work.complaints.lock(message.complaint_id)
        ports.engine.publish(
            work,
            str(payload["message"]),
            str(payload["key"]),
            payload.get("variables"),
            ttl=timedelta(seconds=float(payload.get("ttl_seconds") or 0)),
            message_id=payload.get("message_id"),
            complaint_id=message.complaint_id,
        )
        work.save_outbox(replace(message, state=OutboxState.SENT, sent_at=work.now))


def _do_job(ports: Ports, senders: Senders, message: OutboxMessage) -> None:
    """The work of an operation, outside any transaction; its end is a command of its own."""
    job = _job_of(message)
    with ports.unit_of_work(SYSTEM) as work:
        _lock(work, message)
        try:
            wanted = ports.engine.wants_job(work, job)
        except OnHold:
            later = work.now + LONGEST_WAIT  # resuming makes it due at once
            work.save_outbox(
                replace(message, due_at=later, attempts=message.attempts - 1, last_error=HELD_BACK)
            )
            return
        if not wanted:
            work.save_outbox(
                replace(message, state=OutboxState.GIVEN_UP, last_error="The process went on without it.")
            )
            return
    try:
        if senders.work is None:
            raise GiveUp(f"Nobody here does {job.type}.")
        outcome = senders.work(job)
    except GiveUp as refusal:
        _end_job(ports, message, job, _failed(refusal))
    except Exception as error:
        if message.attempts >= int(message.payload["retries"]):
            _end_job(ports, message, job, _failed(error))
        else:
            _try_job_later(ports, message, error)
    else:
        _end_job(ports, message, job, outcome)


def _job_of(message: OutboxMessage) -> Job:
    payload = message.payload
    return Job(
        instance_id=int(payload["instance_id"]),
        token=int(payload["token"]),
        type=str(payload["type"]),
        key=message.key,
        complaint_id=message.complaint_id,
        inputs=payload["inputs"],
    )


def _failed(error: Exception) -> JobOutcome:
    return JobOutcome(JobEnd.FAILED, code="operation.failed", message=_said(error))


def _said(error: Exception) -> str:
    """What went wrong, in the words of those that speak to people, else with the kind of the error."""
    return str(error) if isinstance(error, TryLater | GiveUp) else f"{type(error).__name__}: {error}"


def _end_job(ports: Ports, message: OutboxMessage, job: Job, outcome: JobOutcome) -> None:
    try:
        with ports.unit_of_work(SYSTEM) as work:
            _lock(work, message)
            ports.engine.finish_job(work, job, outcome)
            failed = outcome.end is JobEnd.FAILED
            state = OutboxState.GIVEN_UP if failed else OutboxState.SENT
            at = None if failed else work.now
            work.save_outbox(replace(message, state=state, sent_at=at, last_error=outcome.message or None))
    except ProcessStuck as stuck:
        # what follows the job went round and round: a person has to look, and the work is not done again
        incidents.write_stuck(ports, job.instance_id, job.token, stuck)
        with ports.unit_of_work(SYSTEM) as work:
            work.save_outbox(replace(message, state=OutboxState.GIVEN_UP, last_error=stuck.message))


def _try_job_later(ports: Ports, message: OutboxMessage, error: Exception) -> None:
    with ports.unit_of_work(SYSTEM) as work:
        seconds = message.payload.get("backoff_seconds")
        wait = wait_after(message.attempts) if seconds is None else timedelta(seconds=float(seconds))
        work.save_outbox(replace(message, due_at=work.now + wait, last_error=_said(error)))


def _record_success(ports: Ports, message: OutboxMessage, receipt: str) -> None:
    with ports.unit_of_work(SYSTEM) as work:
        _lock(work, message)
        work.save_outbox(replace(message, state=OutboxState.SENT, sent_at=work.now, last_error=None))
        if message.kind == "email":
            notice = work.notices.get(int(message.payload["notice_id"]))
            work.notices.save(notices.sent(notice, work.now))
        elif message.kind == "bank.freeze":
            _event(work, message, "harm.stopped", receipt=receipt)
        elif message.kind == "bank.instruct":
            _tell_process(ports, work, message, "carried out", {"receipt": receipt})


def _record_failure(ports: Ports, message: OutboxMessage, reason: str, *, final: bool) -> None:
    with ports.unit_of_work(SYSTEM) as work:
        _lock(work, message)
        if not final:
            due = work.now + wait_after(message.attempts)
            work.save_outbox(replace(message, due_at=due, last_error=reason))
            return
        work.save_outbox(replace(message, state=OutboxState.GIVEN_UP, last_error=reason))
        if message.kind == "email":
            notice = work.notices.get(int(message.payload["notice_id"]))
            work.notices.save(notices.failed(notice))
            _event(work, message, "notice.failed", reason=reason, event=notice.event)
        elif message.kind == "bank.freeze":
            _event(work, message, "harm.stop_failed", reason=reason)
        elif message.kind == "bank.instruct":
            _tell_process(ports, work, message, "carrying out failed", {"reason": reason})


def _lock(work: UnitOfWork, message: OutboxMessage) -> None:
    if message.complaint_id is not None:
        work.complaints.lock(message.complaint_id)


def _tell_process(
    ports: Ports, work: UnitOfWork, message: OutboxMessage, name: str, variables: Mapping[str, Any]
) -> None:
    further = {"instruction": message.key, "plan_id": message.payload.get("plan_id"), **variables}
    ports.engine.publish(work, name, str(message.complaint_id), further)


def _event(work: UnitOfWork, message: OutboxMessage, kind: str, **detail: Any) -> None:
    work.record(
        HistoryEvent(
            at=work.now, kind=kind, actor=work.actor.name, complaint_id=message.complaint_id, detail=detail
        )
    )
