"""Ad-hoc subprocesses."""

from tests.bpmn.conformance.variant import LOOK, Variant, branch, drawing, line
from tests.bpmn.conformance.variants.boundary import ad_hoc as drawn
from tests.bpmn.conformance.variants.compensation import THROW, undo_task
from tests.builders.diagrams import (
    boundary,
    each,
    end,
    event_subprocess,
    flows,
    mapping,
    message,
    named_message,
    node,
    script,
    start,
    subprocess,
    user,
    zeebe,
)

M = named_message("M", "note", '="k"')
ABC = user("a") + user("b") + user("c")


def condition(text: str) -> str:
    """The completion condition of an ad-hoc subprocess."""
    return f"<bpmn:completionCondition>{text}</bpmn:completionCondition>"


def marks(active: str = "=l", *more: str, **collect: str) -> str:
    """What its extension says."""
    return zeebe("adHoc", activeElementsCollection=active, **collect) + "".join(more)


def keep_remaining(part: str) -> str:
    """It waits for what is still open."""
    return part.replace(
        "<bpmn:adHocSubProcess ", '<bpmn:adHocSubProcess cancelRemainingInstances="false" ', 1
    )


AB = {"l": ["a", "b"]}

VARIANTS = [
    Variant(
        "ad-hoc subprocess",
        "begins with the elements of a list, in any order",
        drawing(line(drawn("x", ABC, marks()))),
        [("do", "b"), ("do", "a")],
        ["start", "b", "a", "x", "end"],
        begin=AB,
    ),
    Variant(
        "ad-hoc subprocess",
        "the same element twice",
        drawing(line(drawn("x", ABC, marks()))),
        [("do", "a"), ("do", "a")],
        ["start", "a", "a", "x", "end"],
        begin={"l": ["a", "a"]},
    ),
    Variant(
        "ad-hoc subprocess",
        "elements joined by flows",
        drawing(line(drawn("x", ABC + flows("a", "c"), marks()))),
        [("do", "a"), ("do", "b"), ("do", "c")],
        ["start", "a", "b", "c", "x", "end"],
        begin=AB,
    ),
    Variant(
        "ad-hoc subprocess",
        "an unknown element",
        drawing(line(drawn("x", ABC, marks()))),
        path=["start"],
        incidents=["x: ad_hoc.unknown_element"],
        begin={"l": ["a", "nowhere"]},
    ),
    Variant(
        "ad-hoc subprocess",
        "an element a flow leads to cannot begin",
        drawing(line(drawn("x", ABC + flows("a", "c"), marks()))),
        path=["start"],
        incidents=["x: ad_hoc.unknown_element"],
        begin={"l": ["c"]},
    ),
    Variant(
        "ad-hoc subprocess",
        "no list",
        drawing(line(drawn("x", ABC, marks()))),
        path=["start"],
        incidents=["x: ad_hoc.no_list"],
        begin={"l": "a"},
    ),
    Variant(
        "ad-hoc subprocess",
        "nothing begun: stays open until an event ends it",
        drawing(
            line(drawn("x", ABC, marks())),
            boundary("stop", "x", message("M")),
            branch("stop", LOOK),
            roots=M,
        ),
        [("wait", {"hours": 1}), ("tell", "note")],
        ["start", "stop"],
        open=["look"],
        begin={"l": []},
    ),
    Variant(
        "ad-hoc subprocess",
        "a condition ends it and cancels what is open",
        drawing(line(drawn("x", ABC + condition("=done"), marks()))),
        [("do", "a", {"done": True})],
        ["start", "a", "x", "end"],
        begin={**AB, "done": False},
    ),
    Variant(
        "ad-hoc subprocess",
        "a condition that holds, and waits for what is open",
        drawing(line(keep_remaining(drawn("x", ABC + condition("=done"), marks())))),
        [("do", "a", {"done": True}), ("do", "b")],
        ["start", "a", "b", "x", "end"],
        begin={**AB, "done": False},
    ),
    Variant(
        "ad-hoc subprocess",
        "a condition that never holds keeps it open",
        drawing(
            line(drawn("x", ABC + condition("=false"), marks())),
            boundary("stop", "x", message("M")),
            branch("stop", LOOK),
            roots=M,
        ),
        [("do", "a"), ("do", "b"), ("tell", "note")],
        ["start", "a", "b", "stop"],
        open=["look"],
        begin=AB,
    ),
    Variant(
        "ad-hoc subprocess",
        "collects results as they come",
        drawing(
            line(
                drawn(
                    "x",
                    ABC,
                    marks("=l", outputCollection="o", outputElement="=r"),
                ),
                LOOK,
            )
        ),
        [("do", "b", {"r": 2}), ("do", "a", {"r": 1})],
        ["start", "b", "a", "x"],
        {**AB, "o": [2, 1]},
        open=["look"],
        begin=AB,
    ),
    Variant(
        "ad-hoc subprocess",
        "what is written inside stays with its flow",
        drawing(line(drawn("x", ABC, marks()), LOOK)),
        [("do", "a", {"new": 1, "known": 2}), ("do", "b", {"new": 3})],
        ["start", "a", "b", "x"],
        {**AB, "known": 2},
        open=["look"],
        begin={**AB, "known": 1},
    ),
    Variant(
        "ad-hoc subprocess",
        "mappings in and out",
        drawing(
            line(
                drawn("x", ABC, marks("=m", mapping([("=l", "m")], [("=count(m)", "n")]))),
                LOOK,
            )
        ),
        [("do", "a"), ("do", "b")],
        ["start", "a", "b", "x"],
        {**AB, "n": 2},
        open=["look"],
        begin=AB,
    ),
    Variant(
        "ad-hoc subprocess",
        "inside a multi-instance",
        drawing(
            line(
                drawn(
                    "x",
                    ABC,
                    marks("=i"),
                    loop=each("=l", inputElement="i"),
                )
            )
        ),
        [("do", "c"), ("do", "a"), ("do", "b")],
        ["start", "c", "x", "a", "b", "x", "x", "end"],
        begin={"l": [["a", "b"], ["c"]]},
    ),
    Variant(
        "ad-hoc subprocess",
        "inside an event subprocess",
        drawing(
            line(user("u"))
            + event_subprocess(
                "esp",
                message("M"),
                drawn("x", ABC, marks()) + end("z") + flows("esp_start", "x", "z"),
            ),
            roots=M,
        ),
        [("tell", "note"), ("do", "a"), ("do", "b")],
        ["start", "esp_start", "a", "b", "x", "z", "esp"],
        begin=AB,
    ),
    Variant(
        "ad-hoc subprocess",
        "an event subprocess beside its elements",
        drawing(
            line(
                drawn(
                    "x",
                    ABC
                    + event_subprocess(
                        "esp",
                        message("M"),
                        user("heard") + end("z") + flows("esp_start", "heard", "z"),
                        interrupting=False,
                    ),
                    marks(),
                )
            ),
            roots=M,
        ),
        [("tell", "note"), ("do", "a"), ("do", "b"), ("do", "heard")],
        ["start", "esp_start", "a", "b", "heard", "z", "esp", "x", "end"],
        begin=AB,
    ),
    Variant(
        "ad-hoc subprocess",
        "a subprocess and another ad-hoc inside",
        drawing(
            line(
                drawn(
                    "x",
                    subprocess("a", start("s") + user("u") + end("e") + flows("s", "u", "e"))
                    + drawn("b", user("v"), marks('=["v"]')),
                    marks(),
                )
            )
        ),
        [("do", "v"), ("do", "u")],
        ["start", "s", "v", "b", "u", "e", "a", "x", "end"],
        begin=AB,
    ),
    Variant(
        "ad-hoc subprocess",
        "what was done inside is undone",
        drawing(
            line(drawn("x", node("task", "a") + script("b", "=1", "r") + undo_task("a"), marks()), THROW)
        ),
        [("do", "undo_a")],
        ["start", "a", "b", "x", "on_a", "undo_a", "throw", "end"],
        begin=AB,
    ),
]
