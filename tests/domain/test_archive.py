"""The archive: a manifest that depends on the files alone, and a chain in which a change shows."""

from dataclasses import replace

from engine.domain.archive import Volume, first_break, link_of, manifest, sha256_of
from tests.builders.cases import MONDAY


def chain(*hashes: str) -> list[Volume]:
    volumes: list[Volume] = []
    for number, hashed in enumerate(hashes, 1):
        previous = volumes[-1].link if volumes else ""
        volumes.append(
            Volume(number, number, 1, MONDAY, "Li Lei", "file", hashed, previous, link_of(previous, hashed))
        )
    return volumes


def test_a_manifest_depends_on_nothing_but_the_files() -> None:
    one = manifest("C-1", 1, {"b": b"2", "a": b"1"})

    assert one == manifest("C-1", 1, {"a": b"1", "b": b"2"})
    assert one != manifest("C-1", 1, {"a": b"1", "b": b"3"})
    assert sha256_of(b"2").encode() in one


def test_an_unbroken_chain_has_no_break() -> None:
    assert first_break(chain("a", "b", "c")) is None


def test_a_changed_volume_breaks_the_chain_there() -> None:
    volumes = chain("a", "b", "c")
    volumes[1] = replace(volumes[1], sha256="x")

    assert volumes[1] == first_break(volumes)


def test_a_missing_volume_breaks_the_chain_after_it() -> None:
    volumes = chain("a", "b", "c")

    assert volumes[2] == first_break([volumes[0], volumes[2]])
