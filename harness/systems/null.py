"""The floor: a system that extracts nothing."""

from __future__ import annotations

from collections.abc import Mapping

from harness.records import Attempt, Request, Response
from harness.systems.base import SystemSpec, Task


class Null:
    """Answers every document with an empty object."""

    @property
    def identity(self) -> Mapping[str, str]:
        """Its kind; there is nothing else to it."""
        return {"kind": "null"}

    async def answer(self, request: Request) -> Response:
        """An empty object, without looking."""
        return Response(request.document.id, request.trial, (Attempt("{}", 0.0),))

    async def close(self) -> None:
        """Nothing to release."""


def build(spec: SystemSpec, task: Task) -> Null:
    """The factory of the kind `null`."""
    del spec, task
    return Null()
