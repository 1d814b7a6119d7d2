"""Who is told what a running process passes: a simulation, that wants to know which ways were taken."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Visits(Protocol):
    """Told of every step while it happens; a command that is rolled back takes nothing back here."""

    def passed(self, process: str, element: str, flows: Sequence[str]) -> None:
        """An element is done, and these sequence flows are taken out of it."""

    def ended(self, process: str, variables: Mapping[str, Any]) -> None:
        """An instance ended, with these variables."""
