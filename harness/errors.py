"""Every error the harness raises on purpose, and the exit code each one ends a command with.

```
HarnessError
├── UsageError        2   a wrong argument on the command line or in a call
├── ConfigError       2   harness.toml is missing, malformed or names what does not exist
├── SchemaError       3   a model cannot be scored, or a mark does not fit its field
├── GoldError         3   a label file does not say what it should
├── DocumentError     3   a document is missing, changed, empty or not text
├── PredictionError   3   a predictions file is malformed
├── SystemUnavailableError 4   the system under test could not be asked at all
├── StoreError        4   the store could not be read or written
├── ReplayError       4   a recording could not be read or written, or does not hold a request
├── CostCeilingReached 4  the run stopped before it cost more than it may
├── VerdictSettled    4   the run stopped because no answer could change a gate's verdict any more
└── Interrupted     130   the user stopped the command
```

A message says what was seen, where it was seen, and what to do about it.
"""

from __future__ import annotations


class HarnessError(Exception):
    """The base of every error meant for a user.

    Args:
        seen: What was found, in one sentence without a full stop.
        where: The place: a file with its line, a document, a field path. Empty when there is none.
        hint: What to do. Empty when the sentence already says it.
    """

    exit_code = 2

    def __init__(self, seen: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(seen)
        self.seen = seen
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        head = f"{self.where}: {self.seen}" if self.where else self.seen
        return f"{head}\n  {self.hint}" if self.hint else head


class UsageError(HarnessError):
    """A wrong argument on the command line or in a call."""


class ConfigError(HarnessError):
    """`harness.toml` is missing, malformed, or names something that does not exist."""


class SchemaError(HarnessError):
    """A model cannot be scored, or a mark does not fit its field."""

    exit_code = 3


class GoldError(HarnessError):
    """A label file does not say what it should."""

    exit_code = 3


class DocumentError(HarnessError):
    """A document is missing, changed, empty or not text."""

    exit_code = 3


class PredictionError(HarnessError):
    """A predictions file is malformed."""

    exit_code = 3


class SystemUnavailableError(HarnessError):
    """The system under test could not be asked at all."""

    exit_code = 4


class StoreError(HarnessError):
    """The store could not be read or written."""

    exit_code = 4


class ReplayError(HarnessError):
    """A recording could not be read or written, or does not hold a request."""

    exit_code = 4


class CostCeilingReached(HarnessError):  # noqa: N818 - a limit that the user set, not a fault
    """The run stopped before it cost more than it may; what was stored stays."""

    exit_code = 4


class VerdictSettled(HarnessError):  # noqa: N818 - good news
    """No answer can change a gate's verdict any more; what was stored stays."""

    exit_code = 4


class Interrupted(HarnessError):  # noqa: N818 - it is a decision of the user, not a fault
    """The user stopped the command; what was stored stays."""

    exit_code = 130
