"""The shipped diagrams: whole, labelled, drawn, and speaking only of forms, roles, operations and decisions there are."""

from itertools import pairwise

import pytest

from engine.domain.organisation import Role
from engine.feel import compile_expression
from engine.memory import FilesInMemory
from engine.operations import build_operations
from tests.workflows.diagrams import (
    DECISIONS,
    DIAGRAMS,
    WORKFLOWS,
    Box,
    Diagram,
    Point,
    inputs,
    properties,
    tag,
    zeebe,
)

ALL = [Diagram(path) for path in DIAGRAMS]
each = pytest.mark.parametrize("diagram", ALL, ids=lambda diagram: diagram.path.stem)
FORMS = {path.stem for path in (WORKFLOWS.parent / "forms" / "definitions").glob("*.form")}
ROLES = {str(role) for role in Role}
MESSAGES = {
    *("complaint received", "information added", "withdrawn", "raised"),
    *("offer answered", "carried out", "carrying out failed", "let go", "invite"),
}
SCREEN = (1920 / 0.7 + 40, 1080 / 0.7)

# What a designer's release may move and rename, but not remove: (file, element).
LOCKED = [
    ("complaint", "set_first_limits"),
    ("complaint", "send_decision"),
    ("complaint", "stop_limit_clock"),
    ("complaint", "write_answer"),
    ("complaint", "archive"),
    ("complaint", "archive_withdrawn"),
    ("limits", "choose_limits"),
    ("limits", "set_clocks"),
    ("grading", "grade"),
    ("grading", "set_limits"),
    ("intake", "grade_complaint"),
    ("intake", "second_check"),
    ("plan", "settling_authority"),
    ("plan", "approve_plan"),
    ("plan", "approve_at_top"),
    ("answer", "check_parts"),
    ("answer", "check_answer"),
    ("offer", "send_better_offer"),
]


@each
def test_a_running_complaint_stays_on_its_release(diagram: Diagram) -> None:
    bound = [
        (zeebe(node, element, "bindingType"), node.get("id"))
        for kind, element in (
            ("callActivity", "calledElement"),
            ("businessRuleTask", "calledDecision"),
            ("userTask", "formDefinition"),
        )
        for node in diagram.of(kind)
    ]

    assert [id for binding, id in bound if binding != "deployment"] == []


def test_the_road_and_what_it_calls_are_there() -> None:
    calls = {
        zeebe(call, "calledElement", "processId") for diagram in ALL for call in diagram.of("callActivity")
    }

    assert {"complaint", "collaboration", "carry_out"} <= {diagram.process.get("id") for diagram in ALL}
    assert calls | {"complaint"} == {diagram.process.get("id") for diagram in ALL}


@each
def test_a_file_is_named_after_its_process_and_runs(diagram: Diagram) -> None:
    assert diagram.path.stem == diagram.process.get("id")
    assert diagram.process.get("isExecutable") == "true"
    assert diagram.root.get("{http://camunda.org/schema/modeler/1.0}executionPlatformVersion") == "8.7.0"


@each
def test_every_expression_parses(diagram: Diagram) -> None:
    texts = list(diagram.expressions())

    assert texts
    for place, text in texts:
        assert compile_expression(text).text, place


@each
def test_every_user_task_asks_a_form_of_a_role(diagram: Diagram) -> None:
    for task in diagram.of("userTask"):
        assert zeebe(task, "formDefinition", "formId") in FORMS, task.get("id")
        assert zeebe(task, "assignmentDefinition", "candidateGroups") in ROLES, task.get("id")


@each
def test_a_user_task_stands_in_the_lane_of_its_role(diagram: Diagram) -> None:
    lanes = diagram.lanes()

    for task in diagram.of("userTask"):
        if task.get("id") in lanes:
            role = zeebe(task, "assignmentDefinition", "candidateGroups")
            assert lanes[task.get("id")].lower().replace(" ", "_") == role, task.get("id")


@each
def test_every_node_at_the_top_stands_in_exactly_one_lane(diagram: Diagram) -> None:
    at_top = {node.get("id") for node in diagram.process if node.get("id") in diagram.nodes}

    assert at_top == set(diagram.lanes())


@each
def test_every_operation_is_there_and_gets_what_it_needs(diagram: Diagram) -> None:
    operations = build_operations(FilesInMemory())

    for task in diagram.of("serviceTask"):
        name = zeebe(task, "taskDefinition", "type") or ""
        if name == "multi_instance.add":
            assert inputs(task) == {"element", "item"}
            continue
        fields = operations[name].input().fields
        assert inputs(task) <= set(fields), task.get("id")


@each
def test_every_decision_asked_is_there(diagram: Diagram) -> None:
    for task in diagram.of("businessRuleTask"):
        assert zeebe(task, "calledDecision", "decisionId") in {path.stem for path in DECISIONS}


@each
def test_only_known_messages_are_waited_for_each_under_a_key(diagram: Diagram) -> None:
    for message in diagram.root.iter("{*}message"):
        key = zeebe(message, "subscription", "correlationKey")

        assert message.get("name") in MESSAGES
        assert key or message.get("name") == "complaint received"


@each
def test_every_gateway_asks_and_every_way_out_answers(diagram: Diagram) -> None:
    for kind in ("exclusiveGateway", "inclusiveGateway"):
        for gateway in diagram.of(kind):
            ways = diagram.out_of(gateway.get("id"))
            if len(ways) < 2:
                continue
            assert gateway.get("name", "").endswith("?"), gateway.get("id")
            assert all(way.get("name") for way in ways), gateway.get("id")
            answers = [way.get("name") for way in ways]
            assert len(set(answers)) == len(answers), gateway.get("id")


@each
def test_an_exclusive_gateway_always_has_a_way(diagram: Diagram) -> None:
    for gateway in diagram.of("exclusiveGateway"):
        ways = diagram.out_of(gateway.get("id"))
        if len(ways) > 1:
            assert gateway.get("default") or gateway.get("id") == "who_approves", gateway.get("id")
            for way in ways:
                has_condition = way.find("{*}conditionExpression") is not None
                assert has_condition is not (way.get("id") == gateway.get("default")), way.get("id")


@each
def test_everything_with_a_face_has_a_name(diagram: Diagram) -> None:
    for node in diagram.nodes.values():
        if tag(node) not in ("exclusiveGateway", "parallelGateway", "eventBasedGateway"):
            assert node.get("name"), node.get("id")


@each
def test_every_node_and_flow_is_drawn(diagram: Diagram) -> None:
    assert set(diagram.nodes) <= set(diagram.boxes)
    assert set(diagram.flows) <= set(diagram.lines)


@each
def test_flows_are_straight_lines_from_edge_to_edge(diagram: Diagram) -> None:
    for id, flow in diagram.flows.items():
        line = diagram.lines[id]
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(line)), id
        assert is_on_edge(line[0], diagram.boxes[flow.get("sourceRef")]), id
        assert is_on_edge(line[-1], diagram.boxes[flow.get("targetRef")]), id


@each
def test_no_flow_runs_through_a_task(diagram: Diagram) -> None:
    tasks = {id: diagram.boxes[id] for id, node in diagram.nodes.items() if tag(node).endswith("Task")}

    for id, flow in diagram.flows.items():
        for a, b in pairwise(diagram.lines[id]):
            for task, box in tasks.items():
                if task not in (flow.get("sourceRef"), flow.get("targetRef")):
                    assert not crosses(a, b, box), f"{id} runs through {task}"


@each
def test_shapes_do_not_lie_on_one_another(diagram: Diagram) -> None:
    flat = [
        (id, diagram.boxes[id])
        for id, node in diagram.nodes.items()
        if tag(node) not in ("subProcess", "boundaryEvent")
    ]

    for at, (id, box) in enumerate(flat):
        for other, there in flat[:at]:
            apart = box[0] >= there[2] or there[0] >= box[2] or box[1] >= there[3] or there[1] >= box[3]
            assert apart, f"{id} lies on {other}"


@each
def test_a_diagram_fits_one_screen_at_seventy_per_cent(diagram: Diagram) -> None:
    width = max(box[2] for box in diagram.boxes.values())
    height = max(box[3] for box in diagram.boxes.values())

    assert (width, height) <= SCREEN
    assert height <= SCREEN[1]


@pytest.mark.parametrize(("file", "element"), LOCKED)
def test_what_the_law_asks_for_is_locked(file: str, element: str) -> None:
    diagram = next(diagram for diagram in ALL if diagram.path.stem == file)

    assert properties(diagram.nodes[element]).get("locked") == "true"


def test_nothing_else_is_locked() -> None:
    locked = {
        (diagram.path.stem, id)
        for diagram in ALL
        for id, node in diagram.nodes.items()
        if properties(node).get("locked") == "true"
    }

    assert locked - {("offer", "better_answer"), ("complaint", "set_raised_limits")} == set(LOCKED)


def is_on_edge(point: Point, box: Box) -> bool:
    (x, y), (left, top, right, bottom) = point, box
    inside = left - 1 <= x <= right + 1 and top - 1 <= y <= bottom + 1
    return inside and (min(abs(x - left), abs(x - right)) <= 1 or min(abs(y - top), abs(y - bottom)) <= 1)


def crosses(a: Point, b: Point, box: Box) -> bool:
    left, right = sorted((a[0], b[0]))
    top, bottom = sorted((a[1], b[1]))
    return left < box[2] - 1 and right > box[0] + 1 and top < box[3] - 1 and bottom > box[1] + 1
