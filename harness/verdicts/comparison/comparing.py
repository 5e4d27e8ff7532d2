"""Compare two runs by what their documents add up to; everything but the leaves that flipped."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.paths import render
from harness.records import Comparison, Difference, DocumentFlip, Estimate, Interval
from harness.schema import Role, leaves
from harness.scoring.evaluation import weight_at
from harness.statistics.arrays import Rounding
from harness.statistics.contingency import mcnemar
from harness.statistics.families import holm
from harness.statistics.intervals import jackknife, paired_jackknife
from harness.statistics.power import least_detectable
from harness.statistics.randomisation import DRAWS, SEED, label_swap
from harness.verdicts.comparison.signature import comparison_signature
from harness.verdicts.measures import field_measure, headline_measure, together
from harness.verdicts.sums import Layout, paths_in, run_sums

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harness.records import DocumentScore, Side
    from harness.schema import Plan
    from harness.statistics.arrays import Floats, Progress
    from harness.statistics.intervals import Jackknife
    from harness.verdicts.measures import NamedMeasure
    from harness.verdicts.sums import RunSums

HEADLINE = "f1"


@dataclass(frozen=True, slots=True)
class Entrant:
    """One run that is compared.

    Attributes:
        side: What it is.
        scores: Of the documents that are compared, one a document and trial.
    """

    side: Side
    scores: Sequence[DocumentScore]


def compare(
    plan: Plan,
    baseline: Entrant,
    candidate: Entrant,
    *,
    seed: int = SEED,
    draws: int = DRAWS,
    narrowed: str = "",
    remarks: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> Comparison:
    """Compare two runs over the same documents.

    Args:
        plan: The compiled schema that both were scored by.
        baseline: What was there.
        candidate: What might replace it.
        seed: Of the label swaps.
        draws: How many of them, when there are too many to look at each.
        narrowed: What the documents were narrowed to on purpose, for the signature; empty when they were not.
        remarks: What a reader must know.
        progress: Told how far the label swaps have come.

    Returns:
        The comparison, without the leaves that flipped: those need the answers.

    Raises:
        ValueError: When the two have not the same documents, or none.
    """
    order = [render(leaf.path) for leaf in leaves(plan.root)]
    paths = paths_in(order, baseline.scores, candidate.scores)
    layout = Layout.of(paths, {path: weight_at(plan.root, path) for path in paths})
    ours, theirs = run_sums(baseline.scores, layout), run_sums(candidate.scores, layout)
    if ours.documents != theirs.documents or not ours.documents:
        raise ValueError("only runs over the same documents can be compared")
    headline, fields = headline_measure(layout), field_measure(layout)
    measure = together(headline, fields)
    table = _Table(measure, ours, theirs, _spread(measure, layout, baseline, candidate))
    swapped = label_swap(ours.sums, theirs.sums, measure, seed=seed, draws=draws, progress=progress)
    table.p = swapped.p

    metrics = [position for position, name in enumerate(headline.names) if name != HEADLINE]
    graded = _graded(plan, paths)
    reached = {path: len(headline.names) + paths.index(path) for path in graded if path in paths}
    differences = table.family([(position, headline.names[position], "") for position in metrics])
    by_path = dict(
        zip(reached, table.family([(at, HEADLINE, path) for path, at in reached.items()]), strict=True)
    )
    flips = _document_flips(headline, ours, theirs, _exactly_right(ours, theirs, baseline, candidate))
    lost = sum(flip.was_right and not flip.is_right for flip in flips)
    gained = sum(flip.is_right and not flip.was_right for flip in flips)
    return Comparison(
        baseline=baseline.side,
        candidate=candidate.side,
        documents=len(ours.documents),
        headline=table.difference(headline.at(HEADLINE), HEADLINE, "", adjusted=None),
        metrics=tuple(differences),
        fields=tuple(by_path.get(path) or _never_reached(path) for path in graded),
        flipped_documents=flips,
        flipped_leaves=(),
        noise=0,
        mcnemar_p=mcnemar(lost, gained),
        least_p=swapped.least_p,
        draws=swapped.draws,
        exact=swapped.exact,
        detectable=table.detectable(headline.at(HEADLINE)),
        identical=bool((ours.sums == theirs.sums).all()),
        signature=comparison_signature(
            baseline.side,
            candidate.side,
            documents=len(ours.documents),
            narrowed=narrowed,
            seed=seed,
            draws=swapped.draws,
            exact=swapped.exact,
        ),
        remarks=remarks,
    )


def _graded(plan: Plan, paths: Sequence[str]) -> list[str]:
    """The field paths to list: those of the schema that are graded, then what only data reached."""
    roles = {render(leaf.path): leaf.role for leaf in leaves(plan.root)}
    known = [path for path, role in roles.items() if role is Role.GRADED]
    return [*known, *(path for path in paths if path not in roles)]


class _Table:
    """Every metric of both runs, with intervals and p, to make records from."""

    def __init__(self, measure: NamedMeasure, ours: RunSums, theirs: RunSums, spread: Floats | None) -> None:
        self.measure = measure
        self.spread = spread
        self.sides = [jackknife(one.sums, measure) for one in (ours, theirs)]
        self.paired = paired_jackknife(ours.sums, theirs.sums, measure)
        self.bounds = [one.bounds() for one in (*self.sides, self.paired)]
        self.p: Floats = self.paired.values

    def family(self, asked: Sequence[tuple[int, str, str]]) -> list[Difference]:
        """Questions that are asked together, as (position, metric, path), adjusted for each other."""
        adjusted = holm([float(self.p[position]) for position, _, _ in asked])
        return [
            self.difference(position, metric, path, adjusted=or_none(p))
            for (position, metric, path), p in zip(asked, adjusted, strict=True)
        ]

    def difference(self, position: int, metric: str, path: str, *, adjusted: float | None) -> Difference:
        values = [one.values for one in (*self.sides, self.paired)]
        baseline, candidate, difference = (
            _estimate(found[position], low[position], high[position])
            for found, (low, high) in zip(values, self.bounds, strict=True)
        )
        return Difference(
            metric=metric,
            path=path,
            baseline=baseline,
            candidate=candidate,
            difference=difference,
            documents=int(self.paired.documents[position]),
            p=or_none(self.p[position]),
            adjusted_p=adjusted,
            noisy=self._noisy(position, difference.value),
        )

    def detectable(self, position: int) -> float | None:
        """The least difference of a metric that these documents would show four times out of five."""
        documents = int(self.paired.documents[position])
        return least_detectable(float(self.paired.errors[position]) ** 2 * documents, documents)

    def _noisy(self, position: int, difference: float | None) -> bool | None:
        if self.spread is None:
            return None
        return bool(difference) and float(self.spread[position]) >= abs(difference or 0.0)


def estimate_of(found: Jackknife, position: int = 0) -> Estimate:
    """A metric with its 95 % interval."""
    low, high = found.bounds()
    return _estimate(found.values[position], low[position], high[position])


def _estimate(value: float, low: float, high: float) -> Estimate:
    found = or_none(value)
    if found is None or math.isnan(low) or math.isnan(high):
        return Estimate(found)
    return Estimate(found, Interval(float(low), float(high)))


def or_none(value: float) -> float | None:
    """A number; `None` for NaN."""
    return None if math.isnan(value) else float(value)


def _never_reached(path: str) -> Difference:
    """A field that neither gold nor a prediction has in any document: no value, no p, no place in a family."""
    return Difference(HEADLINE, path, Estimate(None), Estimate(None), Estimate(None), 0, None, None)


def _spread(measure: NamedMeasure, layout: Layout, *entrants: Entrant) -> Floats | None:
    """How far each metric moves between the trials of one run, the farther of both; `None` without repeats."""
    import numpy as np

    spreads = []
    for entrant in entrants:
        trials = sorted({score.trial for score in entrant.scores})
        if len(trials) < 2:
            continue
        found = []
        for trial in trials:
            alone = run_sums((score for score in entrant.scores if score.trial == trial), layout)
            found.append(measure(alone.sums.sum(axis=0)))
        spreads.append(np.ptp(np.nan_to_num(np.array(found)), axis=0))
    return None if not spreads else np.max(spreads, axis=0)


def _exactly_right(
    ours: RunSums, theirs: RunSums, baseline: Entrant, candidate: Entrant
) -> tuple[list[bool], list[bool]]:
    """Which documents are exactly right in every trial, in either run.

    Of a document with more trials in one run only as many are asked, the first: to be right in each gets harder
    with every trial, and that is no difference between the systems.
    """
    import numpy as np

    fewest = np.minimum(ours.trials, theirs.trials)
    most = dict(zip(ours.documents, fewest.tolist(), strict=True))
    found = []
    for side, entrant in ((ours, baseline), (theirs, candidate)):
        if (side.trials > fewest).any():
            side = run_sums(_first_trials(entrant.scores, most), side.layout)
        found.append((side.right == side.trials).tolist())
    return found[0], found[1]


def _first_trials(scores: Sequence[DocumentScore], most: Mapping[str, int]) -> list[DocumentScore]:
    """The scores of the first trials of each document, at most so many."""
    kept: Counter[str] = Counter()
    chosen = []
    for score in sorted(scores, key=lambda score: score.trial):
        if kept[score.document] < most[score.document]:
            chosen.append(score)
        kept[score.document] += 1
    return chosen


def _document_flips(
    headline: NamedMeasure, ours: RunSums, theirs: RunSums, right: tuple[list[bool], list[bool]]
) -> tuple[DocumentFlip, ...]:
    """The documents whose sums differ, or that only one run has exactly right; those that lose most first."""
    import numpy as np

    change = theirs.sums - ours.sums
    differ = np.flatnonzero((change != 0).any(axis=1) | (np.array(right[0]) != np.array(right[1])))
    total, at = ours.sums.sum(axis=0), headline.at(HEADLINE)
    before = headline(total)[at]
    # What the baseline would be with this one document answered by the candidate.
    alone = Rounding.of(ours.sums, theirs.sums).cleared(total + change[differ])
    after = headline(alone)[..., at]
    layout = ours.layout
    flips = []
    for row, changed in zip(differ.tolist(), (after - before).tolist(), strict=True):
        f1 = [
            float(side.sums[row, layout.document("f1")]) if side.sums[row, layout.document("defined")] else None
            for side in (ours, theirs)
        ]
        flips.append(
            DocumentFlip(
                document=ours.documents[row],
                baseline=f1[0],
                candidate=f1[1],
                was_right=right[0][row],
                is_right=right[1][row],
                change=0.0 if math.isnan(changed) else changed,
                was_failed=float(ours.sums[row, layout.document("failed")]),
                is_failed=float(theirs.sums[row, layout.document("failed")]),
            )
        )
    return tuple(sorted(flips, key=lambda flip: (flip.change, flip.document)))
