"""What an installation decides for itself: the REDRESS_* variables, read once when Redress starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from engine.domain.errors import RedressError

PREFIX = "REDRESS_"
LOG_LEVELS = ("debug", "info", "warning", "error")


class SettingsRefused(RedressError):
    """Redress cannot start with these settings."""

    code = "settings_refused"


def _told(meaning: str, default: str) -> Mapping[str, str]:
    """What the README's table says of a field: its meaning, and its default in words."""
    return {"meaning": meaning, "default": default}


@dataclass(frozen=True)
class Settings:
    """Every field is the variable REDRESS_<FIELD>; the README's table is tested against this class."""

    home: Path = field(
        default=Path("~/.local/share/redress"),
        metadata=_told("folder for files and keys", "`~/.local/share/redress`"),
    )
    database_url: str = field(
        default="",
        metadata=_told("SQLite or PostgreSQL, as SQLAlchemy writes it", "SQLite in `REDRESS_HOME`"),
    )
    secret_key: str | None = field(
        default=None,
        metadata=_told(
            "signs sessions and customers' secrets; the same for every process",
            "a key file that `redress init` makes in `REDRESS_HOME`",
        ),
    )
    base_url: str = field(
        default="http://127.0.0.1:8000",
        metadata=_told(
            "the address people reach Redress at; with https, cookies travel over https alone",
            "`http://127.0.0.1:8000`",
        ),
    )
    smtp_url: str | None = field(
        default=None,
        metadata=_told(
            "mail server for notices: `smtp://user:password@host:port`, or `smtps://` for TLS",
            "none: notices stand on the customer's page",
        ),
    )
    mail_from: str = field(
        default="redress@localhost", metadata=_told("sender of notices", "`redress@localhost`")
    )
    tick_seconds: int = field(
        default=5,
        metadata=_told(
            "how often due timers and outgoing messages are looked for; 0: not in this process", "`5`"
        ),
    )
    log_level: str = field(default="info", metadata=_told("debug, info, warning or error", "`info`"))

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings of an environment; raises SettingsRefused, naming what is unknown or cannot be."""
        given = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
        known = {variable(f.name) for f in fields(cls)}
        if unknown := sorted(given.keys() - known):
            raise SettingsRefused(
                f"Redress knows no setting named {', '.join(unknown)}. It knows {', '.join(sorted(known))}.",
                names=tuple(unknown),
            )
        texts = {name.removeprefix(PREFIX).lower(): value for name, value in given.items() if value != ""}
        home = Path(texts.get("home", str(cls.home))).expanduser().absolute()
        return cls(
            home=home,
            database_url=texts.get("database_url") or f"sqlite:///{home / 'redress.sqlite'}",
            secret_key=_secret(texts.get("secret_key")),
            base_url=_address(texts.get("base_url", cls.base_url)),
            smtp_url=_mail_server(texts.get("smtp_url")),
            mail_from=texts.get("mail_from", cls.mail_from),
            tick_seconds=_seconds(texts.get("tick_seconds", str(cls.tick_seconds))),
            log_level=_level(texts.get("log_level", cls.log_level)),
        )


def variable(name: str) -> str:
    """The variable of a field: REDRESS_HOME for home."""
    return PREFIX + name.upper()


def _secret(text: str | None) -> str | None:
    if text is not None and len(text) < 32:
        raise SettingsRefused("REDRESS_SECRET_KEY must have 32 characters or more.")
    return text


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise SettingsRefused("REDRESS_BASE_URL must start with http:// or https://.")
    return text.rstrip("/")


def _mail_server(text: str | None) -> str | None:
    if text is not None and not text.startswith(("smtp://", "smtps://")):
        raise SettingsRefused("REDRESS_SMTP_URL must start with smtp:// or smtps://.")
    return text


def _seconds(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 3600:
        raise SettingsRefused("REDRESS_TICK_SECONDS must be a whole number from 0 to 3600.")
    return int(text)


def _level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise SettingsRefused(f"REDRESS_LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}.")
    return text.lower()
