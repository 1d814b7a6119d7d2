"""Who sees what: the same in lists, in counts, on the case page, and as the domain says it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from engine.domain.actor import SYSTEM, Actor, customer_of
from engine.domain.complaint import Complaint, Grade
from engine.domain.department_requests import DepartmentRequest
from engine.domain.errors import NotFound
from engine.domain.organisation import Role
from engine.domain.permissions import Sight, sight
from engine.domain.task import Task, TaskState, may_do
from engine.reads import Reads
from engine.store.store import Store
from tests.store.rows import HELD, NOW, Bank, a_bank, a_complaint, a_task, an_instance


@pytest.fixture
def bank(store: Store) -> Bank:
    return a_bank(store)


@pytest.fixture
def reads(store: Store) -> Reads:
    return Reads(store.reading, store.clock)


def put(store: Store, bank: Bank, *tasks: Task, **values: object) -> Complaint:
    """A complaint with these tasks."""
    with store.unit_of_work(SYSTEM) as work:
        number = work.complaints.next_number(2026)
        found = work.complaints.add(a_complaint(**{"number": number, "intake_key": number, **values}))
        for token, task in enumerate(tasks, start=1):
            instance = work.processes.add(an_instance(bank.release, complaint_id=found.id))
            work.tasks.add(replace(task, instance_id=instance.id, token=token, complaint_id=found.id))
        return found


def task_for(bank: Bank, role: Role, code: str | None = None, **more: Any) -> Task:
    """A task for a role at a unit."""
    unit_id = bank.units[code].id if code else None
    return a_task(an_instance(bank.release), role=role.value, unit_id=unit_id, **more)


def ask(store: Store, bank: Bank, complaint: Complaint, code: str, may_see: str = "summary") -> None:
    """Ask a department about a complaint."""
    with store.unit_of_work(SYSTEM) as work:
        department_id = bank.units[code].id
        work.requests.add(DepartmentRequest(0, complaint.id, department_id, "Why?", may_see, NOW, None, NOW))


def listed(reads: Reads, actor: Actor) -> list[str]:
    """The numbers the list of complaints shows."""
    page = reads.cases(actor)
    assert page.total_up_to == len(page.rows)
    return [row.number for row in page.rows]


def is_seen(reads: Reads, actor: Actor, number: str) -> Sight:
    """How much of the complaint the case page shows."""
    try:
        return reads.case(actor, number).sight
    except NotFound:
        return Sight.NOTHING


def test_a_unit_sees_its_own_and_those_below(store: Store, bank: Bank, reads: Reads) -> None:
    east = put(store, bank, receiving_unit_id=bank.units["EAST-CARDS"].id)
    west = put(store, bank, receiving_unit_id=bank.units["WEST"].id, handling_unit_id=bank.units["EAST"].id)
    other = put(store, bank, receiving_unit_id=bank.units["WEST"].id)

    assert listed(reads, bank.actor("hana")) == [west.number, east.number]
    assert listed(reads, bank.actor("hugo")) == [other.number, west.number]
    assert is_seen(reads, bank.actor("hana"), other.number) is Sight.NOTHING
    assert listed(reads, SYSTEM) == [other.number, west.number, east.number]


def test_an_unknown_complaint_and_one_out_of_sight_are_refused_alike(
    store: Store, bank: Bank, reads: Reads
) -> None:
    hidden = put(store, bank, receiving_unit_id=bank.units["WEST"].id)
    refusals = []
    for number in (hidden.number, "C-2026-999999"):
        with pytest.raises(NotFound) as refused:
            reads.case(bank.actor("hana"), number)
        refusals.append((type(refused.value), refused.value.message, dict(refused.value.details)))

    assert refusals[0] == refusals[1]


def test_a_contributor_sees_what_was_asked_of_them_and_no_more(
    store: Store, bank: Bank, reads: Reads
) -> None:
    asked = put(store, bank, receiving_unit_id=bank.units["WEST"].id, text="x" * 500, grade=Grade.URGENT)
    put(store, bank, receiving_unit_id=bank.units["EAST-CARDS"].id)
    ask(store, bank, asked, "EAST-CARDS")
    ask(store, bank, asked, "WEST-CARDS")

    view = reads.case(bank.actor("cora"), asked.number)

    assert view.sight is Sight.ASKED
    assert [request.department_id for request in view.requests] == [bank.units["EAST-CARDS"].id]
    assert view.complaint.customer_name is None
    assert view.complaint.text == "x" * 120
    assert (view.events, view.notices, view.plans, view.instances) == ((), (), (), ())
    assert listed(reads, bank.actor("cora")) == [asked.number]
    assert reads.cases(bank.actor("cora")).rows[0].customer_name is None


def test_a_contributor_who_may_see_the_whole_text_reads_it(store: Store, bank: Bank, reads: Reads) -> None:
    asked = put(store, bank, receiving_unit_id=bank.units["WEST"].id, text="x" * 500)
    ask(store, bank, asked, "EAST-CARDS", may_see="whole")

    assert reads.case(bank.actor("cora"), asked.number).complaint.text == "x" * 500


def test_words_out_of_sight_are_not_found_by_searching(store: Store, bank: Bank, reads: Reads) -> None:
    asked = put(store, bank, receiving_unit_id=bank.units["WEST"].id, text="a" * 200 + "needle")
    ask(store, bank, asked, "EAST-CARDS")

    assert reads.cases(bank.actor("cora"), text="needle").rows == ()
    assert [row.number for row in reads.cases(bank.actor("hugo"), text="NEEDLE").rows] == [asked.number]
    assert [row.number for row in reads.cases(bank.actor("cora"), text=asked.number.lower()).rows] == [
        asked.number
    ]


def test_the_inbox_finds_no_words_that_its_person_may_not_read(
    store: Store, bank: Bank, reads: Reads
) -> None:
    task = task_for(bank, Role.CONTRIBUTOR, "EAST-CARDS")
    asked = put(store, bank, task, receiving_unit_id=bank.units["WEST"].id, text="a" * 200 + "needle")
    ask(store, bank, asked, "EAST-CARDS")
    cora = bank.actor("cora")

    assert reads.inbox(cora, view="role", text="needle").rows == ()
    assert reads.inbox(cora, view="role", text=str(asked.customer_name)).rows == ()
    assert [row.number for row in reads.inbox(cora, view="role", text=asked.number).rows] == [asked.number]


def test_restricted_complaints_are_seen_by_name_only(store: Store, bank: Bank, reads: Reads) -> None:
    east = bank.units["EAST"].id
    hana = bank.people["hana"].id
    free = put(store, bank, task_for(bank, Role.HANDLER, "EAST"), receiving_unit_id=east, restricted=True)
    mine = task_for(bank, Role.HANDLER, "EAST", state=TaskState.CLAIMED, assignee_id=hana)
    named = put(store, bank, mine, receiving_unit_id=east, restricted=True)
    owned = put(store, bank, receiving_unit_id=east, restricted=True, first_owner_id=hana)

    assert listed(reads, bank.actor("hana")) == [owned.number, named.number]
    assert is_seen(reads, bank.actor("hana"), free.number) is Sight.NOTHING
    assert listed(reads, bank.actor("cleo")) == [owned.number, named.number, free.number]
    assert listed(reads, bank.actor("tess")) == []
    assert reads.inbox(bank.actor("hana"), view="role").rows == ()
    assert [row.number for row in reads.inbox(bank.actor("hana")).rows] == [named.number]


def test_the_accused_see_only_the_status(store: Store, bank: Bank, reads: Reads) -> None:
    hana = bank.people["hana"].id
    east = bank.units["EAST"].id
    task = task_for(bank, Role.HANDLER, "EAST")
    about = put(store, bank, task, receiving_unit_id=east, accused_id=hana, grade=Grade.MAJOR)

    view = reads.case(bank.actor("hana"), about.number)

    assert view.sight is Sight.STATUS
    assert (view.complaint.number, view.complaint.stage) == (about.number, about.stage)
    assert (view.complaint.text, view.complaint.customer_name, view.complaint.grade) == ("", None, None)
    assert view.tasks == ()
    assert listed(reads, bank.actor("hana")) == []
    assert reads.inbox(bank.actor("hana"), view="role").rows == ()
    assert reads.inbox(bank.actor("hana"), view="role").counts.role == 0


def test_whoever_has_a_task_in_the_inbox_sees_the_case(store: Store, bank: Bank, reads: Reads) -> None:
    west = bank.units["WEST"].id
    for_role = put(store, bank, task_for(bank, Role.HANDLER, "EAST"), receiving_unit_id=west)

    assert is_seen(reads, bank.actor("hana"), for_role.number) is Sight.WHOLE
    assert is_seen(reads, bank.actor("cora"), for_role.number) is Sight.NOTHING


def test_a_customer_sees_only_their_own(store: Store, bank: Bank, reads: Reads) -> None:
    mine = put(store, bank)
    other = put(store, bank)

    assert reads.customer_case(customer_of(mine.id)).number == mine.number
    assert listed(reads, customer_of(mine.id)) == [mine.number]
    assert is_seen(reads, customer_of(mine.id), other.number) is Sight.NOTHING
    with pytest.raises(NotFound):
        reads.customer_case(bank.actor("hana"))


def test_nobody_learns_the_secret_of_a_complaint(store: Store, bank: Bank, reads: Reads) -> None:
    mine = put(store, bank, secret_hash="the hash", receiving_unit_id=bank.units["EAST"].id)

    assert reads.case(bank.actor("hana"), mine.number).complaint.secret_hash == ""
    assert reads.case(SYSTEM, mine.number).complaint.secret_hash == ""


@pytest.mark.parametrize("seed", range(3))
def test_lists_counts_and_the_case_page_agree_with_the_domain(
    store: Store, bank: Bank, reads: Reads, seed: int
) -> None:
    chance = random.Random(seed)
    complaints = [_anything(store, bank, chance) for _ in range(25)]

    for login in HELD:
        actor = bank.actor(login)
        seen = {complaint.number: is_seen(reads, actor, complaint.number) for complaint in complaints}
        expected = {complaint.number: _expected(store, actor, complaint) for complaint in complaints}
        inboxes = {
            view: reads.inbox(actor, view=view, size=100) for view in ("mine", "role", "late", "watch")
        }

        assert expected == seen
        assert set(listed(reads, actor)) == {number for number, much in seen.items() if much >= Sight.ASKED}
        for view, page in inboxes.items():
            assert len(page.rows) == page.total_up_to == getattr(page.counts, view)
            assert all(seen[str(row.number)] >= Sight.ASKED for row in page.rows)
            for row in page.rows:
                assert reads.task(actor, row.instance_id, row.token).number == row.number


def _anything(store: Store, bank: Bank, chance: random.Random) -> Complaint:
    units = [unit.id for unit in bank.units.values()]
    people = [None, None, None, *[person.id for person in bank.people.values()]]
    complaint = put(
        store,
        bank,
        *_any_tasks(bank, chance),
        receiving_unit_id=chance.choice(units),
        handling_unit_id=chance.choice([None, *units]),
        responsible_unit_id=chance.choice([None, *units]),
        lead_department_id=chance.choice([None, None, *units]),
        first_owner_id=chance.choice(people),
        accused_id=chance.choice(people),
        restricted=chance.random() < 0.3,
    )
    for code in chance.sample(["EAST-CARDS", "WEST-CARDS"], chance.randint(0, 2)):
        ask(store, bank, complaint, code)
    return complaint


def _any_tasks(bank: Bank, chance: random.Random) -> Iterator[Task]:
    people = [person.id for person in bank.people.values()]
    for _ in range(chance.randint(0, 2)):
        role = chance.choice([Role.HANDLER, Role.CONTRIBUTOR, Role.TRIAGE_OFFICER])
        code = chance.choice([None, *bank.units])
        yield task_for(bank, role, code, due_at=chance.choice([None, NOW.replace(year=2025)]))
    if chance.random() < 0.3:
        person_id = chance.choice(people)
        yield task_for(bank, Role.HANDLER, None, state=TaskState.CLAIMED, assignee_id=person_id)
    if chance.random() < 0.3:
        yield task_for(bank, Role.HANDLER, None, state=TaskState.DONE, closed_by_id=chance.choice(people))


def _expected(store: Store, actor: Actor, complaint: Complaint) -> Sight:
    with store.unit_of_work(SYSTEM) as work:
        tasks = work.tasks.find(complaint_id=complaint.id)
        asked = [request.department_id for request in work.requests.find(complaint_id=complaint.id)]
    named = [id for task in tasks for id in (task.assignee_id, task.closed_by_id) if id is not None]
    by_domain = sight(actor, complaint, asked, named)
    mine = [
        task
        for task in tasks
        if task.is_open and (task.assignee_id == actor.person_id or may_do(task, actor, complaint))
    ]
    if by_domain is Sight.STATUS or complaint.restricted or not mine:
        return by_domain
    by_task = Sight.ASKED if all(task.role == Role.CONTRIBUTOR for task in mine) else Sight.WHOLE
    return max(by_domain, by_task)
