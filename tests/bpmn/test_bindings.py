"""Which release a called process, a decision or a form is taken from."""

from collections.abc import Iterator

import pytest

from engine.runtime.clock import MovableClock
from tests.builders.diagrams import diagram, end, flows, node, process, start, subprocess, user, zeebe
from tests.builders.durable import DurableBank


@pytest.fixture
def bank(sqlite_url: str, clock: MovableClock) -> Iterator[DurableBank]:
    opened = DurableBank(sqlite_url, clock)
    yield opened
    opened.close()


def caller(kind: str | None = None, tag: str | None = None) -> bytes:
    """A process that calls "q" after a user task."""
    call = node(
        "callActivity", "call", zeebe("calledElement", processId="q", bindingType=kind, versionTag=tag)
    )
    return diagram(process("p", start(), user("u"), call, end(), flows("start", "u", "call", "end")))


def called(task: str, tag: str | None = None) -> bytes:
    """The called process: one user task inside a subprocess."""
    mark = f"<bpmn:extensionElements>{zeebe('versionTag', value=tag)}</bpmn:extensionElements>" if tag else ""
    inside = subprocess("sub", start("a") + user(task) + end("z") + flows("a", task, "z"))
    return diagram(process("q", mark, start("qs"), inside, end("qe"), flows("qs", "sub", "qe")))


def decision(value: int, tag: str | None = None) -> bytes:
    """A decision that gives a number."""
    mark = (
        f'<extensionElements><zeebe:versionTag xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" value="{tag}"/>'
        "</extensionElements>"
        if tag
        else ""
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="redress">'
        f'<decision id="luck" name="luck">{mark}<variable name="luck"/>'
        f"<literalExpression><text>{value}</text></literalExpression></decision></definitions>"
    ).encode()


def test_the_latest_is_taken_at_the_moment_of_the_call(bank: DurableBank) -> None:
    bank.release(caller(), called("old"))
    bank.start()
    bank.release(caller(), called("new"))

    bank.do("u")

    assert bank.open == ["new"]
    bank.do("new")
    assert bank.running == 0


def test_a_process_of_another_release_stays_what_it_is_through_every_reload(bank: DurableBank) -> None:
    bank.release(caller("deployment"), called("old"))
    bank.start()
    bank.release(caller("latest"), called("new"))
    second = bank.start()
    bank.do("u")
    bank.do("u")
    assert bank.open == ["new", "old"]

    bank.release(caller(), called("newest"))
    bank.do("old")
    bank.do("new")

    assert bank.running == 0
    assert bank.path.count("sub") == 2
    assert second == bank.instances()[-1].id


def test_a_tag_finds_the_newest_release_that_has_it(bank: DurableBank) -> None:
    bank.release(called("first", "1.0"))
    bank.release(called("second", "1.0"))
    bank.release(called("third", "2.0"), caller("versionTag", "1.0"))
    bank.start()

    bank.do("u")

    assert bank.open == ["second"]
    bank.do("second")
    assert bank.running == 0


def test_a_tag_nobody_has_is_an_incident(bank: DurableBank) -> None:
    bank.release(called("first", "1.0"), caller("versionTag", "9.0"))
    bank.start()

    bank.do("u")

    assert bank.incidents == ["call: call.unknown"]
    bank.release(called("late", "9.0"))
    bank.retry()
    assert bank.open == ["late"]


def test_what_the_latest_release_no_longer_has_is_an_incident(bank: DurableBank) -> None:
    bank.release(caller(), called("old"))
    bank.start()
    bank.release(diagram(process("other", start(), end(), flows("start", "end"))))

    bank.do("u")

    assert bank.incidents == ["call: call.unknown"]


@pytest.mark.parametrize(
    ("kind", "tag", "expected"), [(None, None, 2), ("deployment", None, 1), ("versionTag", "x", 1)]
)
def test_a_decision_is_bound_in_the_same_ways(
    bank: DurableBank, kind: str | None, tag: str | None, expected: int
) -> None:
    rule = node(
        "businessRuleTask",
        "rule",
        zeebe("calledDecision", decisionId="luck", resultVariable="r", bindingType=kind, versionTag=tag),
    )
    drawn = diagram(process("p", start(), user("u"), rule, user("look"), flows("start", "u", "rule", "look")))
    bank.release(drawn, files={"luck.dmn": decision(1, "x")})
    id = bank.start()
    bank.release(drawn, files={"luck.dmn": decision(2)})

    bank.do("u")

    assert bank.variables(id)["r"] == expected


def form(tag: str | None = None) -> bytes:
    """A form with a version tag."""
    return f'{{"id": "ask", "type": "default", "versionTag": "{tag or ""}", "components": []}}'.encode()


@pytest.mark.parametrize(
    ("kind", "tag", "expected"), [(None, None, 1), ("deployment", None, 0), ("versionTag", "x", 0)]
)
def test_a_form_is_bound_in_the_same_ways(
    bank: DurableBank, kind: str | None, tag: str | None, expected: int
) -> None:
    asked = zeebe("formDefinition", formId="ask", bindingType=kind, versionTag=tag)
    drawn = diagram(process("p", start(), user("u"), user("v", asked), flows("start", "u", "v")))
    releases = [bank.release(drawn, files={"forms/ask.form": form("x")})]
    bank.start()
    releases.append(bank.release(drawn, files={"forms/ask.form": form()}))

    bank.do("u")

    assert bank.tasks[0].release_id == releases[expected].id


def test_a_form_that_is_gone_from_the_latest_release_is_an_incident(bank: DurableBank) -> None:
    drawn = diagram(
        process("p", start(), user("u"), user("v", form="ask"), flows("start", "u", "v")),
    )
    bank.release(drawn, files={"forms/ask.form": form()})
    bank.start()
    other = diagram(process("o", start("s"), end(), flows("s", "end")))
    bank.release(other, files={"forms/other.form": form().replace(b"ask", b"other")})

    bank.do("u")

    assert bank.incidents == ["v: form.unknown"]


def test_an_unchanged_file_is_stored_once_however_many_releases_hold_it(bank: DurableBank) -> None:
    same = called("old")
    for task in ("a", "b", "c"):
        bank.release(same, diagram(process(task, start(), end(), flows("start", "end"))))

    with bank.work() as work:
        assert len(work.releases.contents.find()) == 4
        assert len(work.releases.files.find()) == 6


def test_the_history_says_from_which_release_a_called_process_is(bank: DurableBank) -> None:
    bank.release(caller(), called("old"))
    bank.start()
    newer = bank.release(caller(), called("new"))

    bank.do("u")

    with bank.work() as work:
        (entered,) = [event for event in work._history.find() if event.kind == "element.entered"]
    assert entered.detail == {"process": "q", "release": newer.id}
