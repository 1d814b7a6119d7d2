"""Snapshots held to what a run without a past would dump: whatever the engine kept packed must be what it packs anew."""

from engine.bpmn.process_engine import BpmnEngine
from engine.bpmn.snapshot import dump, load
from engine.domain.running import Instance
from engine.domain.steering import ALIVE
from engine.ports import UnitOfWork

STAMP = 20
"""How long the part is that nobody else writes."""


def content(snapshot: bytes) -> bytes:
    """A snapshot without its stamp."""
    return snapshot[STAMP:]


def dumped_anew(engine: BpmnEngine, work: UnitOfWork, instance: Instance) -> bytes:
    """The content of an instance's snapshot, loaded and dumped with nothing kept packed."""
    again = load(
        engine.load(instance.release_id, {}),
        instance.process,
        instance.tokens,
        list(work.processes.scopes(instance.id)),
        lambda release_id: engine.load(release_id, {}),
    )
    return content(dump(again))


def assert_as_dumped_anew(engine: BpmnEngine, work: UnitOfWork, instances: list[Instance]) -> None:
    """Every living instance is stored as it would be written by a run that was just loaded."""
    for instance in instances:
        if instance.state in ALIVE:
            assert content(instance.tokens) == dumped_anew(engine, work, instance)
