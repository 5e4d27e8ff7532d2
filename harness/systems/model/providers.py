"""The providers that `model = "provider/name"` may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MODES = ("tools", "json_schema", "json", "markdown_json")
"""How the schema is told to a model: as a tool, as the format of the answer, or in words."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider.

    Attributes:
        key: The variable that holds the key; empty when there is none, or the SDK finds its own credentials.
        address: Where it speaks OpenAI's protocol; empty when it is asked through its own SDK.
        sdk: The module of that SDK.
        package: What to install for it.
        modes: The modes that it can be asked in.
    """

    key: str = ""
    address: str = ""
    sdk: str = "openai"
    package: str = "openai"
    modes: tuple[str, ...] = MODES


_TOOLS_SCHEMA_TEXT = ("tools", "json_schema", "markdown_json")

PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider("OPENAI_API_KEY", "https://api.openai.com/v1"),
    "anthropic": Provider(
        "ANTHROPIC_API_KEY", sdk="anthropic", package="anthropic", modes=("tools", "json_schema", "json")
    ),
    "anyscale": Provider("ANYSCALE_API_KEY", "https://api.endpoints.anyscale.com/v1"),
    "azure_openai": Provider("AZURE_OPENAI_API_KEY"),
    "bedrock": Provider(sdk="boto3", package="boto3", modes=_TOOLS_SCHEMA_TEXT),
    "cerebras": Provider("CEREBRAS_API_KEY", "https://api.cerebras.ai/v1"),
    "cohere": Provider("CO_API_KEY", sdk="cohere", package="cohere", modes=_TOOLS_SCHEMA_TEXT),
    "databricks": Provider("DATABRICKS_TOKEN"),
    "deepseek": Provider("DEEPSEEK_API_KEY", "https://api.deepseek.com"),
    "fireworks": Provider("FIREWORKS_API_KEY", "https://api.fireworks.ai/inference/v1"),
    "gemini": Provider(
        "GOOGLE_API_KEY",
        sdk="google.generativeai",
        package="google-generativeai",
        modes=("tools", "markdown_json"),
    ),
    "generative-ai": Provider(
        "GOOGLE_API_KEY", sdk="google.genai", package="google-genai", modes=("tools", "json")
    ),
    "google": Provider("GOOGLE_API_KEY", sdk="google.genai", package="google-genai", modes=("tools", "json")),
    "groq": Provider("GROQ_API_KEY", "https://api.groq.com/openai/v1"),
    "litellm": Provider(sdk="litellm", package="litellm"),
    "mistral": Provider("MISTRAL_API_KEY", sdk="mistralai", package="mistralai", modes=_TOOLS_SCHEMA_TEXT),
    "ollama": Provider(address="http://localhost:11434/v1"),
    "openrouter": Provider("OPENROUTER_API_KEY", "https://openrouter.ai/api/v1"),
    "perplexity": Provider("PERPLEXITY_API_KEY", "https://api.perplexity.ai", modes=("markdown_json",)),
    "together": Provider("TOGETHER_API_KEY", "https://api.together.xyz/v1"),
    "vertexai": Provider(sdk="vertexai", package="google-cloud-aiplatform", modes=("tools", "markdown_json")),
    "writer": Provider("WRITER_API_KEY", sdk="writerai", package="writer-sdk", modes=_TOOLS_SCHEMA_TEXT),
    "xai": Provider("XAI_API_KEY", "https://api.x.ai/v1"),
}
"""What instructor knows, and how we ask it. A test holds the names against instructor's own."""


def on_this_machine(address: str) -> bool:
    """Whether an address is on loopback, where no key is needed."""
    from urllib.parse import urlsplit

    host = urlsplit(address).hostname or ""
    return host == "localhost" or host.endswith(".localhost") or host == "::1" or host.startswith("127.")
