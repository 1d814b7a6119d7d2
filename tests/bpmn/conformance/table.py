"""All variants, and `python -m tests.bpmn.conformance.table`, which draws their files anew."""

from pathlib import Path

from tests.bpmn.conformance.variant import Refused, Variant
from tests.bpmn.conformance.variants import (
    ad_hoc,
    boundary,
    compensation,
    drawn,
    events,
    gateways,
    multi_instance,
    refused,
    subprocesses,
    tasks,
)
from tests.builders.drawing import with_drawing

FOLDER = Path(__file__).parent / "diagrams"
VARIANTS: list[Variant] = [
    variant
    for family in (
        tasks,
        gateways,
        events,
        boundary,
        subprocesses,
        multi_instance,
        compensation,
        ad_hoc,
        drawn,
    )
    for variant in family.VARIANTS
]

REFUSED: list[Refused] = refused.REFUSED


EVERY: list[Variant | Refused] = [*VARIANTS, *REFUSED]


def draw() -> None:
    """Write every file."""
    for old in FOLDER.glob("*.bpmn"):
        old.unlink()
    for variant in EVERY:
        (FOLDER / variant.file).write_bytes(with_drawing(variant.drawn))


if __name__ == "__main__":
    draw()
