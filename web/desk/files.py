"""Downloads: attachments and sealed volumes, always as a download and never shown inside the desk."""

from io import BytesIO

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from engine.domain.errors import NotFound
from web.current import actor, house
from web.identity import desk_only

pages = Blueprint("files", __name__, url_prefix="/desk/complaints/<number>")
pages.before_request(desk_only)


@pages.get("/files/<int:attachment_id>")
def attachment(number: str, attachment_id: int) -> Response:
    """One attachment of a complaint that is in sight."""
    view = house().reads.case(actor(), number)
    found = next((file for file in view.attachments if file.id == attachment_id), None)
    if found is None:
        raise NotFound
    return _download(found.stored_as, found.name, found.media_type)


@pages.get("/volumes/<int:volume_number>")
def volume(number: str, volume_number: int) -> Response:
    """One sealed volume of the archive."""
    view = house().reads.case(actor(), number)
    found = next((sealed for sealed in view.volumes if sealed.number == volume_number), None)
    if found is None:
        raise NotFound
    return _download(found.stored_as, f"{number}-volume-{volume_number}.zip", "application/zip")


def _download(stored_as: str, name: str, media_type: str) -> Response:
    content = house().ports.files.get(stored_as)
    return send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)
