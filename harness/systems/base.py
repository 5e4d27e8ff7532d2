"""The seam between what is under test and everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from harness.records import Json, Prompt, Request, Response

if TYPE_CHECKING:
    from pydantic import BaseModel


class System(Protocol):
    """Something that reads documents and answers with JSON.

    `answer` may be called many times at once in one event loop. It returns a `Response` with at least one
    attempt for everything that can go wrong with an answer, and raises only for what is wrong with the
    set-up; cancelling it is safe. `close` may be called twice.
    """

    @property
    def identity(self) -> Mapping[str, str]:
        """What tells this system from another, for a signature: kind, model, parameters. No secret."""
        ...

    async def answer(self, request: Request) -> Response:
        """Read one document and answer; a failure is an attempt that says so."""
        ...

    async def close(self) -> None:
        """Release connections."""
        ...


@dataclass(frozen=True, slots=True)
class SystemSpec:
    """A system as a person wrote it down.

    Attributes:
        name: What reports call it.
        kind: A kind that the registry knows.
        parameters: The kind's parameters, not yet checked.
    """

    name: str
    kind: str
    parameters: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """What a system is asked to do with every document.

    Attributes:
        schema: The model to extract.
        prompt: The words that go before the document; `None` for the built-in sentence.
        gold: The plain gold value of a document id, without annotations. Only test instruments look at it.
    """

    schema: type[BaseModel]
    prompt: Prompt | None = None
    gold: Callable[[str], Json] | None = None
