import pytest

from harness.records import Counts, DocumentScore, FactCounts, FailureKind
from harness.verdicts.sums import DOCUMENT, FACTS, OUTCOMES, Layout, paths_in, run_sums, trial_rows

LAYOUT = Layout.of(["a", "b"], {"a": 2.0})
RIGHT = DocumentScore("one", 0, {"a": Counts(correct=1)}, {"f": FactCounts(1, 2, 3, 4), "g": FactCounts(1)})
WRONG = DocumentScore("one", 1, {"a": Counts(1, 2, 3, 4, 5, 6), "b": Counts(missing=1)})
FAILED = DocumentScore("two", 0, {"b": Counts(missing=4)}, failure=FailureKind.REFUSED)
SILENT = DocumentScore("zero", 0, {})


def test_the_columns() -> None:
    assert LAYOUT.weights == (2.0, 1.0)
    assert LAYOUT.columns == 2 * len(OUTCOMES) + len(FACTS) + len(DOCUMENT)
    found = [*range(10), *map(LAYOUT.fact, FACTS), *map(LAYOUT.document, DOCUMENT)]
    assert found == list(range(LAYOUT.columns))
    assert [LAYOUT.outcome(name) for name in OUTCOMES] == [slice(n, n + 2) for n in range(0, 10, 2)]


def test_what_one_trial_adds() -> None:
    rows = trial_rows([FAILED, WRONG, RIGHT], LAYOUT)
    assert rows.documents == ("one", "two")
    assert rows.document.tolist() == [0, 0, 1]
    right, wrong, failed = (dict(zip(_named(), row, strict=True)) for row in rows.rows.tolist())
    nothing = dict.fromkeys(right, 0.0)
    assert right == nothing | {
        "correct a": 1, "fact correct": 2, "fact incorrect": 2, "fact missing": 3, "fact spurious": 4,
        "document f1": 1, "document defined": 1, "document right": 1, "document documents": 1,
    }  # fmt: skip
    # F1 with a's weight of 2: 2 · 2 / (2 · 6 + 2 · 7 + 1).
    assert wrong == nothing | {
        "correct a": 1, "incorrect a": 2, "missing a": 3, "missing b": 1, "spurious a": 4, "absent a": 5,
        "document f1": pytest.approx(4 / 27), "document defined": 1, "document documents": 1,
    }  # fmt: skip
    assert failed == nothing | {
        "missing b": 4, "document defined": 1, "document documents": 1, "document failed": 1,
    }  # fmt: skip


def _named() -> list[str]:
    fields = [f"{outcome} {path}" for outcome in OUTCOMES for path in LAYOUT.paths]
    return [*fields, *(f"fact {name}" for name in FACTS), *(f"document {name}" for name in DOCUMENT)]


def test_the_trials_of_a_document_are_averaged() -> None:
    run = run_sums([SILENT, WRONG, FAILED, RIGHT], LAYOUT)
    assert run.documents == ("one", "two", "zero")
    assert run.trials.tolist() == [2, 1, 1]
    assert run.right.tolist() == [1, 0, 1]
    assert run.layout is LAYOUT
    one, two, zero = (dict(zip(_named(), row, strict=True)) for row in run.sums.tolist())
    assert (one["correct a"], one["incorrect a"], one["missing b"]) == (1, 1, 0.5)
    assert one["document f1"] == pytest.approx((1 + 4 / 27) / 2)
    assert (one["document right"], one["document documents"], one["document defined"]) == (0.5, 1, 1)
    assert (two["document failed"], two["missing b"]) == (1, 4)
    assert zero == dict.fromkeys(zero, 0.0) | {"document right": 1, "document documents": 1}


def test_a_documents_f1_is_the_mean_of_the_trials_that_have_one() -> None:
    trials = [
        DocumentScore("one", 0, {"a": Counts(correct=1)}),
        DocumentScore("one", 1, {"a": Counts(absent=1)}),
        DocumentScore("one", 2, {"a": Counts(missing=1)}),
    ]
    (row,) = run_sums(trials, LAYOUT).sums
    assert row[LAYOUT.document("f1")] == 0.5
    assert row[LAYOUT.document("defined")] == 1


def test_documents_and_paths_may_be_chosen() -> None:
    layout = Layout.of(["b"], {})
    run = run_sums([RIGHT, WRONG, FAILED], layout, ["two"])
    assert run.documents == ("two",)
    assert run.sums[0, layout.outcome("missing")].tolist() == [4]
    assert run_sums([WRONG], layout).sums[0, layout.outcome("missing")].tolist() == [1]
    assert run_sums([WRONG], layout).sums.sum() == 1 + 2  # missing; defined and the document itself


def test_a_document_without_a_score_leaves_no_denominator() -> None:
    with pytest.raises(ValueError, match=r"no score of four, three"):
        run_sums([RIGHT, FAILED], LAYOUT, ["one", "three", "four"])


def test_nothing() -> None:
    run = run_sums([], LAYOUT)
    assert run.documents == ()
    assert run.sums.shape == (0, LAYOUT.columns)
    assert Layout.of([], {}).columns == len(FACTS) + len(DOCUMENT)


def test_paths_come_in_the_order_of_the_schema() -> None:
    other = DocumentScore("one", 0, {"z": Counts(), "y": Counts(), "a": Counts()})
    assert paths_in(["unseen", "b", "a"], [WRONG], [other]) == ("b", "a", "y", "z")
    assert paths_in([]) == ()
