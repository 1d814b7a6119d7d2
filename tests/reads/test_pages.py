"""The other questions: the task page, the case, the board, the customer's page, people, the status."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.actor import SYSTEM, customer_of
from engine.domain.clocks import Clock, ClockKind, DayType, StartRule
from engine.domain.complaint import Complaint, Outcome, Stage
from engine.domain.department_requests import DepartmentRequest, RequestState
from engine.domain.errors import NotFound, Unavailable
from engine.domain.events import HistoryEvent
from engine.domain.organisation import Role
from engine.domain.redress import Plan, PlanState
from engine.domain.running import Incident, OutboxMessage, Subscription, Timer
from engine.domain.task import Draft, TaskState
from engine.domain.tracking import hash_of
from engine.reads import Reads
from engine.runtime.clock import MovableClock
from engine.store.store import Store
from tests.store.rows import NOW, Bank, a_bank, a_complaint, a_task, an_instance


@pytest.fixture
def bank(store: Store) -> Bank:
    return a_bank(store)


@pytest.fixture
def reads(store: Store) -> Reads:
    return Reads(store.reading, store.clock)


@pytest.fixture
def complaint(store: Store, bank: Bank) -> Complaint:
    """A complaint in the east."""
    with store.unit_of_work(SYSTEM) as work:
        east = bank.units["EAST"].id
        return work.complaints.add(a_complaint(receiving_unit_id=east, secret_hash=hash_of("7KQ2-ABCD")))


def a_clock(complaint: Complaint, days: int) -> Clock:
    """The limit by law."""
    return Clock(
        id=0,
        complaint_id=complaint.id,
        name=f"answer in {days}",
        kind=ClockKind.REGULATORY,
        rule="",
        started_at=NOW,
        start_rule=StartRule.NEXT_DAY,
        length=days,
        day_type=DayType.CALENDAR_DAYS,
        calendar="CN",
        due_at=NOW + timedelta(days=days),
    )


def test_a_task_page_has_the_draft_and_what_the_form_needs(
    store: Store, bank: Bank, reads: Reads, complaint: Complaint
) -> None:
    hana = bank.people["hana"].id
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
        work.tasks.add(
            a_task(instance, state=TaskState.CLAIMED, assignee_id=hana, inputs={"plan": {"amount": 5}})
        )
        work.tasks.save_draft(Draft(instance.id, 1, hana, {"finding.note": "so far"}, NOW))

    view = reads.task(bank.actor("hana"), instance.id, 1)

    assert (view.number, view.may_complete, view.claimable, view.may_hand_over) == (
        complaint.number,
        True,
        False,
        True,
    )
    assert view.draft is not None
    assert view.draft.typed == {"finding.note": "so far"}
    assert view.context["plan"] == {"amount": 5}
    assert view.context["complaint"]["number"] == complaint.number
    assert view.context["complaint"]["receiving_unit"] == "EAST"


def test_a_contributors_form_is_given_no_more_than_was_asked(
    store: Store, bank: Bank, reads: Reads, complaint: Complaint
) -> None:
    unit_id = bank.units["EAST-CARDS"].id
    with store.unit_of_work(SYSTEM) as work:
        work.requests.add(
            DepartmentRequest(0, complaint.id, unit_id, "Whose card?", "summary", NOW, None, NOW)
        )
        instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
        work.tasks.add(a_task(instance, role=Role.CONTRIBUTOR.value, unit_id=unit_id))

    view = reads.task(bank.actor("cora"), instance.id, 1)

    assert (view.question, view.claimable) == ("Whose card?", True)
    assert "customer" not in view.context["complaint"]
    with pytest.raises(NotFound):
        reads.task(bank.actor("carl"), instance.id, 1)


def test_a_case_shows_where_its_tokens_are(
    store: Store, bank: Bank, reads: Reads, complaint: Complaint
) -> None:
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
        work.tasks.add(a_task(instance))
        work.processes.put_timer(Timer(instance.id, 2, "remind", NOW, complaint.id))
        work.processes.add_incident(
            Incident(
                instance.id, 3, "send", NOW, "operation.failed", "No route.", 1, complaint_id=complaint.id
            )
        )
        for kind, element in (
            ("task.completed", "triage"),
            ("task.opened", "investigate"),
            ("task.opened", "chase"),
            ("task.cancelled", "chase"),
            ("token.cancelled", "chase"),
        ):
            work.record(HistoryEvent(NOW, kind, "Redress", complaint.id, instance.id, element))

    view = reads.case(bank.actor("hana"), complaint.number)
    (run,) = view.instances

    assert (run.open, run.done, run.stuck) == (("investigate", "remind"), ("triage",), ("send",))
    assert [(task.name, task.openable, task.is_mine) for task in view.tasks] == [("Investigate", True, False)]
    assert [event.element for event in view.events] == ["triage", "investigate", "chase", "chase", "chase"]
    assert view.unit_name(complaint.receiving_unit_id) == "East"
    assert view.person_name(None) == ""


def test_the_list_names_holder_and_next_limit(
    store: Store, bank: Bank, reads: Reads, complaint: Complaint
) -> None:
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
        work.tasks.add(a_task(instance, state=TaskState.CLAIMED, assignee_id=bank.people["hana"].id))
        work.clocks.add(a_clock(complaint, 30))
        work.clocks.add(a_clock(complaint, 15))

    (row,) = reads.cases(bank.actor("hana"), stage="received").rows

    assert (row.holder, row.due_at) == ("Hana", NOW + timedelta(days=15))
    assert reads.cases(bank.actor("hana"), grade="major").rows == ()


def test_the_board_shows_each_department_and_who_may_consolidate(
    store: Store, bank: Bank, reads: Reads, complaint: Complaint
) -> None:
    with store.unit_of_work(SYSTEM) as work:
        for code, state in (("EAST-CARDS", RequestState.ANSWERED), ("WEST-CARDS", RequestState.ASKED)):
            unit_id = bank.units[code].id
            asked = DepartmentRequest(
                0, complaint.id, unit_id, "Why?", "summary", NOW, None, NOW - timedelta(1)
            )
            work.requests.add(replace(asked, state=state))
        instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
        work.tasks.add(a_task(instance, form="consolidate", unit_id=bank.units["EAST"].id))

    (board,) = reads.collaborations(bank.actor("hana"))
    (own,) = reads.collaborations(bank.actor("carl"))

    assert board == reads.collaboration(bank.actor("hana"), complaint.number)
    assert [(card.department_name, card.is_late) for card in board.requests] == [
        ("East-Cards", False),
        ("West-Cards", True),
    ]
    assert (board.asked, board.answered, board.consolidate) == (2, 1, (instance.id, 1))
    assert (len(own.requests), own.sees_case, own.consolidate) == (1, False, None)
    assert reads.collaborations(bank.actor("hugo")) == []


def test_a_customer_sees_four_steps_and_may_do_what_the_process_waits_for(
    store: Store, bank: Bank, reads: Reads, complaint: Complaint
) -> None:
    customer = customer_of(complaint.id)
    assert [step.state for step in reads.customer_case(customer).steps] == ["done", "now", "ahead", "ahead"]
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
        for token, message in enumerate(("offer answered", "withdrawn"), start=1):
            work.processes.put_subscription(
                Subscription(instance.id, token, "wait", message, str(complaint.id))
            )
        work.complaints.save(replace(complaint, stage=Stage.OFFER))
        plan = Plan(0, complaint.id, 1, None, NOW, "upheld", "We pay.", complaint.amount or 5, "bank")  # type: ignore[arg-type]
        work.plans.add(replace(plan, state=PlanState.OFFERED))
        work.clocks.add(a_clock(complaint, 15))

    view = reads.customer_case(customer)

    assert [step.state for step in view.steps] == ["done", "done", "done", "now"]
    assert (view.may.accept, view.may.reject, view.may.withdraw, view.may.add) == (True, True, True, True)
    assert view.plan is not None
    assert view.next_by == NOW + timedelta(days=15)


def test_a_closed_complaint_leaves_the_customer_nothing_to_answer(
    store: Store, bank: Bank, reads: Reads, complaint: Complaint
) -> None:
    with store.unit_of_work(SYSTEM) as work:
        closed = replace(complaint, stage=Stage.CLOSED, outcome=Outcome.WITHDRAWN, closed_at=NOW)
        work.complaints.save(closed)

    view = reads.customer_case(customer_of(complaint.id))

    assert [step.state for step in view.steps] == ["done"] * 4
    assert not any((view.may.accept, view.may.reject, view.may.withdraw, view.may.add, view.may.rate))


def test_number_and_secret_open_the_customers_page(reads: Reads, complaint: Complaint) -> None:
    assert reads.customer_by(complaint.number, "7kq2 abcd") == customer_of(complaint.id)
    assert reads.customer_by(complaint.number, "7kq2 abce") is None
    assert reads.customer_by("C-2026-999999", "7kq2 abcd") is None


def test_an_actor_reaches_the_units_below_each_role(bank: Bank, reads: Reads) -> None:
    person = reads.login("tess")

    assert person is not None
    assert reads.login("nobody") is None
    assert reads.actor_for(person.id) == bank.actor("tess")


def test_people_of_a_role_are_those_at_the_unit_and_above(bank: Bank, reads: Reads) -> None:
    cards = bank.units["EAST-CARDS"].id

    assert [person.login for person in reads.people("handler", cards)] == ["hana"]
    assert [person.login for person in reads.people("triage_officer", cards)] == ["tess"]
    assert [person.login for person in reads.people("handler")] == ["hana", "hugo"]
    assert len(reads.people()) == len(bank.people)
    assert reads.people("astronaut") == []


def test_units_come_as_the_tree_runs(bank: Bank, reads: Reads) -> None:
    assert [unit.code for unit in reads.units()] == ["HO", "EAST", "EAST-CARDS", "WEST", "WEST-CARDS"]
    assert [unit.code for unit in reads.departments()] == ["EAST-CARDS", "WEST-CARDS"]


def test_the_status_counts_what_waits(store: Store, bank: Bank, reads: Reads, complaint: Complaint) -> None:
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
        for token, state in enumerate((TaskState.OPEN, TaskState.CLAIMED, TaskState.DONE), start=1):
            work.tasks.add(a_task(instance, token, state=state))
        work.processes.put_timer(Timer(instance.id, 1, "wait", NOW - timedelta(1)))
        work.processes.put_timer(Timer(instance.id, 2, "wait", NOW + timedelta(1)))
        work.send(OutboxMessage("email", "k", {}, NOW))

    status = reads.status()

    assert (status.complaints, status.open_tasks, status.running) == (1, 2, 1)
    assert (status.due_timers, status.incidents, status.outbox) == (1, 0, 1)


def test_reading_cannot_write(store: Store) -> None:
    with store.reading.connect() as connection, pytest.raises(Exception, match=r"read-?only"):
        connection.exec_driver_sql("INSERT INTO setting (name, value) VALUES ('a', 'b')")


def test_a_database_that_is_gone_is_unavailable(clock: MovableClock) -> None:
    store = Store("sqlite:////nowhere/at/all.db", clock)

    with pytest.raises(Unavailable):
        Reads(store.reading, clock).status()
    store.close()
