import datetime as dt
import enum
import uuid
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as AbstractMapping
from decimal import Decimal
from ipaddress import IPv4Address
from typing import Annotated, Any, Generic, Literal, NamedTuple, NewType, TypeVar, Union

import pytest
from pydantic import (
    AfterValidator,
    AliasChoices,
    AliasPath,
    AnyUrl,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    FutureDate,
    PastDate,
    PositiveInt,
    PrivateAttr,
    RootModel,
    SecretStr,
    StrictStr,
    computed_field,
)
from typing_extensions import TypeAliasType, TypedDict

from harness.errors import SchemaError
from harness.marks import Choice, Date, Evidence, Exact, Folded, Number, Records, Text, Ungraded, Weight
from harness.paths import render
from harness.schema import Leaf, LeafType, Listing, Mapping, Plan, Record, Role, has_evidence, leaves, spelled
from harness.schema import Union as UnionNode
from harness.schema.compile import compile_model
from harness.scoring.binding import bind
from tests.scored import explain, leaf_of, made, model_of, node_of, told, total

T = TypeVar("T")


class Colour(enum.Enum):
    RED = "red"
    TWO = 2


class Level(enum.IntEnum):
    LOW = 1


class Inner(BaseModel):
    name: str
    size: int | None = None


class Other(BaseModel):
    title: str


class Tree(BaseModel):
    name: str
    below: "list[Tree]" = []


class KeyedTree(BaseModel):
    name: str
    below: "Annotated[list[KeyedTree], Records(keys=('name',))]" = []


class Chain(BaseModel):
    name: str
    following: "Chain | None" = None


class Named(BaseModel):
    name: str
    members: "dict[str, Named]" = {}


class Ping(BaseModel):
    name: str
    pongs: "list[Pong]" = []


class Pong(BaseModel):
    ping: Ping | None = None


class Box(BaseModel, Generic[T]):
    content: T


Kilometres = NewType("Kilometres", float)
Names = TypeAliasType("Names", list[Annotated[str, Exact()]])


def paths(model: type[BaseModel]) -> dict[str, str]:
    """Printed path of every leaf to its comparator."""
    return {render(leaf.path): spelled(leaf.comparison) for leaf in leaves(compile_model(model).root)}


def refused(annotation: Any, **config: Any) -> SchemaError:
    model = made("M", __config__=ConfigDict(arbitrary_types_allowed=True), v=(annotation, ...))
    with pytest.raises(SchemaError) as caught:
        compile_model(model)
    assert caught.value.exit_code == 3
    return caught.value


@pytest.mark.parametrize(
    ("annotation", "leaf_type", "comparison"),
    [
        (str, LeafType.STRING, Folded()),
        (StrictStr, LeafType.STRING, Folded()),
        (bool, LeafType.BOOLEAN, Exact()),
        (int, LeafType.INTEGER, Number()),
        (PositiveInt, LeafType.INTEGER, Number()),
        (float, LeafType.NUMBER, Number()),
        (Kilometres, LeafType.NUMBER, Number()),
        (Decimal, LeafType.DECIMAL, Number()),
        (dt.date, LeafType.DATE, Date()),
        (dt.datetime, LeafType.DATETIME, Date()),
        (Colour, LeafType.MEMBER, Choice()),
        (Level, LeafType.MEMBER, Choice()),
        (Literal["a", 1, True], LeafType.MEMBER, Choice()),
        (Literal[Colour.RED], LeafType.MEMBER, Choice()),
        (Literal["a", None], LeafType.MEMBER, Choice()),
        (uuid.UUID, LeafType.CANONICAL, Exact()),
        (AnyUrl, LeafType.CANONICAL, Exact()),
        (dt.time, LeafType.CANONICAL, Exact()),
        (dt.timedelta, LeafType.CANONICAL, Exact()),
        (IPv4Address, LeafType.CANONICAL, Exact()),
        (int | float, LeafType.NUMBER, Number()),
        (int | Decimal, LeafType.DECIMAL, Number()),
        (int | str, LeafType.EITHER, None),
        (dt.date | str | None, LeafType.EITHER, None),
        (Literal["n/a"] | int, LeafType.EITHER, None),
        (Annotated[str, AfterValidator(str.strip)], LeafType.STRING, Folded()),
    ],
)
def test_the_scalar_types(annotation: Any, leaf_type: LeafType, comparison: Any) -> None:
    for wanted in (
        annotation,
        annotation | None if annotation is not Kilometres else annotation,
    ):
        leaf = leaf_of(wanted)
        assert leaf.type is leaf_type
        assert leaf.role is Role.GRADED
        if comparison is not None:
            assert leaf.comparison == comparison
            assert leaf.why.startswith("type ")


@pytest.mark.parametrize(
    ("annotation", "leaf_type"),
    [(PastDate, LeafType.DATE), (FutureDate, LeafType.DATE), (AwareDatetime, LeafType.DATETIME)],
)
def test_constrained_dates_are_dates(annotation: Any, leaf_type: LeafType) -> None:
    assert leaf_of(annotation).type is leaf_type


@pytest.mark.parametrize(
    "annotation",
    [
        list[str], Sequence[str], Iterable[str], tuple[str, ...], Names, list[str] | None,
        TypeAliasType("Deep", Names),
    ],
)  # fmt: skip
def test_lists_of_scalars(annotation: Any) -> None:
    node = node_of(annotation)
    assert isinstance(node, Listing)
    assert isinstance(node.item, Leaf)
    assert render(node.item.path) == "v[]"
    assert not node.set_like


@pytest.mark.parametrize("annotation", [set[int], frozenset[int]])
def test_sets(annotation: Any) -> None:
    node = node_of(annotation)
    assert isinstance(node, Listing)
    assert node.set_like


def test_lists_of_lists() -> None:
    assert paths(model_of(list[list[int]])) == {"v[][]": "Number"}
    assert paths(model_of(list[list[Inner]])) == {"v[][].name": "Folded", "v[][].size": "Number"}


@pytest.mark.parametrize("annotation", [dict[str, int], AbstractMapping[str, int], dict[str, int] | None])
def test_dicts(annotation: Any) -> None:
    assert isinstance(node_of(annotation), Mapping)
    assert paths(model_of(annotation)) == {"v.*": "Number"}


def test_dicts_of_models_and_lists() -> None:
    assert paths(model_of(dict[str, Inner])) == {"v.*.name": "Folded", "v.*.size": "Number"}
    assert paths(model_of(dict[str, list[str]])) == {"v.*[]": "Folded"}


def test_nested_models_and_lists_of_models() -> None:
    model = made("M", one=(Inner, ...), many=(list[Inner] | None, None))
    assert paths(model) == {
        "one.name": "Folded",
        "one.size": "Number",
        "many[].name": "Folded",
        "many[].size": "Number",
    }


@pytest.mark.parametrize(
    "annotation",
    [
        Inner | Other,
        Union[Inner, Other],  # noqa: UP007 - the older way of writing it
        Inner | Other | None,
        Annotated[Inner | Other, Field(description="one of them")],
    ],
)
def test_unions_of_models(annotation: Any) -> None:
    node = node_of(annotation)
    assert isinstance(node, UnionNode)
    assert paths(model_of(annotation)) == {
        "v<Inner>.name": "Folded",
        "v<Inner>.size": "Number",
        "v<Other>.title": "Folded",
    }


def test_tagged_unions_in_lists() -> None:
    class Cat(BaseModel):
        kind: Literal["cat"]

    class Dog(BaseModel):
        kind: Literal["dog"]

    model = model_of(list[Annotated[Cat | Dog, Field(discriminator="kind")]])
    assert paths(model) == {"v[]<Cat>.kind": "Choice", "v[]<Dog>.kind": "Choice"}


def test_a_model_or_a_string() -> None:
    found = [(leaf.path[1], leaf.comparison) for leaf in leaves(compile_model(model_of(Inner | str)).root)]
    assert [comparison for _, comparison in found] == [Folded(), Number(), Folded()]
    assert found[0][0] == found[1][0] != found[2][0]


@pytest.mark.parametrize("model", [Tree, KeyedTree, Chain, Named, Ping])
def test_recursive_models(model: type[BaseModel]) -> None:
    plan = compile_model(model)
    assert "name" in {render(leaf.path) for leaf in leaves(plan.root)}
    assert plan.marks_hash == compile_model(model).marks_hash


def test_a_root_model_is_what_it_holds() -> None:
    class Words(RootModel[list[Annotated[str, Exact()]]]):
        pass

    assert paths(Words) == {"[]": "Exact"}
    assert paths(model_of(Words)) == {"v[]": "Exact"}
    assert paths(RootModel[int]) == {"$": "Number"}


class Endless(RootModel["list[Endless] | str"]):
    pass


EndlessAlias = TypeAliasType("EndlessAlias", "list[EndlessAlias] | str")


@pytest.mark.parametrize("annotation", [Endless, EndlessAlias])
def test_a_type_that_holds_itself_without_a_model_is_refused(annotation: Any) -> None:
    with pytest.raises(SchemaError, match=r"inside itself|cannot be scored"):
        compile_model(model_of(annotation))


def test_generic_models() -> None:
    assert paths(Box[int]) == {"content": "Number"}
    assert paths(model_of(Box[Inner] | Box[int])) == {
        "v<Box[Inner]>.content.name": "Folded",
        "v<Box[Inner]>.content.size": "Number",
        "v<Box[int]>.content": "Number",
    }


@pytest.mark.parametrize(
    ("field", "config", "keys"),
    [
        (Field(alias="Vee"), {}, ("Vee",)),
        (Field(validation_alias="Vee"), {}, ("Vee",)),
        (Field(serialization_alias="Vee"), {}, ("v",)),
        (Field(validation_alias=AliasChoices("a", "b")), {}, ("a", "b")),
        (Field(alias="Vee"), {"populate_by_name": True}, ("Vee", "v")),
        (Field(alias="Vee"), {"validate_by_name": True}, ("Vee", "v")),
    ],
)
def test_aliases(field: Any, config: Any, keys: tuple[str, ...]) -> None:
    model = made("M", __config__=config, v=(int, field))
    root = compile_model(model).root
    assert isinstance(root, Record)
    assert root.fields[0].keys == keys
    assert render(root.fields[0].node.path) == keys[0]


@pytest.mark.parametrize("alias", [AliasPath("a", 0), AliasChoices("a", AliasPath("b", 0))])
def test_an_alias_path_is_refused(alias: Any) -> None:
    with pytest.raises(SchemaError, match="AliasPath") as caught:
        compile_model(made("M", v=(int, Field(validation_alias=alias))))
    assert caught.value.where == "v"


def test_what_is_no_field_of_an_answer_is_left_out() -> None:
    class M(BaseModel):
        v: int
        hidden: int = Field(default=1, exclude=True)
        _private: int = PrivateAttr(default=1)

        @computed_field  # type: ignore[prop-decorator]
        @property
        def worked_out(self) -> int:
            return self.v

    assert paths(M) == {"v": "Number"}


def test_inherited_fields_count() -> None:
    class Child(Inner):
        age: int

    assert list(paths(Child)) == ["name", "size", "age"]


class Pair(NamedTuple):
    one: int


class Typed(TypedDict):
    one: int


@pytest.mark.parametrize(
    ("annotation", "named"),
    [
        (Any, "Any"),
        (object, "object"),
        (None, "None"),
        (bytes, "bytes"),
        (list, "list"),
        (set, "list"),
        (dict, "dict"),
        (list[Any], "Any"),
        (dict[str, Any], "Any"),
        (dict[str, object], "object"),
        (tuple[int, str], "tuple"),
        (tuple[int], "tuple"),
        (tuple[()], "tuple"),
        (Callable[[], int], "Callable"),
        (T, "T"),
        (list[T], "T"),  # type: ignore[valid-type]
        (Pair, "Pair"),
        (Typed, "Typed"),
        (type, "type"),
        (int | bytes, "bytes"),
        (Inner | bytes, "bytes"),
        (Literal[b"x"], "b'x'"),
        (SecretStr, "SecretStr"),
    ],
)
def test_what_cannot_be_scored_is_refused_by_name(annotation: Any, named: str) -> None:
    error = refused(annotation)
    assert error.where.startswith("v")
    assert named in error.seen


def test_an_enum_of_floats_is_refused() -> None:
    class Share(enum.Enum):
        HALF = 0.5

    assert "0.5" in refused(Share).seen


def test_a_generic_model_without_its_type_is_refused() -> None:
    with pytest.raises(SchemaError, match="T") as caught:
        compile_model(Box)
    assert caught.value.where == "content"


def test_an_empty_model_is_refused() -> None:
    class Nothing(BaseModel):
        pass

    with pytest.raises(SchemaError, match="Nothing has no fields"):
        compile_model(Nothing)
    assert refused(Nothing).where == "v"
    assert refused(list[Nothing]).where == "v[]"


def test_a_model_with_nothing_to_grade_is_refused() -> None:
    for annotation in (
        Annotated[int, Ungraded()],
        Annotated[Inner, Ungraded()],
        Annotated[list[str], Evidence()],
    ):
        assert "no field to grade" in refused(annotation).seen


@pytest.mark.parametrize("thing", [int, "Inner", Inner(name="x"), None])
def test_what_is_no_model_is_refused(thing: Any) -> None:
    with pytest.raises(SchemaError, match="Pydantic model"):
        compile_model(thing)


def test_a_name_that_is_nowhere_is_refused() -> None:
    class M(BaseModel):
        v: "Nowhere"  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(SchemaError, match="Nowhere"):
        compile_model(M)


@pytest.mark.parametrize(
    ("annotation", "where", "named"),
    [
        (Annotated[str, Number()], "v", "Number"),
        (Annotated[int, Text()], "v", "Text"),
        (Annotated[int, Date()], "v", "Date"),
        (Annotated[int, Folded()], "v", "Folded"),
        (Annotated[bool, Number()], "v", "Number"),
        (Annotated[int, Choice()], "v", "Choice"),
        (Annotated[dt.date, Text()], "v", "Text"),
        (Annotated[Colour, Text()], "v", "Text"),
        (Annotated[Colour, Choice({"red": ("r",)})], "v", "Choice"),
        (Annotated[uuid.UUID, Text()], "v", "Text"),
        (Annotated[int | str, Text()], "v", "Text"),
        (Annotated[str | None, Number()], "v", "Number"),
        (Annotated[list[int], Text()], "v[]", "Text"),
        (Annotated[set[str], Number()], "v[]", "Number"),
        (list[Annotated[int, Text()]], "v[]", "Text"),
        (dict[str, Annotated[int, Text()]], "v.*", "Text"),
        (Annotated[dict[str, str], Text()], "v", "Text"),
        (Annotated[dict[str, str], Evidence()], "v", "Evidence"),
        (Annotated[dict[str, Inner], Records()], "v", "Records"),
        (Annotated[Inner, Exact()], "v", "Exact"),
        (Annotated[Inner, Records()], "v", "Records"),
        (Annotated[Inner, Evidence()], "v", "Evidence"),
        (Annotated[Inner | Other, Text()], "v", "Text"),
        (Annotated[list[Inner], Exact()], "v", "Exact"),
        (Annotated[list[Inner], Evidence()], "v", "Evidence"),
        (Annotated[list[list[str]], Exact()], "v", "Exact"),
        (Annotated[list[str], Records()], "v", "Records"),
        (Annotated[str, Records()], "v", "Records"),
        (Annotated[int, Evidence()], "v", "Evidence"),
        (Annotated[list[int], Evidence()], "v", "Evidence"),
        (Annotated[str, Evidence(), Weight(2)], "v", "Weight stands beside Evidence"),
        (Annotated[list[str], Text(), Evidence()], "v", "Text stands beside Evidence"),
        (Annotated[str, Exact(), Text()], "v", "second mark"),
        (Annotated[str, Exact(), Exact()], "v", "Exact"),
        (Annotated[int, Weight(2), Weight(3)], "v", "Weight"),
        (Annotated[Annotated[str, Exact()] | None, Text()], "v", "second mark"),
        (Annotated[list[Inner], Records(), Records()], "v", "Records"),
        (Annotated[str, Exact], "v", "Exact"),
        (Annotated[str, Ungraded], "v", "Ungraded"),
        (Annotated[int, Number(rel_tol=2)], "v", "rel_tol"),
        (Annotated[int, Number(abs_tol=-1)], "v", "abs_tol"),
        (Annotated[str, Text(8)], "v", "min_similarity"),
        (Annotated[str, Date("week")], "v", "granularity"),
        (Annotated[int, Weight(0)], "v", "weight"),
        (Annotated[list[Inner], Records(match_at=0)], "v", "match_at"),
        (Annotated[list[Inner], Records("name")], "v", "keys"),
        (Annotated[list[Inner], Records(["nam"])], "v", "'nam'"),
        (Annotated[list[Inner], Records(["name", "age"])], "v", "'age'"),
        (Annotated[list[Inner | Other], Records(["name"])], "v", "'name'"),
        (Annotated[list[Inner | str], Records(["name"])], "v", "'name'"),
    ],
)  # fmt: skip
def test_a_mark_that_does_not_fit_names_the_field(annotation: Any, where: str, named: str) -> None:
    error = refused(annotation)
    assert error.where.removesuffix("[]") == where.removesuffix("[]")
    assert named in error.seen


@pytest.mark.parametrize(
    "annotation",
    [
        Annotated[int, Number(abs_tol=1)] | float,
        float | Annotated[int, Number(abs_tol=1)],
        int | Annotated[str, Weight(3)],
        int | Annotated[str, Ungraded()],
        Annotated[str, Exact()] | Annotated[str, Text()],
    ],
)
def test_a_mark_on_one_type_of_a_union_is_refused(annotation: Any) -> None:
    error = refused(annotation)
    assert (error.where, error.seen) == ("v", "a mark inside a union cannot be told from the others")


@pytest.mark.parametrize(
    "annotation",
    [
        str | list[str],
        list[str] | str,
        int | dict[str, int],
        dict[str, int] | Inner,
        Inner | list[Inner],
        RootModel[list[int]] | Inner,
        list[str] | list[int],
    ],
)
def test_a_union_with_a_list_or_a_dict_is_refused(annotation: Any) -> None:
    error = refused(annotation)
    assert (error.where, error.seen) == ("v", "a union with a list or a dict cannot be scored")


def test_a_wrong_mark_deep_inside_names_the_whole_path() -> None:
    class Deep(BaseModel):
        amounts: dict[str, Annotated[int, Number(rel_tol=1)]]

    class Middle(BaseModel):
        deeps: list[Deep]

    with pytest.raises(SchemaError) as caught:
        compile_model(made("M", middle=(Middle, ...)))
    assert caught.value.where == "middle.deeps[].amounts.*"


def test_two_names_with_one_spelling_name_the_field() -> None:
    with pytest.raises(SchemaError) as caught:
        total(model_of(Annotated[str, Choice({"a": ("x",), "b": ("X ",)})]), {}, {})
    assert caught.value.where == "v"
    item: Any = made("Item", place=(Annotated[str, Choice({"a": ("x",), "b": ("X ",)})], ...))
    with pytest.raises(SchemaError) as caught:
        bind(compile_model(model_of(list[item])))
    assert caught.value.where == "v[].place"


@pytest.mark.parametrize(("inner", "outer"), [(1e200, 1e200), (1e-200, 1e-200), (1e200, 1), (1e4, 1e4)])
def test_weights_whose_product_is_out_of_range_are_refused_by_name(inner: float, outer: float) -> None:
    low = made("Low", w=(Annotated[int, Weight(inner)], ...))
    assert refused(Annotated[low, Weight(outer)]).where in ("v", "v.w")


def test_a_tolerance_of_numpy_is_a_number() -> None:
    import numpy as np

    assert told(model_of(Annotated[float, Number(abs_tol=np.float64(0.5))]), {"v": 1}, {"v": 1.5}) == {
        "v": "correct"
    }


def test_evidence_on_items_is_evidence() -> None:
    plan = compile_model(made("M", a=(str, ...), v=(list[Annotated[str, Evidence()]], [])))
    assert told(plan, {"a": "x", "v": ["q"]}, {"a": "x", "v": ["r"]}) == {"a": "correct"}


def test_marks_reach_the_leaves() -> None:
    class Low(BaseModel):
        a: Annotated[int, Weight(3)]
        b: Annotated[str, Text(0.5)] | None = None
        q: Annotated[str, Evidence()] = ""

    model = made(
        "M",
        one=(Annotated[Low, Weight(2)], ...),
        many=(Annotated[list[Low], Weight(0.5), Records(keys=["a"], match_at=0.7)], []),
        aside=(Annotated[Low | None, Ungraded()], None),
        words=(Annotated[list[Annotated[str, Weight(2)]], Weight(2), Exact()], []),
        table=(Annotated[dict[str, Annotated[int, Weight(2)]], Weight(2)], {}),
    )
    plan = compile_model(model)
    found = {render(leaf.path): leaf for leaf in leaves(plan.root)}
    assert {path: leaf.weight for path, leaf in found.items() if leaf.role is Role.GRADED} == {
        "one.a": 6, "one.b": 2, "many[].a": 1.5, "many[].b": 0.5, "words[]": 4, "table.*": 4,
    }  # fmt: skip
    assert found["one.q"].role is found["aside.q"].role is Role.EVIDENCE
    assert found["aside.a"].role is Role.UNGRADED
    assert found["words[]"].comparison == Exact()
    assert found["one.b"].why == "marked"
    assert isinstance(plan.root, Record)
    many = plan.root.fields[1].node
    assert isinstance(many, Listing)
    assert many.pairing == Records(("a",), 0.7)


def test_a_key_inside_a_nested_model() -> None:
    class Low(BaseModel):
        inner: Inner

    node = node_of(Annotated[list[Low], Records(keys=["inner.name"])])
    assert isinstance(node, Listing)


@pytest.mark.parametrize(
    ("comparison", "printed"),
    [
        (Exact(), "Exact"),
        (Folded(), "Folded"),
        (Number(), "Number"),
        (Number(abs_tol=1), "Number(abs_tol=1)"),
        (Number(0.5, 0.01), "Number(abs_tol=0.5, rel_tol=0.01)"),
        (Date(), "Date"),
        (Date("year"), "Date(granularity=year)"),
        (Text(), "Text(min_similarity=0.8)"),
        (Choice(), "Choice"),
        (Choice({"a": ("b",), "c": ()}), "Choice(2 names)"),
    ],
)
def test_comparisons_print(comparison: Any, printed: str) -> None:
    assert spelled(comparison) == printed


def base(**fields: Any) -> Plan:
    return compile_model(made("M", **{"v": (int, ...), "w": (str, ...), **fields}))


@pytest.mark.parametrize(
    "fields",
    [
        {"v": (Annotated[int, Number(abs_tol=1)], ...)},
        {"w": (Annotated[str, Exact()], ...)},
        {"w": (Annotated[str, Text()], ...)},
        {"w": (Annotated[str, Choice({"a": ("b",)})], ...)},
        {"w": (Annotated[str, Date()], ...)},
        {"v": (Annotated[int, Weight(2)], ...)},
        {"v": (Annotated[int, Ungraded()], ...)},
        {"w": (Annotated[str, Evidence()], ...)},
    ],
)
def test_a_mark_changes_the_hash_of_marks_alone(fields: Any) -> None:
    assert base(**fields).schema_hash == base().schema_hash
    assert base(**fields).marks_hash != base().marks_hash


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Annotated[str, Text(0.8)], Annotated[str, Text(0.81)]),
        (Annotated[str, Text(0.8)], Annotated[str, Text(0.8000001)]),
        (Annotated[str, Date("year")], Annotated[str, Date("month")]),
        (Annotated[int, Number(abs_tol=1)], Annotated[int, Number(rel_tol=0.1)]),
        (Annotated[int, Number(abs_tol=1234567)], Annotated[int, Number(abs_tol=1234568)]),
        (Annotated[int, Weight(1.0000001)], Annotated[int, Weight(1)]),
        (Annotated[str, Choice({"a": ("b",)})], Annotated[str, Choice({"a": ("c",)})]),
        (Annotated[list[Inner], Records(match_at=0.5)], Annotated[list[Inner], Records(match_at=0.6)]),
        (Annotated[list[Inner], Records(keys=["name"])], Annotated[list[Inner], Records()]),
        (Annotated[list[Inner], Records(keys=["name"])], Annotated[list[Inner], Records(keys=["size"])]),
        (list[str], set[str]),
    ],
)
def test_a_parameter_changes_the_hash_of_marks(one: Any, other: Any) -> None:
    assert compile_model(model_of(one)).marks_hash != compile_model(model_of(other)).marks_hash


def test_a_description_changes_what_is_asked_and_not_how_it_is_scored() -> None:
    described = base(v=(int, Field(description="how many")))
    assert described.schema_hash != base().schema_hash
    assert described.marks_hash == base().marks_hash


def test_what_nobody_sees_changes_no_hash() -> None:
    class One(BaseModel):
        v: int

    first = compile_model(One)

    class One(BaseModel):  # type: ignore[no-redef]
        v: int

        def method(self) -> int:
            """Not part of the schema."""
            return 1

    second = compile_model(One)
    assert (first.schema_hash, first.marks_hash) == (second.schema_hash, second.marks_hash)
    assert len(first.schema_hash) == len(first.marks_hash) == 12


def test_a_field_changes_both_hashes() -> None:
    more = base(x=(int, ...))
    assert more.schema_hash != base().schema_hash
    assert more.marks_hash != base().marks_hash


def test_explaining_names_the_comparator() -> None:
    (outcome,) = explain(model_of(Annotated[str, Text(0.7)]), {"v": "a"}, {"v": "a"})
    assert outcome.comparator == "Text(min_similarity=0.7)"


def test_evidence_is_found_wherever_it_stands() -> None:
    class Quoting(BaseModel):
        name: str
        quotes: Annotated[list[str], Evidence()] = []

    assert has_evidence(compile_model(Quoting))
    assert has_evidence(compile_model(model_of(list[Quoting])))
    assert has_evidence(compile_model(model_of(dict[str, Inner | Quoting])))
    assert not has_evidence(compile_model(model_of(list[Inner])))


def test_a_key_that_looks_like_an_annotation_is_refused() -> None:
    class Odd(BaseModel):
        best: str | None = Field(None, alias="$any")

    with pytest.raises(SchemaError, match="begins with"):
        compile_model(Odd)
