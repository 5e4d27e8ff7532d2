import pytest

from harness.systems.answers.redaction import without_keys, without_secret, without_user


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Incorrect API key provided: sk-proj-abc***xyz.", "Incorrect API key provided: [key]"),
        ("sent Bearer abcdef then", "sent [key] then"),
        ("Authorization: bearer x.y.z", "Authorization: [key]"),
        ("gsk_0123456789abc and xai-0123456789", "[key] and [key]"),
        ("key AIzaSyA0123456789abcdef was refused", "key [key] was refused"),
        ("http://me:secret@host/v1 refused", "http://[key]host/v1 refused"),
        ("no key-value here, ask-again, risk-free", "no key-value here, ask-again, risk-free"),
        ("my own secret is hunter22", "my own secret is [key]"),
    ],
)
def test_what_looks_like_a_key_is_taken_out(words: str, left: str) -> None:
    assert without_keys(words, "hunter22", at_most=100) == left


def test_a_dummy_is_no_secret() -> None:
    assert without_secret("EMPTY is empty", "EMPTY") == "EMPTY is empty"
    assert without_secret("nothing", "") == "nothing"


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("https://host/v1", "https://host/v1"),
        ("https://me:pw@host:8000/v1", "https://host:8000/v1"),
        ("https://host/v1?api_key=x#y", "https://host/v1"),
    ],
)
def test_an_address_is_shown_without_secrets(address: str, left: str) -> None:
    assert without_user(address) == left
