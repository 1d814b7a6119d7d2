"""Sealing the archive: the whole case in one file that cannot be changed unnoticed."""

from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import is_dataclass, replace
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from marshmallow import fields

from engine.domain.archive import Volume, canonical, link_of, manifest, sha256_of
from engine.domain.complaint import Complaint
from engine.operations.registry import Inputs, Operations, complaint_of, operation, record
from engine.ports import Files, UnitOfWork

KEPT_OUT = ("secret_hash", "version", "archived_at")
OWN_EVENTS = (
    "archive.sealed",
    "operation.failed",
    "incident.raised",
    "incident.retried",
    "incident.resolved",
)
LONG_AGO = (1980, 1, 1, 0, 0, 0)


class SealOutput(Inputs):
    volume = fields.Integer()
    sha256 = fields.String()


def operations(files: Files) -> Operations:
    """The operation that seals, writing into this file store."""

    @operation("archive.seal", output=SealOutput)
    def seal(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
        """Seal the whole case into a volume and link it into the register's chain; nothing new, no new volume."""
        complaint = complaint_of(work, complaint_id)
        contents = contents_of(work, files, complaint)
        volumes = work.volumes.find(complaint_id=complaint.id)
        if volumes:
            same = manifest(complaint.number, volumes[-1].number, contents)
            if sha256_of(same) == volumes[-1].sha256:
                return {"volume": volumes[-1].number, "sha256": volumes[-1].sha256}
        number = len(volumes) + 1
        listed = manifest(complaint.number, number, contents)
        hashed = sha256_of(listed)
        name = f"{complaint.number}-{number}.zip"
        stored_as = files.put(packed({**contents, "manifest.json": listed}), name=name)
        previous = work.last_link()
        work.volumes.add(
            Volume(
                id=0,
                complaint_id=complaint.id,
                number=number,
                sealed_at=work.now,
                sealed_by=work.actor.name,
                stored_as=stored_as,
                sha256=hashed,
                previous_link=previous,
                link=link_of(previous, hashed),
            )
        )
        if complaint.archived_at is None:
            work.complaints.save(replace(complaint, archived_at=work.now))
        record(work, complaint.id, "archive.sealed", volume=number, sha256=hashed)
        return {"volume": number, "sha256": hashed}

    return Operations((seal,))


def contents_of(work: UnitOfWork, files: Files, complaint: Complaint) -> dict[str, bytes]:
    """The files of a volume by name: the case as JSON, and every attachment."""
    attachments = work.attachments.find(complaint_id=complaint.id)
    contents = {"case.json": canonical(_case(work, complaint))}
    for attachment in attachments:
        safe = attachment.name.replace("/", "_").replace("\\", "_")
        contents[f"attachments/{attachment.id}-{safe}"] = files.get(attachment.stored_as)
    return contents


def packed(contents: Mapping[str, bytes]) -> bytes:
    """One zip file of these contents; the same contents give the same bytes."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in sorted(contents.items()):
            entry = ZipInfo(name, LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _case(work: UnitOfWork, complaint: Complaint) -> dict[str, Any]:
    of_case = {"complaint_id": complaint.id}
    rows: dict[str, Sequence[Any]] = {
        "information": work.information.find(**of_case),
        "attachments": work.attachments.find(**of_case),
        "requests": work.requests.find(**of_case),
        "clocks": work.clocks.find(**of_case),
        "plans": work.plans.find(**of_case),
        "answers": work.answers.find(**of_case),
        "notices": work.notices.find(**of_case),
        "tasks": work.tasks.find(**of_case),
        "history": [event for event in work.events(complaint.id) if event.kind not in OWN_EVENTS],
    }
    kept = {name: value for name, value in _plain(complaint).items() if name not in KEPT_OUT}
    return {
        "complaint": kept,
        "units": _units(work, complaint),
        "investigation": _variables(work, complaint),
        **{name: _plain(each) for name, each in rows.items()},
    }


def _units(work: UnitOfWork, complaint: Complaint) -> dict[str, str]:
    ids = {
        "receiving": complaint.receiving_unit_id,
        "responsible": complaint.responsible_unit_id,
        "handling": complaint.handling_unit_id,
        "lead": complaint.lead_department_id,
    }
    return {name: work.units.get(id).code for name, id in ids.items() if id is not None}


def _variables(work: UnitOfWork, complaint: Complaint) -> list[dict[str, Any]]:
    return [
        {"process": instance.process, "variables": _plain(dict(scope.values))}
        for instance in work.processes.of_complaint(complaint.id)
        for scope in work.processes.scopes(instance.id)
        if scope.values
    ]


def _plain(value: Any) -> Any:
    """Text for what JSON lacks; amounts stay exact."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields_of(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
