"""The bookmark of an instance: what is read is what was written, it is small, and no copy is trusted blindly."""

import pytest

from engine.domain.running import Scope
from engine.operations.registry import Operation
from tests.bpmn.test_everything_in_one_diagram import DIAGRAM, VARIABLES, Paid, Payment, pay
from tests.builders import diagrams as d
from tests.builders.diagrams import diagram, flows, process, start, user
from tests.builders.running import Bank
from tests.builders.snapshots import assert_as_dumped_anew


@pytest.mark.parametrize("hydrated", [0, 10], ids=["reloaded", "kept"])
def test_after_every_step_a_loaded_instance_is_the_one_that_was_stored(hydrated: int) -> None:
    payment = Operation("payment", "Pay", Payment, Paid, pay)
    bank = Bank(DIAGRAM, operations={"payment": payment}, hydrated=hydrated)
    bank.start("p", **VARIABLES)

    for task in ("intake", "one", "two", "in_turn", "in_turn", "vote", "vote", "review", "review", "review"):
        bank.do(task)

        with bank.work() as work:
            assert_as_dumped_anew(bank.engine, work, [bank.row])


def several_called() -> bytes:
    """Three called processes at once, each with a task that a timer hangs from and a message."""
    called = d.node(
        "callActivity",
        "each",
        d.zeebe("calledElement", processId="inner"),
        body=d.each("=[1, 2, 3]", inputElement="item"),
    )
    heard = d.boundary("heard", "u", d.message("m"), interrupting=False)
    inner = process(
        "inner",
        start("begin"),
        user("u"),
        d.boundary("late", "u", d.timer("Duration", "P1D")),
        heard,
        user("after"),
        flows("begin", "u", "after"),
        d.flow("late", "after"),
        d.flow("heard", "after"),
    )
    outer = process("p", start(), called, flows("start", "each"))
    return diagram(d.named_message("m", "said", "=item"), outer, inner)


def test_a_kept_copy_writes_what_changed_in_one_level_of_many() -> None:
    bank = Bank(several_called(), hydrated=10)
    bank.start()
    happens = (
        lambda: bank.do("u"),
        lambda: bank.tell("said", "3"),
        lambda: bank.do("after", 1),
        lambda: bank.tell("said", "3"),
        bank.fire,
        lambda: bank.do("after"),
        bank.fire,
    )

    for step in happens:
        step()

        with bank.work() as work:
            assert_as_dumped_anew(bank.engine, work, [bank.row])
    assert bank.open == ["after"] * 3


def test_the_same_bytes_are_never_written_twice() -> None:
    bank = Bank(diagram(process("p", start(), user("u"), flows("start", "u"))), hydrated=10)

    first = bank.start()
    second = bank.start()

    rows = bank.store.tables.instances
    assert rows[first].tokens != rows[second].tokens
    assert len(rows[first].tokens) < 100


def test_two_engines_work_on_the_same_instances_without_believing_their_own_copies() -> None:
    drawn = diagram(process("p", start(), user("a"), user("b"), user("c"), flows("start", "a", "b", "c")))
    bank = Bank(drawn, hydrated=10)
    bank.start()
    other = Bank(drawn, hydrated=10, store=bank.store)
    other.instance = bank.instance

    bank.do("a", x=1)
    other.do("b", x=2)
    bank.do("c", y=bank.variables()["x"])

    assert bank.is_over


def test_only_changed_scopes_are_written() -> None:
    bank = Bank(diagram(process("p", start(), user("a"), user("b"), flows("start", "a", "b"))))
    bank.start(large="x" * 1000)
    written: list[int] = []
    with bank.work() as work:
        put = work.processes.put_scope

        def noting(scope: Scope) -> None:
            written.append(scope.number)
            put(scope)

        work.processes.put_scope = noting

        bank.engine.complete(work, bank.task("a"), {})

    assert written == []
    assert bank.open == ["b"]
