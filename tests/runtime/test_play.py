"""The play: a few days at the demo bank through the real store, the real processes and the real forms."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine import bootstrap
from engine.domain.actor import SYSTEM
from engine.domain.archive import first_break
from engine.domain.errors import NotAllowed
from engine.domain.task import TaskState
from engine.runtime.clock import MovableClock
from engine.runtime.play import play
from engine.runtime.play_answers import ANSWERS
from engine.runtime.play_words import EN, GRIEVANCES, ZH
from engine.settings import Settings
from forms.library import FormLibrary, shipped_files

UNTIL = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def house(home: Path, clock: MovableClock, *, demo: bool) -> bootstrap.App:
    settings = Settings.from_env({"REDRESS_HOME": str(home)})
    bootstrap.prepare(settings, demo=demo, clock=clock)
    return bootstrap.build(settings, clock=clock)


def test_days_at_the_bank_leave_cases_at_every_stage_and_no_incident(tmp_path: Path) -> None:
    clock = MovableClock(UNTIL - timedelta(days=12))
    app = house(tmp_path, clock, demo=True)

    shares = [
        progress.share
        for progress in play(
            app.ports, clock, app.senders, app.forms, days=12, per_day=2, seed=7, until=UNTIL
        )
    ]

    with app.ports.unit_of_work(SYSTEM) as work:
        complaints = work.complaints.find()
        incidents = work.processes.incidents()
        tasks = Counter(task.state for task in work.tasks.find())
        volumes = work.volumes.find()
    app.close()
    assert len(complaints) >= 20
    assert len({complaint.stage for complaint in complaints}) >= 3
    assert incidents == []
    assert tasks[TaskState.DONE] > 40
    assert volumes
    assert first_break(volumes) is None
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert clock.now() == UNTIL


def test_a_real_banks_database_is_never_played_in(tmp_path: Path) -> None:
    clock = MovableClock(UNTIL)
    app = house(tmp_path, clock, demo=False)

    with pytest.raises(NotAllowed, match="demo database"):
        play(app.ports, clock, app.senders, app.forms, days=1, per_day=1, seed=1, until=UNTIL)

    app.close()


def test_every_form_of_the_road_has_somebody_who_fills_it() -> None:
    forms = {form.id for form in FormLibrary(shipped_files())}

    assert forms - {"complaint", "staff_complaint", "imported_complaint"} <= set(ANSWERS)


def test_customers_speak_both_languages_of_everything() -> None:
    assert len(GRIEVANCES) >= 40
    for language in (ZH, EN):
        assert len({grievance.nature for grievance in GRIEVANCES if grievance.language == language}) == 6
