"""Variables and tokens changed by hand."""

import pytest

from engine.domain.errors import LimitExceeded, OperationFailed, OutOfOrder, ValueRefused
from engine.domain.running import InstanceState
from engine.domain.task import TaskState
from tests.builders.diagrams import (
    boundary,
    diagram,
    each,
    end,
    event_subprocess,
    flow,
    flows,
    mapping,
    message,
    named_message,
    node,
    process,
    script,
    service,
    start,
    subprocess,
    timer,
    user,
    zeebe,
)
from tests.builders.steered import SteeredBank

M = named_message("M", "note", "=case")


def line(*ids: str) -> bytes:
    """User tasks one after the other."""
    return diagram(process("p", start(), *[user(id) for id in ids], end(), flows("start", *ids, "end")))


PARALLEL = diagram(
    process(
        "p",
        start(),
        node("parallelGateway", "split"),
        *(user("a"), user("b"), user("before")),
        node("parallelGateway", "join"),
        user("last"),
        end(),
        *(
            flows("start", "split", "a", "join"),
            flows("split", "b", "before", "join"),
            flows("join", "last", "end"),
        ),
    )
)


def test_a_token_is_added_and_goes_its_way_beside_the_others(bank: SteeredBank) -> None:
    bank.release(line("a", "b"))
    bank.start()

    token = bank.add("b")

    assert bank.open == ["a", "b"]
    assert bank.history("token.added") == [
        {"element": "b", "token": token, "inside": 0, "reason": "so that it can be tested"}
    ]
    for task in ("a", "b", "b"):
        bank.do(task)
    assert bank.row().state is InstanceState.ENDED


def test_its_input_mappings_are_evaluated_and_its_events_armed(bank: SteeredBank) -> None:
    late = boundary("late", "b", timer("Duration", "PT1H")), user("chase"), flows("late", "chase")
    b = user("b", mapping(inputs=[("=x + 1", "y")]))
    bank.release(diagram(process("p", start(), user("a"), b, *late, flows("start", "a", "b"))))
    bank.start(x=1)

    bank.add("b")

    assert bank.task("b").inputs == {"y": 2}
    bank.wait(hours=1)
    assert bank.open == ["a", "chase"]


def test_a_token_of_a_subprocess_begins_a_new_one(bank: SteeredBank) -> None:
    inside = start("s") + user("in") + end("e") + flows("s", "in", "e")
    bank.release(
        diagram(process("p", start(), user("a"), subprocess("sub", inside), flows("start", "a", "sub")))
    )
    bank.start()

    bank.add("sub")
    bank.add("sub")

    assert bank.open == ["a", "in", "in"]


def test_a_token_inside_a_subprocess_that_is_not_open_opens_it_there(bank: SteeredBank) -> None:
    deep = subprocess(
        "deep",
        start("s2") + user("first") + user("second") + end("e2") + flows("s2", "first", "second", "e2"),
    )
    inside = start("s") + user("in") + deep + end("e") + flows("s", "in", "deep", "e")
    bank.release(
        diagram(
            process(
                "p", start(), user("a"), subprocess("sub", inside), user("z"), flows("start", "a", "sub", "z")
            )
        )
    )
    bank.start()

    bank.add("second")

    assert bank.open == ["a", "second"]
    bank.do("second")
    assert bank.open == ["a", "z"]


def test_a_token_of_a_multi_instance_begins_all_its_items(bank: SteeredBank) -> None:
    many = user("ask", body=each("=[1, 2, 3]", inputElement="n"))
    bank.release(diagram(process("p", start(), user("a"), many, flows("start", "a", "ask"))))
    bank.start()

    bank.add("ask")

    assert bank.open == ["a", "ask", "ask", "ask"]


def test_where_several_levels_are_open_one_is_named(bank: SteeredBank) -> None:
    inside = start("s") + user("in") + user("next") + end("e") + flows("s", "in", "next", "e")
    many = subprocess("sub", inside, loop=each("=[1, 2]", inputElement="n"))
    bank.release(diagram(process("p", start(), many, end(), flows("start", "sub", "end"))))
    bank.start()

    with pytest.raises(ValueRefused, match=r"several open levels: say in which.*: 3, 4\."):
        bank.add("next")
    bank.add("next", inside=4)

    assert bank.open == ["in", "in", "next"]
    with pytest.raises(ValueRefused, match="No level is open in token 99"):
        bank.add("next", inside=99)


def test_a_join_that_waits_for_a_cancelled_token_is_helped_by_one_before_it(bank: SteeredBank) -> None:
    bank.release(PARALLEL)
    bank.start()
    bank.do("a")
    assert bank.terminate("b") == 1
    assert bank.open == []

    bank.add("before")
    bank.do("before")

    assert bank.open == ["last"]
    bank.do("last")
    assert bank.row().state is InstanceState.ENDED


def test_a_join_takes_a_token_by_the_flow_that_is_named(bank: SteeredBank) -> None:
    bank.release(PARALLEL)
    bank.start()
    bank.do("a")
    bank.terminate("b")

    with pytest.raises(ValueRefused, match="say by which one this comes"):
        bank.add("join")
    with pytest.raises(ValueRefused, match="start_split does not lead to join"):
        bank.add("join", flow="start_split")
    bank.add("join", flow="before_join")

    assert bank.open == ["last"]


GATEWAY = diagram(
    process(
        "p",
        start(),
        user("u"),
        node("eventBasedGateway", "g"),
        node("intermediateCatchEvent", "told", body=message("M")),
        node("intermediateCatchEvent", "later", body=timer("Duration", "PT1H")),
        boundary("edge", "u", timer("Duration", "P9D")),
        event_subprocess("esp", message("M"), user("in_esp") + flows("esp_start", "in_esp")),
        node("task", "undo", isForCompensation="true"),
        boundary("undone", "u", "<bpmn:compensateEventDefinition/>"),
        '<bpmn:association id="as" sourceRef="undone" targetRef="undo"/>',
        *(flows("start", "u", "g", "told"), flows("g", "later"), user("x"), flows("edge", "x")),
    ),
    M,
)


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ("nowhere", "There is no element 'nowhere' in the process p"),
        ("edge", "edge is a boundary event"),
        ("undone", "undone is a boundary event"),
        ("esp", "esp is an event subprocess: it begins when its event happens"),
        ("in_esp", "in_esp stands in the event subprocess esp"),
        ("told", "told waits behind an event-based gateway: add the token at the gateway"),
        ("undo", "undo undoes something"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(bank: SteeredBank, element: str, words: str) -> None:
    bank.release(GATEWAY)
    bank.start(case="c")
    before = bank.rows_of(1)

    with pytest.raises((OutOfOrder, ValueRefused), match=words):
        bank.add(element)

    assert bank.rows_of(1) == before


def test_the_start_event_of_an_event_subprocess_that_runs_waits_and_gets_no_token(bank: SteeredBank) -> None:
    inside = user("in") + end("e") + flows("esp_start", "in", "e")
    esp = event_subprocess("esp", message("M"), inside, interrupting=False)
    bank.release(diagram(process("p", start(), user("u"), esp, flows("start", "u")), M))
    bank.start(case="c")
    bank.tell("note", "c")

    with pytest.raises(OutOfOrder, match="esp_start waits for its event"):
        bank.add("esp_start")
    bank.add("in")

    assert bank.open == ["in", "in", "u"]


def test_an_element_inside_what_is_not_open_and_cannot_be_opened_says_where_to_go(bank: SteeredBank) -> None:
    inside = start("s") + user("in") + flows("s", "in")
    many = subprocess("sub", inside, loop=each("=[1]", inputElement="n"))
    bank.release(diagram(process("p", start(), user("u"), many, flows("start", "u", "sub"))))
    bank.start()

    with pytest.raises(OutOfOrder, match="in stands in sub, which is not open: add a token at sub"):
        bank.add("in")


def test_an_element_of_an_event_subprocess_that_has_not_begun_says_what_begins_it(bank: SteeredBank) -> None:
    inside = user("read") + end("e") + flows("esp_start", "read", "e")
    esp = event_subprocess("esp", message("M"), inside, interrupting=False)
    bank.release(
        diagram(
            process("p", start(), user("u"), flows("start", "u"), esp), named_message("M", "note", '="k"')
        )
    )
    bank.start()

    with pytest.raises(
        OutOfOrder, match="read stands in the event subprocess esp, which begins when its event"
    ):
        bank.add("read")


def test_an_ad_hoc_subprocess_begins_one_more_flow(bank: SteeredBank) -> None:
    inside = user("a") + user("b") + user("after") + flows("b", "after")
    ad_hoc = node("adHocSubProcess", "any", zeebe("adHoc", activeElementsCollection='=["a"]'), body=inside)
    bank.release(diagram(process("p", start(), ad_hoc, user("z"), flows("start", "any", "z"))))
    bank.start()

    bank.add("b")
    assert bank.open == ["a", "b"]
    with pytest.raises(ValueRefused, match="several open levels"):
        bank.add("after")
    bank.do("a")
    bank.do("b")
    bank.do("after")

    assert bank.open == ["z"]


# cancelling


def test_a_cancelled_token_takes_all_that_hangs_from_it(bank: SteeredBank) -> None:
    inside = (
        start("s")
        + user("in")
        + boundary("edge", "in", timer("Duration", "PT1H"))
        + user("x")
        + flows("edge", "x")
    )
    sub = subprocess("sub", inside + flows("s", "in")), boundary("told", "sub", message("M"))
    bank.release(
        diagram(
            process(
                "p",
                start(),
                user("a"),
                *sub,
                user("y"),
                flows("told", "y"),
                flows("start", "sub"),
                flows("start", "a"),
            ),
            M,
        )
    )
    instance = bank.start(case="c")
    rows = bank.rows_of(instance)
    assert (len(rows["timer"]), len(rows["subscription"])) == (1, 1)

    assert bank.take(_token(bank, "sub"))

    rows = bank.rows_of(instance)
    assert (rows["timer"], rows["subscription"]) == ([], [])
    assert bank.open == ["a"]
    assert bank.task("in").state is TaskState.CANCELLED


def _token(bank: SteeredBank, element: str) -> int:
    return next(each.token for each in bank.standing() if each.element == element and each.part == "")


def test_the_last_token_ends_what_it_is_in_and_the_instance(bank: SteeredBank) -> None:
    inside = start("s") + user("in") + end("e") + flows("s", "in", "e")
    bank.release(
        diagram(process("p", start(), subprocess("sub", inside), user("z"), flows("start", "sub", "z")))
    )
    instance = bank.start()

    bank.terminate("in")

    assert bank.path == ["start", "s"]
    assert bank.row(instance).state is InstanceState.CANCELLED
    assert [event["reason"] for event in bank.history("process.cancelled")] == ["so that it can be tested"]


def test_an_event_subprocess_that_only_listens_keeps_nothing_open(bank: SteeredBank) -> None:
    esp = event_subprocess("esp", message("M"), user("in") + flows("esp_start", "in"))
    bank.release(diagram(process("p", start(), user("u"), esp, flows("start", "u")), M))
    instance = bank.start(case="c")

    bank.terminate("u")

    assert bank.row(instance).state is InstanceState.CANCELLED
    assert bank.rows_of(instance)["subscription"] == []


def test_a_cancelled_item_is_let_go_and_the_others_go_on(bank: SteeredBank) -> None:
    many = user("ask", body=each("=[1, 2, 3]", inputElement="n"))
    bank.release(diagram(process("p", start(), many, user("z"), flows("start", "ask", "z"))))
    bank.start()
    items = [each.token for each in bank.standing() if each.part == "item"]

    assert bank.take(items[0])
    bank.do("ask")
    bank.do("ask")

    assert bank.open == ["z"]


def test_an_item_let_go_may_be_enough(bank: SteeredBank) -> None:
    many = user("ask", body=each("=[1, 2, 3]", inputElement="n", enough="=numberOfTerminatedInstances = 1"))
    bank.release(diagram(process("p", start(), many, user("z"), flows("start", "ask", "z"))))
    bank.start()
    items = [each.token for each in bank.standing() if each.part == "item"]

    bank.take(items[0])

    assert bank.open == ["z"]


def test_a_condition_that_fails_refuses_the_act(bank: SteeredBank) -> None:
    endless = "=count(for i in 1..1000000000 return i) > 0"
    many = user("ask", body=each("=[1, 2]", inputElement="n", enough=endless))
    bank.release(diagram(process("p", start(), many, flows("start", "ask"))))
    bank.start()
    items = [each.token for each in bank.standing() if each.part == "item"]
    before = bank.rows_of(1)

    with pytest.raises(OperationFailed, match="1000000000"):
        bank.take(items[0])

    assert bank.rows_of(1) == before


def test_a_multi_instance_ends_at_once_with_its_body(bank: SteeredBank) -> None:
    many = user("ask", body=each("=[1, 2, 3]", inputElement="n"))
    bank.release(diagram(process("p", start(), user("a"), many, flows("start", "ask"), flows("start", "a"))))
    bank.start()

    assert bank.terminate("ask") == 1

    assert bank.open == ["a"]


def test_what_waits_beside_something_is_cancelled_there(bank: SteeredBank) -> None:
    bank.release(GATEWAY)
    bank.start(case="c")
    edge = _token(bank, "edge")
    listening = next(each.token for each in bank.standing() if each.part == "start")

    with pytest.raises(OutOfOrder, match="edge only waits beside u: cancel the token there"):
        bank.take(edge)
    with pytest.raises(OutOfOrder, match="esp only listens for its event"):
        bank.take(listening)
    bank.do("u")
    with pytest.raises(OutOfOrder, match="told only waits beside g"):
        bank.take(_token(bank, "told"))


def test_a_token_that_is_gone_is_a_quiet_no_and_one_that_never_was_is_refused(bank: SteeredBank) -> None:
    bank.release(line("a", "b"))
    bank.start()
    token = _token(bank, "a")
    bank.do("a")

    assert not bank.take(token)
    assert bank.terminate("a") == 0
    with pytest.raises(ValueRefused, match="never had a token 77"):
        bank.take(77)


# moving


def test_all_tokens_at_an_element_move(bank: SteeredBank) -> None:
    bank.release(line("a", "b", "c"))
    bank.start()

    assert bank.move("a", "c") == 1
    assert bank.move("a", "c") == 0

    assert bank.open == ["c"]
    bank.do("c")
    assert bank.row().state is InstanceState.ENDED


def test_each_token_moves_within_its_own_subprocess(bank: SteeredBank) -> None:
    inside = start("s") + user("in") + user("next") + end("e") + flows("s", "in", "next", "e")
    many = subprocess("sub", inside, loop=each("=[1, 2]", inputElement="n"))
    bank.release(diagram(process("p", start(), many, user("z"), flows("start", "sub", "z"))))
    bank.start()

    assert bank.move("in", "next") == 2

    assert bank.open == ["next", "next"]
    bank.do("next")
    bank.do("next")
    assert bank.open == ["z"]


@pytest.mark.parametrize("sequential", [False, True], ids=["parallel", "sequential"])
def test_the_last_item_that_moves_out_takes_its_multi_instance_along(
    bank: SteeredBank, sequential: bool
) -> None:
    inside = start("s") + user("in") + end("e") + flows("s", "in", "e")
    many = subprocess("sub", inside, loop=each("=[1, 2]", inputElement="n", sequential=sequential))
    bank.release(
        diagram(process("p", start(), many, user("z"), user("other"), flows("start", "sub", "z", "other")))
    )
    bank.start()
    bank.do("in")

    assert bank.move("in", "other") == 1

    assert bank.open == ["other"]
    bank.do("other")
    assert bank.row().state is InstanceState.ENDED


def test_all_items_that_move_out_together_take_their_multi_instance_along(bank: SteeredBank) -> None:
    many = user("ask", body=each("=[1, 2, 3]", inputElement="n"))
    inside = start("s") + many + end("e") + flows("s", "ask", "e")
    around = subprocess("sub", inside, loop=each("=[1, 2]", inputElement="m"))
    bank.release(diagram(process("p", start(), around, user("z"), flows("start", "sub", "z"))))
    bank.start()

    assert bank.move("ask", "z") == 2

    assert bank.open == ["z", "z"]


def test_an_item_that_moves_out_leaves_the_others_to_go_on(bank: SteeredBank) -> None:
    inside = start("s") + user("in") + user("late") + end("e") + flows("s", "in", "late", "e")
    many = subprocess("sub", inside, loop=each("=[1, 2]", inputElement="n"))
    bank.release(
        diagram(process("p", start(), many, user("z"), user("other"), flows("start", "sub", "z", "other")))
    )
    bank.start()
    bank.do("in")

    bank.move("in", "other")
    assert bank.open == ["late", "other"]
    bank.do("late")

    assert bank.open == ["other", "z"]


def test_a_stuck_token_moves_on_and_its_incident_is_over(bank: SteeredBank) -> None:
    bank.release(diagram(process("p", start(), service("s", "fail"), user("u"), flows("start", "s", "u"))))
    bank.start()
    assert bank.incidents == ["s: operation.failed"]

    bank.move("s", "u")

    assert bank.incidents == []
    assert bank.open == ["u"]


# on hold


def test_a_token_added_on_hold_waits_until_the_case_resumes(bank: SteeredBank) -> None:
    bank.release(
        diagram(
            process("p", start(), user("a"), script("s", "=1", "x"), user("b"), flows("start", "a", "s", "b"))
        )
    )
    instance = bank.start()
    bank.suspend()

    bank.move("a", "s")
    assert bank.variables(instance) == {}
    assert bank.row(instance).state is InstanceState.SUSPENDED
    bank.resume()

    assert bank.variables(instance) == {"x": 1}
    assert bank.open == ["b"]


def test_the_last_token_cancelled_on_hold_ends_the_instance(bank: SteeredBank) -> None:
    bank.release(line("a"))
    instance = bank.start()
    bank.suspend()

    bank.terminate("a")

    assert bank.row(instance).state is InstanceState.CANCELLED


# variables


def test_a_variable_is_set_in_the_very_scope_that_is_named(bank: SteeredBank) -> None:
    inside = start("s") + user("in") + flows("s", "in")
    many = subprocess("sub", inside, loop=each("=[1, 2]", inputElement="n"))
    bank.release(diagram(process("p", start(), many, flows("start", "sub"))))
    instance = bank.start(x=1, deep={"a": 1})

    assert bank.put(x=2) == {"x": 1}
    assert bank.put(4, x=3) == {"x": None}
    assert bank.put(deep__b=2) == {"deep.b": None}
    assert bank.put(deep__a=3) == {"deep.a": 1}

    assert bank.variables(instance) == {"x": 2, "deep": {"a": 3, "b": 2}}
    assert bank.variables(instance, 4) == {"loopCounter": 2, "n": 2, "x": 3}
    assert bank.history("variable.set")[1] == {
        **{"element": "sub", "scope": 4, "name": "x", "before": None, "after": 3},
        "reason": "so that it can be tested",
    }


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("now", 1, "'now' is not the name of a variable"),
        ("complaint", {}, "'complaint' is not the name of a variable"),
        ("done_by", {}, "'done_by' is not the name of a variable"),
        ("a..b", 1, "'a' is not the name of a variable"),
        ("", 1, "'' is not the name of a variable"),
    ],
)
def test_reserved_names_are_refused(bank: SteeredBank, name: str, value: object, words: str) -> None:
    bank.release(line("a"))
    bank.start()

    with pytest.raises(ValueRefused, match=words):
        bank.put(**{name: value})


def test_what_is_too_much_is_refused_with_the_limit(bank: SteeredBank) -> None:
    bank.release(line("a"))
    bank.start()

    with pytest.raises(LimitExceeded, match="1000000 characters"):
        bank.put(x="x" * 1_000_001)


def test_what_a_multi_instance_counts_by_stays_whole(bank: SteeredBank) -> None:
    many = user("ask", body=each("=[1, 2]", inputElement="n", outputCollection="all", outputElement="=n"))
    bank.release(diagram(process("p", start(), many, user("z"), flows("start", "ask", "z"))))
    instance = bank.start()
    body, first = _token(bank, "ask"), next(each.token for each in bank.standing() if each.part == "item")

    with pytest.raises(ValueRefused, match="counted by the multi-instance"):
        bank.put(first, loopCounter=9)
    with pytest.raises(ValueRefused, match="stays a list with one entry each"):
        bank.put(body, all=[1])
    with pytest.raises(ValueRefused, match="has no scope 77 now"):
        bank.put(77, x=1)
    bank.put(body, all=[7, 8])
    bank.do("ask")
    bank.do("ask")

    assert bank.variables(instance)["all"] == [1, 2]


def test_an_attribute_of_no_complaint_is_refused(bank: SteeredBank) -> None:
    bank.release(line("a"))
    bank.start()

    with pytest.raises(OperationFailed, match="this process has no complaint"):
        bank.put(complaint__grade="major")


def test_a_changed_variable_lets_a_stuck_step_go_on(bank: SteeredBank) -> None:
    ways = flow("g", "a", "=grade = 1"), flow("g", "b", "=grade = 2")
    bank.release(
        diagram(
            process(
                "p", start(), node("exclusiveGateway", "g"), user("a"), user("b"), flows("start", "g"), *ways
            )
        )
    )
    bank.start(grade=3)
    assert bank.incidents == ["g: gateway.no_way"]

    bank.put(grade=2)
    bank.retry()

    assert bank.open == ["b"]
