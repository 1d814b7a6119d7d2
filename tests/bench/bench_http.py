"""W1 over HTTP: signed in at the real desk, each task completed by sending its form, by so many browsers at once.

The serving process has one core, the browsers the other. Started by run.py; prints one line of JSON; the processor's
seconds are those of the serving process.
"""

import http.client
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from tests.bench.cores import HELPING, WORKING, on_core
from tests.bench.measuring import answers

BROWSERS = 16
ROAD = (
    (2, "first"),
    (4, "second"),
    (5, "third"),
    (6, "fourth"),
    (7, "fifth"),
    (10, "left"),
    (11, "middle"),
    (12, "right"),
)
TICKS = os.sysconf("SC_CLK_TCK")


class Browser:
    """One connection that stays open, and its cookies."""

    def __init__(self, desk: dict[str, Any]) -> None:
        self.desk = desk
        self.connection = http.client.HTTPConnection(desk["address"], timeout=60)
        self.cookies: dict[str, str] = {}
        self.signed_in = False
        page = self.send("GET", "/desk/sign-in")
        token = self.token(page)
        self.send("POST", "/desk/sign-in", csrf_token=token, login=desk["login"], password=desk["password"])
        self.csrf = self.token(self.send("GET", "/desk/"))
        self.signed_in = True  # from here on the cookies stay: nobody looks at the pages that say "done"

    def send(self, method: str, path: str, **form: str) -> str:
        """Ask; the text of the answer: a page, or what leads to one after a form, which nothing may be wrong with."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, urlencode(form) if form else None, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and not self.signed_in:
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        if answer.status != (303 if form else 200):
            raise SystemExit(f"{method} {path}: {answer.status} {text[:500]}")
        return text

    def token(self, page: str) -> str:
        """The CSRF token of a page."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None, page[:500]
        return found[1]

    def complete(self, instance: int, token: int, element: str) -> None:
        """Send the form of a task."""
        typed = {name: str(value) for name, value in answers(instance, element).items() if value is not False}
        version = {"version": "1", "form_hash": self.desk["form_hash"], "csrf_token": self.csrf}
        self.send("POST", f"/desk/tasks/{instance}-{token}/complete", **typed, **version)


def main(folder: str, cases: int) -> None:
    """Work so many cases through the desk."""
    with on_core(WORKING):
        serving = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("http_desk.py")), folder, str(cases)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    os.sched_setaffinity(0, {HELPING})
    try:
        assert serving.stdout is not None
        desk = json.loads(serving.stdout.readline())
        mine = local()
        took: list[float] = []

        def sign_in() -> None:
            mine.browser = Browser(desk)

        def work_through(instance: int) -> None:
            for token, element in ROAD:
                before = perf_counter()
                mine.browser.complete(instance, token, element)
                took.append(perf_counter() - before)

        with ThreadPoolExecutor(BROWSERS, initializer=sign_in) as pool:
            list(pool.map(lambda _: None, range(BROWSERS * 4)))
            cpu, wall = _cpu_seconds(serving.pid), perf_counter()
            list(pool.map(work_through, desk["instances"]))
            wall, cpu = perf_counter() - wall, _cpu_seconds(serving.pid) - cpu
    finally:
        serving.kill()
        serving.wait()
    took.sort()
    print(
        json.dumps(
            {
                "wall": len(took) / wall,
                "cpu": len(took) / cpu,
                "p50_ms": took[len(took) // 2] * 1000,
                "p95_ms": took[len(took) * 95 // 100] * 1000,
            }
        )
    )


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
