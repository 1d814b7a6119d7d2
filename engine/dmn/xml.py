"""XML to plain elements with their lines, by expat; document types and entities are refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from engine.dmn.errors import DmnError

LARGEST_FILE = 5_000_000
DEEPEST = 200


@dataclass(slots=True)
class Element:
    """One element: local name, namespace, attributes by local name, children and its own text."""

    name: str
    namespace: str
    attributes: dict[str, str]
    line: int
    file: str = ""
    children: list[Element] = field(default_factory=list)
    text: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)

    def get(self, attribute: str, default: str = "") -> str:
        """The value of an attribute."""
        return self.attributes.get(attribute, default)

    def child(self, name: str) -> Element | None:
        """The first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> list[Element]:
        """All children of that name."""
        return [child for child in self.children if child.name == name]

    def text_of(self, name: str) -> str | None:
        """The text of the first child of that name."""
        found = self.child(name)
        return None if found is None else found.text


class _Builder:
    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Element | None = None
        self.open: list[Element] = []
        self.prefixes: list[tuple[str, str]] = []
        self.parser = expat.ParserCreate(namespace_separator="\n")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartNamespaceDeclHandler = self.prefix
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse

    def refuse(self, *_: object) -> None:
        raise DmnError(
            "dmn.doctype",
            "document types and entities are refused",
            file=self.file,
            line=self.parser.CurrentLineNumber,
        )

    def prefix(self, name: str | None, uri: str | None) -> None:
        self.prefixes.append((name or "", uri or ""))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition("\n")
        if len(self.open) >= DEEPEST:
            raise DmnError("dmn.depth", f"elements are nested more than {DEEPEST} deep", file=self.file)
        plain = {key.rpartition("\n")[2]: value for key, value in attributes.items()}
        element = Element(local, namespace, plain, self.parser.CurrentLineNumber, self.file)
        element.prefixes.update(self.prefixes)
        self.prefixes.clear()
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, name: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        if self.open:
            self.open[-1].text += text


def parse(source: bytes, file: str = "") -> Element:
    """The root element of a document."""
    if len(source) > LARGEST_FILE:
        raise DmnError("dmn.size", f"the file is larger than {LARGEST_FILE} bytes", file=file)
    builder = _Builder(file)
    try:
        builder.parser.Parse(source, True)
    except expat.ExpatError as error:
        raise DmnError(
            "dmn.xml", f"not well-formed XML: {expat.ErrorString(error.code)}", file=file, line=error.lineno
        ) from error
    except (ValueError, LookupError) as error:
        raise DmnError("dmn.xml", f"not readable as XML: {error}", file=file) from error
    assert builder.root is not None
    return builder.root
