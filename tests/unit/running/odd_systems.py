"""Systems that misbehave, for tests; installed as kinds by the `odd_kinds` fixture."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from harness.errors import SystemUnavailableError
from harness.records import Attempt, Fingerprint, Request
from harness.systems import SystemSpec, Task
from harness.systems.base import Exchange


class Odd:
    """Answers `{}`, but does what the document's first word says."""

    closed = 0
    asked: list[tuple[str, int]] = []  # noqa: RUF012 - emptied by the fixture

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def identity(self) -> Mapping[str, str]:
        return {"kind": "odd", "prompt": "my own"}

    def fingerprint(self, request: Request) -> Fingerprint | None:
        if not self.name.startswith("kept"):
            return None
        return Fingerprint(self.name, "odd", "s", "{}", "p", request.document.sha256, request.trial)

    async def answer(self, request: Request, exchange: Exchange) -> None:
        Odd.asked.append((request.document.id, request.trial))
        answer = Attempt("{}", 0.0, input_tokens=1_000, output_tokens=10)
        match request.document.text.split()[0]:
            case "explode":
                raise ValueError(f"no idea about {request.document.id}")
            case "unavailable":
                raise SystemUnavailableError("the server is gone")
            case "interrupt":
                os.kill(os.getpid(), signal.SIGINT)
                await asyncio.Event().wait()
            case "interrupt-twice":
                os.kill(os.getpid(), signal.SIGINT)
                await asyncio.sleep(0)
                os.kill(os.getpid(), signal.SIGINT)
                await asyncio.Event().wait()
            case "interrupted" if request.trial == 0:
                os.kill(os.getpid(), signal.SIGINT)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "remove":
                Path(request.document.text.split()[1]).write_text("another text")
            case "say":
                answer = replace(answer, raw=request.document.text.split(maxsplit=1)[1])
            case "silent":
                return
        exchange.attempts.append(answer)

    async def close(self) -> None:
        Odd.closed += 1


def build(spec: SystemSpec, task: Task) -> Odd:
    return Odd(spec.name)
