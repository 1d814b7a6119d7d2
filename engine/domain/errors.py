"""What Redress refuses, as one small tree: a stable code, and a sentence for the person who meets it."""

from collections.abc import Mapping
from typing import Any


class RedressError(Exception):
    """Redress could not do this."""

    code = "redress.error"

    def __init__(self, message: str = "", **details: Any) -> None:
        super().__init__(message or self.__doc__ or self.code)
        self.message = str(self.args[0])
        self.details: Mapping[str, Any] = details


class NotFound(RedressError):
    """There is nothing here that you may see under this number."""

    code = "not_found"


class NotAllowed(RedressError):
    """Your role does not allow this here."""

    code = "not_allowed"


class TaskNotOpen(RedressError):
    """This task is no longer open: someone was faster."""

    code = "task_not_open"


class ChangedMeanwhile(RedressError):
    """Someone changed this while you were working on it."""

    code = "changed_meanwhile"


class OutOfOrder(RedressError):
    """This step does not fit the state the complaint is in."""

    code = "out_of_order"


class OnHold(OutOfOrder):
    """This case is on hold: nobody can go on with it until it resumes. What you typed is kept."""

    code = "on_hold"


class LimitExceeded(RedressError):
    """This is more than Redress accepts in one piece."""

    code = "limit_exceeded"


class ValueRefused(RedressError):
    """This value is not one the field accepts; `details["field"]` names the field, as `complaint.grade`."""

    code = "value_refused"


class ProcessStuck(RedressError):
    """The process went round and round without waiting for anyone, so it was stopped."""

    code = "process_stuck"


class DefinitionRefused(RedressError):
    """A diagram, decision or form cannot run as it is; `details` carry file, line, element and rule."""

    code = "definition_refused"


class OperationFailed(RedressError):
    """A step that Redress does by itself failed."""

    code = "operation_failed"


class Unavailable(RedressError):
    """The database is busy or gone; nothing was written. Try again in a moment."""

    code = "unavailable"
