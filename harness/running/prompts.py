"""The prompt of a run: loaded, its worked examples filled in, and kept from giving documents away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.suites.documents import load_document
from harness.suites.places import quoted, shown
from harness.suites.prompts import find_prompt, load_prompt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harness.records import Json, Prompt
    from harness.running.suite import ReadySuite
    from harness.suites.leaks import Leak


def ready_prompt(suite: ReadySuite, version: str | None) -> Prompt | None:
    """A version of a suite's prompt; for `None` the one that the suite names, which may be none.

    Raises:
        UsageError: When there is no such version, or the suite names no prompt to look beside.
        ConfigError: When the prompt is malformed, or shows an example that does not exist.
    """
    if suite.config.prompt is None and version is None:
        return None
    return load_prompt(
        _path(suite, version),
        schema=suite.model,
        plan=suite.scorer.plan,
        example=lambda name: _worked(suite, name),
    )


def check_documents(suite: ReadySuite, prompt: Prompt | None, version: str | None) -> None:
    """Read every document once: refuse one that was not labelled so, and a prompt that shows one.

    Raises:
        DocumentError: When a document cannot be read, or is not the one that was labelled.
        ConfigError: With the documents that the prompt shows, and how much of each.
    """
    documents = suite.documents()
    found: Sequence[Leak] = ()
    if prompt is not None:
        from harness.suites.leaks import leaks

        found = leaks(prompt, documents)
    for _ in documents:
        pass  # a prompt of a few words is compared with none
    if found:
        from harness.suites.leak_report import refuse_leaks

        refuse_leaks(_path(suite, version), found)


def _path(suite: ReadySuite, version: str | None) -> Path:
    default = suite.config.prompt
    if default is None:
        raise UsageError(
            f"the suite {suite.config.name} names no prompt, so there is no {version} beside it",
            hint=f'add a line to its table: prompt = "prompts/{suite.config.name}/{version}.md"',
        )
    return default if version is None else find_prompt(default, version)


def _worked(suite: ReadySuite, name: str) -> tuple[str, Json]:
    if name not in suite.files:
        raise UsageError(f"there is no document {quoted(name)}", where=shown(suite.config.documents))
    return load_document(suite.path(name)).text, suite.plain_gold(name)
