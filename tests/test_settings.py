"""The REDRESS_* variables."""

from pathlib import Path

import pytest

from engine.settings import Settings, SettingsRefused


def test_with_nothing_set_everything_has_a_place() -> None:
    settings = Settings.from_env({"PATH": "/bin"})

    assert settings.home == Path("~/.local/share/redress").expanduser()
    assert settings.database_url == f"sqlite:///{settings.home / 'redress.sqlite'}"
    assert settings.secret_key is None
    assert settings.tick_seconds == 5


def test_the_database_follows_the_home(tmp_path: Path) -> None:
    settings = Settings.from_env({"REDRESS_HOME": str(tmp_path)})

    assert settings.database_url == f"sqlite:///{tmp_path / 'redress.sqlite'}"


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert Settings.from_env({"REDRESS_SMTP_URL": ""}).smtp_url is None


def test_unknown_settings_stop_the_start_with_their_names() -> None:
    with pytest.raises(SettingsRefused, match="REDRESS_DATABSE_URL, REDRESS_HOEM") as refused:
        Settings.from_env({"REDRESS_HOEM": "/srv", "REDRESS_DATABSE_URL": "sqlite://"})

    assert refused.value.details["names"] == ("REDRESS_DATABSE_URL", "REDRESS_HOEM")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDRESS_SECRET_KEY", "short"),
        ("REDRESS_BASE_URL", "complaints.bank.example"),
        ("REDRESS_SMTP_URL", "mail.bank.example:25"),
        ("REDRESS_TICK_SECONDS", "-1"),
        ("REDRESS_TICK_SECONDS", "3601"),
        ("REDRESS_TICK_SECONDS", "٥"),  # a digit, but not one that we read
        ("REDRESS_LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name):
        Settings.from_env({name: value})
