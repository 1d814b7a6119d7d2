"""A form on its way to a page and back: what was typed, what is wrong with it, and the key that makes it count once."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import uuid4

from flask import request
from werkzeug.datastructures import MultiDict

from engine.feel import Environment
from engine.use_cases.intake import Upload
from forms.checking import Answers, FormRejected, check
from forms.definitions import FormDefinition
from web.current import now
from web.fields import Shown, show
from web.locale import chosen, translate
from web.uploads import UploadRefused

OURS = frozenset({"csrf_token", "key", "version", "form_hash", "then"})


@dataclass(frozen=True)
class Asked:
    """A form as a page shows it: `typed` is kept as it was sent, `errors` stand at their fields."""

    form: FormDefinition
    typed: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def refused(self, error: FormRejected | UploadRefused) -> "Asked":
        """The same form with what is wrong at its fields."""
        if isinstance(error, UploadRefused):
            return self.with_error("files", *error.messages)
        return replace(self, errors={**self.errors, **error.errors})

    def with_error(self, key: str, *messages: str) -> "Asked":
        """The same form with one more thing wrong."""
        return replace(self, errors={**self.errors, key: messages})

    def answers(self) -> Answers:
        """The checked answers; raises FormRejected."""
        return check(self.form, self.typed, self.context, Environment(now=now()), chosen())

    @cached_property
    def shown(self) -> Shown:
        """The form as HTML, in the language of the page."""
        return show(
            self.form,
            typed=self.typed,
            errors=self.errors,
            context=self.context,
            environment=Environment(now=now()),
            gettext=translate,
            language=chosen(),
        )

    def label(self, key: str) -> str:
        """What the form calls a field."""
        found = next((component.label for component in self.form.fields() if component.key == key), key)
        return translate(found)

    def in_words(self, key: str, value: Any) -> str:
        """What was answered, as the form words it: the labels of what was chosen, else what was typed."""
        labels = {choice.value: choice.label for choice in self.shown.choices_of(key)}
        values = [value] if isinstance(value, str) else value
        return ", ".join(labels.get(one, one) for one in values if one)


def typed(form: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, without what is ours: one value as text, several as a list."""
    if not isinstance(form, MultiDict):
        return dict(form)
    return {
        name: values if len(values) > 1 else values[0]
        for name, values in form.lists()
        if name not in OURS and values
    }


def new_key() -> str:
    """The key of a form on the page: the one it came back with, else a new one."""
    return request.form.get("key") or uuid4().hex


def idempotency_key(purpose: str, uploads: Iterable[Upload] = ()) -> str:
    """One key for one thing sent: a double click or a retry has the same, an edited form has another.

    The page's own random key alone would swallow what somebody changes after going back in the browser.
    """
    digest = hashlib.sha256()
    for name in sorted(request.form):
        if name != "csrf_token":
            digest.update(repr((name, request.form.getlist(name))).encode())
    for upload in uploads:
        digest.update(hashlib.sha256(upload.content).digest())
    return f"{purpose}:{digest.hexdigest()}"
