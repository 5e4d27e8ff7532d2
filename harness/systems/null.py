"""The floor: a system that extracts nothing."""

from __future__ import annotations

from collections.abc import Mapping

from harness.records import Attempt, Fingerprint, Request
from harness.systems.base import Exchange, SystemSpec, Task


class Null:
    """Answers every document with an empty object."""

    @property
    def identity(self) -> Mapping[str, str]:
        """Its kind; there is nothing else to it."""
        return {"kind": "null"}

    def fingerprint(self, request: Request) -> Fingerprint | None:
        """None: it costs nothing."""
        del request
        return None

    async def answer(self, request: Request, exchange: Exchange) -> None:
        """An empty object, without looking."""
        del request
        exchange.attempts.append(Attempt("{}", 0.0))

    async def close(self) -> None:
        """Nothing to release."""


def build(spec: SystemSpec, task: Task) -> Null:
    """The factory of the kind `null`."""
    del spec, task
    return Null()
