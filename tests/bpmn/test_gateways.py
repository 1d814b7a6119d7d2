"""Gateways and flows: counting tokens, inclusive joins in loops, several flows in and out."""

from itertools import permutations
from typing import Any

import pytest

from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    flow,
    flows,
    message,
    named_message,
    node,
    process,
    start,
    user,
)
from tests.builders.running import Bank


def rework() -> bytes:
    """Two tasks in parallel inside a loop that a third one repeats or leaves."""
    return diagram(
        process(
            "p",
            start(),
            node("exclusiveGateway", "again"),
            node("parallelGateway", "fork"),
            user("a"),
            user("b"),
            node("parallelGateway", "join"),
            user("check"),
            node("exclusiveGateway", "good", default="good_after", name="Good?"),
            user("after"),
            flows("start", "again", "fork", "a", "join", "check", "good", "after"),
            flows("fork", "b", "join"),
            flow("good", "again", "=not(ok)"),
        )
    )


@pytest.mark.parametrize(("first", "second"), list(permutations("ab")))
def test_a_parallel_join_in_a_loop_waits_for_both_in_every_round(first: str, second: str) -> None:
    bank = Bank(rework())
    bank.start()

    for ok in (False, False, True):
        bank.do(first)
        assert bank.open == [second]
        bank.do(second)
        assert bank.open == ["check"]
        bank.do("check", ok=ok)

    assert bank.open == ["after"]


def test_a_thousand_rounds_cost_the_same_bytes_as_one() -> None:
    bank = Bank(rework(), hydrated=10)
    bank.start()
    sizes = []

    for _ in range(200):
        for task in ("a", "b"):
            bank.do(task)
        bank.do("check", ok=False)
        sizes.append(len(bank.row.tokens))

    assert max(sizes) - min(sizes) <= 12
    assert len(bank.store.tables.scopes) == 1


def inclusive(**options: Any) -> Bank:
    """Three ways of which some are taken, joined again."""
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node("inclusiveGateway", "which", default="which_c", name="Which?"),
                user("a"),
                user("b"),
                user("c"),
                node("inclusiveGateway", "join"),
                user("after"),
                flows("start", "which"),
                flow("which", "a", "=x"),
                flow("which", "b", "=y"),
                flow("which", "c"),
                flows("a", "join", "after"),
                flows("b", "join"),
                flows("c", "join"),
            )
        )
    )
    bank.start(**options)
    return bank


@pytest.mark.parametrize(
    ("options", "taken"),
    [
        ({"x": True, "y": True}, ["a", "b"]),
        ({"x": False, "y": True}, ["b"]),
        ({"x": False, "y": False}, ["c"]),  # the default
    ],
)
def test_an_inclusive_join_waits_for_those_that_were_taken(options: dict[str, Any], taken: list[str]) -> None:
    bank = inclusive(**options)
    assert bank.open == taken

    for task in taken:
        assert "after" not in bank.open
        bank.do(task)

    assert bank.open == ["after"]


def test_an_inclusive_join_sees_that_the_last_branch_went_elsewhere() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node("inclusiveGateway", "which", name="Which?"),
                user("a"),
                user("b"),
                boundary("stop", "b", message("M")),
                end("e"),
                node("inclusiveGateway", "join"),
                user("after"),
                flows("start", "which"),
                flow("which", "a", "=true"),
                flow("which", "b", "=true"),
                flows("a", "join", "after"),
                flows("b", "join"),
                flows("stop", "e"),
            ),
            named_message("M", "stop", '="k"'),
        )
    )
    bank.start()
    bank.do("a")
    assert bank.open == ["b"]

    bank.tell("stop", "k")

    assert bank.open == ["after"]


def test_an_inclusive_gateway_without_a_way_out_is_an_incident() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node("inclusiveGateway", "which", name="Which?"),
                user("a"),
                user("b"),
                flows("start", "which"),
                flow("which", "a", "=x"),
                flow("which", "b", "=y"),
            )
        )
    )
    bank.start()

    assert bank.incidents == ["which"]


def test_several_flows_out_of_an_activity_are_all_taken() -> None:
    bank = Bank(
        diagram(
            process("p", start(), user("u"), user("a"), user("b"), flows("start", "u", "a"), flows("u", "b"))
        )
    )
    bank.start()

    bank.do("u")

    assert bank.open == ["a", "b"]


def test_conditions_out_of_an_activity_are_asked_and_its_default_taken() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node(
                    "userTask",
                    "u",
                    '<zeebe:assignmentDefinition candidateGroups="handler"/>',
                    name="U",
                    default="u_c",
                ),
                user("a"),
                user("c"),
                flows("start", "u"),
                flow("u", "a", "=x = 1"),
                flow("u", "c"),
            )
        )
    )
    bank.start()
    bank.start()

    bank.do("u", x=1)
    bank.do("u", x=2)

    assert bank.open == ["a", "c"]


def test_several_flows_into_an_activity_run_it_once_a_token() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                node("parallelGateway", "fork"),
                node("task", "a"),
                node("task", "b"),
                user("u"),
                flows("start", "fork", "a", "u"),
                flows("fork", "b", "u"),
            )
        )
    )

    bank.start()

    assert bank.open == ["u", "u"]


def test_a_chain_of_two_thousand_nodes_needs_no_deep_stack() -> None:
    ids = [f"n{number}" for number in range(2_000)]
    bank = Bank(
        diagram(
            process(
                "p", start(), *(node("task", id) for id in ids), user("last"), flows("start", *ids, "last")
            )
        )
    )

    bank.start()

    assert bank.open == ["last"]
