import asyncio

from pydantic import BaseModel

from harness.records import Attempt, Document, Request, Response
from harness.systems import SystemSpec, Task, build


def test_null_extracts_nothing() -> None:
    system = build(SystemSpec("floor", "null"), Task(BaseModel))
    response = asyncio.run(system.answer(Request(Document("d", "text", ""), 4)))
    assert response == Response("d", 4, (Attempt("{}", 0.0),))
    assert system.identity == {"kind": "null"}
