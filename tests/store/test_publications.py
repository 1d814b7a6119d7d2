"""Kept messages, start timers, version tags and candidates, on both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.actor import SYSTEM
from engine.domain.errors import ChangedMeanwhile, NotFound
from engine.domain.running import BufferedMessage, InstanceState, StartTimer, VersionTag
from engine.store.store import Store
from tests.store.rows import NOW, a_bank, a_task, an_instance


def kept(name: str = "note", key: str = "k", **more: Any) -> BufferedMessage:
    """A message that is kept for an hour."""
    values: dict[str, Any] = {
        "message_id": None,
        "variables": {"a": {"b": [1, None]}},
        "published_at": NOW,
        "expires_at": NOW + timedelta(hours=1),
    }
    return BufferedMessage(0, name, key, **{**values, **more})


def test_kept_messages_come_in_the_order_of_their_publication(store: Store) -> None:
    with store.unit_of_work(SYSTEM) as work:
        late = work.publications.add_message(kept(published_at=NOW + timedelta(seconds=1)))
        early = work.publications.add_message(kept())
        work.publications.add_message(kept(key="other"))

    with store.unit_of_work(SYSTEM) as work:
        assert work.publications.messages("note", "k") == [early, late]
        work.publications.save_message(replace(early, heard=("p", "q")))

    with store.unit_of_work(SYSTEM) as work:
        assert work.publications.messages("note", "k")[0].heard == ("p", "q")


def test_the_messages_of_several_keys_come_together(store: Store) -> None:
    with store.unit_of_work(SYSTEM) as work:
        late = work.publications.add_message(kept(key="a", published_at=NOW + timedelta(seconds=1)))
        early = work.publications.add_message(kept(key="b"))
        work.publications.add_message(kept(key="other"))
        work.publications.add_message(kept(name="another", key="a"))

    with store.unit_of_work(SYSTEM) as work:
        assert work.publications.messages("note", ["a", "b", "c"]) == [early, late]


def test_an_id_is_there_once_while_it_is_kept(store: Store) -> None:
    with store.unit_of_work(SYSTEM) as work:
        work.publications.add_message(kept(message_id="1"))
        work.publications.add_message(kept(message_id="1", key="other"))

    with pytest.raises(ChangedMeanwhile), store.unit_of_work(SYSTEM) as work:
        work.publications.add_message(kept(message_id="1"))


def test_expired_messages_are_forgotten(store: Store) -> None:
    with store.unit_of_work(SYSTEM) as work:
        work.publications.add_message(kept())
        stays = work.publications.add_message(kept(expires_at=NOW + timedelta(hours=2)))

    with store.unit_of_work(SYSTEM) as work:
        assert work.publications.drop_messages(expired_by=NOW + timedelta(hours=1)) == 1

    with store.unit_of_work(SYSTEM) as work:
        assert work.publications.messages("note", "k") == [stays]


def test_due_start_timers_come_earliest_first_and_only_one_may_fire_them(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        for element, due in (
            ("b", NOW),
            ("a", NOW - timedelta(hours=1)),
            ("c", None),
            ("d", NOW + timedelta(days=1)),
        ):
            work.publications.put_start_timer(
                StartTimer("p", element, bank.release.id, due, {"every": "PT1H", "left": 2})
            )

    with store.unit_of_work(SYSTEM) as work:
        found = work.publications.due_start_timers(by=NOW, limit=9)
        assert [timer.element for timer in found] == ["a", "b"]
        assert found[0].cycle == {"every": "PT1H", "left": 2}
        work.publications.save_start_timer(replace(found[0], due_at=None))

    with store.unit_of_work(SYSTEM) as work, pytest.raises(ChangedMeanwhile):
        work.publications.save_start_timer(replace(found[0], due_at=None))


def test_a_start_timer_that_is_let_go_is_gone(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        work.publications.put_start_timer(StartTimer("p", "a", bank.release.id, NOW))
        work.publications.drop_start_timer("p", "a")
        work.publications.drop_start_timer("p", "never")

    with store.unit_of_work(SYSTEM) as work:
        assert work.publications.start_timers() == []


def test_a_tag_names_the_newest_release_that_has_it(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        newer = work.releases.add({"x.bpmn": b"<definitions/>"})
        work.publications.put_tag(VersionTag("process", "p", "1.0", bank.release.id))
        work.publications.put_tag(VersionTag("process", "p", "1.0", newer.id))

    with store.unit_of_work(SYSTEM) as work:
        assert work.publications.tagged("process", "p", "1.0") == newer.id
        assert work.publications.tagged("decision", "p", "1.0") is None


def test_a_key_has_one_running_instance_of_a_process(store: Store) -> None:
    bank = a_bank(store)
    with store.unit_of_work(SYSTEM) as work:
        first = work.processes.add(an_instance(bank.release, process="p", start_key="k"))
        work.processes.add(an_instance(bank.release, process="q", start_key="k"))

    with store.unit_of_work(SYSTEM) as work:
        assert work.processes.is_running("p", "k")
        assert not work.processes.is_running("p", "other")
    with pytest.raises(ChangedMeanwhile), store.unit_of_work(SYSTEM) as work:
        work.processes.add(an_instance(bank.release, process="p", start_key="k"))

    with store.unit_of_work(SYSTEM) as work:
        work.processes.save(replace(first, state=InstanceState.ENDED))
        work.processes.add(an_instance(bank.release, process="p", start_key="k"))


def test_candidates_are_kept_with_the_task(store: Store) -> None:
    bank = a_bank(store)
    named = tuple(bank.people[login].id for login in ("hana", "cora"))
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        work.tasks.add(a_task(instance, candidates=named, role=""))

    with store.unit_of_work(SYSTEM) as work:
        assert work.tasks.get(instance.id, 1).candidates == named


def test_the_newest_release_is_told_by_its_id_as_this_transaction_sees_it(store: Store) -> None:
    with store.unit_of_work(SYSTEM) as work, pytest.raises(NotFound):
        work.newest_release()
    bank = a_bank(store)

    with store.unit_of_work(SYSTEM) as work:
        assert work.newest_release() == bank.release.id
        newer = work.releases.add({"x.bpmn": b"<definitions/>"})
        assert work.newest_release() == newer.id
