"""The source files as the architecture tests read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("engine", "forms", "web")


def files(*rooms: str) -> list[Path]:
    """Every Python file of these rooms, or of all."""
    return [path for room in rooms or ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


@cache
def tree(path: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def calls(path: Path) -> Iterator[str]:
    """What a file calls, as dotted names: "datetime.now", "eval", "commit" (of whatever object)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name):
                    yield name
                case ast.Attribute(value=ast.Name(id=owner), attr=name):
                    yield f"{owner}.{name}"
                case ast.Attribute(attr=name):
                    yield f".{name}"


def relative(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()
