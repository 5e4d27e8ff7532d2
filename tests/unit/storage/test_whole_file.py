"""A file is there as a whole, or what was there before is."""

import stat
from pathlib import Path

import pytest

from harness.errors import StoreError
from harness.storage.whole_file import whole_file


def test_it_is_there_when_all_went_well(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with whole_file(path, "the text") as part:
        assert part.parent == tmp_path
        part.write_text("one")
        assert not path.exists()
    assert path.read_text() == "one"
    plain = tmp_path / "plain.txt"
    plain.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    assert sorted(tmp_path.iterdir()) == [path, plain]


@pytest.mark.parametrize("error", [ValueError("stopped"), KeyboardInterrupt()])
def test_what_was_there_stays_when_something_went_wrong(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")

    def broken() -> None:
        with whole_file(path, "the text", overwrite=True) as part:
            part.write_text("half")
            raise error

    with pytest.raises(type(error)):
        broken()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")
    with pytest.raises(StoreError, match="there already"), whole_file(path, "the text"):
        raise AssertionError("nothing is to be written")
    assert path.read_text() == "before"


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="the text cannot be written"),
        whole_file(tmp_path / "nowhere" / "a.txt", "the text"),
    ):
        raise AssertionError("nothing is to be written")
