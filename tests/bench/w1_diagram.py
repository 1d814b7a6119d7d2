"""W1 as a diagram: five user tasks in a row, a gateway on a variable, three tasks at once, a timer that never fires.

The same for each engine: in the dialect of Camunda 8 for Redress, with conditions in Python for SpiffWorkflow and in
JavaScript for bpmn-engine and bpmn-server.
"""

from itertools import pairwise

ROW = ("first", "second", "third", "fourth", "fifth")
BESIDE = ("left", "middle", "right")
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://redress.example/w1" '
    'modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.7.0">'
    '<bpmn:process id="w1" isExecutable="true">'
)
FORM = (
    '{"type": "default", "id": "w1", "schemaVersion": 18, "components": ['
    '{"type": "textfield", "id": "a", "key": "name", "label": "Name", '
    '"validate": {"required": true, "maxLength": 100}},'
    '{"type": "number", "id": "b", "key": "amount", "label": "Amount", '
    '"validate": {"required": true, "min": 0}},'
    '{"type": "textarea", "id": "c", "key": "note", "label": "Note", "validate": {"maxLength": 2000}},'
    '{"type": "checkbox", "id": "d", "key": "agreed", "label": "Agreed"},'
    '{"type": "textfield", "id": "e", "key": "reference", "label": "Reference", '
    '"validate": {"required": true, "maxLength": 40}}]}'
)


def zeebe() -> bytes:
    """For Redress."""
    asked = (
        "<bpmn:extensionElements><zeebe:userTask/>"
        '<zeebe:formDefinition formId="w1"/><zeebe:assignmentDefinition candidateGroups="handler"/>'
        "</bpmn:extensionElements>"
    )
    return _diagram(asked, "=amount &gt;= 100", "P365D")


def plain() -> bytes:
    """For SpiffWorkflow."""
    return _diagram("", "amount &gt;= 100", '"P365D"')


def bpmn_engine() -> bytes:
    """For bpmn-engine."""
    return _diagram(
        "", "next(null, environment.variables.amount &gt;= 100)", "P365D", ' language="javascript"'
    )


def bpmn_server() -> bytes:
    """For bpmn-server, whose timers fire at once when they are further away than Node's: 2**31 milliseconds."""
    return _diagram("", "$(this.data.amount &gt;= 100)", "P20D")


def _diagram(asked: str, condition: str, never: str, language: str = "") -> bytes:
    tasks = "".join(
        f'<bpmn:userTask id="{id}" name="{id.capitalize()}">{asked}</bpmn:userTask>' for id in (*ROW, *BESIDE)
    )
    flows = [("start", ROW[0]), *pairwise(ROW), (ROW[-1], "enough")]
    flows += [("split", id) for id in BESIDE] + [(id, "join") for id in BESIDE] + [("join", "end")]
    lines = "".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows)
    return (
        f'{HEAD}<bpmn:startEvent id="start"/>{tasks}'
        '<bpmn:exclusiveGateway id="enough" name="Enough?" default="enough_end"/>'
        '<bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>'
        '<bpmn:endEvent id="end"/><bpmn:endEvent id="little"/><bpmn:endEvent id="late"/>'
        '<bpmn:boundaryEvent id="never" attachedToRef="first"><bpmn:timerEventDefinition id="never_timer">'
        f'<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{never}</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        f"{lines}"
        '<bpmn:sequenceFlow id="enough_split" sourceRef="enough" targetRef="split">'
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression"{language}>{condition}'
        "</bpmn:conditionExpression>"
        "</bpmn:sequenceFlow>"
        '<bpmn:sequenceFlow id="enough_end" sourceRef="enough" targetRef="little"/>'
        '<bpmn:sequenceFlow id="never_late" sourceRef="never" targetRef="late"/>'
        "</bpmn:process></bpmn:definitions>"
    ).encode()
