"""A complaint on its way in: what every channel hands to the register."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.domain.complaint import Channel
from engine.domain.errors import ValueRefused

LONGEST_TEXT = 50_000
REGIMES = {"CN": "CN", "GB": "UK", "US": "US"}
CURRENCIES = {"CN": "CNY", "UK": "GBP", "US": "USD"}


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """What is known when a complaint arrives. `unit` is the code of the receiving unit, `further` what a form asked
    beside it."""

    text: str
    channel: Channel
    wish: str | None = None
    product: str | None = None
    amount: Decimal | None = None
    customer_name: str | None = None
    customer_email: str | None = None
    customer_phone: str | None = None
    contact_by: str | None = None
    language: str | None = None
    regime: str | None = None
    currency: str | None = None
    unit: str | None = None
    received_at: datetime | None = None
    external_reference: str | None = None
    further: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueRefused("Please tell us what happened.", field="text")
        if len(self.text) > LONGEST_TEXT:
            raise ValueRefused(f"Please use at most {LONGEST_TEXT} characters.", field="text")


def language_of(text: str) -> str:
    """The language we answer in when nobody chose one: Chinese if a good part of the letters is."""
    letters = [letter for letter in text[:2000] if letter.isalpha()]
    chinese = sum("\u4e00" <= letter <= "\u9fff" for letter in letters)
    return "zh_Hans_CN" if letters and chinese * 4 > len(letters) else "en"


def contact_of(email: str | None, phone: str | None) -> str:
    """How we reach somebody who did not choose."""
    return "email" if email else "phone" if phone else "post"
