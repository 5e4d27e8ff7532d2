import pytest

from harness.records import Attempt, Extraction, ExtractionFailure, FailureKind, Response
from harness.running import extraction_of
from harness.suites.reading import SIZE_LIMIT


def answered(*attempts: Attempt) -> Extraction | ExtractionFailure:
    return extraction_of(Response("d", 2, attempts))


def test_the_last_attempt_decides() -> None:
    refused = Attempt(None, 0.0, failure=FailureKind.REFUSED, detail="no")
    assert answered(refused, Attempt('{"a": 1}', 0.0)) == Extraction("d", 2, {"a": 1})
    assert answered(Attempt('{"a": 1}', 0.0), refused) == ExtractionFailure("d", 2, FailureKind.REFUSED, "no")


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (None, FailureKind.EMPTY),
        (" \n", FailureKind.EMPTY),
        ("{", FailureKind.UNPARSABLE),
        ("I found nothing.", FailureKind.UNPARSABLE),
        ("[" * 10_000 + "]" * 10_000, FailureKind.UNPARSABLE),
        ("[" * 101 + "]" * 101, FailureKind.UNPARSABLE),
        ("9" * 5_000, FailureKind.UNPARSABLE),
        ('"' + "x" * SIZE_LIMIT + '"', FailureKind.OVERSIZED),
        ('"' + "é" * (SIZE_LIMIT // 2) + '"', FailureKind.OVERSIZED),
    ],
)
def test_what_is_no_extraction(raw: str | None, kind: FailureKind) -> None:
    failure = answered(Attempt(raw, 0.0))
    assert isinstance(failure, ExtractionFailure)
    assert failure.kind is kind
    assert failure.detail


@pytest.mark.parametrize("raw", ["null", "[1]", '"text"', '{"a": NaN}', "[" * 100 + "]" * 100])
def test_any_json_is_an_extraction(raw: str) -> None:
    assert isinstance(answered(Attempt(raw, 0.0)), Extraction)


def test_no_attempt_is_an_empty_answer() -> None:
    failure = answered()
    assert isinstance(failure, ExtractionFailure)
    assert failure.kind is FailureKind.EMPTY
