"""The plan of a migration for one instance: from its run at rest and two versions to steps, or to reasons why not.

It only reads. What it found out stands in the plan, so that carrying it out decides nothing.
"""

from __future__ import annotations

from engine.bpmn.definitions import Definitions
from engine.bpmn.run import Run
from engine.bpmn.specs.compensation import CompensationThrow, level_undone
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.specs.subprocesses import CallActivity
from engine.bpmn.steering.beside import plan_beside
from engine.bpmn.steering.inside import plan_inside
from engine.bpmn.steering.matching import Names, has
from engine.bpmn.steering.planned import LevelPlan, Planned
from engine.bpmn.tokens import Level
from engine.domain.migration import Mappings

NO_NAMES: Names = {}


def plan(run: Run, new: Definitions, mappings: Mappings) -> Planned:
    """What would happen to a run at rest in another version; `mappings` are by process, same ids where they say nothing."""
    planned = Planned(run, new)
    _require_known(planned, mappings)
    for owner, level in run.levels.items():
        names = mappings.get(level.process, NO_NAMES)
        spec = _spec_of(planned, level)
        if spec is not None:
            planned.specs[owner] = spec
            of = LevelPlan(planned, level, spec, names, owner)
            plan_inside(of)
            plan_beside(of)
    return planned


def _require_known(planned: Planned, mappings: Mappings) -> None:
    """Every element a mapping names is there."""
    old, new = planned.run.definitions, planned.new
    for process, names in mappings.items():
        before, after = old.processes.get(process), new.processes.get(process)
        if before is None or after is None:
            release = (old if before is None else new).release_id
            planned.reasons.append(f"There is no process {process} in release {release}.")
            continue
        for element, to in names.items():
            if not has(before, element):
                planned.reasons.append(
                    f"There is no element {element} in {process} of release {old.release_id}."
                )
            if to and not has(after, to):
                planned.reasons.append(f"There is no element {to} in {process} of release {new.release_id}.")


def _spec_of(planned: Planned, level: Level) -> ProcessSpec | None:
    """The spec of a level in the new version; None where it stays as it is, or nothing stands for it."""
    run, owner = planned.run, level.owner
    if level.definitions is not run.definitions:
        return None
    if owner is None or isinstance(owner.task_spec, CallActivity):
        found = planned.new.processes.get(level.process)
        if found is None:
            planned.reasons.append(
                f"There is no process {level.process} in release {planned.new.release_id}."
            )
        return found
    if isinstance(owner.task_spec, CompensationThrow):
        undone = level_undone(owner).owner
        return planned.specs.get(undone.id if undone is not None else 0)
    node = planned.nodes.get(owner.id)
    inner: ProcessSpec | None = getattr(node, "inner", None)
    return inner
