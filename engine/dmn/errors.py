"""The one error of this room: a stable code, a sentence, and the place in the file."""

from __future__ import annotations


class DmnError(Exception):
    """The decision model could not be read or asked."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        file: str = "",
        line: int | None = None,
        element: str = "",
    ) -> None:
        place = ", ".join(
            part
            for part in (file, f"line {line}" if line else "", f"element {element}" if element else "")
            if part
        )
        super().__init__(f"{message} ({place})" if place else message)
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.element = element
