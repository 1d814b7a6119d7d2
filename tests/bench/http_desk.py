"""The desk that bench_http.py asks: a demo bank with W1 released, and cases of it waiting. Prints where, then serves."""

import json
import sys
from pathlib import Path
from typing import Any

import waitress

from engine import bootstrap
from engine.cli.serve import THREADS
from engine.domain.actor import SYSTEM
from engine.domain.organisation import Role
from engine.runtime import memory
from engine.runtime.keys import demo_password
from engine.settings import Settings
from engine.use_cases.demo_bank import accounts
from forms.library import FormLibrary
from tests.bench.w1_diagram import FORM, zeebe
from web.app import create_app


def main(folder: str, cases: int) -> None:
    """Serve until the process is ended."""
    settings = Settings.from_env({"REDRESS_HOME": str(Path(folder) / "home"), "REDRESS_TICK_SECONDS": "0"})
    bootstrap.prepare(settings, demo=True)
    files = {"w1.bpmn": zeebe(), "forms/w1.form": FORM.encode()}
    with bootstrap.opened(settings) as house:
        with house.ports.unit_of_work(SYSTEM) as work:
            work.releases.add({**bootstrap.shipped_definitions(), **files})
        instances = [_start(house) for _ in range(cases)]
        server: Any = waitress.create_server(create_app(house), host="127.0.0.1", port=0, threads=THREADS)
        login = next(person.login for role, person in accounts(house.ports) if role is Role.HANDLER)
        told = {
            "address": f"127.0.0.1:{server.effective_port}",
            "login": login,
            "password": demo_password(settings),
            "instances": instances,
            "form_hash": FormLibrary(files).form("w1").hash,
        }
        print(json.dumps(told), flush=True)
        memory.settle()
        server.run()


def _start(house: bootstrap.App) -> int:
    with house.ports.unit_of_work(SYSTEM) as work:
        return house.ports.engine.start(work, "w1").id


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
