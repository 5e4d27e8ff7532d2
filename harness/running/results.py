"""What a run came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.errors import HarnessError
    from harness.scoring.evaluation import Evaluation
    from harness.storage import RunRecord, Spending


@dataclass(frozen=True)
class RunResult:
    """One finished run.

    Attributes:
        label: What tables call it: the system and, where there are several, the prompt.
        run: As it is in the store.
        evaluation: What its answers came to.
        seconds: How long this part of it took.
        instrument: Whether the system is a test instrument that answers with gold.
        spending: What its calls came to, those of earlier parts included.
    """

    label: str
    run: RunRecord
    evaluation: Evaluation
    seconds: float
    instrument: bool
    spending: Spending


@dataclass(frozen=True)
class StoppedRun:
    """A run that could not go on, while others could.

    Attributes:
        label: As of a finished one.
        run: As it is in the store, with every answer that came in.
        error: Why.
    """

    label: str
    run: RunRecord
    error: HarnessError
