"""W1 on Viewflow 2, in its own environment (it is AGPL: measured, never imported by Redress or shipped with it).

Started by run.py with that environment's Python; prints one line of JSON.
"""

import sys
from pathlib import Path

import django
from django.conf import settings

from tests.bench.measuring import Watch, answers, sqlite_bytes

DATABASE = str(Path(sys.argv[1]) / "viewflow.sqlite")
CASES = int(sys.argv[2])

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATABASE,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "viewflow",
        "viewflow.workflow",
        "tests.bench.viewflow_w1",
    ],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    SECRET_KEY="measured on this machine alone",
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402 (Django wants its settings first)
from django.core.management import call_command  # noqa: E402
from viewflow.workflow.models import Task  # noqa: E402

from tests.bench.viewflow_w1.flows import W1Flow  # noqa: E402


def complete(task, user, typed):
    """What a view does when its form is sent: assign, start, keep what was typed, go on."""
    with task.activation() as activation:
        activation.assign(user)
        activation.start(None)
        activation.process.data.update(typed)
        activation.process.save()
        activation.execute()


def main():
    """Work so many cases from their start to their end."""
    call_command("migrate", verbosity=0, interactive=False)
    user = User.objects.create(username="handler")
    watch = Watch()
    before = sqlite_bytes(DATABASE)
    for case in range(CASES):
        process = watch.time(W1Flow.start.run, counts=False)
        waiting = Task.objects.filter(process=process, flow_task_type="HUMAN", status="NEW").order_by("id")
        while (task := waiting.first()) is not None:
            typed = answers(case, task.flow_task.name)
            watch.time(lambda task=task, typed=typed: complete(task, user, typed))
        process.refresh_from_db()
        if process.status != "DONE":
            raise SystemExit(f"case {case} is {process.status}")
    if len(watch.steps) != CASES * 8:
        raise SystemExit(f"{len(watch.steps)} tasks in {CASES} cases")
    watch.report(CASES, sqlite_bytes(DATABASE) - before)


main()
