"""Making a set of definitions the current release."""

from collections.abc import Mapping

from engine.domain.running import Release
from engine.ports import Ports, UnitOfWork


def release(ports: Ports, work: UnitOfWork, files: Mapping[str, bytes]) -> Release:
    """Store these definitions and let the engine arm what starts by itself; the current release, if it is the same."""
    made = work.releases.add(files)
    ports.engine.released(work, made)
    return made
