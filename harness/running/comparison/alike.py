"""Whether runs can be compared: by the same documents, gold, schema, marks and metric, or not at all."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from harness.errors import HarnessError, UsageError
from harness.verdicts.comparison.signature import SHARED, differing
from harness.verdicts.comparison.wording import documents_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.running.comparison.operands import Operand
    from harness.running.comparison.today import SuiteToday

_OF_DOCUMENTS = frozenset(("documents", "gold"))


@dataclass(frozen=True, slots=True)
class Common:
    """What runs have in common.

    Attributes:
        documents: The ids of the documents to compare, sorted; `None` for all, which are then the same.
        narrowed: What they were narrowed to, for the signature; empty when they were not.
    """

    documents: tuple[str, ...] | None = None
    narrowed: str = ""


def common_ground(today: SuiteToday, operands: Sequence[Operand], *, only_common: bool) -> Common:
    """Check that runs can be compared.

    Weights are those of today's schema, so the runs' schema and marks must be today's. Gold and documents need
    only agree with each other; narrowed to common documents, they must be today's as well, because nothing else
    tells that both runs had the same gold there.

    Args:
        today: Their suite.
        operands: At least one.
        only_common: Narrow to the documents that all of them have.

    Raises:
        UsageError: When they cannot be; names the keys of the signatures that differ, and what to do.
    """
    _refuse_other_marks(today, operands)
    first = operands[0]
    for other in operands[1:]:
        keys = differing(first.signature, other.signature)
        narrows = only_common and _OF_DOCUMENTS.issuperset(keys) and first.documents != other.documents
        if keys and not narrows:
            _refuse(today, first, other, keys)
    if len({one.documents for one in operands}) == 1:
        return Common()
    shared = set(first.documents).intersection(*(one.documents for one in operands[1:]))
    if not shared:
        raise UsageError("the runs have no document in common", where=_named(operands), hint="compare others")
    for one in operands:
        if stale := _stale(today, one):
            raise UsageError(
                f"the run was scored by other {' and '.join(stale)} than today's, so nothing tells whether its "
                "gold was the same where the documents are",
                where=f"run {one.run.id}",
                hint=f"{_scored_again([one])}, then compare",
            )
    sizes = " and ".join(str(len(one.documents)) for one in operands)
    return Common(tuple(sorted(shared)), f"common of {sizes}")


def _refuse_other_marks(today: SuiteToday, operands: Sequence[Operand]) -> None:
    now = {"schema": today.plan.schema_hash, "marks": today.plan.marks_hash}
    for one in operands:
        other = [key for key, value in now.items() if one.signature.get(key) != value]
        if other:
            told = ", ".join(f"{key} {one.signature.get(key)}, now {now[key]}" for key in other)
            raise UsageError(
                f"the run was scored by another schema or other marks than today's ({told})",
                where=f"run {one.run.id}",
                hint=_scored_again([one]),
            )


def _refuse(today: SuiteToday, first: Operand, other: Operand, keys: tuple[str, ...]) -> NoReturn:
    told = ", ".join(f"{key} ({first.signature.get(key)} and {other.signature.get(key)})" for key in keys)
    shared = len(set(first.documents) & set(other.documents))
    if first.documents != other.documents and _OF_DOCUMENTS.issuperset(keys):
        sizes = f"{len(first.documents):,} and {len(other.documents):,}"
        seen = f"the runs are over different documents ({sizes}, {shared:,} in both), so they differ in {told}"
        hint = (
            f"--only-common-documents compares the {documents_text(shared)} that all of them have"
            if shared
            else "compare runs over the same documents"
        )
    else:
        seen = f"the runs were scored by different {told}"
        stale = [one for one in (first, other) if _stale(today, one)]
        hint = _scored_again(stale or [first, other])
    raise UsageError(seen, where=_named([first, other]), hint=hint)


def _stale(today: SuiteToday, operand: Operand) -> list[str]:
    """The keys in which a run's scores are not by what is there today; gold that cannot be read is not."""
    try:
        now = today.scored_by(operand.documents)
    except HarnessError:
        return ["gold"]
    return [key for key in SHARED if key in now and operand.signature.get(key) != now[key]]


def _scored_again(operands: Sequence[Operand]) -> str:
    commands = []
    for one in dict.fromkeys(operands):
        if one.from_file:
            commands.append(f"`{shlex.join(['harness', 'runs', 'import', one.reference])}`")
        commands.append(f"`harness score {one.run.id}`")
    return f"score again by what is there today: {', '.join(commands)}"


def _named(operands: Sequence[Operand]) -> str:
    return f"runs {', '.join(one.run.id for one in operands)}"
