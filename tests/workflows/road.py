"""The demo bank in memory with the shipped processes: complaints come in, people of every role do what waits."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from engine.bpmn.process_engine import BpmnEngine
from engine.domain.actor import SYSTEM, Actor, ActorKind
from engine.domain.complaint import Complaint
from engine.domain.running import OutboxState
from engine.domain.task import Task, TaskState, may_do
from engine.memory import FilesInMemory
from engine.operations import build_operations
from engine.ports import Ports
from engine.use_cases import case, deadlines, inbox, intake, subject
from engine.use_cases.demo_bank import seed_demo
from forms.checking import Answers
from tests.builders.store import MovedStore

WORKFLOWS = Path(__file__).parents[2] / "workflows"
A_MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "settle_at_once": {
        "settlement.settled": "yes",
        "settlement.measures": "Fee paid back",
        "settlement.amount": 30,
    },
    "triage": {"triage.verdict": "complaint", "complaint.nature": "business_error"},
    "second_check": {"check.agreed": "yes"},
    "draft_pointer": {
        "pointer.text": "This is a question about opening hours.",
        "pointer.where": "the branch",
    },
    "investigate": {
        "finding.established": "The machine kept 200.",
        "finding.basis": "Journal of the machine",
        "finding.cause": "system_failure",
        "finding.outcome": "upheld",
    },
    "convene": {
        "convene.question": "What happened on your side?",
        "convene.departments": ["OPS", "IT"],
        "convene.may_see": "summary",
        "convene.days": 3,
    },
    "accept_request": {"request.verdict": "accept"},
    "answer_request": {"request.answer": "The journal shows a jam.", "request.responsibility": "yes"},
    "redirect": {
        "redirect.verdict": "ask_again",
        "redirect.question": "Please look again.",
        "redirect.reason": "Yours.",
    },
    "consolidate": {"joint.finding": "A jam, noticed late.", "joint.agreed": "yes"},
    "decide_dispute": {"dispute.bearer": "OPS", "dispute.reason": "Their machine"},
    "draft_plan": {
        "plan.outcome": "upheld",
        "plan.measures": "We pay back 200 and 50 for the trouble.",
        "plan.amount": 250,
        "plan.carry_out_by": "Operations",
        "plan.complete_days": 3,
    },
    "approve_plan": {"approval.verdict": "approve"},
    "draft_answer": {
        "answer.finding": "The machine kept your money.",
        "answer.basis": "Our terms for cash machines.",
        "answer.reasons": "The journal shows the jam.",
        "answer.what_we_do": "We pay back 250.",
        "answer.appeal_path": "You may ask the higher unit for a review within 30 days.",
    },
    "check_answer": {"quality.verdict": "pass"},
    "repair": {"repair.verdict": "try_again", "repair.note": "Account number corrected."},
    "confirm_stop": {"stop.done": "yes"},
    "review_information": {"information.new_facts": "no"},
    "acknowledge_alert": {"alert.seen": True},
}


def release_files() -> dict[str, bytes]:
    """The files of workflows/ by their names in a release."""
    return {
        str(file.relative_to(WORKFLOWS)): file.read_bytes()
        for file in sorted(WORKFLOWS.rglob("*"))
        if file.is_file()
    }


def ports_of(store: MovedStore, engine: BpmnEngine, files: FilesInMemory) -> Ports:
    """What the use cases are given."""
    return Ports(
        unit_of_work=store.unit_of_work,
        engine=engine,
        files=files,
        clock=store.clock,
        secret_key=b"for tests",
    )


@cache
def demo_bank() -> tuple[MovedStore, BpmnEngine, FilesInMemory]:
    """The demo bank before its first complaint: its store, its engine with the shipped processes, its file store."""
    store, files = MovedStore(A_MONDAY), FilesInMemory()
    engine = BpmnEngine(subject, build_operations(files), hydrated=0)
    seed_demo(ports_of(store, engine, files), "no password")
    with store.unit_of_work() as work:
        work.releases.add(release_files())
    return store, engine, files


class Road:
    """One demo bank and what happens in it; every command is a use case in a transaction of its own."""

    def __init__(self, now: datetime = A_MONDAY) -> None:
        seeded, engine, self.files = demo_bank()
        self.store = MovedStore(now, seeded.tables.copy())
        self.files.kept.clear()
        self.ports = ports_of(self.store, engine, self.files)
        with self.ports.unit_of_work(SYSTEM) as work:
            self.people = [inbox.actor_of(work, person) for person in work.people.find()]
        self.done: list[str] = []
        self.bank_refuses = 0

    def submit(
        self, *, staff: str | None = None, unit: str = "SH-XH", key: str = "key-1", **values: Any
    ) -> int:
        """A complaint comes in; with `staff`, somebody of this role writes it down with the customer present."""
        words = {
            "text": "The cash machine kept my 200.",
            "contact_by": "email",
            "customer_email": "a@example.org",
        }
        answers = Answers({**words, **values}, "complaint", "")
        actor = self.person(staff) if staff else SYSTEM
        got = intake.submit(
            self.ports,
            actor,
            answers,
            channel="counter" if staff else "portal",
            key=key,
            staff=staff is not None,
            unit=None if staff else unit,
        )
        return got.complaint_id

    def person(self, role: str) -> Actor:
        """The first person of a role."""
        return next(person for person in self.people if role in person.roles)

    def complaint(self, id: int) -> Complaint:
        with self.ports.unit_of_work(SYSTEM) as work:
            return work.complaints.get(id)

    def tasks(self, id: int) -> list[Task]:
        """What waits for people."""
        with self.ports.unit_of_work(SYSTEM) as work:
            return work.tasks.find(complaint_id=id, state=[TaskState.OPEN, TaskState.CLAIMED])

    def waiting(self, id: int) -> list[str]:
        """The elements that wait for people, in alphabetical order."""
        return sorted(task.element for task in self.tasks(id))

    def who_may(self, task: Task) -> Actor:
        """Somebody who may do the task."""
        complaint = None if task.complaint_id is None else self.complaint(task.complaint_id)
        return next(person for person in self.people if may_do(task, person, complaint))

    def do(self, id: int, element: str, **values: Any) -> Task:
        """Somebody completes the first open task at this element; dots in names are written as double underscores."""
        task = next(task for task in self.tasks(id) if task.element == element)
        given = {name.replace("__", "."): value for name, value in values.items()}
        answers = Answers({**ANSWERS.get(task.form or "", {}), **given}, task.form or "", "")
        inbox.complete(self.ports, self.who_may(task), task.instance_id, task.token, answers)
        self.done.append(element)
        return task

    def go_on(self, id: int, until: str | None = None, limit: int = 60) -> None:
        """People do all that waits, oldest first, until this element waits or nothing does."""
        for _ in range(limit):
            self.deliver()
            tasks = self.tasks(id)
            if not tasks or (until is not None and any(task.element == until for task in tasks)):
                return
            self.do(id, tasks[0].element)
            self.store.now += timedelta(minutes=7)
        raise AssertionError(f"still waiting for {self.waiting(id)}")

    def deliver(self) -> None:
        """The core bank and the messages between processes answer at once; the bank refuses as often as told."""
        while True:
            with self.ports.unit_of_work(SYSTEM) as work:
                due = work.outbox(due_by=work.now, limit=10)
                for message in due:
                    work.save_outbox(replace(message, state=OutboxState.SENT, sent_at=work.now))
            if not due:
                return
            for message in due:
                self._carry(message.kind, message.payload, message.complaint_id)

    def _carry(self, kind: str, payload: Mapping[str, Any], complaint_id: int | None) -> None:
        with self.ports.unit_of_work(SYSTEM) as work:
            if kind == "message":
                self.ports.engine.publish(work, payload["message"], str(payload["key"]), payload["variables"])
            elif kind == "bank.instruct" and self.bank_refuses > 0:
                self.bank_refuses -= 1
                self.ports.engine.publish(
                    work, "carrying out failed", str(complaint_id), {"reason": "The account is closed."}
                )
            elif kind == "bank.instruct":
                self.ports.engine.publish(work, "carried out", str(complaint_id), {"receipt": "R-1"})

    def wait(self, **time: float) -> int:
        """Time passes, and every timer that comes due on the way fires at its moment; how many fired."""
        end = self.store.now + timedelta(**time)
        fired = 0
        while True:
            with self.ports.unit_of_work(SYSTEM) as work:
                timers = [t for t in work.processes.timers() if t.due_at is not None and t.due_at <= end]
            if not timers or fired > 200:
                break
            first = min(timers, key=lambda timer: timer.due_at or end)
            self.store.now = max(self.store.now, first.due_at or end)
            fired += deadlines.fire_timer(self.ports, first.instance_id, first.token)
        self.store.now = end
        return fired

    def customer(self, id: int) -> Actor:
        """The customer with the secret of this complaint."""
        return Actor(ActorKind.CUSTOMER, "customer", complaint_id=id)

    def answer_offer(self, id: int, accepted: bool) -> None:
        """The customer's yes or no."""
        case.answer_offer(self.ports, self.customer(id), id, accepted)
        self.deliver()

    def notices(self, id: int) -> list[str]:
        """The events the customer was told of, in order."""
        with self.ports.unit_of_work(SYSTEM) as work:
            return [notice.event for notice in work.notices.find(complaint_id=id)]

    def incidents(self) -> list[str]:
        """What could not go on."""
        with self.ports.unit_of_work(SYSTEM) as work:
            return [f"{found.element}: {found.message}" for found in work.processes.incidents()]

    def kinds(self, id: int) -> list[str]:
        """The kinds of history events of a complaint."""
        with self.ports.unit_of_work(SYSTEM) as work:
            return [event.kind for event in work.events(id)]

    def is_over(self, id: int) -> bool:
        """Whether nothing runs for the complaint any more."""
        with self.ports.unit_of_work(SYSTEM) as work:
            return all(str(instance.state) == "ended" for instance in work.processes.of_complaint(id))
