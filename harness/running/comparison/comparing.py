"""Compare stored runs: what differs, how sure that is, and which documents and leaves it comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.errors import HarnessError, UsageError
from harness.running.comparison.alike import common_ground
from harness.running.comparison.flips import FlippedLeaves
from harness.running.comparison.labels import distinct_labels
from harness.running.comparison.operands import opened
from harness.running.comparison.today import SuiteToday
from harness.statistics.randomisation import DRAWS, SEED
from harness.verdicts.comparison.comparing import Entrant, compare
from harness.verdicts.comparison.flips import worst_first
from harness.verdicts.comparison.ranking import Ranking, rank
from harness.verdicts.comparison.wording import documents_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.records import Comparison, LeafFlip
    from harness.running.comparison.alike import Common
    from harness.running.comparison.operands import Operand
    from harness.suites.configuration import Configuration

    Telling = Callable[[str, int, int], None]
    """Is told what goes on, and that so many of so many are done."""

FEW_DOCUMENTS = 5
"""Fewer have no interval."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing runs.

    Attributes:
        comparisons: The first run beside each other one, in the order given.
        ranking: All of them, when there are more than two.
    """

    comparisons: tuple[Comparison, ...]
    ranking: Ranking | None = None


def compare_runs(
    configuration: Configuration,
    references: Sequence[str],
    *,
    only_common: bool = False,
    seed: int = SEED,
    draws: int = DRAWS,
    progress: Telling | None = None,
) -> Compared:
    """Compare runs of the store or of files.

    Args:
        configuration: Names the store, and has the runs' suite.
        references: At least two; see `harness.running.comparison.operands.opened`.
        only_common: Narrow to the documents that all of them have.
        seed: Of the label swaps.
        draws: How many of them, when there are too many to look at each.
        progress: Told what goes on, and how far it has come.

    Raises:
        UsageError: When there is no such run, one of more than two is named twice, or they cannot be compared;
            names the signature's keys that differ.
        HarnessError: As `opened`.
    """
    if len(references) < 2:
        raise UsageError("only one run is named", hint="name what was there, then what might replace it")
    with opened(configuration, references) as operands:
        return compare_operands(
            configuration, operands, only_common=only_common, seed=seed, draws=draws, progress=progress
        )


def compare_operands(
    configuration: Configuration,
    operands: Sequence[Operand],
    *,
    only_common: bool = False,
    seed: int = SEED,
    draws: int = DRAWS,
    progress: Telling | None = None,
) -> Compared:
    """The same of runs that are open; see `compare_runs`. Leaves that flipped are looked for between two."""
    _refuse_other_suites(operands)
    _refuse_twins(operands)
    today = SuiteToday.of(configuration, operands[0].run.suite)
    common = common_ground(today, operands, only_common=only_common)
    entrants = [
        Entrant(one.side(label=label, documents=common.documents), one.scores_of(common.documents))
        for one, label in zip(operands, distinct_labels([one.run for one in operands]), strict=True)
    ]
    comparisons = []
    for number, (operand, entrant) in enumerate(zip(operands[1:], entrants[1:], strict=True)):
        pair = (operands[0], operand)
        found = compare(
            today.plan,
            entrants[0],
            entrant,
            seed=seed,
            draws=draws,
            narrowed=common.narrowed,
            remarks=_remarks(pair, (entrants[0], entrant), common),
            progress=_part(progress, "comparing", number, len(entrants) - 1),
        )
        several = len(entrants) > 2
        comparisons.append(_among_several(found) if several else _with_flips(today, found, pair, progress))
    if len(entrants) == 2:
        return Compared(tuple(comparisons))
    ranking = rank(
        today.plan,
        entrants,
        seed=seed,
        draws=draws,
        narrowed=common.narrowed,
        progress=_part(progress, "ranking", 0, 1),
    )
    return Compared(tuple(comparisons), ranking)


def _refuse_other_suites(operands: Sequence[Operand]) -> None:
    suites = dict.fromkeys(one.run.suite for one in operands)
    if len(suites) > 1:
        raise UsageError(
            f"the runs are over different suites: {', '.join(suites)}",
            where=f"runs {', '.join(one.run.id for one in operands)}",
            hint="compare runs over one suite",
        )


def _refuse_twins(operands: Sequence[Operand]) -> None:
    """A run has one place among several. Two alone may be the same: a run beside itself differs in nothing."""
    if len(operands) <= 2:
        return
    named: dict[str, list[str]] = {}
    for one in operands:
        named.setdefault(one.run.id, []).append(one.reference)
    for run, references in named.items():
        if len(references) > 1:
            raise UsageError(
                f"the run is named {len(references)} times ({', '.join(references)}), and can be ranked once",
                where=f"run {run}",
                hint="name each run once",
            )


def _part(progress: Telling | None, what: str, number: int, parts: int) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, total: progress(what, number * total + done, parts * total)


def _with_flips(
    today: SuiteToday, found: Comparison, pair: tuple[Operand, Operand], progress: Telling | None
) -> Comparison:
    """The same comparison with the leaves that flipped, when today's gold is still what it was scored by."""
    documents = sorted(flip.document for flip in found.flipped_documents)
    if not documents:
        return found
    try:
        now = today.scored_by(pair[0].documents, texts=False)["gold"]
    except HarnessError as error:
        return _without_flips(found, f"today's gold cannot be read: {error.seen}")
    before = pair[0].signature.get("gold")
    if now != before:
        return _without_flips(
            found,
            f"the runs were scored by other gold than today's ({before}, now {now}); `harness score` mends it",
        )
    leaves = FlippedLeaves(today, *pair)
    flips: list[LeafFlip] = []
    noise = 0
    for number, one in enumerate(leaves.by_document(documents)):
        flips += one.flips
        noise += one.noise
        if progress is not None:
            progress("looking for what flipped", number + 1, len(documents))
    return replace(found, flipped_leaves=worst_first(flips), noise=noise)


def _among_several(found: Comparison) -> Comparison:
    if not found.flipped_documents:
        return found
    return replace(
        found, remarks=(*found.remarks, "The leaves that flipped are looked for when two runs are compared.")
    )


def _without_flips(found: Comparison, why: str) -> Comparison:
    return replace(found, remarks=(*found.remarks, f"The leaves that flipped cannot be shown: {why}."))


def _remarks(
    operands: tuple[Operand, Operand], entrants: tuple[Entrant, Entrant], common: Common
) -> tuple[str, ...]:
    remarks = []
    if common.documents is not None:
        remarks.append(
            f"Only the {documents_text(len(common.documents))} that all runs have "
            f"{'is' if len(common.documents) == 1 else 'are'} compared ({common.narrowed})."
        )
    for operand, entrant in zip(operands, entrants, strict=True):
        remarks += operand.remarks
        if operand.instrument:
            remarks.append(
                f"{entrant.side.label} is a test instrument: it answers with gold, spoilt on purpose."
            )
        if entrant.scores and all(score.failure is not None for score in entrant.scores):
            remarks.append(f"Every answer of {entrant.side.label} failed.")
    trials = [entrant.side.stability.trials for entrant in entrants]
    if trials[0] != trials[1]:
        first = "the first answer" if min(trials) == 1 else f"the first {min(trials)} answers"
        remarks.append(
            f"{entrants[0].side.label} has {trials[0]} and {entrants[1].side.label} {trials[1]} answers a "
            "document: they are averaged inside it first. Which documents are exactly right in one and not in "
            f"the other (McNemar) is told by {first} of each."
        )
    if len({score.document for score in entrants[0].scores}) < FEW_DOCUMENTS:
        remarks.append(f"Fewer than {FEW_DOCUMENTS} documents have no interval: read the documents.")
    return tuple(dict.fromkeys(remarks))
