"""What tells one asked model from another: for signatures and for the cache. No key is in it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from harness.records import Document, Fingerprint
from harness.systems.model.endpoint import Endpoint, canonical
from harness.systems.model.json_schema import schema_digest
from harness.systems.model.messages import messages_for

if TYPE_CHECKING:
    from harness.records import Prompt


def identity_of(endpoint: Endpoint, kind: str) -> dict[str, str]:
    """Kind, model, mode and every parameter; the address when it is not the provider's own."""
    identity = {
        "kind": kind,
        "model": endpoint.called,
        "mode": endpoint.mode,
        "strict": "yes" if endpoint.strict else "no",
        "max_retries": str(endpoint.max_retries),
    }
    if endpoint.mode == "json_schema":
        identity["strict_schema"] = "yes" if endpoint.strict_schema else "no"
    if endpoint.parameters:
        identity["parameters"] = canonical(endpoint.parameters)
    if endpoint.address:
        identity["base_url"] = endpoint.address
    return identity


def fingerprint_of(endpoint: Endpoint, schema: dict[str, Any], prompt: Prompt | None) -> Fingerprint:
    """Everything that answers depend on but the document and the trial, which are left empty."""
    shaping = {
        "strict": endpoint.strict,
        "strict_schema": endpoint.strict_schema if endpoint.mode == "json_schema" else None,
        "max_retries": endpoint.max_retries,
        "sent": endpoint.parameters,
    }
    return Fingerprint(
        model=f"{endpoint.called} at {endpoint.address}" if endpoint.address else endpoint.called,
        mode=endpoint.mode,
        schema=schema_digest(schema),
        parameters=canonical(shaping),
        prompt=prompt.sha256 if prompt is not None else _built_in(),
        document="",
        trial=0,
    )


def _built_in() -> str:
    """The digest of the built-in prompt, so that a run with other words is another run."""
    words = canonical(messages_for(Document("", "", ""), None))
    return hashlib.sha256(words.encode()).hexdigest()
