"""The prompts that the project ships: honest, whole, and free of the documents they are asked about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.schema.compile import compile_model
from harness.suites.documents import load_documents
from harness.suites.gold import load_labels
from harness.suites.leaks import leaks, words_of
from harness.suites.prompts import load_prompt, prompt_versions
from schemas.labour_export import ArticleFacts

if TYPE_CHECKING:
    from harness.records import Json, Prompt

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "prompts/labour_export"
PLAN = compile_model(ArticleFacts)
LISTS = ("deployments", "statements", "sanctions", "payments", "conditions", "diplomacy")
VERSIONS = prompt_versions(FOLDER)


def loaded(version: str) -> Prompt:
    return load_prompt(FOLDER / f"{version}.md", schema=ArticleFacts, plan=PLAN)


def values_of(value: Json, key: str) -> Iterator[Json]:
    """Whatever stands under a key, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from values_of(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from values_of(inner, key)


def shown() -> list[tuple[str, str, Json]]:
    prompt = loaded("v3")
    answers = [json.loads(message.text) for message in prompt.messages if message.role == "assistant"]
    return [(*quoted, answer) for quoted, answer in zip(prompt.quoted, answers, strict=True)]


def test_there_are_three_versions() -> None:
    assert VERSIONS == ("v1", "v2", "v3")
    assert len({loaded(version).sha256 for version in VERSIONS}) == 3


@pytest.mark.parametrize("version", VERSIONS)
def test_no_version_leaks_a_document(version: str) -> None:
    assert leaks(loaded(version), load_documents(ROOT / "seeds/labour_export")) == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_no_version_names_a_person_of_the_documents(version: str) -> None:
    said = set(words_of(" ".join(message.text for message in loaded(version).messages)))
    for label in load_labels(ROOT / "gold/labour_export"):
        names = [name for name in values_of(label.facts, "speaker") if isinstance(name, str) and name.istitle()]
        for name in names:
            # A family name is enough to give a person away; "experts" are nobody.
            assert words_of(name)[-1] not in said, name


def test_the_examples_alone_tell_v3_from_v1() -> None:
    first, third = loaded("v1"), loaded("v3")
    assert (third.messages[0], third.messages[-1]) == first.messages


@pytest.mark.parametrize(("name", "text", "answer"), shown())
def test_an_answer_is_complete_and_true_to_its_document(name: str, text: str, answer: Json) -> None:
    ArticleFacts.model_validate_json(json.dumps(answer), strict=True)
    lines = text.split("\n")
    for quotes in values_of(answer, "evidence"):
        assert isinstance(quotes, list)
        assert 1 <= len(quotes) <= 3
        assert all(any(str(quote) in line for line in lines) for quote in quotes), (name, quotes)
    for key in ("title", "outlet", "dateline", "wording", "quote", "speaker", "role", "destination"):
        for value in values_of(answer, key):
            assert value is None or str(value) in text, (name, key, value)
    assert isinstance(answer, dict)
    facts = [fact for name in LISTS for fact in answer[name]]
    assert all(fact["evidence"] for fact in facts)


def test_one_example_has_no_fact() -> None:
    empty = [
        name
        for name, _, answer in shown()
        if isinstance(answer, dict) and not any(answer[key] for key in LISTS)
    ]
    assert empty == ["examples/no_facts.txt"]
