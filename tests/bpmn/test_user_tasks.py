"""User tasks: whose inbox, by when, who may not, what the form may show, and where the answers go."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.domain.actor import Actor, ActorKind
from engine.domain.errors import TaskNotOpen, ValueRefused
from engine.domain.organisation import Person, Unit, UnitKind
from engine.domain.task import TaskState
from tests.builders.diagrams import (
    diagram,
    end,
    flow,
    flows,
    mapping,
    node,
    process,
    properties,
    script,
    start,
    user,
    zeebe,
)
from tests.builders.running import Bank, PlainSubject

ANNA = Actor(ActorKind.PERSON, "Anna", person_id=1, login="anna")


def bank_of(*parts: str, facts: dict[str, Any] | None = None, **options: Any) -> Bank:
    """A bank with two people, two units and one complaint."""
    bank = Bank(
        diagram(process("p", *parts)),
        subject=PlainSubject(
            {1: {"grade": "general", "handling_unit": "CARDS", "receiving_unit": "B1", **(facts or {})}}
        ),
        **options,
    )
    with bank.work() as work:
        for login in ("anna", "bo"):
            work.people.add(Person(0, login, login.title(), login, 1, None, "x", "en"))
        for code in ("CARDS", "B1"):
            work.units.add(Unit(0, code, code, code, UnitKind.DEPARTMENT, None, "/", "CN"))
    return bank


def id_of(bank: Bank, table: str, name: str) -> int:
    """The id of the person or unit with this login or code."""
    found = bank.store.tables.rows[table].values()
    found_id: int = next(
        row.id for row in found if name in (getattr(row, "login", None), getattr(row, "code", None))
    )
    return found_id


def test_the_row_says_everything_the_diagram_says() -> None:
    bank = bank_of(
        start(),
        user(
            "approve",
            zeebe("taskSchedule", dueDate="=now + duration(wait)", followUpDate="2026-12-01T09:00:00+08:00"),
            zeebe("priorityDefinition", priority="80"),
            properties(unit="=complaint.receiving_unit", not_by='=["anna", null]'),
            mapping([("=amount * 2", "double"), ('="x"', "deep.inside")]),
            role="approver",
            form="approve_plan",
            name="Approve the plan",
        ),
        flows("start", "approve"),
        facts={"grade": "urgent"},
    )

    bank.start(complaint_id=1, amount=4, wait="P1D")

    task = bank.task("approve")
    assert (task.name, task.role, task.form, task.process) == (
        "Approve the plan",
        "approver",
        "approve_plan",
        "p",
    )
    assert task.unit_id == id_of(bank, "units", "B1")
    assert task.excluded == (id_of(bank, "people", "anna"),)
    assert task.due_at == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    assert task.follow_up_at == datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    assert (task.priority, task.grade_rank, task.state) == (80, 2, TaskState.OPEN)
    assert task.inputs == {"double": 8, "deep": {"inside": "x"}}


def test_the_inbox_is_that_of_the_handling_unit_unless_the_diagram_says_otherwise() -> None:
    bank = bank_of(start(), user("u"), flows("start", "u"))

    bank.start(complaint_id=1)

    assert bank.task("u").unit_id == id_of(bank, "units", "CARDS")


def test_an_assignee_gets_the_task_at_once() -> None:
    bank = bank_of(
        start(),
        node(
            "userTask",
            "u",
            zeebe("assignmentDefinition", assignee="=who", candidateGroups="handler"),
            name="U",
        ),
        flows("start", "u"),
    )

    bank.start(who="bo")

    task = bank.task("u")
    assert (task.state, task.assignee_id) == (TaskState.CLAIMED, id_of(bank, "people", "bo"))


def test_a_task_is_done_once_and_names_who_did_it() -> None:
    bank = bank_of(start(), user("u"), user("after"), flows("start", "u", "after"), actor=ANNA)
    bank.start()
    task = bank.task("u")
    bank.do("u")

    with pytest.raises(TaskNotOpen), bank.work() as work:
        bank.engine.complete(work, task, {})

    done = bank.store.tables.tasks[(task.instance_id, task.token)]
    assert (done.state, done.closed_by_id, done.closed_at) == (TaskState.DONE, 1, bank.store.now)
    assert bank.open == ["after"]


def test_answers_go_to_the_complaint_to_contexts_and_to_variables() -> None:
    bank = bank_of(start(), user("u"), user("after"), flows("start", "u", "after"))
    bank.start(complaint_id=1, finding={"old": 1})

    bank.do("u", complaint__cause="haste", finding__outcome="upheld", plain=3)

    assert bank.subject.written == [("cause", "haste")]
    assert bank.variables() == {"finding": {"old": 1, "outcome": "upheld"}, "plain": 3}


def test_what_the_domain_refuses_goes_to_the_person_and_nothing_is_done() -> None:
    bank = bank_of(start(), user("u"), flows("start", "u"))
    bank.start(complaint_id=1)

    def refuse(work: Any, complaint_id: int, name: str, value: Any) -> None:
        raise ValueRefused("too much", field=f"complaint.{name}")

    bank.subject.write = refuse  # type: ignore[method-assign]
    with pytest.raises(ValueRefused) as refused:
        bank.do("u", other=1, complaint__amount=-1)

    assert refused.value.details == {"field": "complaint.amount"}
    assert bank.open == ["u"]
    assert bank.incidents == []
    assert bank.variables() == {}


def test_an_attribute_written_by_an_output_mapping_is_seen_by_the_next_gateway() -> None:
    bank = bank_of(
        start(),
        user("grade", mapping(outputs=[("=found", "complaint.grade")])),
        node("exclusiveGateway", "severe", default="severe_no", name="Severe?"),
        user("yes"),
        user("no"),
        flows("start", "grade", "severe", "no"),
        flow("severe", "yes", '=complaint.grade = "major"'),
    )
    bank.start(complaint_id=1)

    bank.do("grade", found="major")

    assert bank.open == ["yes"]
    assert bank.task("yes").grade_rank == 3


def test_open_tasks_rise_in_every_inbox_when_the_grade_rises() -> None:
    bank = bank_of(
        start(),
        node("parallelGateway", "fork"),
        user("grade"),
        user("other"),
        end(),
        flows("start", "fork", "grade", "end"),
        flows("fork", "other"),
    )
    bank.start(complaint_id=1)

    bank.do("grade", complaint__grade="urgent")

    assert bank.task("other").grade_rank == 2


def test_done_by_names_who_did_a_step_before() -> None:
    bank = bank_of(
        start(),
        user("triage"),
        user("check", properties(not_by="=[done_by.triage]")),
        flows("start", "triage", "check"),
    )
    bank.start()
    bank.actor = Actor(ActorKind.PERSON, "Bo", person_id=id_of(bank, "people", "bo"), login="bo")

    bank.do("triage")

    assert bank.task("check").excluded == (id_of(bank, "people", "bo"),)


@pytest.mark.parametrize("name", ["typename", "__class__", "complaint_", "a b", "ünïcode", "constructor"])
def test_hostile_names_are_variables_like_any_other(name: str) -> None:
    bank = bank_of(start(), user("u"), user("after"), flows("start", "u", "after"), hydrated=0)
    hostile: dict[str, Any] = {name: {"typename": "x", name: [1, {"typename": None}]}}
    bank.start(**hostile)

    with bank.work() as work:
        bank.engine.complete(work, bank.task("u"), {name: {"typename": "y"}})

    assert bank.open == ["after"]
    assert bank.variables()[name] == {"typename": "y"}


def test_a_script_sees_variables_and_the_clock() -> None:
    bank = bank_of(
        start(),
        script("count", '=string(a + 1) + " on " + string(date(now))', "text"),
        user("u"),
        flows("start", "count", "u"),
    )

    bank.start(a=1)

    assert bank.variables()["text"] == "2 on 2026-03-02"


def test_history_tells_what_happened_in_order() -> None:
    bank = bank_of(start(), user("u", form="f"), end(), flows("start", "u", "end"), actor=ANNA)
    bank.start(complaint_id=1)
    bank.do("u")

    told = [(event.kind, event.element, event.person_id) for event in bank.store.events()]

    assert told == [
        ("process.started", "start", 1),
        ("task.opened", "u", 1),
        ("task.completed", "u", 1),
        ("process.ended", None, 1),
    ]
    assert all(event.complaint_id == 1 and event.instance_id == bank.id for event in bank.store.events())


def test_cancelling_ends_everything_that_waits() -> None:
    bank = bank_of(start(), user("u"), flows("start", "u"))
    bank.start(complaint_id=1)

    bank.cancel("a mistake")

    assert bank.row.state == "cancelled"
    assert [task.state for task in bank.store.tables.tasks.values()] == [TaskState.CANCELLED]
    assert bank.store.tables.scopes == {}
    assert bank.store.events("process.cancelled")[0].detail == {"reason": "a mistake"}
    assert bank.store.events("process.ended") == []
