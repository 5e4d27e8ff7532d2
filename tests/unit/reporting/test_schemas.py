from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel

from harness.marks import Evidence, Number, Records, Ungraded
from harness.paths import EACH_ITEM, render
from harness.reporting.plain import plain_text
from harness.reporting.schemas import schema_table
from harness.schema import Field, Listing, Plan, Record, Role, leaves
from harness.schema.compile import compile_model

BRANCHES = ("branches",)


class Dog(BaseModel):
    name: str


class Cat(BaseModel):
    lives: Annotated[int, Number(abs_tol=1)]


class Tree(BaseModel):
    kind: Literal["oak", "elm"]
    pets: list[Dog | Cat] = []
    tags: set[str] = set()
    limits: dict[str, float] = {}
    seen: Annotated[list[str], Evidence()] = []
    remark: Annotated[str | None, Ungraded()] = None
    parent: Tree | None = None


def test_every_path_in_the_order_of_the_class(plan: Plan) -> None:
    assert plain_text(schema_table(plan)) == (
        f"{plan.target}\n"
        "path                comparator                        weight  role      why\n"
        "title               Folded                                 1  graded    type str\n"
        "note                -                                      -  ungraded  the mark Ungraded\n"
        "parts[]             Records(keys=name, match_at=0.5)       -  paired    list of Part\n"
        "parts[].name        Text(min_similarity=0.9)               2  graded    marked\n"
        "parts[].amount      Number                                 1  graded    type int\n"
        "parts[].evidence[]  -                                      -  evidence  "
        "quotes, not compared\n"
        "\n"
        "5 leaves: 3 graded, 1 ungraded, 1 evidence.\n"
        "evidence: located in the document instead.\n"
        "paired: items are matched one to one by the weighted agreement of their leaves.\n"
        f"schema {plan.schema_hash}, marks {plan.marks_hash}\n"
    )


def test_unions_dicts_sets_and_models_inside_themselves() -> None:
    plan = compile_model(Tree)
    table = schema_table(plan)
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["pets[]"] == ("Records(match_at=0.5)", "", "paired", "list of several models")
    assert rows["pets[]<Cat>.lives"] == ("Number(abs_tol=1)", "1", "graded", "marked")
    assert rows["limits.*"][2] == "graded"
    assert rows["parent"] == ("", "", "recursive", "Tree inside itself")
    assert any(note.startswith("recursive: ") for note in table.notes)
    printed = [row[0] for row in table.rows if row[3] not in {"paired", "recursive"}]
    assert printed == [render(leaf.path) for leaf in leaves(plan.root)]


def test_a_list_of_the_model_itself_is_paired_and_recursive() -> None:
    inner = Record((*BRANCHES, EACH_ITEM), "Tree", Role.GRADED, lambda: (), recursive=True)
    branches = Field(("branches",), Listing(BRANCHES, inner, Records(("kind",), 0.7), Role.GRADED))
    root = Record((), "Tree", Role.GRADED, lambda: (branches,), recursive=False)
    assert schema_table(Plan("x:Tree", root, "s", "m")).rows == (
        ("branches[]", "Records(keys=kind, match_at=0.7)", "", "paired", "list of Tree"),
        ("branches[]", "", "", "recursive", "Tree inside itself"),
    )


def test_a_schema_without_lists_says_nothing_of_pairing() -> None:
    notes = schema_table(compile_model(Dog)).notes
    assert notes[0] == "1 leaf: 1 graded."
    assert not any(note.startswith(("paired", "recursive")) for note in notes)
