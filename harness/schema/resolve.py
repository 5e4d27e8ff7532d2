"""Find the model that a target such as `schemas.labour_export:ArticleFacts` names."""

from __future__ import annotations

import contextlib
import difflib
import importlib
import sys
from typing import TYPE_CHECKING

from harness.errors import SchemaError

if TYPE_CHECKING:
    from pydantic import BaseModel


def resolve(target: str, root: str = "") -> type[BaseModel]:
    """Import the module of a target and return its model.

    Args:
        target: `module:Model`, the module as in an import statement.
        root: A folder to import from first, normally that of `harness.toml`; empty for none.

    Raises:
        SchemaError: When the target has another form, when the module is not there or fails on import, or
            when it has no such model.
    """
    from pydantic import BaseModel

    module_name, colon, name = target.partition(":")
    if not (colon and name and module_name):
        raise SchemaError(
            f"{target!r} names no model", hint="write it as module:Model, such as schemas.invoice:Invoice"
        )
    if root and root not in sys.path:
        sys.path.insert(0, root)
        importlib.invalidate_caches()
    try:
        # What a module prints while it is imported must not mix with what a command prints.
        with contextlib.redirect_stdout(sys.stderr):
            module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        hint = f"looked in {root or 'the import path'} and the environment"
        raise SchemaError(f"there is no module {error.name!r}", where=target, hint=hint) from error
    except (Exception, SystemExit) as error:  # a user's module can raise anything while it is imported
        raise SchemaError(
            f"the module fails on import: {type(error).__name__}: {error}",
            where=target,
            hint="import it yourself to see where",
        ) from error
    model: object = module
    for part in name.split("."):
        model = getattr(model, part, None)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        models = [
            key
            for key, value in vars(module).items()
            if isinstance(value, type) and issubclass(value, BaseModel)
        ]
        models = [key for key in models if key != "BaseModel"]
        near = difflib.get_close_matches(name, models, n=3) or models[:8]
        seen = "is no Pydantic model" if model is not None else "is not there"
        raise SchemaError(
            f"{name} {seen}", where=module_name, hint=f"models there: {', '.join(near) or 'none'}"
        )
    return model
