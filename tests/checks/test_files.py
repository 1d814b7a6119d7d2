"""Which files are checked and which are looked at around them."""

from pathlib import Path

from engine.checks import read_given
from engine.checks.files import context_of
from tests.builders.checking import a_form
from tests.builders.diagrams import diagram, end, flows, process, start


def a_process(id: str) -> bytes:
    return diagram(process(id, start(), end(), flows("start", "end")))


def written(folder: Path, **files: bytes) -> Path:
    """A folder with these files; "__" in a name stands for a slash, "_" before the ending for a point."""
    for name, content in files.items():
        path = folder / (name.replace("__", "/").rpartition("_")[0] + "." + name.rpartition("_")[2])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def names(files: object) -> list[str]:
    assert isinstance(files, dict)
    return sorted(Path(name).name for name in files)


def test_a_folder_is_walked_and_hidden_things_are_not(tmp_path: Path) -> None:
    written(
        tmp_path, a_bpmn=b"", deep__down__b_dmn=b"", deep__c_form=b"", d_txt=b"", node_modules__e_bpmn=b""
    )
    written(tmp_path / ".hidden", f_bpmn=b"")

    assert names(read_given([tmp_path]).files) == ["a.bpmn", "b.dmn", "c.form"]


def test_a_file_named_twice_is_checked_once(tmp_path: Path) -> None:
    written(tmp_path, a_bpmn=b"")

    assert len(read_given([tmp_path, tmp_path / "a.bpmn", tmp_path / "." / "a.bpmn"])) == 1


def test_a_folder_that_leads_into_itself_is_walked_once(tmp_path: Path) -> None:
    written(tmp_path, a_bpmn=b"")
    (tmp_path / "again").symlink_to(tmp_path)

    assert names(read_given([tmp_path]).files) == ["a.bpmn"]


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    large = tmp_path / "large.bpmn"
    with large.open("wb") as file:
        file.truncate(100_000_000)

    given = read_given([large])

    assert given.files == {}
    (problem,) = given.unreadable
    assert problem.message == "the file has 100,000,000 bytes, more than 20,000,000"


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "gone.bpmn").symlink_to(tmp_path / "nowhere")

    (problem,) = read_given([tmp_path / "gone.bpmn"]).unreadable

    assert (problem.rule, problem.message) == ("file", "it cannot be read: No such file or directory")


def test_what_is_beside_a_file_and_in_this_folder_may_be_referred_to(tmp_path: Path) -> None:
    ours = written(tmp_path / "ours", a_bpmn=a_process("a"), b_bpmn=a_process("b"), decisions__d_dmn=b"x")
    here = written(
        tmp_path / "here", workflows__c_bpmn=a_process("c"), forms__definitions__f_form=b"x", e_bpmn=b"x"
    )

    context = context_of(read_given([ours / "a.bpmn"]), here, {})

    assert names(context) == ["b.bpmn", "c.bpmn", "d.dmn", "f.form"]


def test_the_nearest_edition_wins(tmp_path: Path) -> None:
    ours = written(tmp_path / "ours", a_bpmn=a_process("a"), b_bpmn=a_process("b"))
    here = written(
        tmp_path / "here", workflows__other_bpmn=a_process("b"), workflows__mine_bpmn=a_process("a")
    )
    shipped = {"b.bpmn": a_process("b"), "c.bpmn": a_process("c"), **a_form("f", "x")}

    context = context_of(read_given([ours / "a.bpmn"]), here, shipped)

    assert sorted(context) == sorted(["c.bpmn", "forms/f.form", (ours / "b.bpmn").as_posix()])


def test_files_around_are_read_up_to_a_limit(tmp_path: Path) -> None:
    written(tmp_path, a_bpmn=a_process("a"), b_bpmn=a_process("b"))
    with (tmp_path / "aa.bpmn").open("wb") as file:
        file.truncate(50_000_000)

    assert names(context_of(read_given([tmp_path / "a.bpmn"]), tmp_path / "no", {})) == ["b.bpmn"]
