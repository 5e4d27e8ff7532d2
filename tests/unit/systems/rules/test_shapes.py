from typing import Any

from pydantic import BaseModel

from harness.systems.rules.shapes import Shape, compile_shape


def count(shape: Shape) -> int:
    children = (*shape.properties, *shape.options, *([shape.items] if shape.items else []))
    return 1 + sum(map(count, children))


def test_references_nulls_and_descriptions_are_folded_into_one_shape() -> None:
    schema = {
        "$defs": {"Level": {"enum": ["low", "high"], "type": "string", "description": "How much."}},
        "properties": {
            "level": {
                "anyOf": [{"$ref": "#/$defs/Level"}, {"type": "null"}],
                "description": "The level.",
            }
        },
        "required": ["level"],
        "type": "object",
    }
    (level,) = compile_shape(schema).properties
    assert (level.kind, level.nullable, level.required) == ("choice", True, True)
    assert level.members == ("low", "high")
    assert level.about == "The level. How much."


def test_const_type_lists_and_unions() -> None:
    schema = {
        "type": "object",
        "properties": {
            "fixed": {"const": 3},
            "maybe": {"type": ["string", "null"]},
            "either": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
            "anything": {},
        },
    }
    fixed, maybe, either, anything = compile_shape(schema).properties
    assert (fixed.kind, fixed.members) == ("choice", (3,))
    assert (maybe.kind, maybe.nullable) == ("string", True)
    assert [option.kind for option in either.options] == ["integer", "string"]
    assert (anything.kind, anything.nullable) == ("none", True)


class Tree(BaseModel):
    a: "Tree | None" = None
    b: "Tree | None" = None
    c: list["Tree"] = []
    d: dict[str, "Tree"] = {}


def test_recursion_ends() -> None:
    assert count(compile_shape(Tree.model_json_schema())) < 200


def test_a_wide_recursion_ends_too() -> None:
    names = [f"d{number}" for number in range(30)]
    model = {"type": "object", "properties": {name: {"$ref": f"#/$defs/{name}"} for name in names}}
    schema: dict[str, Any] = {"$defs": dict.fromkeys(names, model), **model}
    assert count(compile_shape(schema)) < 10_000


def test_a_reference_to_nowhere_or_to_itself_asks_for_nothing() -> None:
    loop = {"$defs": {"x": {"$ref": "#/$defs/x"}}, "properties": {"y": {"$ref": "#/$defs/x"}}}
    assert compile_shape(loop).properties[0].kind == "none"
    assert compile_shape({"properties": {"y": {"$ref": "#/$defs/z"}}}).properties[0].kind == "none"
    assert compile_shape({"properties": {"y": {"$ref": "https://example.org"}}}).properties[0].kind == "none"
    assert compile_shape(None).kind == "none"
