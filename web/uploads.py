"""Files people attach: few, not too large, and each what its name says it is."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import filetype
from werkzeug.datastructures import FileStorage

from engine.use_cases.intake import Upload
from web.locale import gettext

magic: Any
try:
    import magic
except ImportError:  # without libmagic on the machine the smaller detector alone must do
    magic = None

MEGABYTE = 1024 * 1024
MOST_FILES = 10
LARGEST = 10 * MEGABYTE
LARGEST_TOGETHER = 25 * MEGABYTE
OFFICE = "application/vnd.openxmlformats-officedocument."
# By extension: the type we keep, and what else browsers declare and detectors find for honest files of it.
TYPES: dict[str, tuple[str, frozenset[str]]] = {
    "pdf": ("application/pdf", frozenset()),
    "jpg": ("image/jpeg", frozenset({"image/jpg", "image/pjpeg"})),
    "jpeg": ("image/jpeg", frozenset({"image/jpg", "image/pjpeg"})),
    "png": ("image/png", frozenset({"image/x-png"})),
    "gif": ("image/gif", frozenset()),
    "webp": ("image/webp", frozenset()),
    "heic": ("image/heic", frozenset({"image/heif"})),
    "txt": ("text/plain", frozenset()),
    "docx": (OFFICE + "wordprocessingml.document", frozenset()),
    "xlsx": (OFFICE + "spreadsheetml.sheet", frozenset()),
    "mp3": ("audio/mpeg", frozenset({"audio/mp3"})),
    "m4a": ("audio/mp4", frozenset({"audio/x-m4a", "audio/m4a", "video/mp4"})),
    "mp4": ("video/mp4", frozenset()),
}
ACCEPTED = ",".join(f".{ending}" for ending in TYPES)
UNDECLARED = {"", "application/octet-stream"}


class UploadRefused(Exception):
    """Some of the files cannot be taken; `messages` say which and why."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__(*messages)
        self.messages = list(messages)


def read_uploads(files: Sequence[FileStorage]) -> list[Upload]:
    """The files of a request, each checked; raises UploadRefused with all problems at once."""
    chosen = [file for file in files if file.filename]
    if len(chosen) > MOST_FILES:
        raise UploadRefused([gettext("At most %(most)s files at once.", most=MOST_FILES)])
    uploads, problems, together = [], [], 0
    for file in chosen:
        name = PurePath((file.filename or "").replace("\\", "/")).name[-200:]
        name = "".join(letter for letter in name if letter.isprintable())
        content = file.stream.read(LARGEST + 1)
        together += len(content)
        problem = _problem(name, file.mimetype or "", content)
        if problem:
            problems.append(problem)
        else:
            uploads.append(Upload(name=name, media_type=TYPES[_ending(name)][0], content=content))
    if together > LARGEST_TOGETHER:
        problems.append(gettext("Together the files are over 25 MB. Send some of them later."))
    if problems:
        raise UploadRefused(problems)
    return uploads


def _problem(name: str, declared: str, content: bytes) -> str | None:
    ending = _ending(name)
    if ending not in TYPES:
        return gettext(
            "%(name)s: we cannot open files of this kind. Send a PDF, picture, text or Office file.",
            name=name,
        )
    if len(content) > LARGEST:
        return gettext("%(name)s: over 10 MB. Make it smaller or split it.", name=name)
    if not content:
        return gettext("%(name)s: the file is empty.", name=name)
    kept, also = TYPES[ending]
    if declared not in UNDECLARED | also | {kept} or detected_type(content) not in also | {kept}:
        return gettext(
            "%(name)s: its content is not what its name says. Save it again in its own format.", name=name
        )
    return None


def _ending(name: str) -> str:
    return PurePath(name).suffix.lstrip(".").lower()


def detected_type(content: bytes) -> str:
    """What the bytes are, whatever their name says."""
    if magic is not None:
        found = str(magic.from_buffer(content[: 256 * 1024], mime=True))
        if found not in ("application/zip", "application/octet-stream"):
            return found
    guessed = filetype.guess_mime(content)
    return str(guessed) if guessed else _plain_or_unknown(content)


def _plain_or_unknown(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "application/octet-stream" if "\0" in text else "text/plain"
