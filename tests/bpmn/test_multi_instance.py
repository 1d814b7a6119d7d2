"""Several at once: a department invited late, one let go, results in their places, none at all."""

from engine.domain.task import TaskState
from tests.builders.diagrams import (
    boundary,
    diagram,
    each,
    end,
    error,
    event_subprocess,
    flows,
    mapping,
    message,
    named_message,
    node,
    process,
    service,
    start,
    subprocess,
    user,
)
from tests.builders.running import Bank

REQUESTS = [{"id": 1, "department": "IT"}, {"id": 2, "department": "Cards"}]
INVITE = event_subprocess(
    "invited",
    message("M_invite"),
    service("add", "multi_instance.add", mapping([('="requests"', "element"), ("=request", "item")]))
    + end("invited_end")
    + flows("invited_start", "add", "invited_end"),
    interrupting=False,
)


def collaboration(*, sequential: bool = False) -> bytes:
    """Every department answers; one may be let go, another invited while it runs."""
    inside = (
        start("a")
        + user("answer", mapping(outputs=[("=text", "result")]))
        + end("z")
        + end("gone")
        + event_subprocess(
            "let_go",
            message("M_let_go"),
            end("let_go_end", "") + flows("let_go_start", "let_go_end"),
        )
        + flows("a", "answer", "z")
    )
    loop = each(
        "=requests",
        sequential=sequential,
        inputElement="request",
        outputCollection="answers",
        outputElement="=result",
    )
    return diagram(
        process(
            "p",
            start(),
            subprocess("requests", inside.replace(end("gone"), ""), loop=loop),
            user("consolidate"),
            INVITE,
            flows("start", "requests", "consolidate"),
        ),
        named_message("M_invite", "invite", "=string(case)"),
        named_message("M_let_go", "let go", "=string(request.id)"),
    )


def test_a_department_invited_late_gets_a_task_and_a_place_among_the_answers() -> None:
    bank = Bank(collaboration())
    bank.start(requests=REQUESTS, case=9)

    assert bank.tell("invite", "9", request={"id": 3, "department": "Legal"})

    assert bank.open == ["answer"] * 3
    for text in ("a", "b", "c"):
        bank.do("answer", text=text)
    assert bank.open == ["consolidate"]
    assert bank.variables()["answers"] == ["a", "b", "c"]


def test_a_department_let_go_leaves_its_place_empty_and_the_others_alone() -> None:
    bank = Bank(collaboration())
    bank.start(requests=REQUESTS, case=9)
    assert bank.subscriptions == [("invite", "9"), ("let go", "1"), ("let go", "2")]

    assert bank.tell("let go", "2", reason="not needed")

    assert bank.open == ["answer"]
    assert bank.subscriptions == [("invite", "9"), ("let go", "1")]
    bank.do("answer", text="a")
    assert bank.variables()["answers"] == ["a", None]


def test_an_invitation_after_the_last_answer_is_an_incident() -> None:
    bank = Bank(collaboration())
    bank.start(requests=REQUESTS[:1], case=9)
    bank.do("answer", text="a")

    assert bank.tell("invite", "9", request={"id": 3})

    assert bank.open == ["consolidate"]
    assert bank.incidents == ["add"]


def test_a_diagram_may_say_what_happens_to_a_late_invitation() -> None:
    drawn = collaboration().replace(
        b'<bpmn:sequenceFlow id="invited_start_add"',
        (
            boundary("too_late", "add", error("E"))
            + user("tell_them")
            + flows("too_late", "tell_them", "invited_end")
        ).encode()
        + b'<bpmn:sequenceFlow id="invited_start_add"',
    )
    named = b'<bpmn:error id="E" errorCode="multi_instance.not_running"/></bpmn:definitions>'
    bank = Bank(drawn.replace(b"</bpmn:definitions>", named))
    bank.start(requests=REQUESTS[:1], case=9)
    bank.do("answer", text="a")

    bank.tell("invite", "9", request={"id": 3})

    assert bank.open == ["consolidate", "tell_them"]
    assert bank.incidents == []


def test_a_sequential_one_takes_the_added_item_last() -> None:
    bank = Bank(collaboration(sequential=True))
    bank.start(requests=REQUESTS, case=9)
    bank.tell("invite", "9", request={"id": 3})

    for text in ("a", "b", "c"):
        assert bank.open == ["answer"]
        bank.do("answer", text=text)

    assert bank.variables()["answers"] == ["a", "b", "c"]


def test_no_items_means_going_on_at_once_with_an_empty_list() -> None:
    bank = Bank(collaboration())

    bank.start(requests=[], case=9)

    assert bank.open == ["consolidate"]
    assert bank.variables()["answers"] == []


def test_something_that_is_no_list_is_an_incident() -> None:
    bank = Bank(collaboration())

    bank.start(requests=7, case=9)

    assert bank.incidents == ["requests"]


def test_a_message_on_the_border_of_the_whole_ends_all_items() -> None:
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                user("answer", body=each("=l", inputElement="x", outputCollection="o", outputElement="=x")),
                boundary("stop", "answer", message("M")),
                user("after"),
                end(),
                flows("start", "answer", "end"),
                flows("stop", "after"),
            ),
            named_message("M", "stop", '="k"'),
        )
    )
    bank.start(l=[1, 2, 3])
    bank.do("answer")

    assert bank.tell("stop", "k", why="enough")

    assert bank.open == ["after"]
    assert bank.variables() == {"l": [1, 2, 3], "why": "enough"}
    assert [task.state for task in bank.store.tables.tasks.values()].count(TaskState.CANCELLED) == 2


def test_items_are_not_lost_when_two_branches_fill_lists_of_their_own() -> None:
    both = node("parallelGateway", "fork") + node("parallelGateway", "join")
    loops = "".join(
        user(id, body=each("=l", inputElement="x", outputCollection=f"o_{id}", outputElement="=v"))
        for id in "ab"
    )
    bank = Bank(
        diagram(
            process(
                "p",
                start(),
                both,
                loops,
                user("after"),
                flows("start", "fork", "a", "join", "after"),
                flows("fork", "b", "join"),
            )
        )
    )
    bank.start(l=[1, 2])

    for number, id in enumerate("abab"):
        bank.do(id, v=number)

    assert bank.open == ["after"]
    assert bank.variables() == {"l": [1, 2], "o_a": [0, 2], "o_b": [1, 3]}
