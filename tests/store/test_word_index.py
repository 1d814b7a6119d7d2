"""The index of words: complaints are in it while they are worked on, as they are, and only if they were kept."""

from dataclasses import replace

import pytest

from engine.domain.actor import SYSTEM
from engine.domain.complaint import Complaint
from engine.store.migrations import downgrade, upgrade
from engine.store.statements import Wire
from engine.store.store import Store
from engine.store.word_index import look_up
from tests.store.rows import NOW, Bank, a_bank, a_complaint, a_task, an_instance

TEXT = "The machine kept my card; 网点没有人。"


@pytest.fixture
def bank(store: Store) -> Bank:
    return a_bank(store)


def register(store: Store, **values: object) -> Complaint:
    """A complaint with this text, unless said otherwise."""
    with store.unit_of_work(SYSTEM) as work:
        number = work.complaints.next_number(2026)
        added: Complaint = work.complaints.add(
            a_complaint(**{"text": TEXT, "number": number, "intake_key": number, **values})
        )
        return added


def found(store: Store, *typed: str, limit: int = 10) -> list[list[int] | None]:
    """What the index has for each of these."""
    with store.reading.connect() as connection:
        wire = Wire(connection.connection.cursor(), connection.dialect.name)
        return [look_up(wire, each, limit) for each in typed]


@pytest.mark.parametrize(
    "typed",
    ["card", "CARD", "achin", "kept my card", "网点", "点没有", "Li W", "wei", "2026-000001", "卡网点"[1:]],
)
def test_a_complaint_is_found_by_what_stands_in_it(store: Store, bank: Bank, typed: str) -> None:
    complaint = register(store)
    register(store, text="Something else.", customer_name="Ann", number="C-1999-4", intake_key="other")

    assert found(store, typed) == [[complaint.id]]


def test_one_or_two_letters_are_the_beginning_of_something(store: Store, bank: Bank) -> None:
    complaint = register(store)

    assert found(store, "li", "卡", "人", "z") == [[complaint.id], [], [complaint.id], []]


def test_without_a_letter_nothing_can_be_looked_up(store: Store, bank: Bank) -> None:
    register(store)

    assert found(store, "", " - ", "%") == [None, None, None]


def test_no_more_are_given_than_asked_for(store: Store, bank: Bank) -> None:
    for _ in range(5):
        register(store)

    (few,) = found(store, "card", limit=3)

    assert few is not None
    assert len(few) == 3


def test_a_changed_text_is_found_and_the_old_one_no_more(store: Store, bank: Bank) -> None:
    complaint = register(store)
    with store.unit_of_work(SYSTEM) as work:
        work.complaints.save(replace(complaint, text="The fee was charged twice."))

    assert found(store, "fee was", "machine") == [[complaint.id], []]


def test_an_archived_complaint_leaves_the_index_and_comes_back_with_a_task(store: Store, bank: Bank) -> None:
    complaint = register(store)
    with store.unit_of_work(SYSTEM) as work:
        work.complaints.save(replace(complaint, archived_at=NOW))
    archived = found(store, "card")
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
        work.tasks.add(a_task(instance))

    assert archived == [[]]
    assert found(store, "card") == [[complaint.id]]


def test_what_is_taken_back_is_not_found(store: Store, bank: Bank) -> None:
    complaint = register(store)

    def change(*, in_a_savepoint: bool) -> None:
        with store.unit_of_work(SYSTEM) as work:
            try:
                with work.savepoint():
                    work.complaints.save(replace(complaint, text="Taken back."))
                    raise LookupError
            except LookupError:
                if not in_a_savepoint:
                    raise

    change(in_a_savepoint=True)
    with pytest.raises(LookupError):
        change(in_a_savepoint=False)

    assert found(store, "taken back", "machine") == [[], [complaint.id]]


def test_complaints_from_before_the_index_are_in_it_after_the_migration(store: Store, bank: Bank) -> None:
    complaint = register(store)
    closed = register(store, archived_at=NOW)
    again = register(store)
    with store.unit_of_work(SYSTEM) as work:
        work.complaints.save(replace(again, archived_at=NOW))
        instance = work.processes.add(an_instance(bank.release, complaint_id=again.id))
        work.tasks.add(a_task(instance))

    downgrade(store.url, "0002")
    upgrade(store.url)

    assert found(store, "网点") == [[complaint.id, again.id]]
    assert found(store, closed.number) == [[]]
