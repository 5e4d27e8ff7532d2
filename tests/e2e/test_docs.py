"""What the pages for users say to type is what the command takes."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.cli.commands import build_parser
from harness.cli.parsing import find_command

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(?:sh|bash|console|shell)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SCREEN = re.compile(r"<!-- screen: (harness .*?) -->")
_PLACEHOLDER = re.compile(r"<[^>]*>|…|\.\.\.")


def typed(page: Path) -> Iterator[str]:
    """The lines of a page's shell blocks that call the command, and the commands of its screens."""
    text = page.read_text(encoding="utf-8")
    yield from _SCREEN.findall(text)
    for block in _BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            command = line.strip().removeprefix("$ ")
            if command.startswith("harness ") and not _PLACEHOLDER.search(command):
                yield command


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_every_command_of_a_page_parses(page: Path) -> None:
    commands = list(typed(page))
    assert commands or page.parent != ROOT
    for command in commands:
        words = shlex.split(re.split(r"[|>;&]", command)[0], comments=True)[1:]
        find_command(build_parser(), words)
        build_parser().parse_args([word for word in words if word not in ("--help", "--version")] or ["runs"])
