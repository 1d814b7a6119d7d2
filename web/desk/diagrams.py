"""The diagram of a running process as the viewer loads it, and where its tokens are."""

from flask import Blueprint, Response

from engine.domain.errors import NotFound
from web.current import actor, house
from web.identity import desk_only

pages = Blueprint("diagrams", __name__, url_prefix="/desk/complaints/<number>/diagram")
pages.before_request(desk_only)


@pages.get("/<int:instance_id>.bpmn")
def source(number: str, instance_id: int) -> Response:
    """The diagram an instance of this complaint runs on, in the release it started with."""
    view = house().reads.case(actor(), number)
    found = next((instance for instance in view.instances if instance.id == instance_id), None)
    if found is None:
        raise NotFound
    return Response(house().diagram(found.release_id, found.process), mimetype="application/xml")
