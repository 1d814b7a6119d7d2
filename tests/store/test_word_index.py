"""The index of words: complaints are in it while they are worked on, as they are, and only if they were kept."""

from dataclasses import replace

import pytest

from engine.domain.actor import SYSTEM
from engine.domain.complaint import Complaint
from engine.reads.reading import reading
from engine.store.migrations import downgrade, upgrade
from engine.store.store import Store
from engine.store.word_index import look_up
from tests.store.rows import NOW, Bank, a_bank, a_complaint, a_task, an_instance

TEXT = "The machine kept my card; 网点没有人。"


@pytest.fixture
def bank(sql_store: Store) -> Bank:
    return a_bank(sql_store)


def register(sql_store: Store, **values: object) -> Complaint:
    """A complaint with this text, unless said otherwise."""
    with sql_store.unit_of_work(SYSTEM) as work:
        number = work.complaints.next_number(2026)
        added: Complaint = work.complaints.add(
            a_complaint(**{"text": TEXT, "number": number, "intake_key": number, **values})
        )
        return added


def found(sql_store: Store, *typed: str, limit: int = 10) -> list[list[int] | None]:
    """What the index has for each of these."""
    with reading(sql_store.reading, NOW, {}) as opened:
        return [look_up(opened.wire, each, limit) for each in typed]


@pytest.mark.parametrize(
    "typed",
    ["card", "CARD", "achin", "kept my card", "网点", "点没有", "Li W", "wei", "2026-000001", "卡网点"[1:]],
)
def test_a_complaint_is_found_by_what_stands_in_it(sql_store: Store, bank: Bank, typed: str) -> None:
    complaint = register(sql_store)
    register(sql_store, text="Something else.", customer_name="Ann", number="C-1999-4", intake_key="other")

    assert found(sql_store, typed) == [[complaint.id]]


def test_one_or_two_letters_are_the_beginning_of_something(sql_store: Store, bank: Bank) -> None:
    complaint = register(sql_store)

    assert found(sql_store, "li", "卡", "人", "z") == [[complaint.id], [], [complaint.id], []]


def test_without_a_letter_nothing_can_be_looked_up(sql_store: Store, bank: Bank) -> None:
    register(sql_store)

    assert found(sql_store, "", " - ", "%") == [None, None, None]


def test_no_more_are_given_than_asked_for(sql_store: Store, bank: Bank) -> None:
    for _ in range(5):
        register(sql_store)

    (few,) = found(sql_store, "card", limit=3)

    assert few is not None
    assert len(few) == 3


def test_a_changed_text_is_found_and_the_old_one_no_more(sql_store: Store, bank: Bank) -> None:
    complaint = register(sql_store)
    with sql_store.unit_of_work(SYSTEM) as work:
        work.complaints.save(replace(complaint, text="The fee was charged twice."))

    assert found(sql_store, "fee was", "machine") == [[complaint.id], []]


def test_an_archived_complaint_leaves_the_index_and_comes_back_with_a_task(
    sql_store: Store, bank: Bank
) -> None:
    complaint = register(sql_store)
    with sql_store.unit_of_work(SYSTEM) as work:
        work.complaints.save(replace(complaint, archived_at=NOW))
    archived = found(sql_store, "card")
    with sql_store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
        work.tasks.add(a_task(instance))

    assert archived == [[]]
    assert found(sql_store, "card") == [[complaint.id]]


def test_what_is_taken_back_is_not_found(sql_store: Store, bank: Bank) -> None:
    complaint = register(sql_store)

    def change(*, in_a_savepoint: bool) -> None:
        with sql_store.unit_of_work(SYSTEM) as work:
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

    assert found(sql_store, "taken back", "machine") == [[], [complaint.id]]


def test_complaints_from_before_the_index_are_in_it_after_the_migration(sql_store: Store, bank: Bank) -> None:
    complaint = register(sql_store)
    closed = register(sql_store, archived_at=NOW)
    again = register(sql_store)
    with sql_store.unit_of_work(SYSTEM) as work:
        work.complaints.save(replace(again, archived_at=NOW))
        instance = work.processes.add(an_instance(bank.release, complaint_id=again.id))
        work.tasks.add(a_task(instance))

    downgrade(sql_store.url, "0003")
    upgrade(sql_store.url)

    assert found(sql_store, "网点") == [[complaint.id, again.id]]
    assert found(sql_store, closed.number) == [[]]
