"""Every frozen record that crosses from one room to another, in the order in which data flows.

`Document → Request → Response → Extraction | ExtractionFailure → Outcome* → DocumentScore`
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Self

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
"""A JSON value as Python's parser gives it. NaN and the infinities can occur in what a system answered."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a suite.

    Attributes:
        id: The file's name without its suffix; unique in the suite.
        text: The document's text.
        sha256: Hex digest of the document's bytes.
    """

    id: str
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of the words that ask a model to extract.

    Attributes:
        version: The prompt file's name without its suffix.
        text: The system message.
        sha256: Hex digest of the text's UTF-8 bytes.
    """

    version: str
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Request:
    """One document put to one system, once.

    Attributes:
        document: What is to be read.
        trial: Which repeat this is, from 0.
    """

    document: Document
    trial: int = 0


class FailureKind(StrEnum):
    """Why an answer holds no extraction. Each kind is counted; none leaves a denominator."""

    REFUSED = "refused"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    UNPARSABLE = "unparsable"
    INVALID = "invalid"
    OVERSIZED = "oversized"
    ERROR = "error"
    NOT_ANSWERED = "not answered"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call and what came back, as the adapter saw it and before anybody looked at it.

    Attributes:
        raw: The answer as text, normally JSON. `None` when nothing came back.
        latency: Seconds from the call to its answer.
        input_tokens: As reported by the provider; `None` when it reported none.
        output_tokens: As reported by the provider; `None` when it reported none.
        finish_reason: As reported by the provider.
        failure: Why this attempt gave no extraction; `None` when it gave one.
        detail: The provider's or the validator's words about the failure.
    """

    raw: str | None
    latency: float
    input_tokens: int | None = None
    output_tokens: int | None = None
    finish_reason: str | None = None
    failure: FailureKind | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """All attempts at one request, oldest first. The last one decides.

    Attributes:
        document: The document's id.
        trial: The request's trial.
        attempts: At least one.
    """

    document: str
    trial: int
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a system extracted from one document, still untyped: it may not fit the schema.

    Attributes:
        document: The document's id.
        trial: Which repeat this is, from 0.
        value: The extracted value.
    """

    document: str
    trial: int
    value: Json


@dataclass(frozen=True, slots=True)
class ExtractionFailure:
    """There is no extraction, and why. It scores as an empty prediction: every gold leaf is missing."""

    document: str
    trial: int
    kind: FailureKind
    detail: str = ""


class OutcomeKind(StrEnum):
    """The MUC outcomes of one leaf, and `UNGRADED` for what gold or the schema leaves out of the score."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    MISSING = "missing"
    SPURIOUS = "spurious"
    ABSENT = "absent"
    UNGRADED = "ungraded"


class Presence(StrEnum):
    """How a value is there or not. All but `VALUE` score as absent."""

    VALUE = "value"
    NULL = "null"
    LEFT_OUT = "left out"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One leaf, judged, with everything that explains the judgement.

    Attributes:
        path: The field's path, without list positions: `deployments[].workers.minimum`.
        kind: The verdict.
        gold: Gold's value as written; `None` when absent.
        predicted: The predicted value as given; `None` when absent.
        gold_at: Where gold's value stands: `deployments[2].workers.minimum`. Empty when nowhere.
        predicted_at: The same for the prediction.
        gold_presence: How gold's value is there or not.
        predicted_presence: How the predicted value is there or not.
        similarity: Between 0 and 1; `None` when one side is absent.
        comparator: The comparator with its parameters, as the schema's mark prints.
        reason: Why, in a few words.
    """

    path: str
    kind: OutcomeKind
    gold: Json
    predicted: Json
    gold_at: str
    predicted_at: str
    gold_presence: Presence
    predicted_presence: Presence
    similarity: float | None
    comparator: str
    reason: str


class Counts(NamedTuple):
    """How often each outcome happened. Whole numbers; adding two documents adds their counts."""

    correct: int = 0
    incorrect: int = 0
    missing: int = 0
    spurious: int = 0
    absent: int = 0
    ungraded: int = 0

    @property
    def possible(self) -> int:
        """Leaves that gold has: correct + incorrect + missing."""
        return self.correct + self.incorrect + self.missing

    @property
    def actual(self) -> int:
        """Leaves that were predicted: correct + incorrect + spurious."""
        return self.correct + self.incorrect + self.spurious

    def plus(self, other: Counts) -> Counts:
        """The sum, outcome by outcome."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))


class FactCounts(NamedTuple):
    """Facts (the items of lists of models), right when all their graded leaves are.

    Attributes:
        right: Paired, and every graded leaf correct or absent on both sides.
        wrong: Paired, with at least one graded leaf incorrect, missing or spurious.
        missing: In gold only.
        spurious: In the prediction only.
    """

    right: int = 0
    wrong: int = 0
    missing: int = 0
    spurious: int = 0

    def as_counts(self) -> Counts:
        """The same as outcomes, a wrong fact being an incorrect one, for the metrics of leaves."""
        return Counts(self.right, self.wrong, self.missing, self.spurious)

    def plus(self, other: FactCounts) -> FactCounts:
        """The sum, field by field."""
        return FactCounts(*(a + b for a, b in zip(self, other, strict=True)))


class GroundingCounts(NamedTuple):
    """Predicted leaves of facts that carry evidence, by the quote's place in the document and by verdict.

    The quote of a leaf is the best-located one of its fact. `exact` is found letter for letter, `fuzzy`
    nearly, `invented` not found, `none` when the fact quotes nothing.
    """

    right_exact: int = 0
    right_fuzzy: int = 0
    right_invented: int = 0
    right_none: int = 0
    wrong_exact: int = 0
    wrong_fuzzy: int = 0
    wrong_invented: int = 0
    wrong_none: int = 0

    def plus(self, other: GroundingCounts) -> GroundingCounts:
        """The sum, field by field."""
        return GroundingCounts(*(a + b for a, b in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """What one trial on one document adds to every metric. Additive: nothing else of it is needed again.

    Attributes:
        document: The document's id.
        trial: Which repeat this is, from 0.
        leaves: Field path to its counts; a path that nothing touched is left out.
        facts: Path of a list of models to its counts.
        grounding: Quotes against verdicts; all zero when the document's text is not known.
        stray: Predicted keys that the schema does not have.
        failure: Why there was no extraction; `None` when there was one.
    """

    document: str
    trial: int
    leaves: Mapping[str, Counts]
    facts: Mapping[str, FactCounts] = field(default_factory=dict)
    grounding: GroundingCounts = field(default_factory=GroundingCounts)
    stray: int = 0
    failure: FailureKind | None = None

    @property
    def total(self) -> Counts:
        """The counts of all leaves, unweighted."""
        total = Counts()
        for counts in self.leaves.values():
            total = total.plus(counts)
        return total

    @property
    def exactly_right(self) -> bool:
        """Whether nothing is incorrect, missing or spurious, and there was an extraction."""
        total = self.total
        return self.failure is None and not (total.incorrect or total.missing or total.spurious)


@dataclass(frozen=True, slots=True)
class Signature:
    """What a number depends on, as ordered `key:value` entries. Prints as one line and parses back.

    >>> signature = Signature((("schema", "3f2a"), ("prompt", "v1")))
    >>> str(signature)
    'schema:3f2a|prompt:v1'
    >>> Signature.parse(str(signature)) == signature
    True
    """

    entries: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return "|".join(f"{_escape(key)}:{_escape(value)}" for key, value in self.entries)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a printed signature.

        Raises:
            ValueError: When an entry has no colon.
        """
        entries = []
        for entry in text.split("|") if text else ():
            key, colon, value = entry.partition(":")
            if not colon:
                raise ValueError(f"the entry {entry!r} of a signature has no colon")
            entries.append((_unescape(key), _unescape(value)))
        return cls(tuple(entries))

    def get(self, key: str) -> str | None:
        """The value of a key; `None` when there is no such key."""
        return dict(self.entries).get(key)


_ESCAPES = (("%", "%25"), ("|", "%7C"), (":", "%3A"), ("\n", "%0A"), ("\r", "%0D"))


def _escape(text: str) -> str:
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return text


def _unescape(text: str) -> str:
    for plain, escaped in reversed(_ESCAPES):
        text = text.replace(escaped, plain)
    return text
