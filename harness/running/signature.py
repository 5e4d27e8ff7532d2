"""What a run's numbers depend on, as its signature says it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from harness.records import Signature
from harness.scoring import metrics
from harness.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from harness.records import Prompt
    from harness.running.gold import Label
    from harness.schema import Plan

LENGTH = 12
SCORED_BY = ("documents", "gold", "schema", "marks", "metric", "harness")
"""The keys that a stored run can be scored again with other values of."""
_OWN = ("suite", "documents", "gold", "schema", "marks", "prompt", "system", "trials", "metric", "harness")


def run_signature(
    scored_by: Mapping[str, str],
    *,
    suite: str,
    prompt: Prompt | None,
    system: str,
    identity: Mapping[str, str],
    trials: int,
) -> Signature:
    """The signature of a run.

    Args:
        scored_by: A value for each key of `SCORED_BY`.
        suite: The suite's name.
        prompt: The prompt; `None` for the system's own.
        system: The system's name.
        identity: What the system says of itself; a key that the signature has already gets `system.` before it.
        trials: How often each document is asked.
    """
    own = {
        **scored_by,
        "suite": suite,
        "prompt": "none" if prompt is None else f"{prompt.version}@{prompt.sha256[:LENGTH]}",
        "system": system,
        "trials": str(trials),
    }
    before, after = _OWN[: _OWN.index("system") + 1], _OWN[_OWN.index("system") + 1 :]
    told = [(f"system.{key}" if key in _OWN else key, value) for key, value in identity.items()]
    return Signature((*((key, own[key]) for key in before), *told, *((key, own[key]) for key in after)))


def scored_by(plan: Plan, documents: Mapping[str, str], gold: Mapping[str, Label]) -> dict[str, str]:
    """What today's scores depend on, beside the answers.

    Args:
        plan: The compiled schema.
        documents: Document id to the SHA-256 of its bytes.
        gold: The label of each of them.
    """
    return {
        "documents": _digest(f"{name}\0{digest}\n".encode() for name, digest in sorted(documents.items())),
        "gold": _digest(f"{name}\0".encode() + gold[name].written + b"\n" for name in sorted(documents)),
        "schema": plan.schema_hash,
        "marks": plan.marks_hash,
        "metric": metrics.VERSION,
        "harness": VERSION,
    }


def rescored(signature: Signature, scored_by: Mapping[str, str]) -> Signature:
    """A run's signature with today's values of what it is scored by."""
    return Signature(tuple((key, scored_by.get(key, value)) for key, value in signature.entries))


def changed(before: Signature, after: Signature) -> tuple[str, ...]:
    """The keys whose values differ, in the order of the signature."""
    return tuple(
        key for (key, value), (_, now) in zip(before.entries, after.entries, strict=True) if value != now
    )


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:LENGTH]
