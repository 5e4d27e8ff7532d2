import asyncio

from pydantic import BaseModel

from harness.records import Attempt, Document, Request
from harness.systems import SystemSpec, Task, build
from harness.systems.base import Exchange


def test_null_extracts_nothing() -> None:
    system = build(SystemSpec("floor", "null"), Task(BaseModel))
    request, exchange = Request(Document("d", "text", ""), 4), Exchange()
    asyncio.run(system.answer(request, exchange))
    assert exchange.attempts == [Attempt("{}", 0.0)]
    assert system.identity == {"kind": "null"}
    assert system.fingerprint(request) is None
