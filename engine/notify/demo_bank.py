"""The core bank of the demo: it freezes and pays at once, and refuses the same few every time it is asked."""

from decimal import Decimal, InvalidOperation
from hashlib import sha256

from engine.ports import GiveUp

REFUSED_IN = 25
"""One payment in so many goes to an account that is closed, so that the demo shows a repair."""


class DemoBank:
    """Implements `engine.ports.CoreBank` without a bank behind it; the same reference gives the same receipt."""

    def freeze(self, reference: str, reason: str) -> str:
        """Freeze card or payment; returns the receipt."""
        return f"F-{_digest(reference)}"

    def pay(self, reference: str, amount: str, currency: str) -> str:
        """Pay; returns the receipt. Raises GiveUp for a closed account or an amount that is none."""
        try:
            worth = Decimal(amount)
        except InvalidOperation:
            raise GiveUp(f"{amount!r} is no amount.") from None
        if not worth.is_finite() or worth < 0:
            raise GiveUp(f"{amount} {currency} cannot be paid.")
        if int(_digest(reference), 16) % REFUSED_IN == 0:
            raise GiveUp("The customer's account is closed.")
        return f"P-{_digest(reference)}"


def _digest(reference: str) -> str:
    return sha256(reference.encode()).hexdigest()[:10].upper()
