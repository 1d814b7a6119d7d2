"""A form on its way to a page and back: what was typed, what is wrong with it, and the key that makes it count once."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from flask import request
from werkzeug.datastructures import MultiDict

from engine.feel import Environment
from engine.use_cases.intake import Upload
from forms.checking import Answers, FormRejected, check
from forms.definitions import FormDefinition
from web.current import now
from web.locale import chosen
from web.uploads import UploadRefused

OURS = frozenset({"csrf_token", "key", "version", "form_hash", "files"})


@dataclass(frozen=True)
class Asked:
    """A form as a page shows it. `typed` is kept as it was sent; `errors` stand at their fields."""

    form: FormDefinition
    typed: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: Sequence[str] = ()

    def refused(self, error: FormRejected | UploadRefused) -> "Asked":
        """The same form with what is wrong at its fields."""
        if isinstance(error, UploadRefused):
            return replace(self, errors={**self.errors, "files": error.messages})
        return replace(self, errors={**self.errors, **error.errors})

    @property
    def key(self) -> str:
        """The key of this form on the page: the one it came with, else a new one."""
        return request.form.get("key") or uuid4().hex


def typed(form: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, without the fields that are ours: one value as text, several as a list."""
    if not isinstance(form, MultiDict):
        return dict(form)
    return {
        name: values if len(values) > 1 else values[0]
        for name, values in form.lists()
        if name not in OURS and values
    }


def answers(asked: Asked) -> Answers:
    """The checked answers; raises FormRejected."""
    return check(asked.form, asked.typed, asked.context, Environment(now=now()), chosen())


def idempotency_key(purpose: str, uploads: Iterable[Upload] = ()) -> str:
    """One key for one thing sent: a double click or a retry has the same, an edited form has another.

    The form's own random key alone would swallow what somebody changes after going back in the browser.
    """
    digest = hashlib.sha256()
    for name in sorted(request.form):
        if name not in {"csrf_token"}:
            digest.update(repr((name, request.form.getlist(name))).encode())
    for upload in uploads:
        digest.update(hashlib.sha256(upload.content).digest())
    return f"{purpose}:{digest.hexdigest()}"
