"""Which names an expression of a diagram can see: scope by scope, process by process."""

from collections.abc import Mapping

import pytest

from tests.builders.checking import a_form, a_table, asked, branch, line, only, said_of, short
from tests.builders.diagrams import (
    ad_hoc,
    boundary,
    diagram,
    each,
    end,
    error,
    escalation,
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
    start,
    subprocess,
    timer,
    user,
    zeebe,
)

FORM = a_form("ask", "amount", "person.name", "complaint.wish")


def called(id: str, process_id: str, *parts: str, **flags: str) -> str:
    """A call activity."""
    return node("callActivity", id, zeebe("calledElement", processId=process_id, **flags), *parts, name=id)


def names(*parts: str, roots: str = "", files: Mapping[str, bytes] | None = None) -> list[tuple[str, str]]:
    """What is said of names and members: rule and element."""
    return short(only(asked(*parts, roots=roots, files={**FORM, **(files or {})}), "name", "member"))


def test_answers_of_a_form_are_seen_by_all_that_follows_and_the_complaint_everywhere() -> None:
    assert (
        names(
            line(
                user("ask", form="ask"),
                script("sum", "=amount + count(person.name) + complaint.amount", "total"),
                script("next", "=total", "again"),
            )
        )
        == []
    )


def test_a_name_nobody_supplies_is_told_with_the_nearest_one() -> None:
    (problem,) = only(
        asked(line(user("ask", form="ask"), script("s", "=amonut + 1", "x")), files=FORM), "name"
    )

    assert (problem.line, problem.element, problem.severity) == (6, "s", "error")
    assert problem.message == (
        "script: nothing that can be seen here is called 'amonut': did you mean 'amount'?; "
        "a form field, an input mapping, a result or a message must supply it"
    )


def test_a_member_a_form_never_asks_is_told_with_the_nearest_one() -> None:
    (problem,) = only(
        asked(line(user("ask", form="ask"), script("s", "=person.nmae", "x")), files=FORM), "member"
    )

    assert problem.message == "script: person has no 'nmae': did you mean 'name'?"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("=complaint.amuont", "complaint has no 'amuont': did you mean 'amount'?"),
        ("=complaint.plan.amnt", "complaint.plan has no 'amnt': did you mean 'amount'?"),
        (
            "=complaint.requests[1].departement",
            "complaint.requests[…] has no 'departement': did you mean 'department'?",
        ),
        ("=done_by.aks", "done_by has no 'aks': did you mean 'ask'?"),
    ],
)
def test_unknown_members_of_what_always_is_there(text: str, message: str) -> None:
    (problem,) = only(asked(line(user("ask", form="ask"), script("s", text, "x")), files=FORM), "member")

    assert problem.message == f"script: {message}"


def test_clocks_are_known_by_the_names_a_table_gives_them() -> None:
    assert names(line(script("s", "=complaint.clocks.handling.due_at", "x"))) == []


def test_an_input_mapping_is_seen_by_its_own_task_alone() -> None:
    own = mapping([("=complaint.amount", "sum"), ("=sum * 2", "double")], [("=double", "kept")])

    assert names(line(node("task", "a", own), script("s", "=kept", "x"))) == []
    assert names(line(node("task", "a", own), script("s", "=sum", "x"))) == [("name", "s")]


def test_an_input_sees_the_inputs_before_it_and_not_itself() -> None:
    assert names(line(node("task", "a", mapping([("=later", "first"), ("=1", "later")])))) == [("name", "a")]
    assert names(line(node("task", "a", mapping([("=same", "same")])))) == [("name", "a")]


def test_the_result_of_a_task_with_output_mappings_stays_behind() -> None:
    kept = user("ask", mapping(outputs=[("=amount", "sum")]), form="ask")

    assert names(line(kept, script("s", "=sum", "x"))) == []
    assert names(line(kept, script("s", "=amount", "x"))) == [("name", "s")]


def test_a_result_stays_in_the_local_variable_of_its_name() -> None:
    local = user("ask", mapping([("={}", "person")]), form="ask")

    assert names(line(local, script("s", "=person", "x"))) == [("name", "s")]
    assert names(line(local, script("s", "=amount", "x"))) == []


def test_what_a_subprocess_has_for_itself_is_not_seen_beside_it() -> None:
    inside = start("s1") + script("in", "=own", "found") + end("e1") + flows("s1", "in", "e1")
    outer = subprocess("sub", inside, mapping([("=1", "own")]))

    assert names(line(outer, script("s", "=found", "x"))) == []
    assert names(line(outer, script("s", "=own", "x"))) == [("name", "s")]


def test_a_subprocess_sees_what_is_around_it() -> None:
    inside = start("s1") + script("in", "=amount", "x") + end("e1") + flows("s1", "in", "e1")

    assert names(line(user("ask", form="ask"), subprocess("sub", inside))) == []


def test_an_item_is_seen_inside_its_multi_instance_alone() -> None:
    many = user("many", form="ask", body=each("=complaint.requests", inputElement="request"))
    inside = node(
        "task",
        "t",
        mapping([("=request.state + string(loopCounter)", "y")]),
        body=each("=complaint.requests", inputElement="request"),
    )

    assert names(line(inside)) == []
    assert names(line(many, script("s", "=request", "x"))) == [("name", "s")]


def test_the_items_of_a_list_have_its_members() -> None:
    wrong = node(
        "task",
        "t",
        mapping([("=request.sate", "y")]),
        body=each("=complaint.requests", inputElement="request"),
    )

    assert names(line(wrong)) == [("member", "t")]


def test_the_results_of_a_multi_instance_are_collected() -> None:
    many = user(
        "many",
        form="ask",
        body=each(
            "=[1]",
            outputCollection="sums",
            outputElement="={sum: amount}",
            enough="=numberOfInstances > amount",
        ),
    )

    assert names(line(many, script("s", "=sums.sum", "x"))) == []
    assert names(line(many, script("s", "=sums.summ", "x"))) == [("member", "s")]


def test_conditions_see_the_process_and_not_the_locals_of_the_node_before() -> None:
    task = node("task", "g0", mapping([("=1", "local")]))
    drawn = (
        start() + task + node("exclusiveGateway", "g", name="?", default="g_no") + flows("start", "g0", "g")
    )
    ways = node("task", "yes") + node("task", "no") + flow("g", "no")

    assert names(drawn, ways, flow("g", "yes", "=local = 1")) == [("name", "g_yes")]


def test_a_decision_gives_its_columns_and_a_single_one_a_value() -> None:
    table = a_table("luck", ("complaint.amount",), ("win", "reason"))
    rule = node("businessRuleTask", "r", zeebe("calledDecision", decisionId="luck", resultVariable="luck"))

    assert names(line(rule, script("s", "=luck.win", "x")), files=table) == []
    assert names(line(rule, script("s", "=luck.wine", "x")), files=table) == [("member", "s")]


def test_an_operation_gives_what_its_schema_says_or_all_under_one_name() -> None:
    lead = mapping([('="OPS"', "lead_department")])
    header = "<zeebe:taskHeaders><zeebe:header key='resultVariable' value='routed'/></zeebe:taskHeaders>"

    assert names(line(service("m", "complaint.route", lead), script("s", "=handling_unit", "x"))) == []
    under = service("m", "complaint.route", lead, header)
    assert names(line(under, script("s", "=routed.handling_unit", "x"))) == []
    assert names(line(under, script("s", "=routed.unit", "x"))) == [("member", "s")]
    assert names(line(under, script("s", "=handling_unit", "x"))) == [("name", "s")]


TOLD = named_message("M", "withdrawn", "=string(complaint.id)")
FOREIGN = named_message("M", "from a shop", "=string(complaint.id)")
CATCH = node("intermediateCatchEvent", "c", body=message("M"))


def test_a_message_of_the_house_brings_what_the_house_sends() -> None:
    assert names(line(CATCH, script("s", "=reason", "x")), roots=TOLD) == []
    assert names(line(CATCH, script("s", "=cause", "x")), roots=TOLD) == [("name", "s")]


def test_what_comes_with_a_foreign_message_may_be_anything_until_it_is_declared() -> None:
    assert names(line(CATCH, script("s", "=anything", "x")), roots=FOREIGN) == []

    declared = node("intermediateCatchEvent", "c", properties(variables="order, price"), body=message("M"))
    assert names(line(declared, script("s", "=price", "x")), roots=FOREIGN) == []
    assert names(line(declared, script("s", "=anything", "x")), roots=FOREIGN) == [("name", "s")]


def test_a_message_may_declare_its_names_itself() -> None:
    roots = FOREIGN.replace("<zeebe:subscription", properties(variables="price") + "<zeebe:subscription")

    assert names(line(CATCH, script("s", "=price", "x")), roots=roots) == []
    assert names(line(CATCH, script("s", "=pierce", "x")), roots=roots) == [("name", "s")]


def test_what_starts_an_event_subprocess_is_seen_inside_it_alone() -> None:
    inside = script("in", "=reason", "y") + end("e") + flows("esp_start", "in", "e")
    esp = event_subprocess("esp", message("M"), inside)

    assert names(line(node("task", "t")), esp, roots=TOLD) == []
    assert names(line(script("s", "=reason", "x")), esp, roots=TOLD) == [("name", "s")]


def test_a_timer_on_any_clock_brings_its_warning() -> None:
    inside = script("in", "=warning.rung", "y") + end("e") + flows("esp_start", "in", "e")
    esp = event_subprocess("esp", timer("Date", "=now"), inside, interrupting=False)
    clock = esp.replace(
        'isInterrupting="false">',
        f'isInterrupting="false"><bpmn:extensionElements>{properties(clock="any")}</bpmn:extensionElements>',
        1,
    )

    assert names(line(node("task", "t")), clock) == []
    assert names(line(node("task", "t")), clock.replace("warning.rung", "warning.rang")) == [("member", "in")]
    assert names(line(node("task", "t")), esp) == [("name", "in")]


def test_an_error_or_escalation_brings_its_code_and_words_and_nothing_else() -> None:
    roots = '<bpmn:error id="E" errorCode="X"/><bpmn:escalation id="L" escalationCode="Y"/>'
    host = user("ask", form="ask")
    on_error = boundary("b", "ask", error("E")) + script("s", "=code + message", "x") + flows("b", "s")
    on_escalation = (
        boundary("b", "ask", escalation("L")) + script("s", "=code + message", "x") + flows("b", "s")
    )
    other = on_escalation.replace("message", "reason")

    assert names(line(host), on_error, roots=roots) == []
    assert names(line(host), on_escalation, roots=roots) == []
    assert names(line(host), other, roots=roots) == [("name", "s")]


def test_an_event_on_the_edge_sees_the_locals_of_its_activity_when_it_is_armed() -> None:
    host = user("ask", mapping([("=1", "hours")]), form="ask")
    due = (
        boundary("b", "ask", timer("Duration", '=duration("PT" + string(hours) + "H")'))
        + node("task", "t")
        + flows("b", "t")
    )

    assert names(line(host), due) == []
    assert names(line(host.replace('"hours"', '"days"')), due) == [("name", "b")]


def test_the_words_of_a_task_are_looked_up_in_its_own_scope() -> None:
    due = user(
        "ask",
        mapping([("=1", "days")]),
        zeebe("taskSchedule", dueDate="=now + duration(days)"),
        properties(unit="=uint", not_by="=[complaint.accused]"),
        form="ask",
    )

    assert names(line(due)) == [("name", "ask")]


PARENT = process("parent", line(user("ask", form="ask"), called("c", "child"), script("s", "=found", "x")))


def family(child: str, parent: str = PARENT) -> list[tuple[str, str]]:
    """What is said of names in a process and one that it calls."""
    return short(only(said_of(diagram(parent, child), FORM), "name", "member"))


def test_a_called_process_sees_what_its_callers_see_and_gives_back_what_it_has() -> None:
    child = process(
        "child", line(script("in", "=amount", "found")).replace('"start"', '"s2"').replace('"end"', '"e2"')
    )

    assert family(child) == []
    inputs_only = PARENT.replace('processId="child"', 'processId="child" propagateAllParentVariables="false"')
    assert family(child, inputs_only) == [("name", "in")]
    keeps = PARENT.replace('processId="child"', 'processId="child" propagateAllChildVariables="false"')
    assert family(child, keeps) == [("name", "s")]


def test_a_process_that_is_called_by_a_computed_name_may_be_given_anything_its_caller_sees() -> None:
    child = process(
        "child", line(script("in", "=amount", "found")).replace('"start"', '"s2"').replace('"end"', '"e2"')
    )

    assert family(child, PARENT.replace('processId="child"', 'processId="=complaint.nature"')) == []


def test_a_process_that_nobody_calls_begins_with_what_its_start_declares() -> None:
    drawn = script("s", "=order", "x") + end() + flows("start", "s", "end")

    assert names(start(), drawn) == [("name", "s")]
    declared = node("startEvent", "start", properties(variables="order"))
    assert names(declared, drawn) == []


def test_the_process_of_every_complaint_begins_with_what_intake_gives() -> None:
    text = "=staff and settle_now and intake.settle_now"
    content = diagram(process("complaint", line(script("s", text, "x"), script("t", "=channel", "y"))))
    staff = a_form("staff_complaint", "text", "channel", "settle_now")

    assert short(only(said_of(content, staff), "name")) == [("name", "t")]


def test_only_what_the_complaint_lets_be_written_is_written() -> None:
    def written(target: str) -> list[str]:
        found = asked(line(node("task", "t", mapping(outputs=[("=1", target)]))))
        return [problem.message for problem in only(found, "member")]

    assert written("complaint.grade") == []
    assert written("complaint.gade") == ["output: the complaint has no 'gade': did you mean 'grade'?"]
    assert written("complaint.number") == [
        "output: complaint.number can be read, but not written by a process"
    ]


def test_what_an_unknown_form_or_operation_gives_is_not_guessed_at() -> None:
    assert names(line(user("ask", form="=complaint.nature"), script("s", "=anything", "x"))) == []
    assert names(line(service("o", "no.such"), script("s", "=anything", "x"))) == []


def test_gateways_are_asked_with_and_without_the_sign_of_an_expression() -> None:
    drawn = start() + branch("g", "missing = 1") + flows("start", "g")

    assert names(drawn) == [("name", "g_yes")]


def from_a_throw(kind: str, thrown: str, read: str) -> list[tuple[str, str]]:
    """What is said of a process that waits for what another one throws, and of what it reads then."""
    root = {"signal": '<bpmn:signal id="S" name="done"/>', "message": named_message("S", "done", "=1")}[kind]
    caught = node("intermediateCatchEvent", "m", body=f'<bpmn:{kind}EventDefinition {kind}Ref="S"/>')
    waits = process("p", line(caught, script("use", f"={read}", "x")))
    throws = process("q", start("s"), thrown, end("e"), flows("s", "throw", "e"))
    return short(only(said_of(diagram(waits, throws, root)), "name", "member"))


@pytest.mark.parametrize("kind", ["signal", "message"])
def test_with_what_a_process_throws_come_its_inputs_and_nothing_else(kind: str) -> None:
    publishes = [zeebe("publishMessage", correlationKey="=1")] if kind == "message" else []
    given = mapping([("=3", "score")])
    thrown = node(
        "intermediateThrowEvent",
        "throw",
        *publishes,
        given,
        body=f'<bpmn:{kind}EventDefinition {kind}Ref="S"/>',
    )

    assert from_a_throw(kind, thrown, "score + 1") == []
    assert from_a_throw(kind, thrown, "scroe + 1") == [("name", "use")]


def test_a_signal_nobody_throws_may_bring_anything() -> None:
    caught = node("intermediateCatchEvent", "m", body='<bpmn:signalEventDefinition signalRef="S"/>')

    assert names(line(caught, script("use", "=score", "x")), roots='<bpmn:signal id="S" name="done"/>') == []


def test_what_is_new_in_a_flow_of_an_ad_hoc_subprocess_stays_in_it() -> None:
    inside = (
        script("a", "=1", "found")
        + script("b", "=found", "again")
        + flows("a", "b")
        + script("c", "=2", "sum")
    )
    attributes = {"outputCollection": "all", "outputElement": "=found"}
    free = ad_hoc("free", inside, activeElementsCollection='=["a"]', enough="=found = 1", **attributes)

    assert names(line(free, script("use", "=count(all)", "x"))) == []
    assert names(line(free, script("use", "=again", "x"))) == [("name", "use")]
    assert names(line(script("first", "=0", "sum"), free, script("use", "=sum", "x"))) == []


def test_what_leads_an_ad_hoc_subprocess_is_looked_up() -> None:
    def said(**more: str) -> list[tuple[str, str]]:
        return names(line(ad_hoc("free", user("a"), **{"activeElementsCollection": '=["a"]', **more})))

    assert said(activeElementsCollection="=chosen") == [("name", "free")]
    assert said(enough="=lost") == [("name", "free")]
    assert said(outputCollection="all", outputElement="=lost + 1") == [("name", "free")]


def test_the_words_of_what_is_published_are_looked_up() -> None:
    def said(**texts: str) -> list[tuple[str, str]]:
        sends = node("sendTask", "send", zeebe("publishMessage", **texts), messageRef="M")
        return names(line(sends), roots=named_message("M", "=lost"))

    assert said(correlationKey="=1") == [("name", "send")]
    assert said(correlationKey="=key", messageId="=id", timeToLive="=ttl") == [("name", "send")] * 4


def test_the_code_of_what_is_thrown_is_looked_up() -> None:
    inside = start("s") + end("e", error("E")) + flows("s", "e")

    assert names(line(subprocess("sub", inside)), roots='<bpmn:error id="E" errorCode="=lost"/>') == [
        ("name", "e")
    ]
