import dataclasses
import subprocess
import sys
from typing import Any

import pytest

from harness.marks import Choice, Date, Evidence, Exact, Folded, Mark, Number, Records, Text, Ungraded, Weight

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    "mark",
    [
        Exact(), Folded(), Number(), Number(abs_tol=1), Number(rel_tol=0.99), Date(), Date("year"), Text(),
        Text(1), Text(1e-9), Choice(), Choice({"a": ["b"]}), Choice({"a": ()}), Records(), Records(["a"], 1),
        Evidence(), Weight(), Weight(2), Weight(0.001), Ungraded(),
    ],
)  # fmt: skip
def test_a_good_mark_has_no_problem_and_can_be_hashed(mark: Mark) -> None:
    assert mark.problem() is None
    assert hash(mark) == hash(dataclasses.replace(mark))


@pytest.mark.parametrize(
    ("mark", "named"),
    [
        (Number(abs_tol=-1), "abs_tol"),
        (Number(abs_tol=NAN), "abs_tol"),
        (Number(abs_tol=INF), "abs_tol"),
        (Number(abs_tol=True), "abs_tol"),
        (Number(abs_tol="1"), "abs_tol"),  # type: ignore[arg-type]
        (Number(rel_tol=-0.1), "rel_tol"),
        (Number(rel_tol=1), "rel_tol"),
        (Number(rel_tol=10), "rel_tol"),
        (Number(rel_tol=None), "rel_tol"),  # type: ignore[arg-type]
        (Date("week"), "week"),
        (Date("Day"), "Day"),
        (Date(None), "None"),  # type: ignore[arg-type]
        (Text(0), "min_similarity"),
        (Text(-0.5), "min_similarity"),
        (Text(1.01), "min_similarity"),
        (Text(80), "min_similarity"),
        (Text(NAN), "min_similarity"),
        (Text(True), "min_similarity"),
        (Text("0.8"), "min_similarity"),  # type: ignore[arg-type]
        (Choice({"a": "b"}), "'a'"),
        (Choice({"a": [1]}), "'a'"),  # type: ignore[list-item]
        (Choice({1: ["b"]}), "spellings"),  # type: ignore[dict-item]
        (Choice("abc"), "spellings"),  # type: ignore[arg-type]
        (Choice(["ab", "cd"]), "spellings"),  # type: ignore[arg-type]
        (Choice(None), "spellings"),  # type: ignore[arg-type]
        (Records("name"), "keys"),
        (Records([1]), "keys"),  # type: ignore[list-item]
        (Records(match_at=0), "match_at"),
        (Records(match_at=1.5), "match_at"),
        (Records(match_at=NAN), "match_at"),
        (Records(match_at=True), "match_at"),
        (Weight(0), "weight"),
        (Weight(-1), "weight"),
        (Weight(NAN), "weight"),
        (Weight(INF), "weight"),
        (Weight(True), "weight"),
        (Weight("2"), "weight"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_parameter_is_named(mark: Mark, named: str) -> None:
    problem = mark.problem()
    assert problem is not None
    assert named in problem
    hash(mark)


@pytest.mark.parametrize(
    ("mark", "same"),
    [(Choice({"a": ["b"]}), Choice({"a": ("b",)})), (Records(["a"]), Records(("a",)))],
)
def test_lists_and_tuples_make_one_mark(mark: Any, same: Any) -> None:
    assert mark == same


def test_marks_import_nothing_of_the_harness() -> None:
    code = "import sys, harness.marks; print(*sorted(m for m in sys.modules if m.startswith('harness')))"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert found == ["harness", "harness.marks", "harness.version"]
