"""Instances between commands: definitions read once, runs opened under their lock, brought to rest and written."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import PurePosixPath
from threading import Lock

from engine.bpmn import bound_clocks
from engine.bpmn.buffer import hear_kept
from engine.bpmn.command import Command
from engine.bpmn.definitions import Definitions
from engine.bpmn.operating import Operations
from engine.bpmn.registry import Registry
from engine.bpmn.rows import write
from engine.bpmn.rules import Problem, check_files, refuse_errors
from engine.bpmn.run import Run
from engine.bpmn.snapshot import load
from engine.bpmn.visits import Visits
from engine.domain.errors import OutOfOrder
from engine.domain.organisation import Role
from engine.domain.running import Instance, InstanceState
from engine.domain.steering import ALIVE
from engine.ports import Subject, UnitOfWork

STEP_LIMIT = 10_000
HYDRATED = 2_000


class Instances:
    """What every command on an instance needs.

    Hydrated instances are kept, at most `hydrated` of them. A copy is taken out of the keep while a command uses
    it and trusted only if its snapshot is byte for byte the one in the row. `visits` are told every element that is
    done, for those who draw or check the way an instance took.
    """

    def __init__(
        self,
        subject: Subject,
        operations: Operations,
        *,
        step_limit: int = STEP_LIMIT,
        hydrated: int = HYDRATED,
        visits: Visits | None = None,
    ) -> None:
        self._subject = subject
        self._operations = operations
        self._step_limit = step_limit
        self._hydrated = hydrated
        self._visits = visits
        self._definitions: dict[int, Definitions] = {}
        self._kept: OrderedDict[int, tuple[bytes, Run]] = OrderedDict()
        self._lock = Lock()
        self._registry = Registry()

    def load(self, release_id: int, files: Mapping[str, bytes]) -> Definitions:
        """Read the files of a release, once; raises DefinitionRefused if any of them could not run."""
        found = self._definitions.get(release_id)
        if found is None:
            refuse_errors(self.check(files))
            found = self._definitions[release_id] = Definitions(release_id, files)
        return found

    def check(self, files: Mapping[str, bytes], context: Mapping[str, bytes] | None = None) -> list[Problem]:
        """Every problem of these files, against the operations, roles and forms there are."""
        everything = {**(context or {}), **files}
        forms = {PurePosixPath(file).stem for file in everything if file.endswith(".form")}
        return check_files(
            files,
            operations=self._operations,
            forms=forms or None,
            roles=[str(role) for role in Role],
            context=context,
        )

    def _definitions_of(self, work: UnitOfWork, release_id: int) -> Definitions:
        found = self._definitions.get(release_id)
        return found if found is not None else self.load(release_id, work.releases.get(release_id).files)

    def _command(self, work: UnitOfWork, instance: Instance) -> Command:
        return Command(work, self._subject, self._operations, self._registry, instance, self._definitions_of)

    def _open(self, work: UnitOfWork, instance_id: int) -> Run | None:
        """The run of an instance, locked; None if it does not run: it is over or on hold."""
        instance = work.processes.lock(instance_id)
        return self._at_rest(work, instance) if instance.state is InstanceState.RUNNING else None

    def _alive(self, work: UnitOfWork, instance_id: int) -> Instance:
        """An instance that runs or is on hold, locked; raises OutOfOrder once it is over."""
        instance = work.processes.lock(instance_id)
        if instance.state not in ALIVE:
            raise OutOfOrder(f"Instance {instance_id} is over.", state=str(instance.state))
        return instance

    def _open_at_rest(self, work: UnitOfWork, instance_id: int) -> Run:
        """The run of an instance that runs or is on hold, locked; raises OutOfOrder once it is over."""
        return self._at_rest(work, self._alive(work, instance_id))

    def _at_rest(self, work: UnitOfWork, instance: Instance) -> Run:
        with self._lock:
            kept = self._kept.pop(instance.id, None)
        if kept is not None and kept[0] == instance.tokens:
            run = kept[1]
        else:
            run = load(
                self._definitions_of(work, instance.release_id),
                instance.process,
                instance.tokens,
                work.processes.scopes(instance.id),
                lambda release_id: self._definitions_of(work, release_id),
            )
            run.visits = self._visits
        run.command = self._command(work, instance)
        return run

    def _keep(self, run: Run) -> None:
        instance = run.command.instance
        del run.command
        with self._lock:
            self._kept[instance.id] = (instance.tokens, run)
            while len(self._kept) > self._hydrated:
                self._kept.popitem(last=False)

    def _to_rest(self, run: Run) -> None:
        """Run to the next wait state; on hold nothing runs, and what is ready waits."""
        if run.command.instance.state is InstanceState.SUSPENDED:
            run.hold()
            return
        run.to_rest(self._step_limit)
        while hear_kept(run):
            run.to_rest(self._step_limit)

    def _finish(self, run: Run) -> Instance:
        self._to_rest(run)
        return self._write(run)

    def _write(self, run: Run) -> Instance:
        command, before = run.command, run.command.instance.state
        instance = command.instance = write(run, command)
        if run.ended and before is InstanceState.SUSPENDED:
            for message in command.work.steering.held_messages(instance.id):
                command.work.steering.drop_held_message(message.id)
        if command.touched and instance.complaint_id is not None:
            bound_clocks.recompute(command.work, instance.complaint_id)
        if run.ended:
            # A run and its levels know one another: nobody would let them go before the collector looks for circles.
            run.levels.clear()
            del run.command
            self._ended(command.work, instance)
        else:
            self._keep(run)
        return instance

    def _ended(self, work: UnitOfWork, instance: Instance) -> None:
        """An instance is over."""
