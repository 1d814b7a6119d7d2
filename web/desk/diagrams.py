"""The diagram of a running process as the viewer loads it, with names in the language of the page."""

from functools import lru_cache

from flask import Blueprint, Response
from lxml import etree

from engine.domain.errors import NotFound
from web.current import actor, house
from web.extract import BPMN, TECHNICAL
from web.identity import desk_only
from web.locale import chosen, translate

pages = Blueprint("diagrams", __name__, url_prefix="/desk/complaints/<number>/diagram")
pages.before_request(desk_only)


@pages.get("/<int:instance_id>.bpmn")
def source(number: str, instance_id: int) -> Response:
    """The diagram an instance of this complaint runs on, in the release it started with."""
    view = house().reads.case(actor(), number)
    found = next((instance for instance in view.instances if instance.id == instance_id), None)
    if found is None:
        raise NotFound
    return Response(
        named(house().diagram(found.release_id, found.process), chosen()), mimetype="application/xml"
    )


@lru_cache(maxsize=64)
def named(diagram: bytes, language: str) -> bytes:
    """The diagram with its names translated; `language` is there for the cache, the catalog follows the page."""
    tree = etree.fromstring(diagram, etree.XMLParser(resolve_entities=False, no_network=True))
    for element in tree.iter(f"{BPMN}*"):
        name = " ".join(str(element.get("name") or "").split())
        if name and element.tag not in TECHNICAL:
            element.set("name", translate(name))
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
