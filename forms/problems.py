"""Every problem of a form at once, where `definitions` refuses it for the first."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from forms.components import Component, FormDefinition
from forms.definitions import FormReader, parse_form
from forms.errors import FormDefinitionError
from forms.placed_json import Placed

_REFUSED = Component("separator", "refused", 0)
"""What stands in the place of a component that was refused."""


class _Noting(FormReader):
    """Goes on behind a component that is refused, and notes why it was."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.refusals: list[FormDefinitionError] = []

    def component(self, item: Any, around: Placed, depth: int) -> Component:
        before = len(self.refusals)
        try:
            return super().component(item, around, depth)
        except FormDefinitionError as error:
            self.refusals.insert(before, error)
        if isinstance(item, Placed) and isinstance(item.get("key"), str):
            self.asked.append(item["key"])  # so that those who read it are not told off as well
        return _REFUSED


def problems_of(content: bytes, file: str) -> tuple[FormDefinition | None, list[FormDefinitionError]]:
    """The form as far as it can be read, and all that refuses it; None where nothing can be read."""
    reader = _Noting(file)
    try:
        form = reader.form(parse_form(content, file), sha256(content).hexdigest())
    except FormDefinitionError as error:
        return None, [*reader.refusals, error]
    return form, reader.refusals


def components_of(form: FormDefinition) -> Iterator[Component]:
    """All components, those in groups too."""
    todo = list(form.components)
    while todo:
        component = todo.pop(0)
        yield component
        todo = [*component.components, *todo]
