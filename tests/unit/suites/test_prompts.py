from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from harness.errors import ConfigError
from harness.suites.prompts import load_prompt

if TYPE_CHECKING:
    from pathlib import Path


def test_reads_the_version_and_the_text_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "v1.2.md"
    path.write_bytes("Extract “facts”.\r\n".encode())
    prompt = load_prompt(path)
    assert (prompt.version, prompt.text) == ("v1.2", "Extract “facts”.\r\n")
    assert prompt.sha256 == hashlib.sha256(prompt.text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("data", "words"),
    [(None, "does not exist"), (b" \n", "is empty"), (b"a\n\xe9", ":2: the prompt is not UTF-8")],
)
def test_refuses(tmp_path: Path, data: bytes | None, words: str) -> None:
    path = tmp_path / "v1.md"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ConfigError, match=words):
        load_prompt(path)


def test_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the prompt is not a file"):
        load_prompt(tmp_path)
