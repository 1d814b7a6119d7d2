"""What is drawn and harmless: data, annotations, groups, black-box pools, message flows, lanes."""

from typing import Any

from tests.bpmn.conformance.variant import HEAD, Variant, drawing, line
from tests.builders.diagrams import process, user

DATA = (
    '<bpmn:dataObjectReference id="paper" dataObjectRef="paper_data" name="Paper"/>\n'
    '<bpmn:dataObject id="paper_data"/>\n'
)
STORE = '<bpmn:dataStoreReference id="register" name="Register"/>\n'
NOTE = '<bpmn:textAnnotation id="remark"><bpmn:text>Look here</bpmn:text></bpmn:textAnnotation>\n'
TIE = '<bpmn:association id="tie" sourceRef="u" targetRef="remark"/>\n'
GROUP = '<bpmn:group id="both"/>\n'
POOLS = (
    '<bpmn:collaboration id="together"><bpmn:participant id="bank" name="Bank" processRef="p"/>'
    '<bpmn:participant id="customer" name="Customer"/>'
    '<bpmn:messageFlow id="asks" sourceRef="customer" targetRef="u"/></bpmn:collaboration>\n'
)
LANES = (
    '<bpmn:laneSet id="lanes"><bpmn:lane id="lane_handler" name="Handler"><bpmn:flowNodeRef>u</bpmn:flowNodeRef>'
    "</bpmn:lane></bpmn:laneSet>\n"
)
ROAD = line(user("u"))
WAY: dict[str, Any] = {"steps": [("do", "u")], "path": ["start", "u", "end"]}

VARIANTS = [
    Variant("data object", "drawn", drawing(ROAD + DATA), **WAY),
    Variant("data store", "drawn", drawing(ROAD + STORE), **WAY),
    Variant("text annotation", "drawn", drawing(ROAD + NOTE + TIE), **WAY),
    Variant("group", "drawn", drawing(ROAD + GROUP), **WAY),
    Variant(
        "pool",
        "without a process, with message flows",
        f"{HEAD}{POOLS}{process('p', ROAD)}</bpmn:definitions>\n".encode(),
        **WAY,
    ),
    Variant("lane", "shows the role", drawing(LANES + ROAD), **WAY),
]
