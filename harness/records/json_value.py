"""What a document, a label and an answer are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
"""A JSON value as Python's parser gives it. NaN and the infinities can occur in what a system answered."""
