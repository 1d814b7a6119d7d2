"""Looking for words in the inbox: common or rare, in any order and view, and only where the person may read them."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.domain.actor import SYSTEM, Actor
from engine.domain.complaint import Complaint
from engine.domain.organisation import Role
from engine.domain.task import Task, TaskState
from engine.reads import Reads
from engine.reads.words import FIRST_LOOK
from engine.store.store import Store
from tests.store.rows import Bank, a_bank, a_complaint, a_task, an_instance

COUNT = FIRST_LOOK + 60
"""More than are looked at first, so that rare words are looked up."""
TYPED: dict[str, Callable[[Complaint], bool]] = {
    "card": lambda complaint: True,
    "CARD, number 7": lambda complaint: "card, number 7" in complaint.text,
    "witness": lambda complaint: "witness" in complaint.text,
    "遗产": lambda complaint: "遗产" in complaint.text,
    "100%_": lambda complaint: "100%_" in complaint.text,
    "zeppelin": lambda complaint: False,
    "2026-000044": lambda complaint: complaint.number == "C-2026-000044",
    "%": lambda complaint: "%" in complaint.text,
    "w": lambda complaint: True,
}


@pytest.fixture
def bank(store: Store) -> Bank:
    return a_bank(store)


@pytest.fixture
def reads(store: Store) -> Reads:
    return Reads(store.reading, store.clock)


def told(number: int) -> str:
    """A story; some tell what others do not."""
    further = {
        17: " before a witness",
        200: " in the will: 遗产",
        201: " and 100%_ of it",
        233: " with a witness",
    }
    return f"You kept my card, number {number}{further.get(number, '')}."


def fill(store: Store, bank: Bank, **values: Any) -> list[tuple[Complaint, Task]]:
    """Complaints with a free task each, for handlers in the east unless said otherwise."""
    made = []
    with store.unit_of_work(SYSTEM) as work:
        for number in range(COUNT):
            complaint = work.complaints.add(
                a_complaint(
                    number=f"C-2026-{number:06d}",
                    intake_key=f"{number}",
                    text=told(number),
                    receiving_unit_id=bank.units["EAST"].id,
                )
            )
            instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
            task = a_task(instance, **{"unit_id": bank.units["EAST"].id, "grade_rank": number % 4, **values})
            work.tasks.add(task)
            made.append((complaint, task))
    return made


def shown(reads: Reads, actor: Actor, **asked: Any) -> list[int]:
    """The instances on the page, in its order."""
    return [row.instance_id for row in reads.inbox(actor, **{"view": "role", "size": 1000, **asked}).rows]


def test_words_are_found_however_many_have_them(store: Store, bank: Bank, reads: Reads) -> None:
    made = fill(store, bank)

    found = {typed: sorted(shown(reads, bank.actor("hana"), text=typed)) for typed in TYPED}

    expected = {
        typed: [task.instance_id for complaint, task in made if has(complaint)]
        for typed, has in TYPED.items()
    }
    assert found == expected


@pytest.mark.parametrize("sort", ["urgency", "due", "newest"])
@pytest.mark.parametrize("text", ["card", "witness"])
def test_they_come_in_the_order_of_the_inbox(
    store: Store, bank: Bank, reads: Reads, text: str, sort: str
) -> None:
    made = fill(store, bank)
    hana = bank.actor("hana")

    found = shown(reads, hana, text=text, sort=sort)

    has = {task.instance_id for complaint, task in made if text in complaint.text}
    assert found == [instance_id for instance_id in shown(reads, hana, sort=sort) if instance_id in has]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"text": "card", "size": 20}, (20, "20+", True)),
        ({"text": "card", "size": 20, "page": 3}, (20, "60+", True)),
        ({"text": "card", "size": 200, "page": 2}, (40, "240", False)),
        ({"text": "witness", "size": 1}, (1, "1+", True)),
        ({"text": "witness", "size": 1, "page": 2}, (1, "2", False)),
        ({"text": "witness", "grade": "important"}, (2, "2", False)),
        ({"text": "witness", "grade": "major"}, (0, "0", False)),
        ({"text": "witness", "role": "approver"}, (0, "0", False)),
    ],
)
def test_a_page_says_how_many_there_are_as_far_as_it_looked(
    store: Store, bank: Bank, reads: Reads, asked: dict[str, Any], expected: tuple[int, str, bool]
) -> None:
    fill(store, bank)

    page = reads.inbox(bank.actor("hana"), view="role", **asked)

    assert (len(page.rows), str(page.total_up_to), page.has_more) == expected


def test_ones_own_tasks_are_searched_too(store: Store, bank: Bank, reads: Reads) -> None:
    hana = bank.actor("hana")
    made = fill(store, bank, state=TaskState.CLAIMED, assignee_id=hana.person_id)

    found = shown(reads, hana, view="mine", text="witness")

    assert sorted(found) == [made[17][1].instance_id, made[233][1].instance_id]
    assert shown(reads, bank.actor("hugo"), view="mine", text="witness") == []


def test_who_may_not_read_the_story_finds_the_task_by_its_number_alone(
    store: Store, bank: Bank, reads: Reads
) -> None:
    made = fill(store, bank, role=Role.CONTRIBUTOR.value, unit_id=bank.units["EAST-CARDS"].id)
    cora = bank.actor("cora")

    found = {typed: shown(reads, cora, text=typed) for typed in ("card", "witness", "2026-000017")}

    assert len(shown(reads, cora)) == COUNT
    assert found == {"card": [], "witness": [], "2026-000017": [made[17][1].instance_id]}


def test_tasks_without_a_complaint_have_no_words(store: Store, bank: Bank, reads: Reads) -> None:
    with store.unit_of_work(SYSTEM) as work:
        for _ in range(3):
            work.tasks.add(a_task(work.processes.add(an_instance(bank.release))))

    assert len(shown(reads, bank.actor("hana"))) == 3
    assert shown(reads, bank.actor("hana"), text="card") == []
