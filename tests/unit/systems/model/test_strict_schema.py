import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from harness.errors import SchemaError
from harness.systems import SystemSpec, Task, build
from harness.systems.model.strict_schema import strict_schema
from schemas.labour_export import ArticleFacts


class Inner(BaseModel):
    """An inner one."""

    code: str = Field("x", min_length=1, pattern="^[a-z]+$")


class Wide(BaseModel):
    """All that strict mode takes."""

    inner: Inner = Field(description="Told beside the reference.")
    plain: Inner
    maybe: Inner | None = None
    amount: Decimal
    day: dt.date
    kind: Literal["a", "b"] = "a"
    many: list[Annotated[int, Field(ge=0)]] = Field(default=[], max_length=3)


class Tree(BaseModel):
    """A tree."""

    name: str
    children: list["Tree"] = []


def walk(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [found for item in node for found in walk(item)]
    if isinstance(node, dict):
        return [node, *(found for child in node.values() for found in walk(child))]
    return []


@pytest.mark.parametrize("model", [Wide, Tree, ArticleFacts])
def test_every_object_is_closed_and_every_field_required(model: type[BaseModel]) -> None:
    strict = strict_schema(model.model_json_schema())
    assert strict.problems == []
    objects = [node for node in walk(strict.schema) if "properties" in node and node.get("type") == "object"]
    assert objects
    for node in objects:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])
    keywords = {"default", "minLength", "title", "allOf", "oneOf", "discriminator"}
    for node in walk(strict.schema):
        if "type" in node or "anyOf" in node or "$ref" in node:
            assert not keywords & set(node) or "properties" not in node
            assert "(?" not in str(node.get("pattern", ""))
            assert "$ref" not in node or set(node) == {"$ref"}


def test_words_beside_a_reference_are_kept() -> None:
    fields = strict_schema(Wide.model_json_schema()).schema["properties"]
    assert fields["inner"]["description"] == "Told beside the reference."
    assert fields["inner"]["properties"]["code"]["pattern"] == "^[a-z]+$"
    assert fields["plain"] == {"$ref": "#/$defs/Inner"}


def test_a_tree_is_an_object_that_refers_to_itself() -> None:
    schema = strict_schema(Tree.model_json_schema()).schema
    assert schema["type"] == "object"
    assert schema["properties"]["children"]["items"] == {"$ref": "#/$defs/Tree"}


class Loose(BaseModel):
    """Nothing that strict mode takes."""

    open: dict[str, int] = {}
    pair: tuple[int, str]
    anything: Any = None
    items: list[Any] = []
    further: "Further"


class Further(BaseModel):
    model_config = ConfigDict(extra="allow")

    name: str


def test_what_strict_mode_refuses_is_named_with_its_field() -> None:
    assert strict_schema(Loose.model_json_schema()).problems == [
        "open: an open dictionary, whose keys are not known beforehand",
        "pair: a tuple (prefixItems)",
        "anything: a value of any type",
        "items[]: a value of any type",
        "Further: further keys are allowed (additionalProperties)",
    ]


@pytest.mark.parametrize(
    ("node", "problem"),
    [
        ({"allOf": [{"type": "string"}, {"minLength": 1}]}, "a: several schemas at once (allOf)"),
        ({"type": "array"}, "a: a list of anything"),
        ({"type": "object", "patternProperties": {}, "properties": {}}, "a: a dictionary with patterned keys"),
        ({"type": "string", "not": {}}, "a: a negation (not)"),
    ],
)
def test_other_constructs_are_named_too(node: dict[str, Any], problem: str) -> None:
    (said,) = strict_schema({"type": "object", "title": "T", "properties": {"a": node}}).problems
    assert said.startswith(problem)


def test_the_root_is_an_object() -> None:
    assert strict_schema({"type": "array", "items": {"type": "null"}, "title": "T"}).problems == [
        "T: the root is no object with fields"
    ]


def test_one_schema_in_allof_and_a_discriminated_union_are_written_plainly() -> None:
    union = {"oneOf": [{"type": "string"}, {"type": "null"}], "discriminator": {"propertyName": "x"}}
    fields = {"a": {"allOf": [{"type": "string"}], "description": "d"}, "b": union}
    strict = strict_schema({"type": "object", "title": "T", "properties": fields})
    assert strict.problems == []
    assert strict.schema["properties"] == {
        "a": {"type": "string", "description": "d"},
        "b": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    }


def test_too_deep_and_too_many_are_named() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(12):
        deep = {"type": "object", "properties": {"a": deep}, "title": "Deep"}
    assert any("nested deeper than 10" in problem for problem in strict_schema(deep).problems)
    wide = {"type": "object", "title": "W", "properties": {f"f{n}": {"type": "null"} for n in range(5_001)}}
    assert strict_schema(wide).problems == ["W: 5,001 fields; at most 5,000 are taken"]
    choices = {"type": "object", "title": "C", "properties": {"c": {"enum": [str(n) for n in range(1_001)]}}}
    assert strict_schema(choices).problems == ["C: 1,001 choices; at most 1,000 are taken"]


def test_a_schema_that_strict_mode_refuses_ends_before_anything_is_asked() -> None:
    parameters: dict[str, Any] = {"model": "openai/m", "mode": "json_schema"}
    with pytest.raises(SchemaError) as refused:
        build(SystemSpec("mine", "model", parameters), Task(Loose))
    assert "pair: a tuple" in str(refused.value)
    assert "strict_schema = false" in refused.value.hint
    build(SystemSpec("mine", "model", parameters | {"strict_schema": False}), Task(Loose))
    build(SystemSpec("mine", "model", parameters | {"mode": "tools"}), Task(Loose))
