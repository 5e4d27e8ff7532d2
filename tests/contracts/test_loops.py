"""The compiled loops of scoring give to the last bit what those in Python give.

What they have to give is held elsewhere, mostly for whichever are faster; here the two are held to each other.
"""

import shutil
import sysconfig
from collections import OrderedDict, defaultdict
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from harness.marks import Choice, Date, Number, Records, Text, Ungraded, Weight
from harness.schema.compile import compile_model
from harness.scoring.binding import bind
from harness.scoring.bound import BoundRecord
from harness.scoring.loops import COMPILED, INTERPRETED, Loops
from tests.scored import long_lists_from, made
from tests.strategies import Shape, json_values, models, spoilt

_HEADERS = Path(sysconfig.get_path("include")) / "Python.h"
buildable = pytest.mark.skipif(
    not (shutil.which("cc") and _HEADERS.exists()), reason="no C compiler, or no headers of Python"
)
built = pytest.mark.skipif(COMPILED is None, reason="the compiled loops were not built")


@buildable
def test_they_are_built_where_they_can_be() -> None:
    assert COMPILED is not None, "build them: make clean, then make test"


def bounds(annotation: type[BaseModel]) -> tuple[BoundRecord, BoundRecord]:
    """A model bound to the loops in Python and to the compiled ones."""
    assert isinstance(COMPILED, Loops)
    plan = compile_model(annotation)
    return bind(plan, INTERPRETED), bind(plan, COMPILED)


@built
@given(st.data(), models())
def test_reading(data: st.DataObject, shape: Shape) -> None:
    raws = data.draw(st.lists(shape.values | spoilt(data.draw(shape.values)) | json_values(), max_size=4))
    found = [bound.read(raws, ("here",), ["quoted"]) for bound in bounds(shape.annotation)]
    for one, other in zip(*found, strict=True):
        if one is None or other is None:
            assert one is other
            continue
        assert (one.raw, one.quotes, one.at()) == (other.raw, other.quotes, other.at())
        assert list(one.inside) == list(other.inside)
        assert [(type(cell), cell) for cell in one.cells] == [(type(cell), cell) for cell in other.cells]


class Row(BaseModel):
    """A column for every way of comparing."""

    name: str | None = None
    sure: bool | None = None
    place: Annotated[str | None, Choice({"DPR": ["Donetsk"]}), Weight(0.3)] = None
    size: Annotated[float | None, Number(rel_tol=0.1)] = None
    count: Annotated[int | None, Number(abs_tol=1), Weight(2)] = None
    price: Annotated[Decimal | None, Number(abs_tol=0.1, rel_tol=0.01)] = None
    day: Annotated[str | None, Date()] = None
    month: Annotated[str | None, Date(granularity="month")] = None
    either: int | str | None = None
    note: Annotated[str | None, Text(0.8)] = None
    remark: Annotated[str | None, Text(0.2), Weight(1.5)] = None
    aside: Annotated[str | None, Ungraded()] = None


class Table(BaseModel):
    rows: Annotated[list[Row], Records(match_at=0.4)] = []


_NAMES = st.sampled_from(["a", "b", "Donetsk", "DPR", "abcdefgh", "abcdefgx", "abcdwxyz"])
_DATES = st.sampled_from(
    ["2022", "2022-08", "2022-08-25", "XXXX-08-25", "2022-XX-25", "2022-08-26", "2022-08-25T10:00",
     "2022-08-25T10:00+02:00", "2022-08-25T08:00Z", "2022-08-26T00:30+16:30"]
)  # fmt: skip
_NUMBERS = st.sampled_from([0, 1, 2, 9, 10, 11, 100, 101, 10**30, -1]) | st.integers(-3, 3)
_ROWS = st.fixed_dictionaries(
    {},
    optional={
        "name": _NAMES,
        "sure": st.booleans(),
        "place": _NAMES,
        "size": _NUMBERS | st.sampled_from([0.9, 1.1, 99.0, 110.0, 1e300]),
        "count": _NUMBERS,
        "price": _NUMBERS | st.sampled_from(["0.1", "0.2", 1.05, "100.99"]),
        "day": _DATES,
        "month": _DATES,
        "either": _NUMBERS | _NAMES,
        "note": _NAMES,
        "remark": _NAMES,
        "aside": _NAMES,
    },
)
_SIDES = st.lists(_ROWS, max_size=6)


@built
@given(_SIDES, _SIDES, st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.8, 1.0]))
def test_comparing(gold: list[Any], predicted: list[Any], match_at: float) -> None:
    found = []
    for bound in bounds(Table):
        ((model,), raws) = bound.branches[0].variants, (gold, predicted)
        ours, theirs = ([one.cells for one in model.read(raw, (), None) if one] for raw in raws)
        assert (len(ours), len(theirs)) == (len(gold), len(predicted))
        found.append(model.edges(ours, theirs, match_at))
    assert list(found[0].items()) == list(found[1].items())


class Line(BaseModel):
    number: int | None = None
    text: Annotated[str, Text(0.6)]


class Lines(BaseModel):
    lines: list[Line] = []


class Alone(BaseModel):
    text: Annotated[str, Text(0.6)]


class Alones(BaseModel):
    lines: list[Alone] = []


@built
def test_texts_alone_are_compared_in_python() -> None:
    from harness.scoring.compiled.edging import Edging

    assert isinstance(bounds(Lines)[1].branches[0].variants[0].edges, Edging)
    assert not isinstance(bounds(Alones)[1].branches[0].variants[0].edges, Edging)


_LETTERS = st.sampled_from(["ab", "abcdefgh ", "aé\xff\x01", "aЖ", "a😀", "a\ud800"])
_TEXTS = _LETTERS.flatmap(lambda letters: st.text(letters, min_size=1, max_size=80))


@st.composite
def similar(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and one that a few edits make of it."""
    text = draw(_TEXTS)
    other = list(text)
    for _ in range(draw(st.integers(0, 40))):
        at = draw(st.integers(0, len(other)))
        other[at : at + draw(st.integers(0, 2))] = draw(st.sampled_from(["", "a", "x", "é", "Ж"]))
    return text, "".join(other)


@built
@pytest.mark.parametrize("model", [Lines, Table])
@given(pairs=st.lists(similar(), min_size=1, max_size=3), match_at=st.sampled_from([0.0, 0.3, 0.5, 0.9]))
@example(pairs=[("a" * 64, "a" * 32), ("a" * 65, "a" * 40), ("b" * 63, "ab" * 33)], match_at=0.0)
def test_texts(model: type[BaseModel], pairs: list[tuple[str, str]], match_at: float) -> None:
    name = "text" if model is Lines else "remark"
    found = []
    for bound in bounds(model):
        (item,) = bound.branches[0].variants
        sides = ([{name: text} for text in side] for side in zip(*pairs, strict=True))
        ours, theirs = ([one.cells for one in item.read(raws, (), None) if one] for raws in sides)
        found.append(item.edges(ours, theirs, match_at))
    assert list(found[0].items()) == list(found[1].items())


@built
def test_the_heaviest_weights_change_no_threshold() -> None:
    heavy: Any = made("Heavy", **{f"f{at}": (Annotated[str, Weight(1e6)], ...) for at in range(75)})
    root = made(items=(Annotated[list[heavy], Records(match_at=0.56)], []))
    gold, predicted = ({f"f{at}": "ab"[at >= same] for at in range(75)} for same in (75, 42))
    for bound in bounds(root):
        (model,) = bound.branches[0].variants
        ours, theirs = ([one.cells for one in model.read([raw], (), None) if one] for raw in (gold, predicted))
        assert model.edges(ours, theirs, 0.56) == {(0, 0): (0.56, 85)}


@built
@pytest.mark.parametrize("few", [0, 10**9])
def test_a_text_may_be_right_however_unlike(few: int) -> None:
    anything: Any = made("Anything", text=(Annotated[str, Text(1e-7)], ...), n=(int, ...))
    raws: list[Any] = [{"text": "abcd", "n": 1}, {"text": "wxyd", "n": 1}, {"text": "zzzz", "n": 2}]
    for bound in bounds(made(items=(list[anything], []))):
        (model,) = bound.branches[0].variants
        cells = [one.cells for one in model.read(raws, (), None) if one]
        with long_lists_from(few):
            found = model.edges(cells, cells, 0.5)
        same = {(at, at): (1.0, 5) for at in range(3)}
        assert found == {**same, (0, 1): (0.625, 5), (1, 0): (0.625, 5)}


@built
@pytest.mark.parametrize(
    "raw",
    [
        OrderedDict(word="a", sure=True),
        defaultdict(bool, word="a", x=1),
        MappingProxyType({"word": "a", "sure": True}),
    ],
)
def test_what_is_only_like_a_dict_is_not_plain(raw: Any) -> None:
    two = made(word=(str | None, None), sure=(bool | None, None))
    assert [bound.read([raw], (), None) for bound in bounds(two)] == [[None], [None]]


_SIMILARITIES = st.sampled_from([0.25, 0.5, 0.75, 1.0]) | st.floats(2**-30, 1.0)
_EDGES = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 9)), st.tuples(_SIMILARITIES, st.integers(0, 9)), max_size=40
)


@built
@given(_EDGES)
@example({})
@example({(0, 0): (2**-30, 0), (0, 1): (2**-30, 0)})
def test_choosing(edges: Any) -> None:
    assert isinstance(COMPILED, Loops)
    ours, theirs = (loops.outstanding(dict(edges)) for loops in (INTERPRETED, COMPILED))
    assert sorted(ours[0]) == sorted(theirs[0])
    assert list(ours[1].items()) == list(theirs[1].items())
