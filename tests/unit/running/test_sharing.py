from harness.records import Counts, DocumentScore, FactCounts, GroundingCounts
from harness.running.sharing import Shared


def test_equal_parts_become_one_and_stay_equal() -> None:
    def score(name: str) -> DocumentScore:
        return DocumentScore(
            name,
            0,
            leaves={"".join(("a", ".b")): Counts(1), "c": Counts(1)},
            facts={"a": FactCounts(*[1, 0, 0, 0])},
            grounding=GroundingCounts(*[1, 0, 0, 0]),
        )

    shared = Shared()
    first, second = shared.score(score("x")), shared.score(score("y"))
    assert (first, second) == (score("x"), score("y"))
    assert first.leaves["a.b"] is first.leaves["c"] is second.leaves["c"]
    assert first.facts["a"] is second.facts["a"]
    assert first.grounding is second.grounding
    assert next(iter(first.leaves)) is next(iter(second.leaves))


def test_counts_of_another_class_are_never_mixed_up() -> None:
    counts, facts = Counts(1, 0, 0, 0), FactCounts(1, 0, 0, 0)
    same_length = GroundingCounts(1)
    score = Shared().score(DocumentScore("x", 0, {"a": counts}, {"a": facts}, same_length))
    assert type(score.leaves["a"]) is Counts
    assert type(score.facts["a"]) is FactCounts
    assert type(score.grounding) is GroundingCounts
