import asyncio
from collections.abc import Iterable

import pytest

from harness.errors import StoreError
from harness.records import Attempt, Document, Request, Response
from harness.running.engine.ledger import Ledger
from harness.storage import Kept


class Notebook:
    """The part of a store that a ledger uses."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.full = False

    def append(self, run_id: str, answers: Iterable[Kept]) -> None:
        if self.full:
            raise StoreError("the disk is full")
        self.batches.append([kept.response.document for kept in answers])


def pair(name: str) -> tuple[Request, Response]:
    return Request(Document(name, "text", "0")), Response(name, 0, (Attempt("{}", 0.0),))


def ledger(notebook: Notebook, written: list[str]) -> Ledger:
    return Ledger(notebook, "run", lambda request, _: written.append(request.document.id))  # type: ignore[arg-type]


def test_what_comes_in_one_turn_is_one_transaction_and_is_looked_at_afterwards() -> None:
    notebook, written = Notebook(), list[str]()

    async def act() -> None:
        book = ledger(notebook, written)
        await asyncio.gather(*(book.keep(*pair(name), None) for name in "abc"))
        assert written == ["a", "b", "c"]
        await book.keep(*pair("d"), None)

    asyncio.run(act())
    assert notebook.batches == [["a", "b", "c"], ["d"]]


def test_everybody_who_waits_hears_of_a_failure_and_nothing_is_looked_at() -> None:
    notebook, written = Notebook(), list[str]()
    notebook.full = True

    async def act() -> None:
        book = ledger(notebook, written)
        heard = await asyncio.gather(*(book.keep(*pair(name), None) for name in "ab"), return_exceptions=True)
        assert [str(error) for error in heard] == ["the disk is full"] * 2
        assert written == []
        notebook.full = False
        book.flush()
        assert written == ["a", "b"]

    asyncio.run(act())


def test_one_who_is_cut_off_takes_nothing_from_the_others() -> None:
    notebook, written = Notebook(), list[str]()

    async def act() -> None:
        book = ledger(notebook, written)
        tasks = [asyncio.create_task(book.keep(*pair(name), None)) for name in "ab"]
        await asyncio.sleep(0)
        tasks[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await tasks[0]
        await tasks[1]

    asyncio.run(act())
    assert written == ["a", "b"]
    assert notebook.batches == [["a", "b"]]
