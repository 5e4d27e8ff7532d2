"""From a Pydantic model with marks to a scoring plan."""

from harness.schema.plan import (
    Field,
    Leaf,
    LeafType,
    Listing,
    Mapping,
    Node,
    Plan,
    Record,
    Role,
    Union,
    has_evidence,
    leaves,
    spelled,
)

__all__ = [
    "Field",
    "Leaf",
    "LeafType",
    "Listing",
    "Mapping",
    "Node",
    "Plan",
    "Record",
    "Role",
    "Union",
    "has_evidence",
    "leaves",
    "spelled",
]
