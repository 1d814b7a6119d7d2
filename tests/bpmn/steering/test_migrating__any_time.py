"""Every variant of the dialect, moved between two versions before each of its steps: one has all its nodes renamed.

Each time the dry run says what the real one does, and taken back every row is as it was, byte for byte.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from engine.domain.running import InstanceState
from engine.runtime.clock import MovableClock
from tests.bpmn.conformance.table import FOLDER, VARIANTS
from tests.bpmn.conformance.test_conformance import carry_out
from tests.bpmn.conformance.variant import Variant
from tests.builders.renaming import plain_name, renamed
from tests.builders.steered import SteeredBank


class RenamedBank(SteeredBank):
    """Calls the elements of both versions by the names of the first."""

    @property
    def open(self) -> list[str]:
        return sorted(plain_name(task.element) for task in self.tasks)

    @property
    def incidents(self) -> list[str]:
        return sorted(
            f"{plain_name(element)}: {code}"
            for element, _, code in (incident.partition(": ") for incident in super().incidents)
        )

    def do(self, element: str, /, **variables: Any) -> None:
        """Complete the oldest open task of an element."""
        super().do(self._now(element), **variables)

    def do_item(self, element: str, place: int, /, **variables: Any) -> None:
        """Complete the task of one item."""
        super().do_item(self._now(element), place, **variables)

    def _now(self, element: str) -> str:
        return next(task.element for task in self.tasks if plain_name(task.element) == element)


def migrate_all(bank: RenamedBank, to: Mapping[int, tuple[int, Any]]) -> None:
    """Move every living instance to the other release, back, and there again."""
    for instance in bank.alive():
        release, mappings = to[bank.row(instance).release_id]
        before = bank.rows_of(instance)
        planned = bank.plan(release, mappings, instance)
        assert planned.reasons == ()
        assert bank.rows_of(instance) == before
        assert bank.migrate(release, mappings, instance) == planned
        if bank.migrations(instance)[-1].left_version is not None:
            assert bank.take_back(instance)
            assert bank.rows_of(instance) == before
            bank.migrate(release, mappings, instance)
        assert bank.row(instance).release_id == release
        assert bank.row(instance).state is InstanceState.RUNNING


@pytest.mark.parametrize(
    "variant",
    [variant for variant in VARIANTS if variant.steps],
    ids=lambda variant: variant.file.removesuffix(".bpmn"),
)
def test_a_variant_takes_its_way(variant: Variant, sqlite_url: str, clock: MovableClock) -> None:
    bank = RenamedBank(sqlite_url, clock, hydrated=len(variant.steps) % 2 * 50)
    content = (FOLDER / variant.file).read_bytes()
    other, there = renamed(content, variant.begin)
    _, back = renamed(content, variant.begin, back=True)
    first = bank.release(content, files=variant.files)
    instance = bank.start("p", **variant.begin) if variant.begin is not None else 0
    second = bank.release(other, files=variant.files)
    to = {first.id: (second.id, there), second.id: (first.id, back)}

    for step in variant.steps:
        migrate_all(bank, to)
        carry_out(bank, step)
        bank.assert_stored_as_dumped_anew()

    assert [plain_name(element) for element in bank.path] == list(variant.path)
    assert bank.open == sorted(variant.open)
    assert bank.incidents == sorted(variant.incidents)
    if variant.variables is not None:
        assert bank.variables(instance) == dict(variant.variables)
    bank.close()
