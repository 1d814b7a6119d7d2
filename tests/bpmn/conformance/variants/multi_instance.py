"""Multi-instance, in parallel and in turn: on every activity, with conditions, with items added and let go."""

from tests.bpmn.conformance.variant import LOOK, Step, Variant, drawing, files_of, line
from tests.bpmn.conformance.variants.boundary import ad_hoc
from tests.builders.diagrams import (
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
    user,
    zeebe,
)

ADD = named_message("ADD", "add", '="k"')
GO = named_message("GO", "let go", '="k"')
COLLECT = {"inputElement": "i", "outputCollection": "o", "outputElement": "=r"}


def inner(*parts: str) -> str:
    """What stands inside a subprocess."""
    return line(*parts, begin=start("s"), finish=end("e"))


def loop(sequential: bool, enough: str | None = None) -> str:
    """One for each of l, whose r are collected in o."""
    return each("=l", sequential=sequential, enough=enough, **COLLECT)


def activities(sequential: bool) -> dict[str, tuple[str, list[str]]]:
    """What may be repeated, and what is done inside of each."""
    many = loop(sequential)
    return {
        "user task": (user("m", body=many), ["m"]),
        "service task": (
            service("m", "echo", mapping([("=i", "value")], [("=value", "r")]), body=many),
            ["m"],
        ),
        "script task": (
            node("scriptTask", "m", zeebe("script", expression="=i * 10", resultVariable="r"), body=many),
            ["m"],
        ),
        "receive task": (node("receiveTask", "m", messageRef="R", body=many), ["m"]),
        "subprocess": (subprocess("m", inner(script("t", "=i * 10", "r")), loop=many), ["s", "t", "e", "m"]),
        "call activity": (
            node("callActivity", "m", zeebe("calledElement", processId="q"), body=many),
            ["s", "t", "e", "m"],
        ),
        "ad-hoc subprocess": (
            ad_hoc(
                "m",
                script("t", "=i * 10", "r"),
                zeebe("adHoc", activeElementsCollection='=["t"]', outputCollection="all", outputElement="=r")
                + mapping(outputs=[("=all[1]", "r")]),
                loop=many,
            ),
            ["t", "m"],
        ),
    }


R = named_message("R", "reply", "=string(i)")


BY_OTHERS: dict[str, list[Step]] = {
    "user task": [("do", "m", {"r": 10}), ("do", "m", {"r": 20})],
    "receive task": [("tell", "reply", "1", {"r": 10}), ("tell", "reply", "2", {"r": 20})],
}


def every() -> list[Variant]:
    """Both ways on everything."""
    made = []
    for sequential in (False, True):
        for what, (body, once) in activities(sequential).items():
            steps = BY_OTHERS.get(what, [])
            results = [1, 2] if what == "service task" else [10, 20]
            by_item = sequential or bool(steps) or len(once) == 1
            inside = once * 2 if by_item else _beside(once)
            made.append(
                Variant(
                    f"{'sequential' if sequential else 'parallel'} multi-instance",
                    f"of a {what}",
                    files_of(
                        process("p", line(body, LOOK)),
                        *(
                            [process("q", inner(script("t", "=i * 10", "r")))]
                            if what == "call activity"
                            else []
                        ),
                        roots=R,
                    ),
                    steps,
                    ["start", *inside, "m"],
                    {"l": [1, 2], "o": results},
                    open=["look"],
                    begin={"l": [1, 2]},
                )
            )
    return made


def _beside(once: list[str]) -> list[str]:
    """Two that run beside one another take turns step by step."""
    return [id for id in once for _ in (1, 2)]


def enough(condition: str, sequential: bool = False) -> bytes:
    """Three user tasks until it is enough."""
    return drawing(line(user("m", body=loop(sequential, condition)), LOOK))


BESIDE = event_subprocess(
    "adding",
    message("ADD"),
    service("add", "multi_instance.add", mapping([('="m"', "element"), ("=item", "item")]))
    + end("added")
    + flows("adding_start", "add", "added"),
    interrupting=False,
) + event_subprocess(
    "letting",
    message("GO"),
    service("leave", "multi_instance.let_go", mapping([('="m"', "element"), ("=item", "item")]))
    + end("left")
    + flows("letting_start", "leave", "left"),
    interrupting=False,
)
ADDED = ["adding_start", "add", "added", "adding"]
LEFT = ["letting_start", "leave", "left", "letting"]


def changing(body: str, *more: str) -> bytes:
    """A multi-instance whose items come and go."""
    return files_of(process("p", line(body, LOOK) + BESIDE), *more, roots=ADD + GO)


def change_variants() -> list[Variant]:
    """Items added and let go, on each kind, in parallel and in turn."""
    work = inner(user("u"))
    made = []
    for sequential in (False, True):
        many = loop(sequential)
        way = "sequential" if sequential else "parallel"
        bodies = {
            "user task": (user("m", body=many), "m", [], ["m"], []),
            "subprocess": (subprocess("m", work, loop=many), "u", ["s"], ["u", "e", "m"], []),
            "call activity": (
                node("callActivity", "m", zeebe("calledElement", processId="q"), body=many),
                "u",
                ["s"],
                ["u", "e", "m"],
                [process("q", work)],
            ),
        }
        for what, (body, task, begins, ends, more) in bodies.items():
            first = begins if sequential else begins * 2
            path = ["start", *first, *ADDED[:-1], *([] if sequential else begins), ADDED[-1]]
            for _ in range(2):
                path += [*ends, *(begins if sequential else [])]
            made.append(
                Variant(
                    f"{way} multi-instance",
                    f"one more {what} while it runs",
                    changing(body, *more),
                    [("tell", "add", "k", {"item": 3}), *[("do", task, {"r": n}) for n in (10, 20, 30)]],
                    [*path, *ends, "m"],
                    {"l": [1, 2], "o": [10, 20, 30]},
                    open=["look"],
                    begin={"l": [1, 2]},
                )
            )
            made.append(
                Variant(
                    f"{way} multi-instance",
                    f"one {what} let go",
                    changing(body, *more),
                    [("tell", "let go", "k", {"item": 2}), ("do", task, {"r": 10})],
                    ["start", *first, *LEFT, *ends, "m"],
                    {"l": [1, 2], "o": [10, None]},
                    open=["look"],
                    begin={"l": [1, 2]},
                )
            )
    return made


VARIANTS = [
    *every(),
    Variant(
        "parallel multi-instance",
        "no items: passed at once",
        drawing(line(user("m", body=loop(False)), LOOK)),
        path=["start", "m"],
        variables={"l": [], "o": []},
        open=["look"],
        begin={"l": []},
    ),
    Variant(
        "sequential multi-instance",
        "no items: passed at once",
        drawing(line(user("m", body=loop(True)), LOOK)),
        path=["start", "m"],
        variables={"l": [], "o": []},
        open=["look"],
        begin={"l": []},
    ),
    Variant(
        "parallel multi-instance",
        "something that is no list",
        drawing(line(user("m", body=loop(False)))),
        path=["start"],
        incidents=["m: multi_instance.no_list"],
        begin={"l": 7},
    ),
    Variant(
        "parallel multi-instance",
        "results in their places, whatever the order",
        drawing(line(user("m", mapping([("=loopCounter", "place")]), body=loop(False)), LOOK)),
        [("do_item", "m", 2, {"r": "b"}), ("do_item", "m", 1, {"r": "a"})],
        ["start", "m", "m", "m"],
        {"l": [1, 2], "o": ["a", "b"]},
        open=["look"],
        begin={"l": [1, 2]},
    ),
    Variant(
        "parallel multi-instance",
        "an entry of a variable is local to each item",
        drawing(
            line(
                user(
                    "m",
                    body=each("=l", inputElement="i", outputCollection="o", outputElement="=r.x"),
                ),
                LOOK,
            )
        ),
        [("do", "m", {"r": {"x": 1}}), ("do", "m", {"r": {"x": 2}})],
        ["start", "m", "m", "m"],
        {"l": [1, 2], "o": [1, 2]},
        open=["look"],
        begin={"l": [1, 2]},
    ),
    *[
        Variant(
            f"{'sequential' if sequential else 'parallel'} multi-instance",
            f"enough by {what}",
            enough(condition, sequential),
            [("do", "m", {"r": 1}), ("do", "m", {"r": 2})],
            ["start", "m", "m", "m"],
            {"l": [1, 2, 3], "o": [1, 2, None]},
            open=["look"],
            begin={"l": [1, 2, 3]},
        )
        for sequential in (False, True)
        for what, condition in [
            ("numberOfCompletedInstances", "=numberOfCompletedInstances = 2"),
            ("loopCounter", "=loopCounter = 2"),
            ("a result", "=r = 2"),
            (
                "numberOfInstances",
                "=numberOfCompletedInstances + 1 = numberOfInstances",
            ),
            *([] if sequential else [("numberOfActiveInstances", "=numberOfActiveInstances = 1")]),
        ]
    ],
    Variant(
        "parallel multi-instance",
        "enough by numberOfTerminatedInstances",
        files_of(
            process(
                "p",
                line(user("m", body=loop(False, "=numberOfTerminatedInstances = 1")), LOOK) + BESIDE,
            ),
            roots=ADD + GO,
        ),
        [("tell", "let go", "k", {"item": 2})],
        ["start", *LEFT[:2], "m", *LEFT[2:]],
        {"l": [1, 2, 3], "o": [None, None, None]},
        open=["look"],
        begin={"l": [1, 2, 3]},
    ),
    *change_variants(),
    Variant(
        "sequential multi-instance",
        "an item let go before its turn",
        changing(user("m", body=loop(True))),
        [("tell", "let go", "k", {"item": 3}), ("do", "m", {"r": 10}), ("do", "m", {"r": 20})],
        ["start", *LEFT, "m", "m", "m"],
        {"l": [1, 2, 3], "o": [10, 20, None]},
        open=["look"],
        begin={"l": [1, 2, 3]},
    ),
    Variant(
        "sequential multi-instance",
        "the item at work let go, the next one begins",
        changing(user("m", body=loop(True))),
        [("tell", "let go", "k", {"item": 1}), ("do", "m", {"r": 20})],
        ["start", *LEFT, "m", "m"],
        {"l": [1, 2], "o": [None, 20]},
        open=["look"],
        begin={"l": [1, 2]},
    ),
    Variant(
        "parallel multi-instance",
        "an item that is not there",
        changing(user("m", body=loop(False))),
        [("tell", "let go", "k", {"item": 9})],
        ["start", "letting_start"],
        open=["m", "m"],
        incidents=["leave: multi_instance.no_item"],
        begin={"l": [1, 2]},
    ),
    Variant(
        "parallel multi-instance",
        "one inside another, the nearest is meant",
        files_of(
            process(
                "p",
                line(
                    subprocess(
                        "outer",
                        line(
                            user("m", body=each("=[i, i + 1]", inputElement="j")),
                            begin=start("s"),
                            finish=end("e"),
                        )
                        + event_subprocess(
                            "adding",
                            message("ADD"),
                            service(
                                "add",
                                "multi_instance.add",
                                mapping([('="m"', "element"), ("=9", "item")]),
                            )
                            + end("added")
                            + flows("adding_start", "add", "added"),
                            interrupting=False,
                        ),
                        loop=each("=l", inputElement="i"),
                    )
                ),
            ),
            roots=named_message("ADD", "add", "=string(i)"),
        ),
        [("tell", "add", "5"), *[("do", "m")] * 5],
        [
            "start",
            "s",
            "s",
            *ADDED,
            "m",
            "m",
            "m",
            "e",
            "outer",
            "m",
            "m",
            "m",
            "m",
            "e",
            "outer",
            "outer",
            "end",
        ],
        begin={"l": [1, 5]},
    ),
    Variant(
        "parallel multi-instance",
        "in a loop begins anew",
        drawing(
            start()
            + node("exclusiveGateway", "round")
            + user("m", body=loop(False))
            + node("exclusiveGateway", "again", default="again_look", name="Again?")
            + LOOK
            + flows("start", "round", "m", "again", "look")
            + flow("again", "round", "=more"),
        ),
        [
            *[("do", "m", {"r": n, "more": True}) for n in (1, 2)],
            *[("do", "m", {"r": n, "more": False}) for n in (3, 4)],
        ],
        ["start", "round", "m", "m", "m", "again", "round", "m", "m", "m", "again"],
        {"l": [1, 2], "o": [3, 4], "more": False},
        open=["look"],
        begin={"l": [1, 2]},
    ),
]
