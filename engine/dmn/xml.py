"""XML to elements that keep everything, and back, by expat; document types and entities are refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from engine.dmn.errors import DmnError

LARGEST_FILE = 5_000_000
DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment or processing instruction, as it is written."""

    text: str


@dataclass(slots=True)
class Element:
    """One element: its name and attributes without prefixes, and its content in the order of the file."""

    name: str
    namespace: str
    attributes: dict[str, str]
    line: int
    file: str
    tag: str
    written: dict[str, str]  # the attributes with their prefixes and namespace declarations
    content: list[Element | Remark | str] = field(default_factory=list)

    @property
    def children(self) -> list[Element]:
        """The elements directly inside."""
        return [item for item in self.content if isinstance(item, Element)]

    @property
    def text(self) -> str:
        """The text directly inside."""
        return "".join(item for item in self.content if isinstance(item, str))

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
        self.spaces: list[dict[str, str]] = [{"xml": "http://www.w3.org/XML/1998/namespace"}]
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.add
        self.parser.CommentHandler = lambda text: self.add(Remark(f"<!--{text}-->"))
        self.parser.ProcessingInstructionHandler = lambda name, text: self.add(Remark(f"<?{name} {text}?>"))
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse

    def refuse(self, *_: object) -> None:
        raise self.error("dmn.doctype", "document types and entities are refused")

    def error(self, code: str, message: str) -> DmnError:
        return DmnError(code, message, file=self.file, line=self.parser.CurrentLineNumber)

    def start(self, tag: str, listed: list[str]) -> None:
        if len(self.open) >= DEEPEST:
            raise self.error("dmn.depth", f"elements are nested more than {DEEPEST} deep")
        written = dict(zip(listed[::2], listed[1::2], strict=True))
        self.spaces.append({**self.spaces[-1], **_declared(written)})
        prefix, _, name = tag.rpartition(":")
        if prefix and prefix not in self.spaces[-1]:
            raise self.error("dmn.xml", f"the prefix {prefix!r} is not declared")
        plain = {key.rpartition(":")[2]: value for key, value in written.items() if ":" in key}
        plain.update((key, value) for key, value in written.items() if ":" not in key)
        namespace = self.spaces[-1].get(prefix, "")
        line = self.parser.CurrentLineNumber
        element = Element(name, namespace, plain, line, self.file, tag, written)
        if self.open:
            self.open[-1].content.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, tag: str) -> None:
        self.open.pop()
        self.spaces.pop()

    def add(self, item: Remark | str) -> None:
        if self.open:
            self.open[-1].content.append(item)


def _declared(written: dict[str, str]) -> dict[str, str]:
    """The prefixes an element declares; the empty one is the default namespace."""
    found = {key[6:]: value for key, value in written.items() if key.startswith("xmlns:")}
    return {**found, "": written["xmlns"]} if "xmlns" in written else found


def parse(source: bytes, file: str = "") -> Element:
    """The root element of a document."""
    return _build(source, file).root  # type: ignore[return-value]


def _build(source: bytes, file: str) -> _Builder:
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
    return builder


def write(root: Element) -> bytes:
    """The element as a document: everything that was read, and what was changed since."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(_written(root)) + "\n").encode()


def _written(item: Element | Remark | str) -> Iterator[str]:
    if isinstance(item, str):
        yield escape(item, {"\r": "&#13;"})
        return
    if isinstance(item, Remark):
        yield item.text
        return
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in item.written.items())
    if not item.content:
        yield f"<{item.tag}{attributes} />"
        return
    yield f"<{item.tag}{attributes}>"
    for inner in item.content:
        yield from _written(inner)
    yield f"</{item.tag}>"
