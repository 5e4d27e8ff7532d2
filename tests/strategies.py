"""Hypothesis strategies: random models with marks, values that fit them, and values that fit nothing."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from pydantic import BaseModel

from harness.marks import Choice, Date, Evidence, Exact, Number, Records, Text, Ungraded, Weight
from harness.records import Json
from tests.scored import made

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
"""The field names of random models; arbitrary JSON uses them as keys, so that it hits fields."""


@dataclass(frozen=True)
class Shape:
    """A type with marks, and JSON values that it has.

    Attributes:
        annotation: The type.
        values: Present values of it.
    """

    annotation: Any
    values: SearchStrategy[Any]


_WORDS = ("Ada", "ada ", "Grace Hopper", "x", "“q”", "construction worker", "construction workers", "builders")
_DATES = ("2022", "2022-08", "2022-08-25", "XXXX-08", "XXXX-08-25", "2021-01-01")
_SPELLINGS = Choice({"Donetsk": ("DPR", "DNR"), "Luhansk": ("LPR",)})

SYMMETRIC = (
    Shape(str, st.sampled_from(_WORDS)),
    Shape(Annotated[str, Exact()], st.sampled_from(_WORDS)),
    Shape(Annotated[str, Text(0.6), Weight(2)], st.sampled_from(_WORDS)),
    Shape(Annotated[str, _SPELLINGS], st.sampled_from(["DPR", "donetsk", "LPR", "Kyiv"])),
    Shape(int, st.integers(0, 3)),
    Shape(Annotated[int, Number(abs_tol=1), Weight(0.5)], st.integers(0, 5)),
    Shape(float, st.sampled_from([0.5, 1, 1.0, "2", 0.1])),
    Shape(bool, st.booleans()),
    Shape(Literal["a", "b", 1, True], st.sampled_from(["a", "b", 1, True])),
    Shape(int | str, st.sampled_from([1, 2, "1", "x", "y"])),
)
ASYMMETRIC = (
    Shape(Annotated[str, Date()], st.sampled_from(_DATES)),
    Shape(Annotated[str, Date("month")], st.sampled_from(_DATES[1:3])),
    Shape(dt.date, st.sampled_from(["2022-08-25", "2021-01-01"])),
    Shape(Annotated[Decimal, Number(rel_tol=0.1)], st.sampled_from(["10", 9, 11, 10.5, "100"])),
)


@st.composite
def models(
    draw: DrawFn,
    *,
    depth: int = 2,
    symmetric: bool = False,
    unions: bool = True,
    root: bool = True,
) -> Shape:
    """A model with marks, and the values that fit it.

    Args:
        draw: Hypothesis'.
        depth: How deep models and lists nest.
        symmetric: Leave out comparators for which gold and predicted may not change places.
        unions: Whether there may be unions of models.
        root: Whether it is the outermost model.
    """
    leaves = SYMMETRIC if symmetric else (*SYMMETRIC, *ASYMMETRIC)
    kinds = ["leaf", "leaf", "optional", "words", "evidence", "ungraded", "dict"]
    if depth:
        kinds += ["nested", "records", "records", "keyed", *(["union"] if unions else [])]
    if root and depth:
        fields = ["leaf", draw(st.sampled_from(["records", "keyed", "words"]))]
        fields += draw(st.lists(st.sampled_from(kinds), max_size=3))
    else:
        fields = ["leaf", *draw(st.lists(st.sampled_from(kinds), max_size=3))]
    annotations: dict[str, Any] = {}
    values: dict[str, SearchStrategy[Any]] = {}
    optional: dict[str, SearchStrategy[Any]] = {}
    for name, kind in zip(NAMES, fields, strict=False):
        shape = _field(draw, kind, leaves, depth, symmetric, unions)
        if kind == "leaf":
            annotations[name] = (shape.annotation, ...)
            values[name] = shape.values
        else:
            annotations[name] = (shape.annotation | None, None)
            optional[name] = st.none() | shape.values | shape.values
    model: type[BaseModel] = made("Root" if root else f"Inner{depth}", **annotations)
    return Shape(model, st.fixed_dictionaries(values, optional=optional))


def _field(
    draw: DrawFn, kind: str, leaves: tuple[Shape, ...], depth: int, symmetric: bool, unions: bool
) -> Shape:
    leaf = draw(st.sampled_from(leaves))
    of: Any = leaf.annotation
    if kind in ("leaf", "optional"):
        return leaf
    if kind == "words":
        many = draw(st.sampled_from(["list", "set"]))
        annotation: Any = list[of] if many == "list" else set[of]
        return Shape(annotation, st.lists(leaf.values, max_size=4))
    if kind == "evidence":
        return Shape(Annotated[list[str], Evidence()], st.lists(st.sampled_from(_WORDS), max_size=2))
    if kind == "ungraded":
        return Shape(Annotated[leaf.annotation, Ungraded()], leaf.values)
    if kind == "dict":
        annotation = dict[str, of]
        return Shape(annotation, st.dictionaries(st.sampled_from(["k", "l", "m"]), leaf.values, max_size=2))
    if kind == "union":
        left, right = (
            draw(models(depth=depth - 1, symmetric=symmetric, unions=False, root=False)) for _ in range(2)
        )
        one: Any = made("One", __base__=left.annotation, kind=(Literal["one"], ...))
        other: Any = made("Other", __base__=right.annotation, kind=(Literal["other"], ...))
        return Shape(
            list[one | other],
            st.lists(_tagged(left.values, "one") | _tagged(right.values, "other"), max_size=3),
        )
    inner = draw(models(depth=depth - 1, symmetric=symmetric, unions=unions, root=False))
    of = inner.annotation
    if kind == "nested":
        return inner
    keys = (NAMES[0],) if kind == "keyed" else ()
    mark = Records(keys=keys, match_at=draw(st.sampled_from([0.3, 0.5, 0.5, 0.8])))
    return Shape(Annotated[list[of], mark], st.lists(inner.values, max_size=4))


def _tagged(values: SearchStrategy[Any], tag: str) -> SearchStrategy[Any]:
    return values.map(lambda value: {**value, "kind": tag})


@st.composite
def annotated(draw: DrawFn, value: Any, values: SearchStrategy[Any] | None = None, *, top: bool = True) -> Any:
    """A fitting value in which some places are alternatives, optional or unlabelled.

    Args:
        draw: Hypothesis'.
        value: A fitting value.
        values: More values of the same type, for alternatives; only at the top.
        top: Whether `value` is the whole.
    """
    if isinstance(value, dict):
        found: Any = {key: draw(annotated(inner, top=False)) for key, inner in value.items()}
    elif isinstance(value, list):
        found = [draw(annotated(inner, top=False)) for inner in value]
        found = [inner for inner in found if inner != {"$unlabelled": True}]
    else:
        found = value
    if found is None:
        return None
    match draw(st.integers(0, 11)):
        case 0 if not top:
            return {"$optional": found}
        case 1 if not top:
            return {"$unlabelled": True}
        case 2 if isinstance(value, str):
            return {"$any": [found, draw(st.sampled_from([*_WORDS, *_DATES]))]}
        case 3 if isinstance(value, list) and value:
            return {"$any": [found, found[:-1]]}
        case 4 if isinstance(value, dict) and len(value) > 1:
            last = next(reversed(found))
            return {"$any": [found, {key: inner for key, inner in found.items() if key != last}]}
        case 5 if top and values is not None:
            return {"$any": [found, draw(values)]}
    return found


def json_values(max_leaves: int = 12) -> SearchStrategy[Any]:
    """Anything that a JSON parser can give, and a little more."""
    text = st.text(st.characters(exclude_categories=()), max_size=6)
    keys = (
        st.sampled_from([*NAMES, "kind", "k", "Alpha", " alpha", "", "$any", "$unlabelled", "$optional"]) | text
    )
    scalars = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.sampled_from([10**400, -(10**400), 0, -0.0, 1e308, 5e-324, "NaN", "1e999", "", " ", "\ud800"])
        | st.floats()
        | text
        | st.sampled_from([*_WORDS, *_DATES, "a", "one", "other"])
    )
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
        max_leaves=max_leaves,
    )


@st.composite
def spoilt(draw: DrawFn, value: Any, chance: int = 5) -> Any:
    """A value in which some places were replaced by arbitrary JSON, dropped or doubled."""
    if draw(st.integers(0, chance)) == 0:
        return draw(json_values(4))
    if isinstance(value, dict):
        kept = {
            key: draw(spoilt(inner, chance)) for key, inner in value.items() if draw(st.integers(0, chance))
        }
        if draw(st.integers(0, chance)) == 0:
            kept[draw(st.sampled_from([*NAMES, "stray"]))] = draw(json_values(3))
        return kept
    if isinstance(value, list):
        kept_items = [draw(spoilt(inner, chance)) for inner in value if draw(st.integers(0, chance))]
        if kept_items and draw(st.integers(0, chance)) == 0:
            kept_items.append(kept_items[0])
        return kept_items
    return value


def shuffled(value: Json, random: Any) -> Json:
    """The value with every list in it, at any depth, in another order; the readings of `$any` keep theirs."""
    if isinstance(value, dict):
        if list(value) == ["$any"] and isinstance(value["$any"], list):
            return {"$any": [shuffled(inner, random) for inner in value["$any"]]}
        return {key: shuffled(inner, random) for key, inner in value.items()}
    if isinstance(value, list):
        items = [shuffled(inner, random) for inner in value]
        random.shuffle(items)
        return items
    return value
