"""Instances moved to another release, and taken back: planned, carried out, remembered."""

from __future__ import annotations

from engine.bpmn import bound_clocks
from engine.bpmn.definitions import Definitions
from engine.bpmn.instances import Instances
from engine.bpmn.run import Run
from engine.bpmn.steering.carrying import carried
from engine.bpmn.steering.picture import picture, put_back
from engine.bpmn.steering.plan import plan
from engine.domain.errors import NotFound, OutOfOrder, ValueRefused
from engine.domain.evolving import evolve
from engine.domain.migration import Mappings, MigrationPlan
from engine.domain.running import Migration
from engine.domain.steering import Why
from engine.ports import UnitOfWork


class Migrating(Instances):
    """Moves instances that run or are on hold from the release they are on to another one."""

    def plan_migration(
        self, work: UnitOfWork, instance_id: int, release_id: int, mappings: Mappings
    ) -> MigrationPlan:
        """What would happen; changes nothing. Raises OutOfOrder once the instance is over."""
        run = self._open_at_rest(work, instance_id)
        told = plan(run, self._release(work, release_id), mappings).told
        self._keep(run)
        return told

    def migrate(
        self, work: UnitOfWork, instance_id: int, release_id: int, mappings: Mappings, why: Why
    ) -> MigrationPlan:
        """Do it, if nothing speaks against it; the plan says what was done, or why nothing was."""
        run = self._open_at_rest(work, instance_id)
        planned = plan(run, self._release(work, release_id), mappings)
        told = planned.told
        if not told.is_needed or not told.is_possible:
            self._keep(run)
            return told
        before = run.command.instance
        kept = picture(work, before, planned.offers)
        moved = carried(planned, lambda id: self._definitions_of(work, id))
        moved.command.record("process.migrated", None, {**_between(told, mappings), **why.detail})
        went_on = self._goes_on(moved)
        after = self._write(moved)
        work.steering.add_migration(
            Migration(
                0,
                instance_id,
                work.now,
                work.actor.name,
                why.reason,
                told.from_release_id,
                told.to_release_id,
                mappings,
                kept,
                None if went_on else after.version,
            )
        )
        return told

    def take_back(self, work: UnitOfWork, instance_id: int, why: Why) -> bool:
        """Put the rows back as they were before the newest migration; False if that was taken back already.

        Raises OutOfOrder if the instance moved on since, or was never migrated.
        """
        instance = work.processes.lock(instance_id)
        migrations = work.steering.migrations(instance_id)
        if not migrations:
            raise OutOfOrder(f"Instance {instance_id} was never migrated.")
        newest = migrations[-1]
        if newest.taken_back_at is not None:
            return False
        if newest.left_version is None:
            raise OutOfOrder(f"Instance {instance_id} went on at once when it was migrated.")
        if instance.version != newest.left_version:
            raise OutOfOrder(f"Instance {instance_id} moved on since it was migrated.")
        put_back(work, instance, newest.before)
        if instance.complaint_id is not None:
            bound_clocks.recompute(work, instance.complaint_id)
        work.steering.save_migration(evolve(newest, taken_back_at=work.now))
        back = work.processes.get(instance_id)
        detail = {"from_release": newest.to_release_id, "to_release": newest.from_release_id}
        self._command(work, back).record("process.migration_taken_back", None, {**detail, **why.detail})
        return True

    def _goes_on(self, run: Run) -> bool:
        """Let it come to rest; whether it did anything: a message was kept for a new event, or a join waits no longer."""
        counter, tokens = run.counter, set(run.tokens)
        self._to_rest(run)
        return run.counter != counter or set(run.tokens) != tokens or bool(run.failures)

    def _release(self, work: UnitOfWork, release_id: int) -> Definitions:
        try:
            return self._definitions_of(work, release_id)
        except NotFound:
            raise ValueRefused(f"There is no release {release_id}.", field="release") from None


def _between(told: MigrationPlan, mappings: Mappings) -> dict[str, object]:
    return {
        "from_release": told.from_release_id,
        "to_release": told.to_release_id,
        "mapping": {process: dict(names) for process, names in mappings.items()},
    }
