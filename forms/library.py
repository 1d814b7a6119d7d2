"""All forms of a release, read once, by id; and the forms that ship with Redress."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from forms.components import FormDefinition
from forms.definitions import read_form
from forms.errors import FormDefinitionError, UnknownForm


class FormLibrary:
    """The forms of a set of files; every file is read at once, so that a wrong one is refused before it is needed."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._forms: dict[str, FormDefinition] = {}
        for file, content in sorted(files.items()):
            if not file.endswith(".form"):
                continue
            form = read_form(content, file)
            if form.id in self._forms:
                raise FormDefinitionError(
                    f"the form {form.id} stands in {self._forms[form.id].file} too", file=file, line=1
                )
            self._forms[form.id] = form

    def form(self, form_id: str) -> FormDefinition:
        """The form of this id; raises UnknownForm."""
        try:
            return self._forms[form_id]
        except KeyError:
            raise UnknownForm(form_id) from None

    def __contains__(self, form_id: object) -> bool:
        return form_id in self._forms

    def __iter__(self) -> Iterator[FormDefinition]:
        return iter(self._forms.values())

    def __len__(self) -> int:
        return len(self._forms)


def shipped_files() -> dict[str, bytes]:
    """The .form files that ship with Redress, by file name."""
    folder = Path(__file__).parent / "definitions"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.form"))}
