"""Finds bundled assets by their plain name; the bundler writes names with a hash of the content."""

import json
from functools import cache
from pathlib import Path

DIST = Path(__file__).parent / "static" / "dist"


@cache
def _names() -> dict[str, str]:
    manifest = DIST / "manifest.json"
    if not manifest.exists():
        return {}
    names: dict[str, str] = json.loads(manifest.read_text("utf-8"))
    return names


def bundled(name: str) -> str:
    """The path below static/ of an asset: `dist/desk-K3J2.js` for `desk.js`."""
    return f"dist/{_names().get(name, name)}"
