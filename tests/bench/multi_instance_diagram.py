"""Five at once: a multi-instance call activity with a boundary timer; the called process asks one person, with one too.

Twice the same, in the dialect of Camunda 8 for Redress and in SpiffWorkflow's own Python for SpiffWorkflow.
"""

from tests.builders import diagrams as d

ITEMS = [{"number": number, "department": f"department {number}"} for number in range(1, 6)]


def zeebe() -> bytes:
    """For Redress."""
    asked = d.user("ask", "<zeebe:userTask/>", form="w1")
    called = d.node(
        "callActivity",
        "each",
        d.zeebe("calledElement", processId="part", propagateAllChildVariables="false"),
        body=d.each("=items", inputElement="item"),
        name="Each",
    )
    return _diagram(called, asked, "P365D")


def plain() -> bytes:
    """For SpiffWorkflow."""
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>items</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="item" name="item"/></bpmn:multiInstanceLoopCharacteristics>'
    )
    called = d.node("callActivity", "each", body=loop, name="Each", calledElement="part")
    return _diagram(called, d.node("userTask", "ask", name="Ask"), '"P365D"')


def _diagram(called: str, asked: str, never: str) -> bytes:
    late = d.timer("Duration", never)
    root = d.process(
        "several",
        d.start(),
        called,
        d.boundary("too_late", "each", late),
        d.end(),
        d.end("stopped"),
        d.flows("start", "each", "end"),
        d.flow("too_late", "stopped"),
    )
    part = d.process(
        "part",
        d.start("part_start"),
        asked,
        d.boundary("no_answer", "ask", late),
        d.end("part_end"),
        d.end("part_stopped"),
        d.flows("part_start", "ask", "part_end"),
        d.flow("no_answer", "part_stopped"),
    )
    return d.diagram(root, part)
