"""The token game: sound drawings are left in peace, every mismatch is found, and what is found was played."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.bpmn.rules.checking import read_diagram
from engine.checks import Problem
from engine.checks.levels import Level, read_processes
from engine.checks.token_game import Budget, Game
from engine.checks.ways import ways_of
from tests.builders import plain_game
from tests.builders.checking import asked, line, only, said_of
from tests.builders.diagrams import (
    TERMINATE,
    ad_hoc,
    boundary,
    diagram,
    end,
    error,
    flow,
    flows,
    link,
    node,
    process,
    start,
    subprocess,
    timer,
    undoing,
    user,
)
from tests.builders.random_processes import GATEWAYS, RandomProcess

RULES = ("deadlock", "livelock", "never")
KINDS = ("user", "seq", "and", "xor", "inc", "sub", "loop", "catch", "bound", "esp", "undo")


def top_level(content: bytes) -> Level:
    """The level of the one process."""
    read, _ = read_diagram("x.bpmn", content)
    assert read is not None
    return read_processes([read])[0].top


def open_conditions(made: RandomProcess) -> str:
    """The drawing with conditions that may hold or not."""
    return re.sub("@(.*?)@", "=complaint.amount &gt; 1", made.drawn)


@given(st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_a_drawing_that_is_sound_by_construction_gives_no_warning(seed: int) -> None:
    content = open_conditions(RandomProcess(seed, KINDS)).encode()

    assert only(said_of(content), *RULES) == []


def splits(drawn: str) -> list[tuple[str, str, str]]:
    """Opening gateway, closing gateway and their kind, of every split that has ways of its own."""
    kinds = {gateway: kind for kind, gateway in GATEWAYS.items()}
    found = re.findall(
        r'<bpmn:(\w+Gateway) id="(g\d+)"(?: default="\w+")?></bpmn:\1>\n<bpmn:\1 id="(g\d+)"', drawn
    )
    return [(opening, closing, kinds[tag]) for tag, opening, closing in found]


@given(st.integers(0, 10**9), st.data())
@settings(max_examples=60, deadline=None)
def test_ways_that_are_chosen_and_then_joined_as_if_all_were_taken_are_found(
    seed: int, data: st.DataObject
) -> None:
    drawn = open_conditions(RandomProcess(seed, ("user", "seq", "and", "xor", "inc", "sub")))
    found = [split for split in splits(drawn) if split[2] != "and"]
    assume(found)
    _, closing, kind = data.draw(st.sampled_from(found))

    tag = GATEWAYS[kind]
    wrong = drawn.replace(
        f'<bpmn:{tag} id="{closing}"></bpmn:{tag}>',
        f'<bpmn:parallelGateway id="{closing}"></bpmn:parallelGateway>',
    )

    assert wrong != drawn
    assert closing in [problem.element for problem in only(said_of(wrong.encode()), "deadlock")]


@pytest.mark.parametrize("joining", ["exclusiveGateway", "inclusiveGateway", "parallelGateway"])
def test_branches_may_be_joined_or_come_one_by_one(joining: str) -> None:
    nodes = start() + node("parallelGateway", "s") + user("a") + user("b") + node(joining, "j") + end()

    assert said(nodes, flows("start", "s", "a", "j", "end"), flows("s", "b", "j")) == []


def test_a_token_too_many_waits_at_the_next_join() -> None:
    nodes = (
        start()
        + "".join(node("parallelGateway", id) for id in ("s", "t", "j"))
        + node("exclusiveGateway", "m")
    )
    people = "".join(user(id) for id in ("a", "b", "c")) + end()
    wires = flows("start", "s", "t", "a", "m", "j", "end") + flows("t", "b", "m") + flows("s", "c", "j")

    assert [problem.element for problem in said(nodes, people, wires)] == ["j"]


@st.composite
def drawings(draw: st.DrawFn) -> bytes:
    """Any small drawing of tasks, exclusive and parallel gateways."""
    count = draw(st.integers(2, 6))
    kinds = draw(
        st.lists(
            st.sampled_from(["task", "exclusiveGateway", "parallelGateway"]), min_size=count, max_size=count
        )
    )
    ids = [f"n{number}" for number in range(count)]
    nodes = [start(), *(node(kind, id) for kind, id in zip(kinds, ids, strict=True)), end()]
    wires = [flow("start", ids[0])]
    for id in ids:
        targets = draw(st.lists(st.sampled_from([*ids, "end"]), min_size=1, max_size=2, unique=True))
        wires += [flow(id, target, "=complaint.amount > 1") for target in targets]
    return diagram(process("p", *nodes, *wires))


@given(drawings())
@settings(max_examples=200, deadline=None)
def test_it_finds_what_the_plain_game_finds_and_nothing_else(content: bytes) -> None:
    level = top_level(content)
    try:
        waiting, left = plain_game.play(level)
    except plain_game.TooLarge:
        assume(False)

    played = Game(level, ways_of(level), Budget()).play()

    assert played.whole
    assert {deadlock.join.id for deadlock in played.deadlocks} == waiting
    assert {node.id for node in played.visited} >= left


def said(*parts: str) -> list[Problem]:
    return only(asked(*parts), *RULES)


def test_a_deadlock_is_told_at_the_join_with_the_run_that_leads_to_it() -> None:
    nodes = start() + node("exclusiveGateway", "g", name="?", default="g_a") + user("a") + user("b")
    wires = flows("start", "g", "a", "j", "end") + flow("g", "b", "=complaint.fraud") + flows("b", "j")

    (problem,) = said(nodes, node("parallelGateway", "j"), end(), wires)

    assert (problem.rule, problem.element, problem.severity) == ("deadlock", "j", "warning")
    assert "nothing comes over a_j any more after start → g → b" in problem.message


def test_a_branch_that_ends_before_the_join_leaves_the_others_waiting() -> None:
    nodes = start() + node("parallelGateway", "s") + node("exclusiveGateway", "g", name="?", default="g_j")
    wires = (
        flows("start", "s", "g", "j", "end") + flow("g", "stop", "=complaint.fraud") + flows("s", "a", "j")
    )
    rest = user("a") + node("parallelGateway", "j") + end()

    assert [p.element for p in said(nodes, rest, end("stop"), wires)] == ["j"]
    assert said(nodes, rest, end("stop", TERMINATE), wires) == []


def test_an_event_on_the_edge_may_take_a_token_away_from_its_join() -> None:
    nodes = (
        start() + node("parallelGateway", "s") + user("a") + user("b") + node("parallelGateway", "j") + end()
    )
    wires = flows("start", "s", "a", "j", "end") + flows("s", "b", "j")
    late = boundary("late", "a", timer("Duration", "P1D")) + end("over") + flows("late", "over")
    remind = (
        boundary("late", "a", timer("Duration", "P1D"), interrupting=False)
        + end("over")
        + flows("late", "over")
    )

    assert [p.element for p in said(nodes, wires, late)] == ["j"]
    assert said(nodes, wires, remind) == []


def test_a_condition_that_always_holds_is_no_choice() -> None:
    nodes = (
        start()
        + node("parallelGateway", "s")
        + node("inclusiveGateway", "g", name="?")
        + user("a")
        + user("b")
    )
    rest = node("parallelGateway", "j") + end() + end("aside") + flows("b", "aside")
    wires = flows("start", "s", "a", "j", "end") + flows("s", "g") + flow("g", "b", "=complaint.fraud")

    assert said(nodes, rest, wires, flow("g", "j", "=true")) == []
    assert [p.element for p in said(nodes, rest, wires, flow("g", "j", "=complaint.media"))] == ["j"]


def test_what_no_run_comes_to_is_told_at_its_first_node() -> None:
    nodes = start() + node("exclusiveGateway", "g", name="?", default="g_end") + user("a") + user("b") + end()
    wires = flows("start", "g", "end") + flow("g", "a", "=1 > 2") + flows("a", "b", "end")

    assert [(p.rule, p.element) for p in said(nodes, wires)] == [("never", "a")]


def test_inclusive_joins_wait_only_for_what_is_on_its_way() -> None:
    nodes = start() + node("inclusiveGateway", "s", name="?", default="s_a") + user("a") + user("b")
    wires = flows("start", "s", "a", "j", "end") + flow("s", "b", "=complaint.fraud") + flows("b", "j")

    assert said(nodes, node("inclusiveGateway", "j"), end(), wires) == []


def test_subprocesses_are_games_of_their_own() -> None:
    inner = (
        start("s1") + node("parallelGateway", "j1") + node("exclusiveGateway", "g1", name="?", default="g1_x")
    )
    inner += node("task", "x") + node("task", "y") + end("e1") + flows("s1", "g1", "x", "j1", "e1")
    inner += flow("g1", "y", "=complaint.fraud") + flows("y", "j1")

    assert [p.element for p in said(line(subprocess("sub", inner)))] == ["j1"]


def test_an_error_end_is_no_deadlock_for_those_who_wait_beside_it() -> None:
    inner = (
        start("s1")
        + node("parallelGateway", "p1")
        + node("exclusiveGateway", "g1", name="?", default="g1_j1")
    )
    inner += user("u1") + node("parallelGateway", "j1") + end("e1") + end("f1", error("E"))
    inner += (
        flows("s1", "p1", "g1", "j1", "e1") + flow("g1", "f1", "=complaint.fraud") + flows("p1", "u1", "j1")
    )

    assert (
        only(asked(line(subprocess("sub", inner)), roots='<bpmn:error id="E" errorCode="X"/>'), *RULES) == []
    )


def test_a_game_that_grows_too_large_is_given_up_and_nothing_is_said() -> None:
    wide = [f"t{number}" for number in range(70)]
    nodes = (
        start()
        + node("parallelGateway", "s")
        + "".join(user(id) for id in wide)
        + node("parallelGateway", "j")
    )
    wires = flows("start", "s") + "".join(flows("s", id, "j") for id in wide) + flows("j", "end")
    level = top_level(diagram(process("p", nodes, end(), wires)))

    played = Game(level, ways_of(level), Budget()).play()

    assert not played.whole
    assert played.deadlocks == []


@pytest.mark.parametrize("moves", [0, 1, 5, 50])
def test_a_game_never_takes_more_than_its_budget(moves: int) -> None:
    level = top_level(open_conditions(RandomProcess(3, KINDS, depth=4)).encode())
    budget = Budget(moves)

    Game(level, ways_of(level), budget).play()

    assert budget.moves > -200


LEAVE, ARRIVE = (
    node("intermediateThrowEvent", "leave", body=link("over there")),
    node("intermediateCatchEvent", "arrive", body=link("over there")),
)


def test_a_link_leads_on_as_a_flow_does() -> None:
    fork, join = node("parallelGateway", "fork"), node("parallelGateway", "join")
    nodes = start() + fork + user("a") + user("b") + LEAVE + ARRIVE + join + end()
    wires = flows("start", "fork", "a", "join", "end") + flows("b", "leave") + flows("arrive", "join")
    both, chosen = flow("fork", "b"), flow("fork", "b", "=complaint.fraud")
    either = nodes.replace('parallelGateway id="fork"', 'exclusiveGateway id="fork" default="fork_a"')
    either = either.replace("</bpmn:parallelGateway>", "</bpmn:exclusiveGateway>", 1)

    assert only(asked(nodes, wires, both), *RULES) == []
    assert [(p.rule, p.element) for p in only(asked(either, wires, chosen), *RULES)] == [("deadlock", "join")]


def test_each_flow_of_an_ad_hoc_subprocess_is_a_game_of_its_own() -> None:
    fork, join = node("exclusiveGateway", "fork", default="fork_b"), node("parallelGateway", "join")
    mismatch = user("x") + fork + user("a") + user("b") + join + flow("fork", "a", "=complaint.fraud")
    wires = flows("x", "fork", "b", "join") + flows("a", "join")
    other = user("y") + user("z") + flows("y", "z")
    drawn = ad_hoc("free", mismatch + wires + other, activeElementsCollection='=["x", "y"]')

    assert [(p.rule, p.element) for p in only(asked(line(drawn)), *RULES)] == [("deadlock", "join")]


def test_what_undoes_a_task_is_no_part_without_a_run() -> None:
    undone = line(
        user("a"), node("intermediateThrowEvent", "throw", body="<bpmn:compensateEventDefinition/>")
    )

    assert only(asked(undone, undoing("a", "undo_a")), *RULES) == []


def test_an_event_on_the_edge_that_leads_nowhere_is_not_a_part_without_a_run() -> None:
    fork, join = node("parallelGateway", "fork"), node("parallelGateway", "join")
    nodes = start() + fork + user("a") + user("b") + join + end()
    wires = flows("start", "fork", "a", "join", "end") + flows("fork", "b", "join")
    edge = boundary("late", "a", timer("Duration", "PT1H"), interrupting=False)

    assert only(asked(nodes, wires, edge), *RULES) == []
