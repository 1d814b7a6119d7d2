"""The secret of an installation."""

import stat
from pathlib import Path

import pytest

from engine.runtime.keys import key_file, make_secret_key, secret_key
from engine.settings import Settings, SettingsRefused


def _settings(home: Path, **more: str) -> Settings:
    return Settings.from_env({"REDRESS_HOME": str(home), **more})


def test_init_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "home")

    key = make_secret_key(settings)

    assert stat.S_IMODE(key_file(settings).stat().st_mode) == 0o600
    assert secret_key(settings) == key
    assert len(key) == 64


def test_a_second_init_keeps_the_key(tmp_path: Path) -> None:
    settings = _settings(tmp_path)

    assert make_secret_key(settings) == make_secret_key(settings)


def test_without_a_key_nothing_starts(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="redress init"):
        secret_key(_settings(tmp_path))


def test_a_damaged_key_file_is_refused(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    key_file(settings).write_text("short")

    with pytest.raises(SettingsRefused, match="damaged"):
        secret_key(settings)


def test_a_key_that_is_given_is_used_and_no_file_is_made(tmp_path: Path) -> None:
    settings = _settings(tmp_path, REDRESS_SECRET_KEY="k" * 32)

    assert make_secret_key(settings) == b"k" * 32
    assert list(tmp_path.iterdir()) == []
