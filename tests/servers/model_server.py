"""An OpenAI-compatible server on this machine that answers what the documents state, and fails by plan."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.faults import PAID, Fault, Plan
from tests.servers.http_text import Asked, head, read_request
from tests.servers.questions import Question, read_question
from tests.servers.replies import HALF_WAY, Reply, error_reply, reply_to
from tests.servers.request_log import Entry, RequestLog


def stated(question: Question) -> str:
    """The answer that stands in the document, behind `Facts: `."""
    return question.facts


class ModelServer:
    """Runs in a thread of its own while it is entered.

    A request is counted and written to the log, then `seen` is called, then it is answered. Silence lasts until
    the client gives up or the server is left. Between `hold` and `release` no request is answered.

    Args:
        plan: Which request meets which fault.
        answer: The right answer to a question, as JSON.
        seen: Called in the server's thread with every request, before it is answered.
        sent: Called likewise when the answer, or what there is of it, has gone out.
        log_file: Where the log is also written.
        key: The only API key that is accepted; any when `None`.
        models: The only models that there are; any when `None`.
        latency: Seconds before each answer.
        headers: Sent with every answer.
        keep_bodies: Whether `bodies` is filled.

    Attributes:
        log: What was asked.
        bodies: The requests themselves.
        most_at_once: How many requests were being answered at once, at most.
    """

    def __init__(
        self,
        plan: Plan | None = None,
        *,
        answer: Callable[[Question], str] = stated,
        seen: Callable[[Entry], None] | None = None,
        sent: Callable[[Entry], None] | None = None,
        log_file: Path | None = None,
        key: str | None = None,
        models: Collection[str] | None = None,
        latency: float = 0.0,
        headers: Mapping[str, str] | None = None,
        keep_bodies: bool = False,
    ) -> None:
        self._plan = plan or Plan()
        self._answer = answer
        self._seen = seen
        self._sent = sent
        self._key = key
        self._models = models
        self._latency = latency
        self._headers = dict(headers or {})
        self._keep_bodies = keep_bodies
        self.log = RequestLog(log_file)
        self.bodies: list[Question] = []
        self.most_at_once = 0
        self._at_once = 0
        self._asked: Counter[str] = Counter()
        self._number = 0
        self._port = 0
        self._failure: BaseException | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="model server", daemon=True)

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def entries(self) -> list[Entry]:
        """What was asked so far."""
        return self.log.entries

    def hold(self) -> None:
        """Answer nothing from now on."""
        self._loop.call_soon_threadsafe(self._may_answer.clear)

    def release(self) -> None:
        """Answer again, first what was held."""
        self._loop.call_soon_threadsafe(self._may_answer.set)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self.log.close()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - told in the test's thread, by `__exit__`
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop, self._may_answer = asyncio.Event(), asyncio.Event()
        self._may_answer.set()
        self._connections: set[asyncio.Task[None]] = set()
        listening = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=1_024)
        self._port = listening.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        listening.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._converse(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (asked := await read_request(reader)) is not None:
                if not await self._meet(asked, reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):  # the client went away
            pass
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        except Exception as error:  # noqa: BLE001 - a defect of this server must fail the test
            self._failure = error
        finally:
            writer.close()

    async def _meet(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; false when the connection is done with."""
        refused = self._refused(asked)
        if refused is not None:
            await self._send(writer, refused, {})
            return True
        if asked.path == "/v1/models":
            listed = [{"id": name, "object": "model"} for name in sorted(self._models or ["mock"])]
            await self._send(writer, Reply(200, json.dumps({"object": "list", "data": listed}).encode()), {})
            return True
        try:
            question = read_question(asked.body)
        except (ValueError, KeyError, TypeError) as error:
            await self._send(writer, error_reply(400, message=f"not understood: {error!r}"), {})
            return True
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return await self._answered(question, reader, writer)
        finally:
            self._at_once -= 1

    async def _answered(
        self, question: Question, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        self._number += 1
        self._asked[question.document] += 1
        attempt = self._asked[question.document]
        fault = self._fault(question, attempt)
        reply = reply_to(question, self._answer(question), fault)
        entry = Entry(
            number=self._number,
            document=question.document,
            attempt=attempt,
            model=question.model,
            fault=fault,
            complete=fault in PAID,
            usage=reply.usage,
        )
        if self._keep_bodies:
            self.bodies.append(question)
        self.log.add(entry)
        if self._seen is not None:
            self._seen(entry)
        if self._latency:
            await asyncio.sleep(self._latency)
        await self._may_answer.wait()
        goes_on = await self._reply(entry, reply, reader, writer)
        if self._sent is not None:
            self._sent(entry)
        return goes_on

    async def _reply(
        self, entry: Entry, reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        match entry.fault:
            case Fault.DROPPED:
                writer.transport.abort()
                return False
            case Fault.SILENCE:
                await reader.read()
                return False
            case Fault.HALF:
                whole = head(reply.status, reply.kind, len(reply.body), self._headers) + reply.body
                writer.write(whole[: len(whole) - int(len(reply.body) * HALF_WAY)])
                await writer.drain()
                return False
            case Fault.SLOW_DOWN:
                wait = self._plan.retry_after(entry.document, entry.attempt)
                await self._send(writer, reply, {"Retry-After": f"{wait:g}"})
                return True
            case _:
                await self._send(writer, reply, {})
                return True

    def _refused(self, asked: Asked) -> Reply | None:
        """Why a request is not even read."""
        given = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if asked.path not in ("/v1/chat/completions", "/v1/models"):
            return error_reply(404, message=f"Invalid URL ({asked.method} {asked.path})")
        if self._key is not None and given != self._key:
            # Unkind on purpose: a client must take the key out of these words.
            self._number += 1
            self.log.add(Entry(self._number, "", 0, "", Fault.WRONG_KEY, complete=False, usage=None))
            return error_reply(
                401, message=f"Incorrect API key provided: {given}. See your account.", code="invalid_api_key"
            )
        return None

    def _fault(self, question: Question, attempt: int) -> Fault:
        if self._models is not None and question.model not in self._models:
            return Fault.NO_MODEL
        return self._plan.fault(question.document, attempt)

    async def _send(self, writer: asyncio.StreamWriter, reply: Reply, more: Mapping[str, str]) -> None:
        writer.write(head(reply.status, reply.kind, len(reply.body), {**self._headers, **more}))
        writer.write(reply.body)
        await writer.drain()
