from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.records import (
    Attempt,
    Counts,
    DocumentScore,
    FactCounts,
    FailureKind,
    GroundingCounts,
    Signature,
)
from harness.storage.encoding import (
    decode,
    decode_attempts,
    decode_names,
    decode_score,
    decode_signature,
    encode,
    encode_attempts,
    encode_names,
    encode_score,
    encode_signature,
)

text = st.text(st.characters(exclude_categories=()))
number = st.integers(0, 2**40)
failure = st.none() | st.sampled_from(FailureKind)
attempts = st.builds(
    Attempt,
    raw=st.none() | text,
    latency=st.floats(0, allow_infinity=False),
    input_tokens=st.none() | number,
    output_tokens=st.none() | number,
    finish_reason=st.none() | text,
    failure=failure,
    detail=text,
    cached_input_tokens=st.none() | number,
    reasoning_tokens=st.none() | number,
    cost=st.none() | st.decimals(allow_nan=False, allow_infinity=False),
)
scores = st.builds(
    DocumentScore,
    document=st.just("d"),
    trial=st.just(3),
    leaves=st.dictionaries(text, st.builds(Counts, *[number] * 6), max_size=3),
    facts=st.dictionaries(text, st.builds(FactCounts, *[number] * 4), max_size=3),
    grounding=st.builds(GroundingCounts, *[number] * 8),
    stray=number,
    failure=failure,
)


@given(st.lists(attempts, max_size=3).map(tuple))
def test_attempts_survive(value: tuple[Attempt, ...]) -> None:
    assert decode_attempts(encode_attempts(value)) == value


def test_what_is_not_known_takes_no_room() -> None:
    assert encode_attempts((Attempt("{}", 0.5),)) == b'[{"raw":"{}","latency":0.5}]'


def test_attempts_of_version_1_are_read() -> None:
    old = (
        b'[{"raw":null,"latency":1.5,"input_tokens":null,"output_tokens":3,"finish_reason":null,'
        b'"failure":"refused","detail":"no"}]'
    )
    assert decode_attempts(old) == (Attempt(None, 1.5, None, 3, None, FailureKind.REFUSED, "no"),)


@pytest.mark.parametrize("data", [b"[{}]", b"{}x", b'[{"raw":1,"latency":1,"new":1}]', b"[1]"])
def test_refuses_what_is_no_attempt(data: bytes) -> None:
    with pytest.raises((ValueError, TypeError, AttributeError)):
        decode_attempts(data)


@given(st.lists(text))
def test_names_survive(names: list[str]) -> None:
    assert decode_names(encode_names(names)) == tuple(names)


def test_many_names_are_small() -> None:
    names = [f"article_{number:06}" for number in range(100_000)]
    assert len(encode_names(names)) < 300_000
    with pytest.raises(ValueError, match="decompress"):
        decode_names(b"not compressed")


@given(scores)
def test_scores_survive_as_their_own_types(value: DocumentScore) -> None:
    read = decode_score("d", 3, encode_score(value))
    assert read == value
    assert read.total == value.total


@given(st.lists(st.tuples(text, text)).map(tuple))
def test_signatures_survive(entries: tuple[tuple[str, str], ...]) -> None:
    assert decode_signature(encode_signature(Signature(entries))) == Signature(entries)


def test_two_lone_surrogates_do_not_become_one_character() -> None:
    value = "\ud83d" + "\ude00"
    assert len(value) == 2
    assert decode(encode(value)) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_refuses_what_no_file_may_hold(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode([value])
