"""The kind `rules`: the real client, instructor and adapter, with the stub where the network would be."""

from __future__ import annotations

from harness.systems.base import SystemSpec, Task
from harness.systems.model.openai_chat import Endpoint, OpenAIChat

MODEL = "rules-1"
"""Goes up whenever the stub's answers change, because it stands in signatures."""


def build(spec: SystemSpec, task: Task) -> OpenAIChat:
    """The factory of the kind `rules`. It asks once: the stub would give the same answer again."""
    from harness.systems.rules.transport import RulesTransport

    endpoint = Endpoint(
        model=MODEL,
        base_url="http://rules.invalid/v1",
        api_key="offline",
        transport=RulesTransport(),
        max_retries=0,
        strict=True,
        worth_keeping=False,
    )
    return OpenAIChat(endpoint, task, kind=spec.kind)
