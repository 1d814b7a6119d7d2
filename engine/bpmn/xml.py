"""Reading diagrams safely: no document types, no entities, no network, and a line for every complaint."""

from typing import Any

from lxml import etree

from engine.domain.errors import DefinitionRefused

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
LARGEST_FILE = 20_000_000
MOST_ATTRIBUTES = 100
TRUTHS = frozenset(
    {
        *("isExecutable", "cancelActivity", "isInterrupting", "isSequential"),
        *("triggeredByEvent", "isForCompensation", "parallelMultiple"),
    }
)
_TRUTH = {"true": "true", "1": "true", "false": "false", "0": "false"}


def read_xml(content: bytes, file: str) -> etree._Element:
    """The root of a diagram; raises DefinitionRefused for what is not plain, bounded XML."""
    if len(content) > LARGEST_FILE:
        raise refused(f"the file has more than {LARGEST_FILE} bytes", file, rule="xml")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise refused(f"this is not XML: {error.msg}", file, line=error.lineno, rule="xml") from None
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise refused("a document type (DOCTYPE) is not accepted", file, line=1, rule="xml")
    if root.tag != f"{BPMN}definitions":
        raise refused("the root element is not bpmn:definitions", file, line=1, rule="xml")
    for node in root.iter():
        if len(node.attrib) > MOST_ATTRIBUTES:
            reason = f"an element has more than {MOST_ATTRIBUTES} attributes"
            raise refused(reason, file, line=line_of(node), rule="xml")
        if str(node.tag).startswith(BPMN):
            _plain_truth(node, file)
    return root


def _plain_truth(node: etree._Element, file: str) -> None:
    """Attributes that say yes or no, as "true" or "false": XML Schema also has "1" and "0"."""
    for name in TRUTHS.intersection(node.keys()):
        word = str(node.get(name))
        plain = _TRUTH.get(word.strip())
        if plain is None:
            raise refuse(node, f"{name} is true or false, not {word!r}", file, rule="xml")
        if plain != word:
            node.set(name, plain)


def refused(
    message: str, file: str, *, line: int | None = None, element: str = "", rule: str = "unsupported"
) -> DefinitionRefused:
    """The refusal of a diagram, naming the place."""
    place = ":".join(str(part) for part in (file, line, element) if part)
    return DefinitionRefused(
        f"{place}: {message}", file=file, line=line, element=element, rule=rule, reason=message
    )


def refuse(node: etree._Element, message: str, file: str, *, rule: str = "unsupported") -> DefinitionRefused:
    """The refusal of one node of a diagram."""
    return refused(message, file, line=line_of(node), element=node.get("id") or "", rule=rule)


def line_of(node: etree._Element) -> int | None:
    """The line a node begins on."""
    line: Any = node.sourceline
    return line if isinstance(line, int) else None


def local(node: etree._Element) -> str:
    """The tag without its namespace."""
    return str(node.tag).rpartition("}")[2]


def extension(node: etree._Element, name: str) -> etree._Element | None:
    """One zeebe element among the extension elements of a node."""
    return node.find(f"{BPMN}extensionElements/{ZEEBE}{name}")
