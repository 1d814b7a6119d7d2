"""The bookmark of an instance: what is read is what was written, it is small, and no copy is trusted blindly."""

from engine.bpmn.snapshot import dump, load
from engine.domain.running import Scope
from engine.operations.registry import Operation
from tests.bpmn.test_everything_in_one_diagram import DIAGRAM, VARIABLES, Paid, Payment, pay
from tests.builders.diagrams import diagram, flows, process, start, user
from tests.builders.running import Bank

STAMP = 20


def test_after_every_step_a_loaded_instance_is_the_one_that_was_stored() -> None:
    bank = Bank(DIAGRAM, operations={"payment": Operation("payment", "Pay", Payment, Paid, pay)})
    bank.start("p", **VARIABLES)

    for task in ("intake", "one", "two", "in_turn", "in_turn", "vote", "vote", "review", "review", "review"):
        bank.do(task)

        row = bank.row
        definitions = bank.engine.load(row.release_id, {})
        scopes = [scope for scope in bank.store.tables.scopes.values() if scope.instance_id == bank.id]
        again = load(definitions, row.process, row.tokens, scopes)
        assert dump(again)[STAMP:] == row.tokens[STAMP:]
        assert {token.rows for token in again.tokens.values()} >= {1}


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
