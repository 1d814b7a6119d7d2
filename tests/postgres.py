"""A PostgreSQL 15 of our own for a test run: made by initdb in a scratch folder, reached by its unix socket alone."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

BINARIES = "/usr/lib/postgresql/15/bin"
MISSING = (
    "The tests need PostgreSQL 15: install the package postgresql-15 (initdb and pg_ctl were not found)."
)


class PostgresServer:
    """A running server; databases are made and dropped by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, database: str) -> str:
        """How SQLAlchemy reaches a database of this server."""
        return f"postgresql+psycopg://redress@/{database}?host={self.folder}"

    def make_database(self, name: str, template: str = "template0") -> str:
        """A new database; returns its URL."""
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database with whoever is still connected."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _run(self, text: str, *names: str) -> None:
        with psycopg.connect(
            host=str(self.folder), user="redress", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(sql.SQL(text).format(*[sql.Identifier(name) for name in names]))


IN_A_HURRY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
}
"""For tests, which lose nothing with the machine's power."""
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "512MB"}


def start(*, durable: bool = False) -> PostgresServer:
    """Make a cluster and start it; raises RuntimeError with a sentence where PostgreSQL is missing.

    A `durable` one has what it committed on the disk, as in a bank; others are quicker.
    """
    folder = Path(tempfile.mkdtemp(prefix="redress-pg-"))
    if os.geteuid() == 0:
        user = pwd.getpwnam(_unprivileged_user())
        os.chown(folder, user.pw_uid, user.pw_gid)
    settings = {
        "unix_socket_directories": str(folder),
        "listen_addresses": "",
        "max_connections": "200",
        **(DURABLE if durable else IN_A_HURRY),
    }
    _run(
        folder,
        "initdb",
        "-D",
        f"{folder}/data",
        "-U",
        "redress",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "-N",
    )
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    _run(folder, "pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-w", "-o", options, "start")
    return PostgresServer(folder)


def stop(server: PostgresServer) -> None:
    """Stop the server and remove its folder."""
    _run(server.folder, "pg_ctl", "-D", f"{server.folder}/data", "-m", "immediate", "stop")
    shutil.rmtree(server.folder, ignore_errors=True)


def _run(folder: Path, program: str, *arguments: str) -> None:
    command: Sequence[str] = [_binary(program), *arguments]
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        command = [
            "setpriv",
            "--reuid",
            _unprivileged_user(),
            "--regid",
            _group(),
            "--clear-groups",
            *command,
        ]
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{program} failed: {done.stdout.decode(errors='replace').strip()}")


def _binary(program: str) -> str:
    found = shutil.which(program, path=f"{BINARIES}:{os.environ.get('PATH', '')}")
    if found is None:
        raise RuntimeError(MISSING)
    return found


def _unprivileged_user() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL does not run as root, and there is neither a user postgres nor nobody.")


def _group() -> str:
    return str(pwd.getpwnam(_unprivileged_user()).pw_gid)
