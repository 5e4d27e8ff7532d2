"""What a chat completion request asks for: which document, and in which form the answer is wanted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_DOCUMENT = re.compile(r"^Document: (\S+)$", re.MULTILINE)
_FACTS = re.compile(r"^Facts: (\{.*\})$", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A request, read.

    Attributes:
        document: What stands behind the last `Document: ` of the messages; empty when there is none.
        facts: The JSON behind the last `Facts: ` of the messages; `{}` when there is none.
        model: The model that is asked.
        tool: The tool that must be called; `None` when the answer is text.
        fenced: Whether an answer in text is to stand in a fence of Markdown.
        input_tokens: How long the request is, in tokens of four characters.
        body: The whole request.
    """

    document: str
    facts: str
    model: str
    tool: str | None
    fenced: bool
    input_tokens: int
    body: Mapping[str, Any]


def read_question(body: bytes) -> Question:
    """Read a request.

    Raises:
        ValueError, KeyError, TypeError: When it is none.
    """
    asked = json.loads(body)
    said = "\n".join(_text(message) for message in asked["messages"])
    tools = asked.get("tools")
    choice = asked.get("tool_choice")
    tool = None
    if tools:
        tool = choice["function"]["name"] if isinstance(choice, dict) else tools[0]["function"]["name"]
    return Question(
        document=_last(_DOCUMENT, said, ""),
        facts=_last(_FACTS, said, "{}"),
        model=asked["model"],
        tool=tool,
        fenced=not tools and "response_format" not in asked,
        input_tokens=len(body) // 4,
        body=asked,
    )


def _text(message: Mapping[str, Any]) -> str:
    """The text of a user's message; what others say is not looked at, because it can quote a document."""
    content = message.get("content") if message["role"] == "user" else None
    if isinstance(content, list):
        return "\n".join(part.get("text", "") for part in content)
    return content or ""


def _last(pattern: re.Pattern[str], text: str, otherwise: str) -> str:
    found = pattern.findall(text)
    return found[-1] if found else otherwise
