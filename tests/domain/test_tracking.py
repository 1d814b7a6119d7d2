"""The customer's secret: the same message gives the same one, and it is forgiving to type."""

from engine.domain.tracking import GROUPS, LETTERS, hash_of, is_secret, secret_of


def test_the_same_message_gives_the_same_secret_and_another_one_another() -> None:
    assert secret_of(b"key", "portal:1") == secret_of(b"key", "portal:1")
    assert (
        len({secret_of(b"key", "portal:1"), secret_of(b"key", "portal:2"), secret_of(b"yek", "portal:1")})
        == 3
    )


def test_a_secret_is_readable_in_groups_of_letters_that_are_not_mistaken() -> None:
    groups = secret_of(b"key", "portal:1").split("-")

    assert [len(group) for group in groups] == [4] * GROUPS
    assert set("".join(groups)) <= set(LETTERS)
    assert not set("01IO") & set(LETTERS)


def test_spaces_and_small_letters_do_not_matter() -> None:
    secret = secret_of(b"key", "portal:1")

    assert is_secret(f" {secret.lower().replace('-', ' ')} ", hash_of(secret))
    assert not is_secret(secret[:-1], hash_of(secret))
