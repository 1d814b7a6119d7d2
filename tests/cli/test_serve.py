"""`redress serve` in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_serve_says_where_it_is_answers_and_ends_when_told(home: Path) -> None:
    port = _free_port()
    process = subprocess.Popen(
        [Path(sys.executable).with_name("redress"), "serve", "--port", str(port)],
        env={**os.environ, "REDRESS_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == f"Redress is at http://127.0.0.1:{port}/\n"
        password = (home / "demo-password").read_text().strip()
        assert password in process.stdout.readline()
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
            assert (answer.status, answer.read()) == (200, b'{"status":"ok"}\n')
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 0


def test_a_port_that_is_taken_is_said(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        served = subprocess.run(
            [Path(sys.executable).with_name("redress"), "serve", "--port", str(port)],
            env={**os.environ, "REDRESS_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    assert served.returncode == 75
    assert f"127.0.0.1:{port}" in served.stderr
    assert len(served.stderr.splitlines()) == 1


def test_a_worker_works_until_it_is_told_to_stop(home: Path) -> None:
    process = subprocess.Popen(
        [Path(sys.executable).with_name("redress"), "worker"],
        env={**os.environ, "REDRESS_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "The worker looks every 5 s; stop it with Ctrl+C.\n"
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "")
