"""The secret of an installation: from REDRESS_SECRET_KEY, or from a file in REDRESS_HOME that only its owner reads."""

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
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = key_file(settings)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return secret_key(settings)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return secret_key(settings)


def key_file(settings: Settings) -> Path:
    """Where the secret is kept."""
    return settings.home / "secret.key"
