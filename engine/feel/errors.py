"""The one error tree of FEEL: a stable code, a sentence for people, and where in the text it happened."""

from __future__ import annotations


class FeelError(Exception):
    """The expression could not be read or evaluated."""

    code = "feel.error"

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        where = f" (line {line}, column {column})" if line is not None else ""
        super().__init__(message + where)
        self.message = message
        self.line = line
        self.column = column

    def place(self, text: str, offset: int) -> None:
        """Say where in a text it happened, unless something further inside has said so."""
        if self.line is None:
            self.line, self.column = position(text, offset)
            self.args = (f"{self.message} (line {self.line}, column {self.column})",)


class FeelSyntaxError(FeelError):
    """The text is not FEEL; the message says what was expected and what stood there."""

    code = "feel.syntax"


class FeelUnsupported(FeelSyntaxError):
    """The text is FEEL, but asks for something that is refused on purpose, such as external Java code."""

    code = "feel.unsupported"


class FeelLimitExceeded(FeelError):
    """A budget of steps, depth or size was spent before the expression came to an end."""

    code = "feel.limit"


class FeelClockMissing(FeelError):
    """now() or today() was called, but the caller supplied no clock."""

    code = "feel.clock"


class FeelFunctionFailed(FeelError):
    """A function supplied by the caller raised; the cause is kept."""

    code = "feel.function"


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both counted from one, of an offset in a text."""
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return line, column
