"""Where a model is and how it is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.records import Json
from harness.systems.answers.redaction import without_user

if TYPE_CHECKING:
    import httpx2


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is and how it is asked.

    Attributes:
        model: The model's name for the server.
        base_url: The server's address, up to and with its version.
        api_key: Sent to the server, and taken out of everything that is recorded; or what finds it when the
            first question is asked, and raises a `HarnessError` when it does not.
        name: The model's name in signatures, `provider/model`; the server's name for it when empty.
        usual: Whether the address is the provider's own, which goes without saying in signatures.
        mode: How the schema is told: `tools`, `json_schema`, `json` or `markdown_json`.
        strict: Whether an answer must have exactly the schema's JSON types; else "3" is a 3, as in a file of
            predictions.
        strict_schema: In the mode `json_schema`, whether the provider holds the model to the schema.
        max_retries: How often an answer that does not fit the schema is asked for again.
        parameters: Sent with every call, such as the temperature.
        transport: What carries the requests; `None` for the network.
        worth_keeping: Whether answers may be kept and used again; not when asking costs nothing.
    """

    model: str
    base_url: str
    api_key: str | Callable[[], str] = field(repr=False)
    name: str = ""
    usual: bool = False
    mode: str = "tools"
    strict: bool = False
    strict_schema: bool = True
    max_retries: int = 1
    parameters: Mapping[str, Json] = field(default_factory=dict)
    transport: httpx2.AsyncBaseTransport | None = None
    worth_keeping: bool = True

    @property
    def called(self) -> str:
        """The model's name in signatures."""
        return self.name or self.model

    @property
    def address(self) -> str:
        """The address without user and password; empty when it is the provider's own."""
        return "" if self.usual else without_user(self.base_url)


def canonical(value: object) -> str:
    """JSON with sorted keys in ASCII: equal values have equal texts.

    Raises:
        TypeError: For what JSON cannot hold, such as a date.
        ValueError: For NaN and the infinities.
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
