"""The DMN files of one folder: the one a test file asks, and those it imports by location or namespace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.dmn import DecisionModel, DmnError, read_decisions
from engine.dmn.graph import File
from engine.dmn.xml import Element, parse


class Folder:
    """One folder, its DMN files read once."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._roots: dict[Path, Element] = {}

    def asked(self, tests: Element) -> DecisionModel:
        """The model a test file names; without a name the one of its namespace, or the only one there is."""
        file = self.place / self._name(tests)
        return read_decisions(file.read_bytes(), file.name, imports=self._imported, lenient=True)

    def _name(self, tests: Element) -> str:
        name = (tests.text_of("modelName") or "").strip()
        if name:
            return name
        namespace = tests.get("namespace")
        found = [file for file, root in self._files() if namespace in ("", root.get("namespace"))]
        if len(found) != 1:
            raise DmnError("dmn.model", "the test file names no model")
        return found[0].name

    def _files(self) -> Iterator[tuple[Path, Element]]:
        for file in sorted(self.place.glob("*.dmn")):
            if file not in self._roots:
                self._roots[file] = parse(file.read_bytes(), file.name)
            yield file, self._roots[file]

    def _imported(self, key: str) -> bytes:
        """A file by its location; where there is no such file, by the namespace the import wants."""
        beside = self.place / key
        if beside.is_file():
            return beside.read_bytes()
        wanted = {key} | {
            element.get("namespace")
            for _, root in self._files()
            for element in root.all("import")
            if element.get("locationURI") == key
        }
        for file, root in self._files():
            if root.get("namespace") in wanted:
                return file.read_bytes()
        raise DmnError("dmn.import", f"no file of the folder is {key!r}")


def of_namespace(model: DecisionModel, namespace: str) -> DecisionModel:
    """The model itself, or the one it imports that has the namespace."""
    if namespace in ("", model.definitions.namespace):
        return model
    found = next(_imports(model.file, namespace), None)
    return model if found is None else DecisionModel(found)


def _imports(file: File, namespace: str) -> Iterator[File]:
    for other in file.imported.values():
        if other.definitions.namespace == namespace:
            yield other
        yield from _imports(other, namespace)


def alias(model: DecisionModel, namespace: str) -> str:
    """The name a model gives to what it imports from a namespace; empty for its own or an unknown one."""
    for name, file in model.file.imported.items():
        if namespace and file.definitions.namespace == namespace:
            return name
    return ""
