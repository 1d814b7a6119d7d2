"""Instances moved to another release: what is carried over, what is refused and why, and back again exactly."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.errors import OutOfOrder, ValueRefused
from engine.domain.migration import StepKind
from engine.domain.running import InstanceState
from engine.domain.task import Draft, TaskState
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
    properties,
    script,
    service,
    signal,
    start,
    subprocess,
    timer,
    user,
    zeebe,
)
from tests.builders.steered import SteeredBank

M = named_message("M", "note", "=case")
N = named_message("N", "other note", "=case")
SIGNAL = '<bpmn:signal id="S" name="news"/>\n'


def line(*nodes: str, ids: tuple[str, ...], more: str = "") -> bytes:
    """Nodes one after the other between a start and an end event."""
    return diagram(process("p", start(), *nodes, end(), flows("start", *ids, "end"), more), M, N, SIGNAL)


def one(task: str = "u", *more: str) -> bytes:
    """One user task, and what hangs on it."""
    return line(user(task), ids=(task,), more="".join(more))


def test_it_goes_on_as_the_new_version_is_drawn(bank: SteeredBank) -> None:
    bank.release(one())
    instance = bank.start()
    new = bank.release(line(user("u"), user("check"), ids=("u", "check")))

    plan = bank.migrate(new.id)

    assert [step.sentence for step in plan.steps] == ["Token 2 stays at u."]
    assert bank.row(instance).release_id == new.id
    bank.do("u")
    assert bank.open == ["check"]


def test_there_already_it_is_not_needed(bank: SteeredBank) -> None:
    only = bank.release(one())
    bank.start()

    assert not bank.migrate(only.id).is_needed
    assert bank.history("process.migrated") == []


def test_a_task_keeps_what_is_somebodys_and_takes_what_is_drawn(bank: SteeredBank) -> None:
    ann = zeebe("assignmentDefinition", candidateGroups="handler", candidateUsers="ann")
    old = node(
        "userTask", "u", ann, zeebe("formDefinition", formId="f1"), zeebe("taskSchedule", dueDate="=now")
    )
    bank.release(line(old, ids=("u",)), files={"forms/f1.form": b'{"id": "f1"}'})
    instance = bank.start()
    with bank.work() as work:
        task = work.tasks.get(instance, 2)
        work.tasks.save(replace(task, state=TaskState.CLAIMED, assignee_id=1))
        work.tasks.save_draft(Draft(instance, 2, 1, {"text": "half"}, work.now))
    before = bank.task("u")
    bank.clock.move_by(timedelta(hours=1))
    new = bank.release(
        line(user("look", role="approver", form="f2", name="Look again"), ids=("look",)),
        files={"forms/f2.form": b'{"id": "f2"}'},
    )

    bank.migrate(new.id, {"p": {"u": "look"}})

    expected = replace(
        before,
        element="look",
        name="Look again",
        form="f2",
        role="approver",
        release_id=new.id,
        candidates=(),
        version=before.version + 1,
        oldest_version=before.version + 1,
    )
    assert bank.task("look") == expected
    assert bank.rows_of(instance)["candidate"] == []
    assert len(bank.rows_of(instance)["draft"]) == 1


def test_timers_keep_their_moment_and_cycles_their_count(bank: SteeredBank) -> None:
    late = boundary("late", "u", timer("Cycle", "R3/PT1H"), interrupting=False), service("s", "echo")
    bank.release(one("u", *late, flows("late", "s")))
    instance = bank.start()
    bank.wait(hours=1)
    later = boundary("due", "u", timer("Cycle", "R9/P9D"), interrupting=False), service("s", "echo")
    new = bank.release(one("u", *later, flows("due", "s")))
    (before,) = bank.rows_of(instance)["timer"]

    bank.migrate(new.id, {"p": {"late": "due"}})

    (after,) = bank.rows_of(instance)["timer"]
    assert after == (*before[:2], "due", *before[3:])
    for _ in range(3):
        bank.wait(hours=1)
    assert bank.path.count("s") == 3
    assert bank.rows_of(instance)["timer"] == []


def test_a_message_is_waited_for_under_its_key(bank: SteeredBank) -> None:
    bank.release(line(node("receiveTask", "r", messageRef="M"), user("u"), ids=("r", "u")))
    instance = bank.start(case="c")
    bank.put(case="changed")
    new = bank.release(line(node("receiveTask", "wait", messageRef="N"), user("u"), ids=("wait", "u")))

    bank.migrate(new.id, {"p": {"r": "wait"}})

    assert [row[2:] for row in bank.rows_of(instance)["subscription"]] == [("wait", "note", "c", "p")]
    assert bank.tell("note", "c")
    assert bank.open == ["u"]


def test_what_is_carried_over_to_nothing_is_waited_for_anew(bank: SteeredBank) -> None:
    told = boundary("told", "u", message("M")), user("x"), flows("told", "x")
    bank.release(one("u", *told))
    instance = bank.start(case="c")
    changed = boundary("told", "u", message("N")), user("x"), flows("told", "x")
    new = bank.release(one("u", *changed))

    plan = bank.migrate(new.id, {"p": {"told": ""}})

    assert [(step.kind, step.element) for step in plan.steps] == [
        (StepKind.STAYS, "u"),
        (StepKind.DISARMED, "told"),
        (StepKind.ARMED, "told"),
    ]
    assert [row[3] for row in bank.rows_of(instance)["subscription"]] == ["other note"]


def test_new_events_are_armed_and_those_gone_disarmed(bank: SteeredBank) -> None:
    old = boundary("late", "u", timer("Duration", "PT1H")), user("x"), flows("late", "x")
    bank.release(one("u", *old))
    instance = bank.start(case="c")
    esp = event_subprocess("esp", signal("S"), user("in") + flows("esp_start", "in"), interrupting=False)
    told = boundary("told", "u", message("M")), user("x"), flows("told", "x")
    new = bank.release(one("u", *told, esp))

    bank.migrate(new.id)

    rows = bank.rows_of(instance)
    assert rows["timer"] == []
    assert sorted(row[2:4] for row in rows["subscription"]) == [("esp", "signal: news"), ("told", "note")]
    assert bank.tell("signal: news", "")
    assert bank.tell("note", "c")
    assert bank.open == ["in", "x"]


def test_an_event_that_happened_already_is_not_armed_again(bank: SteeredBank) -> None:
    drawn = (
        boundary("late", "u", timer("Duration", "PT1H"), interrupting=False),
        event_subprocess("esp", timer("Duration", "PT2H"), script("s", "=1", "x"), interrupting=False),
    )
    ways = (
        user("x"),
        flows("late", "x"),
    )
    esp_flow = drawn[1].replace("</bpmn:subProcess>", flows("esp_start", "s") + "</bpmn:subProcess>")
    bank.release(one("u", drawn[0], *ways, esp_flow))
    instance = bank.start()
    bank.wait(hours=3)
    assert bank.open == ["u", "x"]
    new = bank.release(one("u", drawn[0], *ways, esp_flow, "<bpmn:documentation/>"))

    bank.migrate(new.id)

    assert bank.rows_of(instance)["timer"] == []


def test_after_an_interruption_nothing_new_listens(bank: SteeredBank) -> None:
    esp = event_subprocess("esp", message("M"), user("in") + flows("esp_start", "in"))
    bank.release(one("u", esp))
    instance = bank.start(case="c")
    bank.tell("note", "c")
    other = event_subprocess("other", signal("S"), user("x") + flows("other_start", "x"))
    new = bank.release(one("u", esp, other))

    bank.migrate(new.id)

    assert bank.rows_of(instance)["subscription"] == []
    assert bank.open == ["in"]


def test_a_message_that_was_kept_is_heard_at_once_by_a_new_event(bank: SteeredBank) -> None:
    bank.release(one())
    instance = bank.start(case="c")
    bank.keep("note", "c")
    told = boundary("told", "u", message("M")), user("x"), flows("told", "x")
    new = bank.release(one("u", *told))

    bank.migrate(new.id)

    assert bank.open == ["x"]
    with pytest.raises(OutOfOrder, match="went on at once"):
        bank.take_back(instance)


def test_on_hold_it_migrates_and_a_kept_message_is_heard_when_it_resumes(bank: SteeredBank) -> None:
    bank.release(one())
    instance = bank.start(case="c")
    bank.suspend()
    bank.keep("note", "c")
    told = boundary("told", "u", message("M")), user("x"), flows("told", "x")
    new = bank.release(one("u", *told))

    bank.migrate(new.id)
    assert bank.row(instance).state is InstanceState.SUSPENDED
    assert bank.task("u").state is TaskState.SUSPENDED
    bank.resume()

    assert bank.open == ["x"]


def test_an_open_incident_stays_with_its_token(bank: SteeredBank) -> None:
    bank.release(line(service("s", "fail"), user("u"), ids=("s", "u")))
    bank.start()
    new = bank.release(line(service("mended", "echo"), user("u"), ids=("mended", "u")))

    bank.migrate(new.id, {"p": {"s": "mended"}})
    assert bank.incidents == ["mended: operation.failed"]
    bank.retry()

    assert bank.incidents == []
    assert bank.open == ["u"]


def test_a_job_outside_comes_back_to_the_new_version(bank: SteeredBank) -> None:
    bank.release(line(service("s", "look_up"), user("u"), ids=("s", "u")))
    instance = bank.start(value=1)
    new = bank.release(
        line(service("ask", "look_up", mapping(outputs=[("=value", "found")])), user("u"), ids=("ask", "u"))
    )

    bank.migrate(new.id, {"p": {"s": "ask"}})
    bank.deliver()

    assert bank.variables(instance)["found"] == "found 1"
    assert bank.open == ["u"]


# joins


def parallel(*branches: str, join: str = "join", more: tuple[str, ...] = ()) -> bytes:
    """User tasks beside one another."""
    ways = "".join(flows("split", branch, join) for branch in branches)
    gates = node("parallelGateway", "split"), node("parallelGateway", join)
    return diagram(
        process(
            *("p", start(), *gates, *[user(branch) for branch in branches], user("last"), end()),
            *(flows("start", "split"), ways, flows(join, "last", "end"), *more),
        )
    )


def test_a_join_keeps_what_it_has_counted(bank: SteeredBank) -> None:
    bank.release(parallel("a", "b"))
    bank.start()
    bank.do("a")
    new = bank.release(parallel("aa", "b", "c", join="meet"))

    bank.migrate(new.id, {"p": {"a": "aa", "join": "meet"}})
    bank.do("b")

    assert bank.open == []
    bank.add("c")
    bank.do("c")
    assert bank.open == ["last"]


@pytest.mark.parametrize(
    ("branches", "words"),
    [
        (("b", "c"), "it came to the join join by a_join, and no flow of join stands for that"),
        (("a",), "2 flows lead to the join join, only 1 to join"),
    ],
)
def test_a_join_that_would_lose_a_token_is_refused(
    bank: SteeredBank, branches: tuple[str, ...], words: str
) -> None:
    bank.release(parallel("a", "b"))
    bank.start()
    bank.do("a")
    bank.terminate("b")
    new = bank.release(parallel(*branches))

    assert [reason.partition(": ")[2].rstrip(".") for reason in bank.plan(new.id).reasons] == [words]


def test_an_inclusive_join_goes_on_where_nothing_can_reach_it_any_more(bank: SteeredBank) -> None:
    def drawn(*, joined: bool) -> bytes:
        gates = (
            node("inclusiveGateway", "split"),
            node("inclusiveGateway", "join"),
            user("a"),
            user("b"),
            user("c"),
        )
        ways = flow("split", "a", "=true"), flow("split", "b", "=true"), flows("a", "join")
        other = flows("b", "join") if joined else flows("b", "e2") + end("e2") + flow("x", "join") + user("x")
        more = "" if joined else flows("start", "x")
        return diagram(
            process("p", start(), *gates, flows("start", "split"), *ways, other, more, flows("join", "c"))
        )

    bank.release(drawn(joined=True))
    instance = bank.start()
    bank.do("a")
    new = bank.release(drawn(joined=False))

    bank.migrate(new.id)

    assert bank.open == ["b", "c"]
    with pytest.raises(OutOfOrder, match="went on at once"):
        bank.take_back(instance)


# levels


def test_what_is_inside_a_subprocess_goes_along_with_it(bank: SteeredBank) -> None:
    def drawn(sub: str, task: str) -> bytes:
        inside = start(f"{sub}_s") + user(task) + flows(f"{sub}_s", task)
        return line(subprocess(sub, inside), user("z"), ids=(sub, "z"))

    bank.release(drawn("sub", "in"))
    bank.start()
    new = bank.release(drawn("part", "inner"))

    assert bank.plan(new.id, {"p": {"sub": "part"}}).reasons == (
        "Token 4: it stands at in, and there is no in in release 2: say with the mapping where it goes.",
    )
    bank.migrate(new.id, {"p": {"sub": "part", "in": "inner"}})
    bank.do("inner")

    assert bank.open == ["z"]


def test_an_element_elsewhere_in_the_new_version_is_refused(bank: SteeredBank) -> None:
    bank.release(one("u"))
    bank.start()
    inside = start("s") + user("u") + flows("s", "u")
    new = bank.release(line(subprocess("sub", inside), ids=("sub",)))

    assert bank.plan(new.id).reasons == ("Token 2: u stands in sub, not where u stood.",)
    bank.migrate(new.id)
    assert bank.row().release_id != new.id


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (user("u"), node("manualTask", "u"), "u is a userTask, u a manualTask."),
        (
            node("receiveTask", "u", messageRef="M"),
            node("intermediateCatchEvent", "u", body=message("M")),
            "u is a receiveTask (message), u a intermediateCatchEvent (message).",
        ),
        (
            node("intermediateCatchEvent", "u", body=timer("Duration", "PT1H")),
            node("intermediateCatchEvent", "u", body=message("M")),
            "u is a intermediateCatchEvent (timer), u a intermediateCatchEvent (message).",
        ),
        (
            user("u", body=each("=[1]", inputElement="n")),
            user("u"),
            "u is a multi-instance userTask, u a userTask.",
        ),
        (
            user("u", body=each("=[1]", inputElement="n")),
            user("u", body=each("=[1]", inputElement="n", sequential=True)),
            "u does its items all at once, u does not.",
        ),
        (
            user("u", body=each("=[1]", inputElement="n")),
            user("u", body=each("=[1]", inputElement="item")),
            "u calls its item 'n', u 'item'.",
        ),
        (
            user("u", body=each("=[1]", inputElement="n", outputCollection="all", outputElement="=n")),
            user("u", body=each("=[1]", inputElement="n")),
            "u collects its results in 'all', u in None.",
        ),
    ],
)
def test_another_kind_is_refused_with_the_reason(bank: SteeredBank, old: str, new: str, words: str) -> None:
    bank.release(line(old, ids=("u",)))
    bank.start(case="c")
    release = bank.release(line(new, ids=("u",)))

    reasons = bank.plan(release.id).reasons

    assert [reason.partition(": ")[2] for reason in reasons] == [words]


def test_items_go_along_with_their_multi_instance(bank: SteeredBank) -> None:
    def drawn(task: str) -> bytes:
        loop = each("=[1, 2, 3]", inputElement="n", outputCollection="all", outputElement="=n * 2")
        return line(user(task, body=loop), user("z"), ids=(task, "z"))

    bank.release(drawn("ask"))
    instance = bank.start()
    bank.do("ask")
    new = bank.release(drawn("question"))

    bank.migrate(new.id, {"p": {"ask": "question"}})
    bank.do("question")
    bank.do("question")

    assert bank.variables(instance)["all"] == [2, 4, 6]
    assert bank.open == ["z"]


CALLED = process("child", start("cs"), user("in_child"), end("ce"), flows("cs", "in_child", "ce"))
CALLED_NEW = process(
    "child", start("cs"), user("in_child"), user("more"), end("ce"), flows("cs", "in_child", "more", "ce")
)


CALL = node("callActivity", "call", zeebe("calledElement", processId="child"))


def calling(*before: str) -> str:
    """A process that calls the newest version of another, behind these user tasks."""
    return process(
        "p", start(), *[user(id) for id in before], CALL, end(), flows("start", *before, "call", "end")
    )


def test_a_called_process_of_the_same_release_goes_along(bank: SteeredBank) -> None:
    bank.release(diagram(calling(), CALLED))
    bank.start()
    new = bank.release(diagram(calling(), CALLED_NEW))

    bank.migrate(new.id)
    bank.do("in_child")

    assert bank.open == ["more"]


def test_a_called_process_of_another_release_stays_on_it(bank: SteeredBank) -> None:
    bank.release(diagram(calling("u"), CALLED))
    instance = bank.start()
    other = bank.release(diagram(calling("u"), CALLED_NEW))
    bank.do("u")
    third = bank.release(diagram(calling("u"), CALLED))

    bank.migrate(third.id)

    called = [each for each in bank.standing(instance) if each.process == "child"]
    assert {each.release_id for each in called} == {other.id}
    bank.do("in_child")
    assert bank.open == ["more"]


def test_a_process_that_is_gone_is_refused(bank: SteeredBank) -> None:
    bank.release(diagram(calling(), CALLED))
    bank.start()
    new = bank.release(diagram(process("q", start()), CALLED))

    assert bank.plan(new.id).reasons == ("There is no process p in release 2.",)


def test_a_mapping_that_names_what_is_not_there_is_refused(bank: SteeredBank) -> None:
    bank.release(one())
    bank.start()
    new = bank.release(one())  # the same files: the same release
    other = bank.release(one("u", "<bpmn:documentation/>"))

    assert new.id == 1
    assert bank.plan(other.id, {"p": {"old": "new"}, "q": {}}).reasons == (
        "There is no element old in p of release 1.",
        "There is no element new in p of release 2.",
        "There is no process q in release 1.",
    )
    with pytest.raises(ValueRefused, match="There is no release 99"):
        bank.plan(99)


def test_compensation_remembers_what_was_done(bank: SteeredBank) -> None:
    def drawn(task: str, *, handled: bool = True) -> bytes:
        undo = (
            boundary("undone", task, "<bpmn:compensateEventDefinition/>")
            + node(
                "scriptTask",
                "undo",
                zeebe("script", expression="=1", resultVariable="x"),
                isForCompensation="true",
            )
            + '<bpmn:association id="as" sourceRef="undone" targetRef="undo"/>'
        )
        throw = node("intermediateThrowEvent", "throw", body="<bpmn:compensateEventDefinition/>")
        return line(
            *(user(task), user("wait"), throw, user("z")),
            ids=(task, "wait", "throw", "z"),
            more=undo if handled else "",
        )

    bank.release(drawn("book"))
    instance = bank.start()
    bank.do("book")
    new, without = bank.release(drawn("reserve")), bank.release(drawn("reserve", handled=False))

    assert bank.plan(without.id, {"p": {"book": "reserve"}}).reasons == (
        "What book did could not be undone any more: reserve has no compensation event.",
    )
    assert bank.plan(new.id).reasons == ("What book did could not be undone any more: there is no book",)
    bank.migrate(new.id, {"p": {"book": "reserve"}})
    bank.do("wait")

    assert bank.variables(instance)["x"] == 1
    assert bank.open == ["z"]


def test_a_clock_that_a_timer_is_bound_to_stays_bound(bank: SteeredBank) -> None:
    bound = "<bpmn:timerEventDefinition/>"
    late = (
        node("boundaryEvent", "late", properties(clock="handling"), body=bound, attachedToRef="u"),
        user("x"),
        flows("late", "x"),
    )
    bank.release(one("u", *late))
    instance = bank.start()
    renamed = "".join(late).replace('"late"', '"over"').replace("late_x", "over_x")
    new = bank.release(one("u", renamed))

    bank.migrate(new.id, {"p": {"late": "over"}})

    assert [row[2:] for row in bank.rows_of(instance)["timer"]] == [("over", None, None, "handling")]


def test_a_new_event_that_cannot_begin_to_wait_is_a_reason(bank: SteeredBank) -> None:
    bank.release(one())
    bank.start()
    told = boundary("told", "u", message("M")), user("x"), flows("told", "x")
    new = bank.release(one("u", *told))

    assert bank.plan(new.id).reasons == (
        "told is new and cannot begin to wait: The correlation key =case gives no text or number.",
    )


def test_two_events_do_not_become_one(bank: SteeredBank) -> None:
    two = (
        boundary("a", "u", message("M")),
        boundary("b", "u", message("N")),
        user("x"),
        flows("a", "x"),
        flows("b", "x"),
    )
    bank.release(one("u", *two))
    bank.start(case="c")
    new = bank.release(one("u", two[0], user("x"), flows("a", "x")))

    assert bank.plan(new.id, {"p": {"b": "a"}}).reasons == ("Tokens 3 and 4 cannot both wait at a.",)


def test_an_event_gateway_waits_for_what_stands_behind_it_now(bank: SteeredBank) -> None:
    def drawn(*events: str) -> bytes:
        gate = node("eventBasedGateway", "g")
        ids = [event.split('id="')[1].split('"')[0] for event in events]
        ways = "".join(flows("g", id, "z") for id in ids)
        return diagram(
            process("p", start(), gate, *events, user("z"), flows("start", "g"), ways), M, N, SIGNAL
        )

    old = node("intermediateCatchEvent", "told", body=message("M"))
    gone = node("intermediateCatchEvent", "late", body=timer("Duration", "PT1H"))
    new = node("intermediateCatchEvent", "news", body=signal("S"))
    bank.release(drawn(old, gone))
    instance = bank.start(case="c")
    release = bank.release(drawn(old, new))

    bank.migrate(release.id)

    rows = bank.rows_of(instance)
    assert rows["timer"] == []
    assert sorted(row[3] for row in rows["subscription"]) == ["note", "signal: news"]
    bank.tell("signal: news", "")
    assert bank.open == ["z"]
    assert bank.rows_of(instance)["subscription"] == []


# back


def changed(bank: SteeredBank) -> tuple[int, int]:
    """An instance with everything a migration changes, and the release it can go to: instance, release."""
    ann = zeebe("assignmentDefinition", candidateGroups="handler", candidateUsers="ann")

    def drawn(suffix: str, *more: str) -> bytes:
        task = node(
            "userTask",
            f"u{suffix}",
            ann if not suffix else zeebe("assignmentDefinition", candidateGroups="head"),
        )
        events = (
            boundary(f"late{suffix}", f"u{suffix}", timer("Duration", "P1D"), interrupting=False),
            boundary(f"told{suffix}", f"u{suffix}", message("M")),
        )
        ways = flows(f"late{suffix}", "x"), flows(f"told{suffix}", "x"), user("x")
        stuck = service(f"s{suffix}", "fail"), flows("start", f"s{suffix}")
        return line(task, ids=(f"u{suffix}",), more="".join((*events, *ways, *stuck, *more)))

    bank.release(drawn(""))
    instance = bank.start(case="c")
    esp = event_subprocess("esp", signal("S"), user("in") + flows("esp_start", "in"), interrupting=False)
    return instance, bank.release(drawn("2", esp)).id


NAMES = {"p": {name: f"{name}2" for name in ("u", "late", "told", "s")}}


def test_taken_back_every_row_is_as_it_was_byte_for_byte(bank: SteeredBank) -> None:
    instance, release = changed(bank)
    before = bank.rows_of(instance)

    assert bank.migrate(release, NAMES).reasons == ()
    between = bank.rows_of(instance)
    assert bank.take_back()
    assert not bank.take_back()

    assert bank.rows_of(instance) == before
    assert {name for name in before if between[name] != before[name]} == {
        *("instance", "task", "candidate", "timer", "subscription", "incident")
    }
    assert bank.history("process.migration_taken_back") == [
        {"element": None, "from_release": 2, "to_release": 1, "reason": "so that it can be tested"}
    ]
    bank.do("u")
    assert bank.open == []


def test_it_can_go_there_again_after_it_was_taken_back(bank: SteeredBank) -> None:
    instance, release = changed(bank)
    bank.migrate(release, NAMES)
    bank.take_back()

    bank.migrate(release, NAMES)

    assert bank.row(instance).release_id == release
    assert len(bank.migrations(instance)) == 2
    assert bank.take_back()


def test_what_moved_on_is_not_taken_back(bank: SteeredBank) -> None:
    instance, release = changed(bank)
    with pytest.raises(OutOfOrder, match="was never migrated"):
        bank.take_back()
    bank.migrate(release, NAMES)
    bank.put(x=1)
    rows = bank.rows_of(instance)

    with pytest.raises(OutOfOrder, match="moved on since it was migrated"):
        bank.take_back()

    assert bank.rows_of(instance) == rows


def test_a_task_that_somebody_claimed_since_is_not_torn_from_them(bank: SteeredBank) -> None:
    instance, release = changed(bank)
    bank.migrate(release, NAMES)
    with bank.work() as work:
        (task,) = work.tasks.find(element="u2")
        work.tasks.save(replace(task, state=TaskState.CLAIMED, assignee_id=1))
    rows = bank.rows_of(instance)

    with pytest.raises(OutOfOrder, match="Somebody changed the task"):
        bank.take_back()

    assert bank.rows_of(instance) == rows


def test_dry_run_changes_nothing_and_says_what_the_real_one_does(bank: SteeredBank) -> None:
    instance, release = changed(bank)
    before = bank.rows_of(instance)

    planned = bank.plan(release, NAMES)
    assert bank.rows_of(instance) == before

    assert bank.migrate(release, NAMES) == planned
    assert [step.sentence for step in planned.steps] == [
        "Token 2 goes from u to u2.",
        "Token 3 goes from s to s2.",
        "What late waits for is now waited for at late2.",
        "What told waits for is now waited for at told2.",
        "esp is new and begins to wait.",
    ]


def test_the_history_says_from_where_to_where_by_which_mapping_and_why(bank: SteeredBank) -> None:
    _, release = changed(bank)

    bank.migrate(release, NAMES)

    assert bank.history("process.migrated") == [
        {
            "element": None,
            "from_release": 1,
            "to_release": release,
            "mapping": NAMES,
            "reason": "so that it can be tested",
        }
    ]


def test_what_is_over_is_not_migrated(bank: SteeredBank) -> None:
    bank.release(one())
    instance = bank.start()
    bank.do("u")
    new = bank.release(one("v"))

    with pytest.raises(OutOfOrder, match="is over"):
        bank.plan(new.id, instance=instance)
