"""The seam between what is under test and everything else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from harness.records import Attempt, Fingerprint, Json, Prompt, Request

if TYPE_CHECKING:
    from pydantic import BaseModel

T = TypeVar("T")


class Remedy(StrEnum):
    """What helps after a call that failed."""

    SLOWER = "slower"
    """Too much was asked at once: ask again later, and less."""
    AGAIN = "again"
    """Something broke on the way: ask again."""
    NONE = "none"
    """This request cannot be answered; others can."""
    STOP = "stop"
    """No request can be answered: a wrong key, an unknown model, a schema that the provider refuses."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a provider still allows, from the headers of an answer; `None` for what it does not say.

    Attributes:
        requests: How many calls it takes before `requests_reset`.
        requests_reset: Seconds until it takes all calls again.
        tokens: How many tokens it takes before `tokens_reset`.
        tokens_reset: Seconds until it takes all tokens again.
    """

    requests: int | None = None
    requests_reset: float | None = None
    tokens: int | None = None
    tokens_reset: float | None = None


@dataclass(frozen=True, slots=True)
class Called(Generic[T]):
    """A call that came back.

    Attributes:
        value: What the client made of it.
        attempt: Its record.
        allowance: What the provider said of its limits; `None` when it said nothing.
    """

    value: T
    attempt: Attempt
    allowance: Allowance | None = None


class CallFailedError(Exception):
    """A call that did not come back with an answer.

    Args:
        attempt: Its record, with the failure and the provider's own words, and no key in them.
        remedy: What helps.
        retry_after: Seconds that the provider asks to wait; `None` when it does not say.
        allowance: As of `Called`.
    """

    def __init__(
        self,
        attempt: Attempt,
        remedy: Remedy,
        retry_after: float | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        super().__init__(attempt.detail)
        self.attempt = attempt
        self.remedy = remedy
        self.retry_after = retry_after
        self.allowance = allowance


class Exchange:
    """What goes to and fro about one request: the permission to call, and the record of every call.

    This one calls at once and once. The engine's waits for its turn, limits the time, and calls again.

    Attributes:
        attempts: Oldest first. They outlive an exchange that is cut off.
    """

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []

    async def call(self, once: Callable[[], Awaitable[Called[T]]], size: int = 0) -> T:
        """Make a call, and record every attempt at it before anything else is done with it.

        Args:
            once: Makes one attempt.
            size: About how many tokens are asked; for ceilings.

        Raises:
            CallFailedError: When the last attempt failed.
        """
        del size
        try:
            called = await once()
        except CallFailedError as failed:
            self.attempts.append(failed.attempt)
            raise
        self.attempts.append(called.attempt)
        return called.value


class System(Protocol):
    """Something that reads documents and answers with JSON.

    `answer` may be called many times at once in one event loop. Whatever can go wrong with an answer is an
    attempt that says so; only what is wrong with the set-up is raised. Cancelling it is safe: the attempts made
    until then are on the exchange. `close` may be called twice, and without any call before it.
    """

    @property
    def identity(self) -> Mapping[str, str]:
        """What tells this system from another, for a signature: kind, model, parameters. No secret."""
        ...

    def fingerprint(self, request: Request) -> Fingerprint | None:
        """What the answer to a request depends on; `None` when asking costs nothing and is not worth keeping.

        Imports no client and opens no connection.
        """
        ...

    async def answer(self, request: Request, exchange: Exchange) -> None:
        """Read one document and answer: at least one attempt is on the exchange afterwards."""
        ...

    async def close(self) -> None:
        """Release connections and servers."""
        ...


@dataclass(frozen=True, slots=True)
class SystemSpec:
    """A system as a person wrote it down.

    Attributes:
        name: What reports call it.
        kind: A kind that the registry knows.
        parameters: The kind's parameters, not yet checked.
        root: The folder that relative paths among the parameters start from.
        where: The place in a configuration, as errors name it; empty when there is none.
    """

    name: str
    kind: str
    parameters: Mapping[str, Json] = field(default_factory=dict)
    root: Path = Path()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What a system is asked to do with every document.

    Attributes:
        schema: The model to extract.
        prompt: The words that go around the document; `None` for the built-in ones.
        gold: The plain gold value of a document id, without annotations. Only test instruments look at it.
    """

    schema: type[BaseModel]
    prompt: Prompt | None = None
    gold: Callable[[str], Json] | None = None
