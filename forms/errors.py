"""What forms refuse: a definition that cannot be shown, and answers that do not fit."""

from collections.abc import Mapping, Sequence
from typing import Any


class FormRejected(Exception):
    """Some answers are missing or do not fit; each message stands at its field."""

    code = "form_rejected"

    def __init__(self, errors: Mapping[str, Sequence[str]], typed: Mapping[str, Any]) -> None:
        super().__init__(self.__doc__)
        self.message = str(self.args[0])
        self.errors = errors
        self.typed = typed


class FormDefinitionError(Exception):
    """This form cannot be shown as it is written."""

    code = "form_refused"

    def __init__(
        self, reason: str, *, file: str, line: int | None = None, component: str | None = None
    ) -> None:
        where = file if line is None else f"{file}:{line}"
        what = f"{component}: " if component else ""
        super().__init__(f"{where}: {what}{reason}")
        self.message = str(self.args[0])
        self.file = file
        self.line = line
        self.component = component
        self.reason = reason


class UnknownForm(Exception):
    """There is no form of this name."""

    code = "form_unknown"

    def __init__(self, form_id: str) -> None:
        super().__init__(f"there is no form {form_id!r}")
        self.message = str(self.args[0])
        self.form_id = form_id
