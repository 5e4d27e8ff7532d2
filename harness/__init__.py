"""The evaluation harness for LLM structured extraction.

>>> import harness
>>> from pydantic import BaseModel
>>> class Person(BaseModel):
...     name: str
...     born: int | None = None
>>> harness.score(Person, {"name": "Ada", "born": 1815}, {"name": "ADA"}).f1
0.6666666666666666
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.version import VERSION

if TYPE_CHECKING:
    from harness.api import Evaluation as Evaluation
    from harness.api import Failure as Failure
    from harness.api import score as score

__version__ = VERSION
__all__ = ["Evaluation", "Failure", "score"]


def __getattr__(name: str) -> Any:
    """Import the API when it is first used, so that `import harness` costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'harness' has no attribute {name!r}")
    from harness import api

    return getattr(api, name)
