"""The outcomes of DESIGN §3, case by case, through `Scorer`."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel

from harness.errors import GoldError, SchemaError
from harness.marks import Date, Evidence, Exact, Number, Records, Text, Ungraded, Weight
from harness.records import Counts, FactCounts, FailureKind, OutcomeKind, Presence
from harness.schema.compile import compile_model
from tests.scored import explain, long_lists_from, made, model_of, score, told, total

NAN, INF = float("nan"), float("inf")
C, I, M, S, A, U = (kind.value for kind in OutcomeKind)  # noqa: E741


class Inner(BaseModel):
    name: str | None = None
    size: int | None = None


class Deep(BaseModel):
    title: str | None = None
    inner: Inner | None = None
    words: list[str] = []


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int | None = None


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: list[str] = []


class Tree(BaseModel):
    name: str
    below: "list[Tree]" = []


class Facts(BaseModel):
    facts: list[Inner] = []
    words: list[str] = []


ABSENT: tuple[Any, ...] = ({}, {"v": None}, {"v": ""}, {"v": "  "})


@pytest.mark.parametrize(
    ("gold", "predicted", "kind"),
    [
        ({"v": "a"}, {"v": "A "}, C),
        ({"v": "a"}, {"v": "b"}, I),
        ({"v": "a"}, {"v": 5}, I),
        ({"v": "a"}, {"v": ["a"]}, I),
        ({"v": "a"}, {"v": {"a": "a"}}, I),
        ({"v": "a"}, {"v": NAN}, I),
        *(({"v": "a"}, absent, M) for absent in ABSENT),
        *((absent, {"v": "a"}, S) for absent in ABSENT),
        *((absent, {"v": 5}, S) for absent in ABSENT),
        *((one, other, A) for one in ABSENT for other in ABSENT),
        (None, {"v": "a"}, S),
        ({"v": "a"}, None, M),
        (None, None, A),
    ],
)
def test_one_leaf(gold: Any, predicted: Any, kind: str) -> None:
    assert told(model_of(str), gold, predicted) == {"v": kind}


@pytest.mark.parametrize(
    ("predicted", "presence"),
    [
        ({"v": "x"}, Presence.VALUE),
        ({"v": None}, Presence.NULL),
        ({}, Presence.LEFT_OUT),
        (None, Presence.LEFT_OUT),
        ({"v": ""}, Presence.EMPTY),
        ({"v": " "}, Presence.EMPTY),
    ],
)
def test_how_a_value_is_not_there_is_told_apart(predicted: Any, presence: Presence) -> None:
    for model in (model_of(str), model_of(Annotated[str, Date()]), model_of(int)):
        (outcome,) = explain(model, {"v": "2022"}, predicted)
        assert outcome.predicted_presence is presence
        (outcome,) = explain(model, predicted, {"v": "2022"})
        assert outcome.gold_presence is presence


@pytest.mark.parametrize("annotation", [bool, int, str, dt.date, Literal["a"], int | str, dt.time])
def test_an_empty_string_is_absent_for_every_type(annotation: Any) -> None:
    assert told(model_of(annotation), {}, {"v": ""}) == {"v": A}


@pytest.mark.parametrize("empty", [None, [], [None], [None, None]])
def test_an_empty_list_is_absent(empty: Any) -> None:
    assert total(model_of(list[str]), {"v": empty}, {}) == Counts()
    assert total(model_of(list[str]), {}, {"v": empty}) == Counts()
    assert total(model_of(list[str]), {"v": ["a"]}, {"v": empty}) == Counts(missing=1)
    assert total(model_of(list[str]), {"v": empty}, {"v": ["a"]}) == Counts(spurious=1)


@pytest.mark.parametrize("empty", [None, {}, {"name": None}, {"name": "", "size": None}])
def test_an_empty_model_is_absent(empty: Any) -> None:
    assert total(model_of(Inner), {"v": empty}, {}) == Counts(absent=2)
    assert total(model_of(Inner), {"v": {"name": "a"}}, {"v": empty}) == Counts(missing=1, absent=1)
    assert total(model_of(Inner), {"v": empty}, {"v": {"name": "a"}}) == Counts(spurious=1, absent=1)


def test_null_and_left_out_score_alike_everywhere() -> None:
    for annotation in (str, list[str], Inner, dict[str, int], list[Inner], Cat | Dog, set[int]):
        model = model_of(annotation)
        for gold in ({}, {"v": None}):
            assert score(model, gold, {"v": None}) == score(model, gold, {})


@pytest.mark.parametrize("kind", FailureKind)
def test_a_failure_misses_every_leaf(kind: FailureKind) -> None:
    gold = {"title": "a", "inner": {"name": "b"}, "words": ["c", "d"]}
    found = score(Deep, gold, kind)
    assert found.total == Counts(missing=4, absent=1)
    assert found.failure is kind
    assert not found.exactly_right
    assert found.total == total(Deep, gold, None) == total(Deep, gold, {})


def test_a_failure_on_a_document_without_facts_is_not_exactly_right() -> None:
    assert not score(Deep, {}, FailureKind.REFUSED).exactly_right
    assert score(Deep, {}, {}).exactly_right


def test_nested_models_are_judged_leaf_by_leaf() -> None:
    gold = {"title": "t", "inner": {"name": "a", "size": 3}}
    predicted = {"title": "t", "inner": {"name": "b", "size": "3.0"}}
    assert told(Deep, gold, predicted) == {"title": C, "inner.name": I, "inner.size": C}


@pytest.mark.parametrize("wrong", ["text", 5, True, [], [1], [{"name": "a"}], NAN])
def test_a_wrong_value_where_a_model_belongs(wrong: Any) -> None:
    found = total(Deep, {"inner": {"name": "a"}}, {"inner": wrong})
    assert found == Counts(missing=1, spurious=1, absent=2)
    assert total(Deep, {}, {"inner": wrong}) == Counts(spurious=1, absent=3)


@pytest.mark.parametrize("wrong", ["text", 5, True, {"a": 1}, {"0": "a"}, INF])
def test_a_wrong_value_where_a_list_belongs(wrong: Any) -> None:
    assert total(model_of(list[str]), {"v": ["a", "b"]}, {"v": wrong}) == Counts(missing=2, spurious=1)
    assert total(model_of(list[Inner]), {"v": [{"name": "a"}]}, {"v": wrong}) == Counts(missing=1, spurious=1)


@pytest.mark.parametrize("wrong", ["text", 5, True, [1]])
def test_a_wrong_value_where_a_dict_belongs(wrong: Any) -> None:
    assert total(model_of(dict[str, int]), {"v": {"a": 1}}, {"v": wrong}) == Counts(missing=1, spurious=1)


@pytest.mark.parametrize("wrong", ["text", 5, [1], True])
def test_a_wrong_value_as_the_whole(wrong: Any) -> None:
    assert total(Inner, {"name": "a"}, wrong) == Counts(missing=1, spurious=1, absent=1)
    assert total(Inner, {}, wrong) == Counts(spurious=1, absent=2)


@pytest.mark.parametrize("wrong", ["text", 5, [1], True])
def test_a_wrong_item_is_spurious(wrong: Any) -> None:
    assert total(Facts, {"facts": [{"name": "a"}]}, {"facts": [wrong, {"name": "a"}]}) == Counts(
        correct=1, spurious=1, absent=1
    )


@pytest.mark.parametrize(
    "annotation",
    [
        int, list[int], dict[str, int], Inner, list[Inner], Cat | Dog, list[Cat | Dog], set[str],
        dict[str, Inner], list[list[int]],
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "wrong", ["oops", 5, [], ["x"], [[]], {}, {"a": "x"}, {"kind": "bird"}, [{"kind": "bird"}]]
)
def test_an_ungraded_field_is_never_charged(annotation: Any, wrong: Any) -> None:
    model = made("M", a=(str, ...), v=(Annotated[annotation, Ungraded()] | None, None))
    found = total(model, {"a": "x"}, {"a": "x", "v": wrong})
    assert found[:5] == (1, 0, 0, 0, 0)


def test_ungraded_leaves_are_counted_apart() -> None:
    model = model_of(Annotated[int, Ungraded()])
    with pytest.raises(SchemaError):
        compile_model(model)
    both = made("M", a=(str, ...), v=(Annotated[int, Ungraded()], None))
    assert told(both, {"a": "x", "v": 1}, {"a": "x", "v": 2}) == {"a": C, "v": U}
    assert told(both, {"a": "x"}, {"a": "x", "v": 2}) == {"a": C, "v": U}
    assert told(both, {"a": "x"}, {"a": "x"}) == {"a": C}


@pytest.mark.parametrize(
    ("predicted", "stray"),
    [
        ({"name": "a"}, 0),
        ({"name": "a", "x": 1}, 1),
        ({"name": "a", "x": None, "y": {"z": 1}}, 2),
        ({"Name": "a"}, 1),
        ({"": "a"}, 1),
    ],
)
def test_stray_keys_are_counted_apart(predicted: Any, stray: int) -> None:
    assert score(Inner, {"name": "a"}, predicted).stray == stray
    assert score(Deep, {}, {"inner": predicted}).stray == stray
    assert score(Facts, {}, {"facts": [predicted, predicted]}).stray == 2 * stray
    with_strays, without = {**predicted}, {key: value for key, value in predicted.items() if key == "name"}
    assert total(Inner, {"name": "a"}, with_strays) == total(Inner, {"name": "a"}, without)


def test_a_list_of_scalars_is_a_multiset() -> None:
    model = model_of(list[str])
    assert total(model, {"v": ["a", "a", "b"]}, {"v": ["b", "A", "c"]}) == Counts(2, 0, 1, 1)
    assert total(model, {"v": ["a"]}, {"v": ["a", "a"]}) == Counts(1, 0, 0, 1)
    assert total(model, {"v": ["x"]}, {"v": ["y"]}) == Counts(0, 0, 1, 1)


def test_what_is_left_of_a_list_of_scalars_is_never_incorrect() -> None:
    near = model_of(list[Annotated[str, Text(0.9)]])
    assert total(near, {"v": ["abcdefghij"]}, {"v": ["abcdefghxx"]}) == Counts(0, 0, 1, 1)
    assert total(near, {"v": ["abcdefghij"]}, {"v": ["abcdefghix"]}) == Counts(1, 0, 0, 0)


def test_a_list_of_scalars_is_paired_for_the_most() -> None:
    dates = model_of(list[Annotated[str, Date()]])
    assert total(dates, {"v": ["2022", "2022-08-25"]}, {"v": ["2022-08-25", "2022-01"]}) == Counts(2)
    numbers = model_of(list[Annotated[int, Number(abs_tol=1)]])
    assert total(numbers, {"v": [1, 2, 3]}, {"v": [2, 3, 4]}) == Counts(3)


def test_sets_forget_doubles() -> None:
    assert total(model_of(set[str]), {"v": ["a", "b"]}, {"v": ["a", "A", "a", "b"]}) == Counts(2)
    assert total(model_of(set[int]), {"v": [1]}, {"v": [1, 1.0, "1", True]}) == Counts(1, 0, 0, 1)
    assert total(model_of(set[Decimal]), {"v": ["0.1"]}, {"v": [0.1, "0.10", "1e-1"]}) == Counts(1)
    assert total(model_of(set[float]), {"v": [0]}, {"v": [0.0, -0.0, "0"]}) == Counts(1)
    assert total(model_of(set[Annotated[int, Number(abs_tol=1)]]), {"v": [1]}, {"v": [1, 2]}) == Counts(
        1, 0, 0, 1
    )


def test_a_set_of_models_keeps_different_ones() -> None:
    class Point(BaseModel):
        model_config = ConfigDict(frozen=True)
        x: int
        y: int

    value = {"v": [{"x": 1, "y": 2}, {"x": 1, "y": 3}]}
    found = score(model_of(set[Point]), value, value)
    assert found.total == Counts(4)
    assert list(found.facts.values()) == [FactCounts(right=2)]


def test_facts_pair_from_match_at_on() -> None:
    gold, predicted = {"facts": [{"name": "a", "size": 1}]}, {"facts": [{"name": "a", "size": 2}]}
    found = score(Facts, gold, predicted)
    assert found.total == Counts(correct=1, incorrect=1)
    assert found.facts == {"facts": FactCounts(wrong=1)}
    strict = made("M", facts=(Annotated[list[Inner], Records(match_at=0.51)], []))
    found = score(strict, gold, predicted)
    assert found.total == Counts(missing=2, spurious=2)
    assert found.facts == {"facts": FactCounts(missing=1, spurious=1)}


def test_weights_enter_the_pairing() -> None:
    class Heavy(BaseModel):
        name: Annotated[str, Weight(3)]
        size: int

    model = made("M", v=(Annotated[list[Heavy], Records(match_at=0.75)], []))
    assert total(model, {"v": [{"name": "a", "size": 1}]}, {"v": [{"name": "a", "size": 2}]}) == Counts(1, 1)
    assert total(model, {"v": [{"name": "a", "size": 1}]}, {"v": [{"name": "b", "size": 1}]}) == Counts(
        0, 0, 2, 2
    )


def test_leaves_absent_on_both_sides_do_not_bear_on_pairing() -> None:
    assert total(Facts, {"facts": [{"name": "a", "size": None}]}, {"facts": [{"name": "a"}]}) == Counts(
        1, absent=1
    )


def test_facts_without_an_agreeing_key_stay_unpaired() -> None:
    model = made("M", v=(Annotated[list[Inner], Records(keys=["name"], match_at=0.1)], []))
    gold = {"v": [{"name": "a", "size": 1}]}
    assert total(model, gold, {"v": [{"name": "b", "size": 1}]}) == Counts(0, 0, 2, 2)
    assert total(model, gold, {"v": [{"name": "a", "size": 2}]}) == Counts(1, 1)
    assert total(model, {"v": [{"size": 1}]}, {"v": [{"name": "a", "size": 1}]}) == Counts(0, 0, 1, 2)


def test_facts_that_have_no_key_on_either_side_pair_by_agreement() -> None:
    model = made("M", v=(Annotated[list[Inner], Records(keys=["name"])], []))
    assert total(model, {"v": [{"size": 1}]}, {"v": [{"size": 1}]}) == Counts(1, absent=1)
    assert total(model, {"v": [{"size": 1}]}, {"v": [{"size": 2}]}) == Counts(0, 0, 1, 1)


def test_one_agreeing_key_is_enough() -> None:
    model = made("M", v=(Annotated[list[Inner], Records(keys=["name", "size"])], []))
    assert total(model, {"v": [{"name": "a", "size": 1}]}, {"v": [{"name": "b", "size": 1}]}) == Counts(1, 1)


def test_pairing_takes_the_best_total_not_the_best_pair() -> None:
    class Three(BaseModel):
        a: str
        b: str
        c: str

    model = model_of(list[Three])
    gold = [{"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "1", "c": "2"}]
    predicted = [{"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "9", "c": "1"}]
    assert total(model, {"v": gold}, {"v": predicted}) == Counts(4, 2)


def test_lists_inside_facts() -> None:
    class Group(BaseModel):
        name: str
        members: list[Inner] = []

    gold = {"v": [{"name": "g", "members": [{"name": "a"}, {"name": "b"}]}]}
    predicted = {"v": [{"name": "g", "members": [{"name": "b"}, {"name": "c"}]}]}
    found = score(model_of(list[Group]), gold, predicted)
    assert found.leaves == {
        "v[].name": Counts(correct=1),
        "v[].members[].name": Counts(correct=1, missing=1, spurious=1),
        "v[].members[].size": Counts(absent=1),
    }
    assert found.facts == {"v": FactCounts(wrong=1), "v[].members": FactCounts(1, 0, 1, 1)}


def test_the_facts_inside_an_unpaired_fact_are_missing_too() -> None:
    class Group(BaseModel):
        name: str
        members: list[Inner] = []

    gold = {"v": [{"name": "g", "members": [{"name": "a"}, {"name": "b"}]}]}
    assert score(model_of(list[Group]), gold, {}).facts == {
        "v": FactCounts(missing=1),
        "v[].members": FactCounts(missing=2),
    }
    assert score(model_of(list[Group]), {}, gold).facts == {
        "v": FactCounts(spurious=1),
        "v[].members": FactCounts(spurious=2),
    }


def test_lists_of_lists() -> None:
    model = model_of(list[list[int]])
    assert total(model, {"v": [[1, 2], [3]]}, {"v": [[3], [2, 1]]}) == Counts(3)
    assert total(model, {"v": [[1, 2]]}, {"v": [[1, 3]]}) == Counts(0, 0, 2, 2)
    assert total(model, {"v": [[]]}, {"v": [[], []]}) == Counts()


def test_dicts_are_paired_by_key() -> None:
    model = model_of(dict[str, int])
    assert total(model, {"v": {"a": 1, "b": 2, "c": 3}}, {"v": {"a": 1, "b": 9, "d": 3}}) == Counts(1, 1, 1, 1)
    assert total(model, {"v": {"a": 1}}, {"v": {"A": 1}}) == Counts(0, 0, 1, 1)
    assert total(model, {"v": {"a": None}}, {"v": {}}) == Counts()


def test_dicts_of_models_and_lists() -> None:
    assert told(model_of(dict[str, Inner]), {"v": {"k": {"name": "a"}}}, {"v": {"k": {"name": "a"}}}) == {
        "v.*.name": C,
        "v.*.size": A,
    }
    assert total(model_of(dict[str, list[int]]), {"v": {"k": [1, 2]}}, {"v": {"k": [2]}}) == Counts(1, 0, 1)


def test_dicts_of_unions() -> None:
    cat, dog = {"kind": "cat", "lives": 9}, {"kind": "dog", "tricks": ["sit"]}
    model = model_of(dict[str, Cat | Dog])
    assert total(model, {"v": {"k": cat}}, {"v": {"k": cat}}) == Counts(2)
    assert total(model, {"v": {"k": cat}}, {"v": {"k": dog}}) == Counts(0, 0, 2, 2)
    assert total(model_of(dict[str, Inner | str]), {"v": {"k": {"name": "a"}}}, {"v": {"k": "a"}}) == Counts(
        0, 0, 1, 1
    )


def test_a_union_takes_the_model_that_the_tag_names() -> None:
    cat, dog = {"kind": "cat", "lives": 9}, {"kind": "dog", "tricks": ["sit"]}
    model = model_of(Cat | Dog)
    assert total(model, {"v": cat}, {"v": {**cat, "lives": 8}}) == Counts(1, 1)
    assert total(model, {"v": cat}, {"v": dog}) == Counts(0, 0, 2, 2)
    assert total(model, {"v": cat}, {"v": {"kind": "bird"}}) == Counts(0, 0, 2, 1)
    assert total(model, {}, {"v": dog}) == Counts(0, 0, 0, 2)


def test_a_list_of_a_union_pairs_like_with_like() -> None:
    cat, dog = {"kind": "cat", "lives": 9}, {"kind": "dog", "tricks": ["sit", "roll"]}
    found = score(model_of(list[Cat | Dog]), {"v": [cat, dog]}, {"v": [{**dog, "tricks": ["sit"]}, cat]})
    assert found.total == Counts(4, 0, 1)
    assert found.facts == {"v": FactCounts(right=1, wrong=1)}


def test_a_tag_inside_a_nested_model_is_not_the_tag_of_the_outer_one() -> None:
    inner = made("Low", kind=(Literal["x"], ...))
    one = made("One", kind=(Literal["one"], ...), inner=(inner, ...))
    other = made("Two", kind=(Literal["two"], ...), z=(int, 0))
    value = {"v": {"kind": "one", "inner": {"kind": "x"}}}
    assert total(model_of(one | other), value, value) == Counts(2)


def test_an_optional_tag_that_is_null_is_one_left_out() -> None:
    one = made("One", kind=(Literal["one"] | None, None), x=(int, 0))
    other = made("Two", kind=(Literal["two"] | None, None), y=(int, 0))
    model, gold = model_of(one | other), {"v": {"kind": "one", "x": 1}}
    assert score(model, gold, {"v": {"kind": None, "x": 1}}) == score(model, gold, {"v": {"x": 1}})


@pytest.mark.parametrize("value", [{"name": "a"}, "a", 3])
def test_a_model_or_one_of_several_scalars(value: Any) -> None:
    found = total(model_of(Inner | str | int), {"v": value}, {"v": value})
    assert found.correct == 1
    assert found[1:4] == (0, 0, 0)


@pytest.mark.parametrize(
    ("predicted", "kind"),
    [("a", C), ("B ", C), ("c", I), (5, I), (None, M), ("", M)],
)
def test_alternatives_of_a_leaf(predicted: Any, kind: str) -> None:
    assert told(model_of(str), {"v": {"$any": ["a", "b"]}}, {"v": predicted}) == {"v": kind}


@pytest.mark.parametrize(
    "gold",
    [{"$optional": "a"}, {"$any": ["a", None]}, {"$any": [None, "a"]}, {"$any": [{"$optional": "a"}, "a"]}],
)
def test_an_optional_leaf(gold: Any) -> None:
    assert told(model_of(str), {"v": gold}, {"v": "a"}) == {"v": C}
    for absent in ABSENT:
        assert told(model_of(str), {"v": gold}, absent) == {"v": A}
    found = total(model_of(str), {"v": gold}, {"v": "b"})
    assert found in (Counts(incorrect=1), Counts(spurious=1))


def test_a_wrong_value_where_silence_is_the_best_reading_is_spurious() -> None:
    assert told(model_of(str), {"v": {"$any": [None, "a"]}}, {"v": "b"}) == {"v": S}
    assert told(model_of(str), {"v": {"$any": ["a", None]}}, {"v": "b"}) == {"v": I}


def test_an_unlabelled_leaf_is_out_of_every_count() -> None:
    gold = {"v": {"$unlabelled": True}}
    assert told(model_of(str), gold, {"v": "a"}) == {"v": U}
    assert total(model_of(str), gold, {"v": 5}) == Counts(ungraded=1)
    assert total(model_of(str), gold, {}).possible == total(model_of(str), gold, {}).actual == 0


def test_alternatives_of_an_item() -> None:
    gold = {"v": [{"$any": ["a", "b"]}, "c"]}
    assert total(model_of(list[str]), gold, {"v": ["c", "b"]}) == Counts(2)
    assert total(model_of(list[str]), gold, {"v": ["a", "b"]}) == Counts(1, 0, 1, 1)
    facts = {"facts": [{"$any": [{"name": "a", "size": 1}, {"name": "b", "size": 2}]}]}
    assert total(Facts, facts, {"facts": [{"name": "b", "size": 2}]}) == Counts(2)
    assert total(Facts, facts, {"facts": [{"name": "b", "size": 1}]}) == Counts(1, 1)
    assert total(Facts, facts, {}) == Counts(missing=2)


def test_an_optional_item_costs_nothing_when_it_is_missed() -> None:
    assert total(model_of(list[str]), {"v": ["a", {"$optional": "b"}]}, {"v": ["a"]}) == Counts(1)
    assert total(model_of(list[str]), {"v": ["a", {"$optional": "b"}]}, {"v": ["a", "b"]}) == Counts(2)
    found = score(Facts, {"facts": [{"$optional": {"name": "a"}}]}, {})
    assert found.total == Counts()
    assert found.facts.get("facts", FactCounts()) == FactCounts()
    found = score(Facts, {"facts": [{"$optional": {"name": "a", "size": 1}}]}, {"facts": [{"name": "a"}]})
    assert found.facts == {"facts": FactCounts(wrong=1)}


def test_alternatives_of_a_nested_model() -> None:
    gold = {"title": "t", "inner": {"$any": [{"name": "a", "size": 1}, {"name": "b", "size": 2}]}}
    assert total(Deep, gold, {"title": "t", "inner": {"name": "b", "size": 2}}) == Counts(3)
    assert total(Deep, gold, {"title": "t", "inner": {"name": "b", "size": 1}}) == Counts(2, 1)


@pytest.mark.parametrize(
    ("gold", "predicted", "wanted"),
    [
        ({"inner": {"$optional": {"name": "a"}}}, {}, Counts(absent=3)),
        ({"title": "t", "inner": {"$optional": {"name": "a"}}}, {"title": "t"}, Counts(1, absent=2)),
        ({"title": "t", "inner": {"$optional": {"name": "a"}}}, {"title": "x"}, Counts(0, 1, absent=2)),
        ({"title": "t", "inner": {"$optional": {"name": "a"}}}, {}, Counts(missing=1, absent=2)),
        (
            {"title": "t", "inner": {"$optional": {"name": "a"}}},
            {"inner": {"name": "a"}},
            Counts(1, 0, 1, 0, 1),
        ),
        ({"words": {"$optional": ["a", "b"]}}, {}, Counts(absent=3)),
        ({"title": "t", "words": {"$optional": ["a", "b"]}}, {"title": "x"}, Counts(0, 1, absent=2)),
        ({"words": {"$optional": ["a", "b"]}}, {"words": ["a", "b"]}, Counts(2, absent=3)),
        ({"words": {"$any": [["a"], ["a", "b"]]}}, {"words": ["a", "b"]}, Counts(2, absent=3)),
        ({"words": {"$any": [["a"], ["a", "b"]]}}, {"words": ["a"]}, Counts(1, absent=3)),
        ({"words": {"$any": [["a", "b"], ["c"]]}}, {"words": ["c"]}, Counts(1, absent=3)),
    ],
)
def test_optional_and_alternative_parts_of_a_record(gold: Any, predicted: Any, wanted: Counts) -> None:
    assert total(Deep, gold, predicted) == wanted


@pytest.mark.parametrize("gold", [{"$optional": {"name": "a"}}, {"$any": [{"name": "a"}, None]}])
def test_a_document_whose_facts_are_optional(gold: Any) -> None:
    for empty in ({}, None, {"name": ""}):
        assert total(Inner, gold, empty) == Counts(absent=2)
    assert total(Inner, gold, {"name": "a"}) == Counts(1, absent=1)


def test_alternatives_of_the_whole() -> None:
    gold = {"$any": [{"name": "a", "size": 1}, {"name": "b", "size": 2}]}
    assert total(Inner, gold, {"name": "b", "size": 2}) == Counts(2)
    assert total(Inner, gold, {"name": "b", "size": 1}) == Counts(1, 1)
    words = {"$any": [["a"], ["b", "c"]]}
    assert total(RootModel[list[str]], words, ["c", "b"]) == Counts(2)


def test_alternatives_of_different_models() -> None:
    cat, dog = {"kind": "cat", "lives": 9}, {"kind": "dog", "tricks": ["sit"]}
    for gold in ({"$any": [cat, dog]}, {"$any": [dog, cat]}):
        for few in (0, 10**9):
            with long_lists_from(few):
                for predicted in (cat, dog):
                    assert total(model_of(Cat | Dog), {"v": gold}, {"v": predicted}) == Counts(2)
                    assert total(model_of(list[Cat | Dog]), {"v": [gold]}, {"v": [predicted]}) == Counts(2)
                    assert total(
                        model_of(dict[str, Cat | Dog]), {"v": {"k": gold}}, {"v": {"k": predicted}}
                    ) == Counts(2)


def test_an_alternative_never_unpairs_a_fact() -> None:
    class Keyed(BaseModel):
        k: str
        a: str
        b: str

    model = made("M", v=(Annotated[list[Keyed], Records(keys=["k"])], []))
    plain = {"k": "K", "a": "1", "b": "9"}
    more = {"$any": [{"k": "other", "a": "1", "b": "2"}, plain]}
    predicted = {"v": [{"k": "K", "a": "1", "b": "2"}]}
    for few in (0, 10**9):
        with long_lists_from(few):
            assert total(model, {"v": [plain]}, predicted) == Counts(2, 1)
            assert total(model, {"v": [more]}, predicted) == Counts(2, 1)


@pytest.mark.parametrize(
    "gold",
    [
        ["a", {"$optional": "a"}],
        [{"$optional": "a"}, "a"],
    ],
)
def test_a_required_item_is_paired_before_an_optional_twin(gold: Any) -> None:
    for annotation in (list[str], list[Annotated[str, Text()]]):
        for few in (0, 10**9):
            with long_lists_from(few):
                assert total(model_of(annotation), {"v": gold}, {"v": ["a"]}) == Counts(1)


def test_the_order_of_twins_with_alternatives_changes_no_number() -> None:
    one, two = {"name": "x"}, {"name": "x", "size": 1}
    forth, back = {"$any": [one, two]}, {"$any": [two, one]}
    for few in (0, 10**9):
        with long_lists_from(few):
            scores = [
                score(Facts, {"facts": items}, {"facts": [one]}) for items in ([forth, back], [back, forth])
            ]
            assert scores[0] == scores[1]


def test_too_many_alternatives_are_refused() -> None:
    big = made("Big", **{f"f{at}": (Inner | None, None) for at in range(10)})
    gold = {f"f{at}": {"$any": [{"name": "a"}, {"name": "b"}]} for at in range(10)}
    with pytest.raises(GoldError, match="alternatives"):
        total(big, gold, {})


def test_alternatives_of_many_leaves_and_items_are_not_combined() -> None:
    wide = made("Wide", **{f"f{at}": (str | None, None) for at in range(40)})
    gold = {f"f{at}": {"$any": ["a", "b"]} for at in range(40)}
    assert total(wide, gold, dict.fromkeys(gold, "b")) == Counts(40)
    many = {"facts": [{"$any": [{"name": f"a{at}"}, {"name": f"b{at}"}]} for at in range(40)]}
    assert total(Facts, many, {"facts": [{"name": f"b{at}"} for at in range(40)]}).correct == 40


def test_unlabelled_parts() -> None:
    gold = {"title": "t", "inner": {"$unlabelled": True}, "words": {"$unlabelled": True}}
    assert total(Deep, gold, {"title": "t", "inner": {"name": "a"}, "words": ["b", "c"]}) == Counts(
        1, ungraded=3
    )
    assert total(Deep, {"$unlabelled": True}, {"title": "t", "words": ["b"]}) == Counts(ungraded=2)
    found = score(Facts, {"facts": {"$unlabelled": True}}, {"facts": [{"name": "a"}]})
    assert found.total == Counts(ungraded=1)
    assert found.facts.get("facts", FactCounts()) == FactCounts()
    assert found.exactly_right


def test_an_unlabelled_leaf_of_a_fact_leaves_it_right() -> None:
    gold = {"facts": [{"name": "a", "size": {"$unlabelled": True}}]}
    found = score(Facts, gold, {"facts": [{"name": "a", "size": 3}]})
    assert found.total == Counts(1, ungraded=1)
    assert found.facts == {"facts": FactCounts(right=1)}


@pytest.mark.parametrize(
    ("predicted", "facts"),
    [
        ([{"name": "a", "size": 1}], FactCounts(right=1)),
        ([{"name": "a", "size": 2}], FactCounts(wrong=1)),
        ([{"name": "a"}], FactCounts(wrong=1)),
        ([{"name": "z"}], FactCounts(missing=1, spurious=1)),
        ([], FactCounts(missing=1)),
        ([{"name": "a", "size": 1}, {"name": "a", "size": 1}], FactCounts(right=1, spurious=1)),
        ([{"name": "a", "size": 1}, {}], FactCounts(right=1)),
        ([{"name": "a", "size": 1}, {"stray": 1}], FactCounts(right=1)),
    ],
)
def test_counting_facts(predicted: Any, facts: FactCounts) -> None:
    assert score(Facts, {"facts": [{"name": "a", "size": 1}]}, {"facts": predicted}).facts == {"facts": facts}


def test_a_fact_that_says_more_than_gold_is_wrong() -> None:
    found = score(Facts, {"facts": [{"name": "a"}]}, {"facts": [{"name": "a", "size": 1}]})
    assert found.facts == {"facts": FactCounts(wrong=1)}
    assert found.total == Counts(correct=1, spurious=1)


def test_a_fact_with_an_ungraded_difference_is_right() -> None:
    fact: Any = made("Fact", a=(str, ...), note=(Annotated[str | None, Ungraded()], None))
    found = score(model_of(list[fact]), {"v": [{"a": "x", "note": "1"}]}, {"v": [{"a": "x", "note": "2"}]})
    assert found.facts == {"v": FactCounts(right=1)}


def test_evidence_is_never_compared() -> None:
    fact: Any = made("Fact", a=(str, ...), q=(Annotated[list[str], Evidence()], []))
    model = model_of(list[fact])
    assert total(model, {"v": [{"a": "x", "q": ["1"]}]}, {"v": [{"a": "x", "q": ["2", "3"]}]}) == Counts(1)
    assert total(model, {"v": [{"a": "x"}]}, {"v": [{"a": "x", "q": 5}]}) == Counts(1)


def test_explaining_gives_both_values_and_places() -> None:
    gold = {"facts": [{"name": "z"}, {"name": "a", "size": 1}]}
    predicted = {"facts": [{"name": "A", "size": "2"}]}
    found = {(one.path, one.kind): one for one in explain(Facts, gold, predicted)}
    size = found["facts[].size", OutcomeKind.INCORRECT]
    assert (size.gold, size.predicted) == (1, "2")
    assert (size.gold_at, size.predicted_at) == ("facts[1].size", "facts[0].size")
    assert (size.similarity, size.comparator, size.reason) == (0.0, "Number", "differs")
    missing = found["facts[].name", OutcomeKind.MISSING]
    assert (missing.gold, missing.predicted, missing.gold_at, missing.predicted_at) == (
        "z",
        None,
        "facts[0].name",
        "",
    )
    assert missing.similarity is None
    assert found["facts[].name", OutcomeKind.CORRECT].similarity == 1.0


@pytest.mark.parametrize("few", [0, 10**9])
def test_explaining_follows_the_order_of_gold(few: int) -> None:
    near = model_of(list[Annotated[str, Text(0.6)]])
    with long_lists_from(few):
        places = [
            one.gold_at for one in explain(near, {"v": [{"$optional": "a"}, "b", "c"]}, {"v": ["c", "a", "b"]})
        ]
        assert places == ["v[0]", "v[1]", "v[2]"]
        facts = {"facts": [{"name": at} for at in "abcd"]}
        turned = {"facts": [{"name": at} for at in "dcba"]}
        names = [one.gold for one in explain(Facts, facts, turned) if one.path == "facts[].name"]
        assert names == ["a", "b", "c", "d"]


def test_explaining_a_value_under_its_second_name() -> None:
    class Named(BaseModel):
        model_config = ConfigDict(populate_by_name=True)
        x: str = Field(alias="ex")

    (outcome,) = explain(Named, {"ex": "a"}, {"x": "a"})
    assert outcome.kind is OutcomeKind.CORRECT
    assert (outcome.predicted, outcome.predicted_presence) == ("a", Presence.VALUE)


def test_explaining_a_wrong_type_says_so() -> None:
    (outcome,) = explain(model_of(int), {"v": 1}, {"v": "one"})
    assert outcome.kind is OutcomeKind.INCORRECT
    assert "number" in outcome.reason
    (outcome,) = explain(model_of(dict[str, int]), {}, {"v": [1]})
    assert outcome.predicted == [1]
    assert "array" in outcome.reason


def test_explaining_near_text_tells_how_near() -> None:
    near = model_of(Annotated[str, Text(0.8)])
    (outcome,) = explain(near, {"v": "abcde"}, {"v": "abcdx"})
    assert outcome.similarity == pytest.approx(0.8, abs=1e-6)
    (outcome,) = explain(near, {"v": "abcde"}, {"v": "abcxx"})
    assert outcome.kind is OutcomeKind.INCORRECT
    assert outcome.similarity == pytest.approx(0.6, abs=1e-6)


def test_aliases_are_the_keys() -> None:
    aliased = made("M", v=(int, Field(alias="Vee")))
    assert told(aliased, {"Vee": 1}, {"Vee": 1}) == {"Vee": C}
    assert score(aliased, {"Vee": 1}, {"v": 1}).stray == 1


@pytest.mark.parametrize(
    ("annotation", "value"),
    [(RootModel[int], 3), (RootModel[list[str]], ["a"]), (RootModel[dict[str, int]], {"a": 1})],
)
def test_a_root_that_is_no_model(annotation: Any, value: Any) -> None:
    assert total(annotation, value, value) == Counts(1)
    assert total(annotation, value, None) == Counts(missing=1)
    assert total(annotation, None, value) == Counts(spurious=1)


def tree(depth: int, wide: int = 1) -> dict[str, Any]:
    return {"name": f"n{depth}", "below": [tree(depth - 1, wide) for _ in range(wide)] if depth else []}


def test_a_recursive_model() -> None:
    gold = {"name": "a", "below": [{"name": "b", "below": [{"name": "c"}]}, {"name": "d"}]}
    predicted = {"name": "a", "below": [{"name": "d"}, {"name": "b", "below": [{"name": "x"}, {"name": "c"}]}]}
    assert score(Tree, gold, predicted).leaves == {
        "name": Counts(1),
        "below[].name": Counts(2),
        "below[].below[].name": Counts(1, spurious=1),
    }


@pytest.mark.parametrize("few", [0, 10**9])
def test_a_deep_recursive_list_costs_no_power_of_its_depth(few: int) -> None:
    with long_lists_from(few):
        assert total(Tree, tree(40), tree(40)) == Counts(41)
        assert total(Tree, tree(5, 2), tree(5, 2)) == Counts(63)


def test_exact_codes_and_plain_text_in_one_list() -> None:
    coded: Any = made("Coded", code=(Annotated[str, Exact()], ...), label=(str, ...))
    found = total(
        model_of(list[coded]), {"v": [{"code": "A1", "label": "X"}]}, {"v": [{"code": "a1", "label": "x"}]}
    )
    assert found == Counts(1, 1)


def test_long_lists_of_lists() -> None:
    model = model_of(list[list[list[str]]])
    value = {"v": [[[f"{at}", "b"]] for at in range(9)]}
    found = score(model, value, {"v": value["v"][::-1]})
    assert found.total == Counts(correct=18)
