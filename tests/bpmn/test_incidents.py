"""When a step fails: its writes are undone, its token stays, the other branches go on, and it can be tried again."""

from typing import Any

import pytest
from marshmallow import Schema, fields

from engine.domain.errors import NotFound, OutOfOrder, ProcessStuck, Unavailable
from engine.operations.registry import BpmnError, Nothing, Operation
from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    error,
    flow,
    flows,
    mapping,
    node,
    process,
    script,
    service,
    start,
    timer,
    user,
)
from tests.builders.running import Bank, PlainSubject


class Amount(Schema):
    amount = fields.Integer(required=True)


class Flaky:
    """An operation that writes a row and then fails as often as it is told."""

    def __init__(self, failures: int, error: Exception | None = None) -> None:
        self.failures = failures
        self.error = error or RuntimeError("the wire is cut")
        self.seen: list[dict[str, Any]] = []

    def __call__(self, work: Any, complaint_id: int | None, inputs: dict[str, Any]) -> dict[str, Any]:
        self.seen.append(inputs)
        work.put_setting("written", "yes")
        if self.failures:
            self.failures -= 1
            raise self.error
        return {"amount": inputs["amount"] + 1}

    def named(self, name: str = "flaky") -> dict[str, Operation]:
        return {name: Operation(name, "Try", Amount, Amount, self)}


def beside_a_task(step: str, *more: str) -> bytes:
    """A step with the id "step" in parallel to a user task "other"; after the step comes "after"."""
    return diagram(
        process(
            "p",
            start(),
            node("parallelGateway", "fork"),
            step,
            user("other"),
            user("after"),
            end(),
            *more,
            flows("start", "fork", "step", "after", "end"),
            flows("fork", "other"),
        ),
        '<bpmn:error id="E" errorCode="NO"/>\n',
    )


def test_a_failing_operation_leaves_an_incident_and_the_other_branch_goes_on() -> None:
    bank = Bank(beside_a_task(service("step", "flaky")), operations=Flaky(1).named())

    bank.start(amount=1)

    assert bank.open == ["other"]
    assert bank.incidents == ["step"]
    incident = next(iter(bank.store.tables.incidents.values()))
    assert incident.code == "operation.failed"
    assert "the wire is cut" in incident.message
    assert incident.retries_left == 2
    assert incident.retry_at is not None
    assert (incident.retry_at - bank.store.now).total_seconds() == 60
    assert "written" not in bank.store.tables.settings
    assert bank.variables() == {"amount": 1}


def test_a_retry_runs_the_operation_again_and_resolves_the_incident() -> None:
    bank = Bank(beside_a_task(service("step", "flaky")), operations=Flaky(1).named())
    bank.start(amount=1)

    bank.retry()

    assert bank.open == ["after", "other"]
    assert bank.incidents == []
    assert bank.variables() == {"amount": 2}
    assert bank.store.tables.settings == {"written": "yes"}
    assert [event.kind for event in bank.store.events()].count("incident.resolved") == 1


def test_retries_are_counted_down_and_wait_longer_each_time() -> None:
    bank = Bank(beside_a_task(service("step", "flaky", retries="4")), operations=Flaky(9).named())
    bank.start(amount=1)

    seen = []
    for _ in range(4):
        found = next(iter(bank.store.tables.incidents.values()))
        seen.append(
            (found.retries_left, found.retry_at and (found.retry_at - bank.store.now).total_seconds())
        )
        bank.retry()

    assert seen == [(3, 60.0), (2, 120.0), (1, 240.0), (0, None)]
    assert bank.incidents == ["step"]
    assert len(bank.store.tables.incidents) == 1


def test_a_failing_expression_is_an_incident_a_person_must_look_at() -> None:
    bank = Bank(beside_a_task(node("callActivity", "step", '<zeebe:calledElement processId="=which"/>')))

    bank.start(which="nowhere")

    incident = next(iter(bank.store.tables.incidents.values()))
    assert (incident.element, incident.code, incident.retry_at) == ("step", "call.unknown", None)
    assert bank.open == ["other"]


def test_a_gateway_without_a_way_out_waits_and_goes_on_when_the_data_are_mended() -> None:
    subject = PlainSubject({1: {"grade": None}})
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node("exclusiveGateway", "how_severe"),
                user("a"),
                user("b"),
                flows("start", "how_severe"),
                flow("how_severe", "a", '=complaint.grade = "general"'),
                flow("how_severe", "b", '=complaint.grade = "major"'),
            )
        ),
        subject=subject,
    )
    bank.start(complaint_id=1)
    assert bank.incidents == ["how_severe"]

    subject.facts[1]["grade"] = "major"
    bank.retry()

    assert bank.open == ["b"]


def test_an_unknown_decision_unit_or_person_is_an_incident_too() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node(
                    "userTask", "u", '<zeebe:assignmentDefinition candidateGroups="handler" assignee="=who"/>'
                ),
                flows("start", "u"),
            )
        )
    )

    bank.start(who="nobody")

    assert bank.incidents == ["u"]
    assert bank.tasks == []


def test_an_operation_that_cannot_reach_the_database_fails_the_whole_command() -> None:
    bank = Bank(beside_a_task(service("step", "flaky")), operations=Flaky(1, Unavailable()).named())

    with pytest.raises(Unavailable):
        bank.start(amount=1)

    assert bank.store.tables.instances == {}


def test_a_domain_refusal_inside_an_operation_keeps_its_code() -> None:
    bank = Bank(beside_a_task(service("step", "flaky")), operations=Flaky(1, OutOfOrder("too early")).named())

    bank.start(amount=1)

    incident = next(iter(bank.store.tables.incidents.values()))
    assert (incident.code, incident.message) == ("out_of_order", "flaky: too early")


def test_wrong_inputs_never_reach_the_operation() -> None:
    flaky = Flaky(0)
    bank = Bank(beside_a_task(service("step", "flaky")), operations=flaky.named())

    bank.start(amount="many")

    assert flaky.seen == []
    assert bank.incidents == ["step"]


def test_an_input_mapping_is_evaluated_again_at_a_retry() -> None:
    flaky = Flaky(1)
    bank = Bank(
        beside_a_task(service("step", "flaky", mapping([("=base * 10", "amount")]))), operations=flaky.named()
    )
    bank.start(base=1)
    bank.do("other", base=2)

    bank.retry()

    assert flaky.seen == [{"amount": 10}, {"amount": 20}]


def test_a_boundary_timer_runs_while_the_operation_waits_for_its_retry() -> None:
    step = service("step", "flaky") + boundary("enough", "step", timer("Duration", "PT1H")) + user("by_hand")
    bank = Bank(beside_a_task(step, flows("enough", "by_hand")), operations=Flaky(9).named())
    bank.start(amount=1)
    assert [t.element for t in bank.timers] == ["enough"]

    bank.fire()

    assert bank.open == ["by_hand", "other"]
    assert bank.incidents == []


def test_a_failing_output_mapping_undoes_the_operation_it_follows() -> None:
    subject = PlainSubject({1: {"grade": None}})

    def refuse(work: Any, complaint_id: int, name: str, value: Any) -> None:
        raise OutOfOrder("not now")

    subject.write = refuse  # type: ignore[method-assign]
    bank = Bank(
        beside_a_task(
            service("step", "flaky", mapping([], [("=amount", "kept"), ("=amount", "complaint.amount")]))
        ),
        operations=Flaky(0).named(),
        subject=subject,
    )

    bank.start(complaint_id=1, amount=1)

    assert bank.incidents == ["step"]
    assert bank.store.tables.settings == {}
    assert bank.variables() == {"amount": 1}


def test_what_a_person_answered_is_not_lost_when_the_step_after_it_fails() -> None:
    subject = PlainSubject({1: {"grade": None}})
    refuse = True
    write = subject.write

    def sometimes(work: Any, complaint_id: int, name: str, value: Any) -> None:
        if refuse:
            raise OutOfOrder("not now")
        write(work, complaint_id, name, value)

    subject.write = sometimes  # type: ignore[method-assign]
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                user("u", mapping(outputs=[("=given", "complaint.cause")])),
                user("after"),
                flows("start", "u", "after"),
            )
        ),
        subject=subject,
    )
    bank.start(complaint_id=1)
    bank.do("u", given="a typing error")
    assert (bank.open, bank.incidents) == ([], ["u"])

    refuse = False
    bank.retry()

    assert bank.open == ["after"]
    assert subject.written == [("cause", "a typing error")]


def test_an_error_nobody_catches_is_an_incident() -> None:
    def throw(work: Any, complaint_id: int | None, inputs: dict[str, Any]) -> None:
        raise BpmnError("ODD", "something odd")

    bank = Bank(
        beside_a_task(service("step", "throw")),
        operations={"throw": Operation("throw", "Throw", Nothing, Nothing, throw)},
    )

    bank.start()

    incident = next(iter(bank.store.tables.incidents.values()))
    assert (incident.element, incident.code) == ("step", "error.uncaught")


def test_an_error_end_event_is_caught_around_its_subprocess_only() -> None:
    inner = (
        f'<bpmn:subProcess id="step">{start("a")}{end("b", error("E"))}{flows("a", "b")}</bpmn:subProcess>'
        + boundary("caught", "step", error("E"))
        + user("mend")
    )
    bank = Bank(beside_a_task(inner, flows("caught", "mend")))

    bank.start()

    assert bank.open == ["mend", "other"]


def test_an_endless_loop_is_stopped_and_nothing_of_it_stays() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                user("u"),
                node("exclusiveGateway", "again", default="out"),
                script("count", "=n + 1", "n"),
                end(),
                flows("start", "u", "again"),
                flow("again", "count", "=true"),
                flow("again", "end", id="out"),
                flows("count", "again"),
            )
        ),
        step_limit=500,
        hydrated=10,
    )
    bank.start(n=0)

    with pytest.raises(ProcessStuck) as stuck:
        bank.do("u")

    assert stuck.value.details == {"instance_id": bank.id, "element": stuck.value.details["element"]}
    assert stuck.value.details["element"] in ("again", "count")
    assert bank.open == ["u"]
    assert bank.variables() == {"n": 0}


def test_a_kept_copy_of_a_command_that_was_rolled_back_is_never_used_again() -> None:
    bank = Bank(
        diagram(process("p", start(), user("a"), user("b"), user("c"), flows("start", "a", "b", "c"))),
        hydrated=10,
    )
    bank.start()
    task = bank.task("a")

    def complete_and_fail() -> None:
        with bank.work() as work:
            bank.engine.complete(work, task, {"x": 1})
            raise RuntimeError("the power is off")

    with pytest.raises(RuntimeError):
        complete_and_fail()
    bank.do("a", x=2)

    assert bank.open == ["b"]
    assert bank.variables() == {"x": 2}


def test_the_incident_of_a_cancelled_token_cannot_be_retried() -> None:
    bank = Bank(beside_a_task(service("step", "flaky")), operations=Flaky(9).named())
    bank.start(amount=1)
    incident = next(iter(bank.store.tables.incidents.values()))

    bank.cancel("a mistake")

    assert bank.incidents == []
    assert bank.row.state == "cancelled"
    with pytest.raises(NotFound), bank.work() as work:
        bank.engine.retry(work, incident)


def test_rows_of_an_operation_that_succeeded_stay_when_a_later_one_fails() -> None:
    def keep(work: Any, complaint_id: int | None, inputs: dict[str, Any]) -> None:
        work.put_setting("first", "done")

    operations = {"keep": Operation("keep", "Keep", Nothing, Nothing, keep), **Flaky(1).named()}
    step = service("before", "keep") + service("step", "flaky")
    bank = Bank(
        diagram(process("p", start(), step, end(), flows("start", "before", "step", "end"))),
        operations=operations,
    )

    bank.start(amount=1)

    assert bank.store.tables.settings == {"first": "done"}
    assert [event.detail for event in bank.store.events("operation.done")] == [{"type": "keep"}]
