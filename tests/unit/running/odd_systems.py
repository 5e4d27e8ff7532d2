"""Systems that misbehave, for tests; installed as kinds by the `odd_kinds` fixture."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from pathlib import Path

from harness.errors import SystemUnavailableError
from harness.records import Attempt, Request, Response
from harness.systems import SystemSpec, Task


class Odd:
    """Answers `{}`, but does what the document's first word says."""

    closed = 0

    @property
    def identity(self) -> Mapping[str, str]:
        return {"kind": "odd", "prompt": "my own"}

    async def answer(self, request: Request) -> Response:
        match request.document.text.split()[0]:
            case "explode":
                raise ValueError(f"no idea about {request.document.id}")
            case "unavailable":
                raise SystemUnavailableError("the server is gone")
            case "interrupt":
                os.kill(os.getpid(), signal.SIGINT)
                await asyncio.Event().wait()
            case "interrupted":
                os.kill(os.getpid(), signal.SIGINT)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "remove":
                Path(request.document.text.split()[1]).write_text("another text")
            case "say":
                raw = request.document.text.split(maxsplit=1)[1]
                return Response(request.document.id, request.trial, (Attempt(raw, 0.0),))
        return Response(request.document.id, request.trial, (Attempt("{}", 0.0),))

    async def close(self) -> None:
        Odd.closed += 1


def build(spec: SystemSpec, task: Task) -> Odd:
    return Odd()
