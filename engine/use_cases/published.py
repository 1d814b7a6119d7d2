"""What the bank's own rooms tell running processes: every message, every start, and the names that come with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.use_cases.intake import KNOWN, MESSAGE, PROCESS

Names = Mapping[str, Any]
"""Names of variables; what stands under a name are the names inside it, or None for a plain value."""

_ORDER: Names = {"department": None, "question": None, "days": None, "may_see": None}
_WORD: Names = {"instruction": None, "plan_id": None}

MESSAGES: Mapping[str, Names] = {
    "information added": {"information": {"kind": None, "text": None}},
    "withdrawn": {"reason": None},
    "raised": {"grade": None, "reason": None, "by": None},
    "offer answered": {"accepted": None, "comment": None},
    "invite": {"invite": _ORDER, **_ORDER},
    "let go": {"request_id": None, "reason": None},
    "carried out": {**_WORD, "receipt": None},
    "carrying out failed": {**_WORD, "reason": None},
}
"""By the name of the message: what the use cases, the outbox and the operations send with it."""

WARNING: Names = {name: None for name in ("clock", "kind", "percent", "rung", "due_at", "request")}
"""What comes as `warning` with a timer that is bound to any clock."""


@dataclass(frozen=True, slots=True)
class Start:
    """How a process is started from outside: by which message, with which names, and from which forms.

    Answers of the forms that are no facts of the complaint come as variables, and together as `intake`.
    """

    message: str
    names: Names
    forms: tuple[str, ...] = ()
    not_passed_on: frozenset[str] = field(default=frozenset())


STARTS: Mapping[str, Start] = {
    PROCESS: Start(
        MESSAGE,
        {"staff": None},
        ("complaint", "staff_complaint", "imported_complaint"),
        frozenset({*KNOWN, "channel", "received_on"}),
    )
}
"""By the process: who starts it. What is not here is started by a call activity alone."""
