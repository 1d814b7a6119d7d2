"""The secrets of an installation: from its settings, or from files in REDRESS_HOME that only their owner reads."""

import os
import secrets
from pathlib import Path

from engine.settings import Settings, SettingsRefused


def secret_key(settings: Settings) -> bytes:
    """The secret that signs sessions and customers' secrets; raises SettingsRefused if there is none yet."""
    if settings.secret_key is not None:
        return settings.secret_key.encode()
    try:
        key = key_file(settings).read_bytes().strip()
    except FileNotFoundError:
        raise SettingsRefused(
            f"There is no key in {settings.home}: run `redress init` first, or set REDRESS_SECRET_KEY."
        ) from None
    if len(key) < 32:
        raise SettingsRefused(
            f"The key in {key_file(settings)} is damaged: it must have 32 characters or more."
        )
    return key


def make_secret_key(settings: Settings) -> bytes:
    """The secret, made now if there is none; the file is readable by its owner alone."""
    if settings.secret_key is None:
        _make(key_file(settings), secrets.token_hex(32))
    return secret_key(settings)


def make_demo_password(settings: Settings) -> str:
    """The password of every demo account, made now if there is none."""
    _make(demo_password_file(settings), secrets.token_hex(5))
    return demo_password_file(settings).read_text().strip()


def demo_password(settings: Settings) -> str | None:
    """The password of every demo account; None where there is no demo bank."""
    try:
        return demo_password_file(settings).read_text().strip()
    except FileNotFoundError:
        return None


def key_file(settings: Settings) -> Path:
    """Where the secret is kept."""
    return settings.home / "secret.key"


def demo_password_file(settings: Settings) -> Path:
    """Where the password of the demo accounts is kept."""
    return settings.home / "demo-password"


def _make(path: Path, content: str) -> None:
    """Write a file that only its owner reads, unless it is there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(content + "\n")
        file.flush()
        os.fsync(file.fileno())
