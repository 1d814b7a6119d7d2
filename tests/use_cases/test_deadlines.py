"""Deadlines and incidents: due timers fire, what failed is tried again, and a stuck process leaves its incident."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.errors import NotAllowed, NotFound, OutOfOrder, ProcessStuck
from engine.domain.running import Incident, Timer
from engine.use_cases import deadlines, incidents
from tests.builders.house import House

WHY = "It is mended."


@pytest.fixture
def house() -> House:
    return House()


def with_timer(house: House, minutes: int) -> Timer:
    complaint = house.complaint()
    with house.work() as work:
        (instance,) = work.processes.of_complaint(complaint.id)
        timer = Timer(instance.id, 5, "wait", work.now + timedelta(minutes=minutes), complaint.id)
        work.processes.put_timer(timer)
    return timer


def with_incident(house: House) -> Incident:
    complaint = house.complaint()
    with house.work() as work:
        (instance,) = work.processes.of_complaint(complaint.id)
        work.processes.add_incident(
            Incident(instance.id, 5, "archive", work.now, "x", "It broke.", 2, work.now, complaint.id)
        )
        found: list[Incident] = work.processes.incidents(instance_id=instance.id)
        return found[0]


def test_only_due_timers_are_due_the_earliest_first(house: House) -> None:
    later, earlier, future = with_timer(house, -5), with_timer(house, -9), with_timer(house, 5)

    due = deadlines.due(house.ports, 10)

    assert [(earlier.instance_id, 5), (later.instance_id, 5)] == due
    assert (future.instance_id, 5) not in due


def test_a_timer_fires_and_one_that_is_gone_is_a_quiet_no(house: House) -> None:
    timer = with_timer(house, -1)

    assert deadlines.fire_timer(house.ports, timer.instance_id, timer.token)
    assert not deadlines.fire_timer(house.ports, 999, 1)
    assert [(timer.instance_id, timer.token)] == house.engine.fired


def test_a_process_that_goes_round_and_round_leaves_an_incident_in_a_transaction_of_its_own(
    house: House,
) -> None:
    timer = with_timer(house, -1)
    house.engine.raises = ProcessStuck("It went round.", element="loop")

    assert not deadlines.fire_timer(house.ports, timer.instance_id, timer.token)
    assert not deadlines.fire_timer(house.ports, timer.instance_id, timer.token)

    with house.work() as work:
        (incident,) = work.processes.incidents(instance_id=timer.instance_id)
    assert (incident.element, incident.code, incident.message) == ("loop", "process_stuck", "It went round.")


def test_a_due_incident_is_tried_again(house: House) -> None:
    incident = with_incident(house)

    assert deadlines.retry_incidents(house.ports) == 1

    assert [incident.id] == house.engine.retried


def test_an_incident_whose_token_is_gone_is_resolved(house: House) -> None:
    incident = with_incident(house)
    house.engine.raises = NotFound()

    assert deadlines.retry_incidents(house.ports) == 0

    with house.work() as work:
        (after,) = work.processes.incidents(id=incident.id)
    assert after.resolved_at == house.store.now


def test_an_administrator_tries_an_incident_again_and_a_handler_does_not(house: House) -> None:
    incident = with_incident(house)
    assert incident.id is not None

    incidents.retry(house.ports, house.somebody("administrator"), incident.id, WHY)

    assert [incident.id] == house.engine.retried
    with pytest.raises(NotAllowed):
        incidents.retry(house.ports, house.somebody("handler"), incident.id, WHY)
    with pytest.raises(NotFound):
        incidents.retry(house.ports, house.somebody("administrator"), 999, WHY)


def test_a_resolved_incident_is_not_tried_again(house: House) -> None:
    incident = with_incident(house)
    assert incident.id is not None
    with house.work() as work:
        work.processes.save_incident(replace(incident, resolved_at=work.now, resolved_by="somebody"))

    with pytest.raises(OutOfOrder):
        incidents.retry(house.ports, house.somebody("administrator"), incident.id, WHY)
    assert not incidents.retry_one(house.ports, house.somebody("administrator"), incident)
