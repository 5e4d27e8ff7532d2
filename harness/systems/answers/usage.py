"""How many tokens a call took, as the provider reported it."""

from __future__ import annotations

from typing import NamedTuple

from harness.systems.answers.reading import look


class Usage(NamedTuple):
    """Tokens of one call; `None` for what was not reported, or not as a whole number."""

    input: int | None = None
    output: int | None = None
    cached_input: int | None = None
    reasoning: int | None = None


def usage_of(answer: object) -> Usage:
    """The usage that an answer reports, in the names of OpenAI, Anthropic or Google.

    Anthropic counts cached input beside the other input, so it is added: `input` has all of it.
    """
    usage = look(answer, "usage")
    if usage is None:
        usage = look(answer, "usage_metadata")
        return Usage(
            _count(look(usage, "prompt_token_count")),
            _sum(look(usage, "candidates_token_count"), look(usage, "thoughts_token_count")),
            _count(look(usage, "cached_content_token_count")),
            _count(look(usage, "thoughts_token_count")),
        )
    if look(usage, "prompt_tokens") is None and look(usage, "completion_tokens") is None:
        cached = _count(look(usage, "cache_read_input_tokens"))
        written = look(usage, "cache_creation_input_tokens")
        plain = _count(look(usage, "input_tokens"))
        return Usage(
            None if plain is None else _sum(plain, cached, written),
            _count(look(usage, "output_tokens")),
            cached,
            _count(look(usage, "output_tokens_details", "reasoning_tokens")),
        )
    return Usage(
        _count(look(usage, "prompt_tokens")),
        _count(look(usage, "completion_tokens")),
        _count(look(usage, "prompt_tokens_details", "cached_tokens")),
        _count(look(usage, "completion_tokens_details", "reasoning_tokens")),
    )


def _count(value: object) -> int | None:
    """A whole number from 0; some servers write it as a float."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**53:
        return None
    return int(value) if value == int(value) else None


def _sum(*values: object) -> int | None:
    counts = [count for count in map(_count, values) if count is not None]
    return sum(counts) if counts else None
