"""What two runs differ in, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from harness.records.answers import FailureKind
from harness.records.outcomes import Outcome
from harness.records.signature import Signature


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a value lies with a stated confidence.

    Attributes:
        low: The lower bound.
        high: The upper bound.
        level: The two-sided confidence, between 0 and 1.
    """

    low: float
    high: float
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric of one run.

    Attributes:
        value: The metric; `None` when it is 0/0.
        interval: `None` where there is none: under 5 documents, or when the metric hangs on one of them.
    """

    value: float | None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric in two runs, over the whole suite or of one field.

    Attributes:
        metric: The metric's name: `f1`.
        path: The field's path; empty for the whole suite.
        baseline: In the first run.
        candidate: In the second run.
        difference: Candidate − baseline with its interval; `None` as the value when either is undefined.
        documents: How many documents have anything to say about it in either run.
        p: Of the label-swap randomisation, two-sided; `None` when the difference is undefined.
        adjusted_p: The same by Holm over the family that the difference was asked with.
        noisy: Whether it moves as far between trials of one system as between the two; `None` with one trial.
    """

    metric: str
    path: str
    baseline: Estimate
    candidate: Estimate
    difference: Estimate
    documents: int
    p: float | None
    adjusted_p: float | None
    noisy: bool | None = None


@dataclass(frozen=True, slots=True)
class Stability:
    """How a run's trials agree.

    Attributes:
        trials: How many.
        right_in_all: pass^k with k the number of trials: the share of documents exactly right in every one.
        pass_k: pass^k for k from 1 to the number of trials.
        flip_rate: How often two trials of a document disagree on being exactly right; `None` with one trial.
    """

    trials: int
    right_in_all: float | None
    pass_k: tuple[float, ...] = ()
    flip_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Expense:
    """What a run took.

    Attributes:
        answers: How many answers it has.
        cost: US dollars, of the calls whose cost is known; those of the answers from the cache when they were
            first given.
        unpriced: How many calls have no known cost.
        input_tokens: As reported.
        output_tokens: As reported, reasoning included.
        latency_p50: Seconds of an answer, all its attempts together; `None` when nothing was asked.
        latency_p95: The same.
        failures: How many answers failed, by kind.
    """

    answers: int
    cost: Decimal
    unpriced: int
    input_tokens: int
    output_tokens: int
    latency_p50: float | None
    latency_p95: float | None
    failures: tuple[tuple[FailureKind, int], ...] = ()


@dataclass(frozen=True, slots=True)
class LeafFlip:
    """A leaf that one run has right and the other has not.

    Attributes:
        document: The document's id.
        trial: The trial that shows it.
        better: Whether the candidate has it right.
        baseline: How it was judged in the baseline; `None` when the leaf is not there at all.
        candidate: The same of the candidate.
        evidence: The quote that gold gives for the fact; empty when gold gives none.
        line: The line of the label file where gold states it, from 1; `None` when that is not known.
        label: The label file, as a message names it; empty when that is not known.
    """

    document: str
    trial: int
    better: bool
    baseline: Outcome | None
    candidate: Outcome | None
    evidence: str = ""
    line: int | None = None
    label: str = ""

    @property
    def path(self) -> str:
        """The field's path."""
        one = self.candidate or self.baseline
        return "" if one is None else one.path


@dataclass(frozen=True, slots=True)
class DocumentFlip:
    """A document whose score differs.

    Attributes:
        document: The document's id.
        baseline: Its F1 in the baseline, the trials averaged; `None` when it is 0/0.
        candidate: The same of the candidate.
        was_right: Whether it was exactly right in every trial of the baseline; of the first trials, as many as
            the candidate has, where that has fewer.
        is_right: The same of the candidate.
        change: What the document adds to the difference of the headline F1: negative for worse.
        was_failed: The share of the baseline's trials that failed.
        is_failed: The same of the candidate.
    """

    document: str
    baseline: float | None
    candidate: float | None
    was_right: bool
    is_right: bool
    change: float
    was_failed: float = 0.0
    is_failed: float = 0.0


@dataclass(frozen=True, slots=True)
class Side:
    """One run of a comparison.

    Attributes:
        label: What tables call it: the system and, where it has one, the prompt's version.
        run: The run's id.
        created: When it began.
        signature: What its scores depend on.
        stability: How its trials agree.
        expense: What it took.
        instrument: Whether the system is a test instrument that has seen gold.
    """

    label: str
    run: str
    created: str
    signature: Signature
    stability: Stability
    expense: Expense
    instrument: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the same documents, gold and marks.

    Attributes:
        baseline: What was there.
        candidate: What might replace it.
        documents: How many documents both were asked about and are compared.
        headline: F1 over the whole suite: the one question that needs no adjustment.
        metrics: The other metrics over the whole suite, adjusted as one family.
        fields: F1 of each field path in the schema's order, adjusted as one family.
        flipped_documents: Documents whose score differs, those that lose most first.
        flipped_leaves: Leaves right on one side only, the lost ones first, then by document and path.
        noise: How many leaves were set aside because they change between trials of one system as well.
        mcnemar_p: Exact, over the documents that flipped between right and not.
        least_p: The least p that this number of documents can reach or, when not `exact`, this number of draws.
        draws: How many label swaps were looked at, each of them when `exact`.
        exact: Whether every possible swap was looked at.
        detectable: The least difference of F1 that these documents would show four times out of five;
            `None` when they cannot show any.
        identical: Whether every document has the same counts in both.
        signature: What the comparison depends on.
        remarks: What a reader must know: documents left out, flips that cannot be shown.
    """

    baseline: Side
    candidate: Side
    documents: int
    headline: Difference
    metrics: tuple[Difference, ...]
    fields: tuple[Difference, ...]
    flipped_documents: tuple[DocumentFlip, ...]
    flipped_leaves: tuple[LeafFlip, ...]
    noise: int
    mcnemar_p: float
    least_p: float
    draws: int
    exact: bool
    detectable: float | None
    identical: bool
    signature: Signature
    remarks: tuple[str, ...] = field(default=())
