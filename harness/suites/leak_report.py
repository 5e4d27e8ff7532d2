"""Say which documents a prompt shows, where it does, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import ConfigError, HarnessError
from harness.suites.leaks import RUN, runs_of, words_of
from harness.suites.places import place
from harness.suites.prompt_file import read_prompt_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harness.suites.leaks import Leak

_NAMED = 5


def refuse_leaks(path: Path, found: Sequence[Leak]) -> None:
    """Say what leaks and what to do about it; nothing when nothing leaks.

    Args:
        path: The prompt file.
        found: What `leaks` gave.

    Raises:
        ConfigError: Naming the prompt with the line of the first leak, the documents, and how much is shown.
    """
    if not found:
        return
    told = [str(leak) for leak in found[:_NAMED]]
    if len(found) > _NAMED:
        told.append(f"and {len(found) - _NAMED} more")
    names = list(dict.fromkeys(leak.document for leak in found))
    flags = " ".join(f"--leave-out {name}" for name in names[:_NAMED])
    more = " and so on" if len(names) > _NAMED else ""
    raise ConfigError(
        "the prompt shows what the model is to be asked about: " + "; ".join(told),
        where=place(path, _line(path, found[0])),
        hint=f"leave it out of the run with {flags}{more}, or show another document in the prompt",
    )


def _line(path: Path, leak: Leak) -> int | None:
    """The line of the file that names the example, or on which the passage begins."""
    try:
        file = read_prompt_file(path)
    except HarnessError:  # changed or removed since it was loaded
        return None
    if leak.example:
        return next((one.line for one in file.examples if one.document == leak.example), None)
    wanted = words_of(leak.passage)[:RUN]
    for part in file.parts:
        placed = [(at, word) for at, line in enumerate(part.text.split("\n")) for word in words_of(line)]
        for run in runs_of(placed):
            if [word for _, word in run] == wanted:
                return part.line + run[0][0]
    return None
