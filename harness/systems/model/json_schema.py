"""The JSON schema that a system is asked for, and its digest."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from harness.errors import SchemaError

if TYPE_CHECKING:
    from pydantic import BaseModel


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a model.

    Raises:
        SchemaError: When it has none, as with a field for a function.
    """
    from pydantic.errors import PydanticUserError

    try:
        return model.model_json_schema()
    except (PydanticUserError, TypeError, KeyError, ValueError, RuntimeError) as error:
        hint = f"{type(error).__name__}: {error}"
        raise SchemaError("no tool can be made of the schema", where=model.__name__, hint=hint) from error


def schema_digest(schema: dict[str, Any]) -> str:
    """Hex digest of a schema as a model sees it, so that the order of its fields counts."""
    return hashlib.sha256(json.dumps(schema, ensure_ascii=True).encode()).hexdigest()
