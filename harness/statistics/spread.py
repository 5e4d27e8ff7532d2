"""Why a difference is unsure: documents differ from each other, and so do the trials of one document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.statistics.arrays import Rounding

if TYPE_CHECKING:
    from harness.statistics.arrays import Floats, Integers, Measure
    from harness.statistics.intervals import Jackknife


@dataclass(frozen=True, slots=True)
class Spread:
    """The variance of what one document adds to a difference, in its two parts.

    Attributes:
        documents: Between documents: more trials do not reduce it.
        trials: Between the trials of a document, one trial a side: k trials divide it by k. `None` when no
            document has two trials, so that the parts cannot be told apart and `documents` holds both.
    """

    documents: float
    trials: float | None

    def at(self, trials: int) -> float:
        """The variance of one document with so many trials a side.

        >>> Spread(documents=0.04, trials=0.02).at(4)
        0.045
        """
        return self.documents + (self.trials or 0.0) / trials


@dataclass(frozen=True, slots=True, eq=False)
class TrialNoise:
    """How the trials of one run differ.

    Attributes:
        variances: (documents, metrics): of a single trial's influence; NaN for a document with one trial.
        trials: How many trials each document has.
    """

    variances: Floats
    trials: Integers


def trial_noise(rows: Floats, document: Integers, measure: Measure) -> TrialNoise:
    """How far single trials of a document would move each metric.

    Each trial takes the place of its document's mean, and the metric moves; n times that is its influence, on
    the scale of the jackknife's.

    Args:
        rows: (scores, columns): what each trial adds.
        document: The row number of its document, from 0 to documents − 1.
        measure: What to compute.
    """
    import numpy as np

    trials = np.bincount(document)
    means = np.zeros((len(trials), rows.shape[1]))
    np.add.at(means, document, rows)
    means /= trials[:, None]
    totals = means.sum(axis=0)
    n = (~np.isnan(measure(means))).sum(axis=0)
    moved = Rounding.of(means).cleared(totals + rows - means[document])
    influences = n * (measure(moved) - measure(totals))
    middle = np.zeros((len(trials), influences.shape[1]))
    np.add.at(middle, document, influences)
    middle /= trials[:, None]
    squares = np.zeros(middle.shape)
    np.add.at(squares, document, (influences - middle[document]) ** 2)
    several = (trials > 1)[:, None]
    variances = np.where(several, squares / np.maximum(1, trials - 1)[:, None], np.nan)
    return TrialNoise(variances, trials)


def spread(found: Jackknife, metric: int, *sides: TrialNoise) -> Spread | None:
    """Tell the parts of the variance of one metric apart, by the method of moments.

    What the trials' own variance, over their number, leaves of the variance of the documents' influences is the
    documents' part: as in an analysis of variance with documents as random effects.

    Args:
        found: The metrics of a run, or their differences.
        metric: Which metric.
        sides: The noise of the run, or of both runs of a difference, over the same documents. A run with one
            trial a document leaves its noise in the part of the documents.

    Returns:
        `None` when the metric has no error: fewer than two documents touch it, or it hangs on one of them.
    """
    import numpy as np

    if np.isnan(found.errors[metric]):
        return None
    column = found.influences[:, metric]
    touched = ~np.isnan(column)
    single = averaged = 0.0
    told_apart = False
    for side in sides:
        variances, trials = side.variances[touched, metric], side.trials[touched]
        if np.isnan(variances).all():
            continue
        told_apart = True
        # A document with one trial is taken to be as noisy as the others are.
        one = np.where(np.isnan(variances), np.nanmean(variances), variances)
        single += float(one.mean())
        averaged += float((one / trials).mean())
    total = float(column[touched].var(ddof=1))
    return Spread(max(0.0, total - averaged), single if told_apart else None)
