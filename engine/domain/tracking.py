"""How a customer proves that a complaint is theirs: a secret derived from the intake, readable in groups."""

from hashlib import sha256
from hmac import compare_digest, new

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, GROUP = 5, 4


def secret_of(secret_key: bytes, intake_key: str) -> str:
    """The secret of the complaint this message made, as "7KQ2-…"; the same message always gives the same one."""
    digest = int.from_bytes(new(secret_key, b"tracking:" + intake_key.encode(), sha256).digest(), "big")
    letters = "".join(LETTERS[(digest >> 5 * n) & 31] for n in range(GROUPS * GROUP))
    return "-".join(letters[n : n + GROUP] for n in range(0, len(letters), GROUP))


def hash_of(secret: str) -> str:
    """What the register keeps of a secret; how it is grouped and whether typed in capitals does not matter."""
    return sha256(b"redress:" + plain(secret).encode()).hexdigest()


def is_secret(secret: str, secret_hash: str) -> bool:
    """Whether this is the secret the register knows."""
    return compare_digest(hash_of(secret), secret_hash)


def plain(secret: str) -> str:
    """The secret as compared: letters and figures only, in capitals."""
    return "".join(letter for letter in secret.upper() if letter.isalnum())
