from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import records
from harness.records import (
    Counts,
    DocumentScore,
    Extraction,
    FactCounts,
    FailureKind,
    Fingerprint,
    GroundingCounts,
    OutcomeKind,
    Signature,
)

_COUNTS = st.builds(Counts, *[st.integers(0, 50)] * 6)


def test_every_record_can_be_imported_and_no_other() -> None:
    for name in records.__all__:
        assert getattr(records, name) is not None
    with pytest.raises(AttributeError, match="Unheard"):
        _ = records.Unheard


def test_a_fingerprint_of_another_document_and_trial_shares_the_rest() -> None:
    one = Fingerprint("m", "tools", "s", "{}", "p", "d", 0)
    assert one.about("e", 3) == Fingerprint("m", "tools", "s", "{}", "p", "e", 3)


def test_possible_and_actual() -> None:
    counts = Counts(correct=1, incorrect=2, missing=4, spurious=8, absent=16, ungraded=32)
    assert (counts.possible, counts.actual) == (7, 11)


def test_the_counts_stand_in_the_order_of_the_outcomes() -> None:
    assert Counts._fields == tuple(kind.value for kind in OutcomeKind)


@given(_COUNTS, _COUNTS)
def test_adding_counts(one: Counts, other: Counts) -> None:
    both = one.plus(other)
    assert both == other.plus(one)
    assert sum(both) == sum(one) + sum(other)
    assert (both.possible, both.actual) == (one.possible + other.possible, one.actual + other.actual)
    assert one.plus(Counts()) == one


def test_a_wrong_fact_is_an_incorrect_one() -> None:
    facts = FactCounts(right=1, wrong=2, missing=3, spurious=4)
    assert facts.as_counts() == Counts(1, 2, 3, 4)
    assert facts.plus(FactCounts(wrong=1)) == FactCounts(1, 3, 3, 4)


def test_adding_grounding() -> None:
    assert GroundingCounts(*range(8)).plus(GroundingCounts(*range(8))) == GroundingCounts(*range(0, 16, 2))


def test_the_total_of_a_document() -> None:
    score = DocumentScore("d", 0, {"a": Counts(correct=1), "b": Counts(missing=2, absent=1)})
    assert score.total == Counts(correct=1, missing=2, absent=1)
    assert DocumentScore("d", 0, {}).total == Counts()


@pytest.mark.parametrize(
    ("counts", "failure", "right"),
    [
        (Counts(correct=1, absent=3, ungraded=2), None, True),
        (Counts(), None, True),
        (Counts(incorrect=1), None, False),
        (Counts(missing=1), None, False),
        (Counts(spurious=1), None, False),
        (Counts(absent=1), FailureKind.REFUSED, False),
    ],
)
def test_a_document_exactly_right(counts: Counts, failure: FailureKind | None, right: bool) -> None:
    assert DocumentScore("d", 0, {"a": counts}, failure=failure).exactly_right is right


def test_records_are_frozen() -> None:
    record = Extraction("d", 0, None)
    with pytest.raises(FrozenInstanceError):
        record.trial = 1  # type: ignore[misc]


@given(st.lists(st.tuples(st.text(), st.text())).map(tuple))
def test_a_signature_reads_back(entries: tuple[tuple[str, str], ...]) -> None:
    signature = Signature(entries)
    assert Signature.parse(str(signature)) == signature
    assert "\n" not in str(signature)


@given(st.lists(st.tuples(st.sampled_from("%:|2A5\n\r"), st.text("%:|27C5A\n\r3D0"))).map(tuple))
def test_a_signature_of_nothing_but_escapes_reads_back(entries: tuple[tuple[str, str], ...]) -> None:
    assert Signature.parse(str(Signature(entries))) == Signature(entries)


def test_looking_into_a_signature() -> None:
    signature = Signature.parse("schema:3f2a|prompt:v1")
    assert (signature.get("prompt"), signature.get("model")) == ("v1", None)


@pytest.mark.parametrize("text", ["schema", "a:1|b", "|", "a:1|"])
def test_a_signature_without_a_colon_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="colon"):
        Signature.parse(text)
