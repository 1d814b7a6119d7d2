"""The diagram of a running process as the viewer loads it, with names in the language of the page."""

from flask import Blueprint, Response

from engine.domain.errors import NotFound
from web.current import actor, house
from web.diagram_file import diagram_file
from web.drawing import processes_of
from web.identity import desk_only

pages = Blueprint("diagrams", __name__, url_prefix="/desk/complaints/<number>/diagram")
pages.before_request(desk_only)


@pages.get("/<int:instance_id>/<process>.bpmn")
def source(number: str, instance_id: int, process: str) -> Response:
    """A diagram that an instance of this complaint runs on, in the release it was taken from."""
    view = house().reads.case(actor(), number)
    found = next((instance for instance in view.instances if instance.id == instance_id), None)
    release = None if found is None else processes_of(found, view.events).get(process)
    if release is None:
        raise NotFound
    file = diagram_file(release, process)
    if not file.source:
        raise NotFound
    return Response(file.translated(), mimetype="application/xml")
