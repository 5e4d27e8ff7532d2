"""What is put to a system: documents, prompts, requests."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a suite.

    Attributes:
        id: The file's name without its suffix; unique in the suite.
        text: The document's text.
        sha256: Hex digest of the document's bytes.
    """

    id: str
    text: str
    sha256: str


Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt.

    Attributes:
        role: Who speaks.
        text: What is said: a template when `template` is true, else the words themselves.
        template: Whether `text` is filled in for each document.
    """

    role: Role
    text: str
    template: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of the words that ask a model to extract.

    Attributes:
        version: The prompt file's name without its suffix.
        sha256: Hex digest of everything that shapes the messages: the file, and the examples that it names.
        messages: What is said, in order. The last one is the user's and holds the document.
        quoted: The texts of the documents that worked examples show, by name; for the guard against leaks.
    """

    version: str
    sha256: str
    messages: tuple[Message, ...]
    quoted: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """One document put to one system, once.

    Attributes:
        document: What is to be read.
        trial: Which repeat this is, from 0.
    """

    document: Document
    trial: int = 0


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Everything that an answer depends on, part by part. Equal fingerprints may share an answer.

    Attributes:
        model: Which model, and where it is served when that is not its usual place.
        mode: How the schema is told to the model: tools, JSON schema and so on.
        schema: Digest of the JSON schema.
        parameters: The parameters of the call, as canonical JSON.
        prompt: Digest of the prompt; renaming its file changes nothing.
        document: Digest of the document's bytes.
        trial: Which repeat, from 0.
    """

    model: str
    mode: str
    schema: str
    parameters: str
    prompt: str
    document: str
    trial: int

    def about(self, document: str, trial: int) -> Fingerprint:
        """The same of another document, by its digest, and trial."""
        return Fingerprint(self.model, self.mode, self.schema, self.parameters, self.prompt, document, trial)

    @property
    def key(self) -> str:
        """64 hex digits that stand for all parts."""
        text = (
            f"{self.model}\x1f{self.mode}\x1f{self.schema}\x1f{self.parameters}\x1f{self.prompt}\x1f"
            f"{self.document}\x1f{self.trial}"
        )
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
