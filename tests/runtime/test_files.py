"""The file store on this machine."""

from hashlib import sha256
from pathlib import Path

import pytest

from engine.domain.errors import NotFound
from engine.runtime.files import FileDamaged, LocalFiles


def test_what_is_put_in_comes_out(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)

    stored_as = files.put(b"receipt", name="receipt.txt")

    assert files.get(stored_as) == b"receipt"
    assert stored_as == sha256(b"receipt").hexdigest()


def test_the_same_bytes_are_kept_once_and_nothing_else_is_left(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)

    assert files.put(b"photo", name="a.jpg") == files.put(b"photo", name="b.jpg")

    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("name", ["0" * 64, "../secret.key", "/etc/passwd", "", "A" * 64])
def test_a_name_that_was_never_given_out_is_not_found(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        LocalFiles(tmp_path).get(name)


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    stored_as = files.put(b"1,000.00 CNY", name="plan.txt")

    (tmp_path / stored_as[:2] / stored_as).write_bytes(b"9,000.00 CNY")

    with pytest.raises(FileDamaged, match=stored_as):
        files.get(stored_as)
