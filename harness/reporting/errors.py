"""What a user reads of an error: what was seen, where, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.reporting.visible import visible

if TYPE_CHECKING:
    from harness.errors import HarnessError

_MOST_LINES = 12
"""Of one message; a validator can write hundreds."""


def error_text(error: HarnessError) -> str:
    """The lines for standard error, made safe: the place and what was seen, then what to do, indented.

    Only the first line begins with `error:`, whatever the text of a document says.

    >>> from harness.errors import ConfigError
    >>> error = ConfigError("unknown key 'sytem'", where="harness.toml:3", hint="did you mean system?")
    >>> print(error_text(error))
    error: harness.toml:3: unknown key 'sytem'
      did you mean system?
    """
    first, *more = _lines(error.seen)
    head = f"{visible(error.where)}: {first}" if error.where else first
    hint = _lines(error.hint) if error.hint else []
    return "\n".join([f"error: {head}", *(f"  {line}" for line in (*more, *hint))])


def _lines(text: str) -> list[str]:
    lines = [visible(line.rstrip()) for line in text.strip().split("\n")]
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"({len(lines) - _MOST_LINES} more lines)"]
    return lines
