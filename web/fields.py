"""Shows a form as accessible HTML that works without JavaScript; what the page around it looks like lives elsewhere.

`show(...)` gives a value that a page prints with `{{ shown }}`: the summary of errors, then the fields. Names
of inputs are the keys of the form; each box to tick is followed by a hidden empty input of the same name, so
that "not ticked" is said too. For a script that hides what does not apply, the box around such a piece has

    data-depends="triage.verdict"       the name of the field it depends on
    data-show-when='["", "duplicate"]'  the values of that field with which it is shown; "" is nothing chosen,
                                        "true" a ticked box

and the sentence that tells people without the script has `data-condition-hint`. A text with a limit has
`data-max-length`. The server decides again in any case.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment as Templates
from jinja2 import FileSystemLoader
from markupsafe import Markup

from engine.feel import Environment, format_value
from forms.checking import look
from forms.components import CHOICES, LISTS, Component, Condition, FormDefinition
from forms.definitions import COLUMNS
from forms.initial import initial
from forms.messages import say
from forms.scope import Scope
from forms.values import LONGEST_LINE, grouped

Gettext = Callable[[str], str]

_TEMPLATES = Templates(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_MOST_ROWS, _FEWEST_ROWS = 8, 3
_LIMIT_WORTH_SAYING = 2_000
_GRID = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One option as it stands on the page."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One component as it stands on the page, in the reader's language."""

    kind: str
    id: str
    name: str = ""
    label: str = ""
    paragraphs: tuple[str, ...] = ()
    help: str = ""
    why: str = ""
    hint: str = ""
    limit: str = ""
    required: bool = False
    errors: tuple[str, ...] = ()
    value: str = ""
    ticked: bool = False
    choices: tuple[Choice, ...] = ()
    input_type: str = "text"
    input_mode: str = ""
    autocomplete: str = ""
    accept: str = ""
    multiple: bool = False
    rows: int = _FEWEST_ROWS
    max_length: int | None = None
    prefix: str = ""
    suffix: str = ""
    depends: str = ""
    show_when: str = ""
    row: str = ""
    columns: int = 0
    pieces: tuple["Piece", ...] = ()

    @property
    def described_by(self) -> str:
        """The ids of what explains it: help, then errors."""
        helped = self.help or self.why or self.hint or self.limit
        parts = ([f"{self.id}-help"] if helped else []) + ([f"{self.id}-error"] if self.errors else [])
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the summary of errors; `href` is empty for what belongs to no field."""

    href: str
    label: str
    message: str

    @property
    def asks(self) -> bool:
        """Whether the label ends as a question does, so that no colon may follow."""
        return self.label.endswith(("?", "？"))


@dataclass(frozen=True)
class Shown:
    """A form ready to be printed: the whole of it, or its summary and fields apart."""

    pieces: tuple[Piece, ...]
    problems: tuple[Problem, ...]
    words: Mapping[str, str] = field(default_factory=dict)

    def __html__(self) -> Markup:
        return self.summary() + self.fields()

    def choices_of(self, name: str) -> tuple[Choice, ...]:
        """The options of a field; none for what is typed."""
        return next((piece.choices for piece in _flat(self.pieces) if piece.name == name), ())

    def summary(self) -> Markup:
        """The summary of errors as HTML; empty without errors."""
        return self._printed("fields/summary.html")

    def fields(self) -> Markup:
        """The fields as HTML."""
        return self._printed("fields/form.html")

    def _printed(self, template: str) -> Markup:
        """What Jinja made of it, escaped by Jinja: so it is not escaped again."""
        return Markup(_TEMPLATES.get_template(template).render(shown=self, words=self.words))


def show(
    form: FormDefinition,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    context: Mapping[str, Any] | None = None,
    environment: Environment | None = None,
    gettext: Gettext = str,
    language: str = "en",
) -> Shown:
    """The form with what was typed, byte for byte, else with its first values; messages at their fields."""
    context, environment = context or {}, environment or Environment()
    given = {**initial(form, context, environment, language), **_by_name(typed or {})}
    looked = look(form, given, context, environment, language)
    page = _Page(form, given, errors or {}, looked.scope, gettext)
    pieces = page.rows(form.components)
    return Shown(pieces, tuple(page.problems(pieces)), _frame(gettext))


def field_id(key: str) -> str:
    """The id of the input of a key; keys hold no hyphen, so two never share one."""
    return "field-" + key.replace(".", "-")


def _frame(gettext: Gettext) -> dict[str, str]:
    return {
        "required": gettext("required"),
        "choose": gettext("Choose"),
        "error": gettext("Error:"),
        "colon": gettext(": "),
        "heading": gettext("Some answers are missing or do not fit"),
        "no_options": gettext("There is nothing to choose from."),
    }


def _by_name(typed: Mapping[str, Any]) -> dict[str, Any]:
    several = getattr(typed, "getlist", None)
    return {name: several(name) for name in typed} if several else dict(typed)


class _Page:
    """Turns the components of one form into pieces."""

    def __init__(
        self,
        form: FormDefinition,
        given: Mapping[str, Any],
        errors: Mapping[str, Sequence[str]],
        scope: Scope,
        gettext: Gettext,
    ) -> None:
        self._fields = {component.key: component for component in form.fields()}
        self._given = given
        self._errors = errors
        self._scope = scope
        self._gettext = gettext

    def rows(self, components: Sequence[Component]) -> tuple[Piece, ...]:
        """The pieces, those that share a row of the form in a piece of their own."""
        found: list[Piece] = []
        for _, beside in groupby(self.pieces(components), key=lambda piece: piece.row or piece.id):
            together = tuple(beside)
            alone = len(together) == 1
            found.append(together[0] if alone else Piece("row", f"row-{together[0].id}", pieces=together))
        return tuple(found)

    def pieces(self, components: Sequence[Component]) -> Iterator[Piece]:
        """The components that are or may be visible, as pieces."""
        for component in components:
            shown_when = self._shown_when(component)
            piece = self._piece(component) if shown_when != () else None
            if piece is None or (
                piece.kind in {"group", "text"} and not piece.pieces and not piece.paragraphs
            ):
                continue
            if shown_when is not None:
                piece = self._depending(component, piece, shown_when)
            elif (
                component.hide is not None
                and component.hide.reads
                and self._answers_of(component.hide) is None
            ):
                hint = self._gettext("It depends on your answers above; leave it empty if it does not apply.")
                piece = replace(piece, hint=hint)
            yield piece

    def problems(self, pieces: Sequence[Piece]) -> Iterator[Problem]:
        """The summary: the errors in the order of the page, then those without a field on it."""
        placed = set()
        for piece in _flat(pieces):
            placed.add(piece.name)
            for message in piece.errors:
                yield Problem(f"#{piece.id}", piece.label, message)
        for key, messages in self._errors.items():
            if key not in placed:
                label = self._fields[key].label if key in self._fields else ""
                yield from (
                    Problem("", self._say(label), say(message, self._gettext)) for message in messages
                )

    def _say(self, text: str) -> str:
        return self._gettext(text) if text else ""

    def _piece(self, component: Component) -> Piece:
        piece = Piece(
            kind="shown" if component.readonly else component.type,
            id=field_id(component.key) if component.key else f"part-{component.id}",
            name=component.key,
            label=self._say(component.label),
            help=self._say(component.description),
            why=self._gettext("Why we ask: %(why)s") % {"why": self._say(component.why)}
            if component.why
            else "",
            required=component.required or self._is_required_here(component),
            errors=tuple(say(message, self._gettext) for message in self._errors.get(component.key, ())),
            prefix=self._say(component.prefix),
            suffix=self._say(component.suffix),
            autocomplete=component.autocomplete,
            row=component.row,
            columns=round((component.columns or 0) * _GRID / COLUMNS),
        )
        if component.type == "group":
            return replace(piece, pieces=self.rows(component.components))
        if component.type == "text":
            return replace(piece, paragraphs=self._paragraphs(component))
        return replace(piece, **self._asking(component, piece))

    def _is_required_here(self, component: Component) -> bool:
        """Whether the context requires it; what other answers require is said in its help, for they may change."""
        condition = component.required_if
        return condition is not None and not condition.reads and self._scope.holds(component, condition)

    def _paragraphs(self, component: Component) -> tuple[str, ...]:
        text = self._say(component.text)
        if component.text_from is not None:
            value = self._scope.value(component, component.text_from)
            text = "" if value is None else value if isinstance(value, str) else format_value(value)
        return tuple(part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip())

    def _asking(self, component: Component, piece: Piece) -> dict[str, Any]:
        typed = self._given.get(component.key)
        if component.type in CHOICES | LISTS:
            choices = tuple(self._choices(component, piece.id, typed))
            return {"choices": choices, "value": ", ".join(one.label for one in choices if one.chosen)}
        value = _one(typed)
        if component.type == "checkbox":
            ticked = value.strip().lower() in {"true", "on", "1", "yes"}
            said = self._gettext("Yes") if ticked else self._gettext("No")
            return {"ticked": ticked, "value": said if component.readonly else value}
        if component.type == "filepicker":
            return {"accept": component.accept, "multiple": component.multiple}
        return {"value": value, **self._input(component, value)}

    def _input(self, component: Component, value: str) -> dict[str, Any]:
        if component.type == "number":
            return {"input_mode": "numeric" if component.decimal_digits == 0 else "decimal"}
        if component.type == "datetime":
            return {"input_type": "date" if _is_day(value) or not value else "text"}
        limit = component.max_length
        told = limit is not None and component.type == "textarea" and limit <= _LIMIT_WORTH_SAYING
        return {
            "input_type": {"email": "email", "phone": "tel"}.get(component.kind, "text"),
            "max_length": limit or (LONGEST_LINE if component.type == "textfield" else None),
            "limit": self._gettext("Up to %(limit)s characters.") % {"limit": grouped(limit or 0)}
            if told
            else "",
            "rows": min(_MOST_ROWS, max(_FEWEST_ROWS, (limit or 0) // 1_000)),
        }

    def _choices(self, component: Component, identifier: str, typed: Any) -> Iterator[Choice]:
        chosen = set(typed) if isinstance(typed, list | tuple) and component.type in LISTS else {_one(typed)}
        for place, option in enumerate(self._scope.options(component)):
            own = identifier if place == 0 else f"{identifier}-{place + 1}"
            label = self._gettext(option.label) if option in component.options else option.label
            yield Choice(own, option.value, label, option.value in chosen)

    def _shown_when(self, component: Component) -> tuple[str, ...] | None:
        """The answers with which it is shown; None for always or not to be said in answers; () for never."""
        condition = component.hide
        if condition is None:
            return None
        if not condition.reads:
            return () if self._scope.holds(component, condition) else None
        answers = self._answers_of(condition)
        if answers is None:
            return None
        showing = tuple(word for word, value in answers.items() if self._shows(component, condition, value))
        return None if len(showing) == len(answers) else showing

    def _answers_of(self, condition: Condition) -> dict[str, Any] | None:
        """Every answer the one field it reads can have, by the word the page sends; None if they are not few."""
        if len(condition.reads) != 1:
            return None
        asked = self._fields[next(iter(condition.reads))]
        if asked.type == "checkbox":
            return {"": False, "true": True}
        if asked.type not in CHOICES:
            return None
        return {"": None} | {option.value: option.value for option in self._scope.options(asked)}

    def _shows(self, component: Component, condition: Condition, value: Any) -> bool:
        key = next(iter(condition.reads))
        before = self._scope.answer(key)
        self._scope.put(key, value)
        try:
            return not self._scope.holds(component, condition)
        finally:
            self._scope.put(key, before)

    def _depending(self, component: Component, piece: Piece, shown_when: tuple[str, ...]) -> Piece:
        assert component.hide is not None
        asked = self._fields[next(iter(component.hide.reads))]
        return replace(
            piece,
            depends=asked.key,
            show_when=json.dumps(shown_when, ensure_ascii=False),
            hint=self._gettext("Only if “%(question)s” is: %(answers)s")
            % {"question": self._say(asked.label), "answers": " / ".join(self._named(asked, shown_when))},
        )

    def _named(self, asked: Component, words: Sequence[str]) -> Iterator[str]:
        if asked.type == "checkbox":
            yield from (self._gettext("ticked") if word else self._gettext("not ticked") for word in words)
            return
        for option in self._scope.options(asked):
            if option.value in words:
                yield self._gettext(option.label)


def _flat(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        yield piece
        yield from _flat(piece.pieces)


def _one(typed: Any) -> str:
    """One value where one is asked: the first that is not empty."""
    if isinstance(typed, list | tuple):
        return next((_one(item) for item in typed if item != ""), "")
    if isinstance(typed, bool):
        return "true" if typed else ""
    return typed if isinstance(typed, str) else "" if typed is None else str(typed)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
