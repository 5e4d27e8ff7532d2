from __future__ import annotations

import pytest

from harness.records import Counts, DocumentScore
from harness.verdicts.comparison.ranking import Ranking, rank, ranks_of
from tests.unit.verdicts.entrants import PLAN, entrant, right, row

LEVELS = {"best": 10, "good": 8, "fair": 5, "poor": 1}
"""How many of ten values are right, one more in every other document but for the best."""


def level(name: str, documents: int) -> list[DocumentScore]:
    share = LEVELS[name]
    odd = min(10, share + 1)
    return row(*[Counts(right, 10 - right) for right in ([share, odd] * documents)[:documents]])


def ranked(*names: str, documents: int = 12, instruments: tuple[str, ...] = ()) -> Ranking:
    return rank(
        PLAN,
        [entrant(name, level(name, documents), instrument=name in instruments) for name in names],
    )


def standing(ranking: Ranking) -> list[tuple[int | None, str]]:
    return [(place.rank, place.side.label) for place in ranking.places]


def test_those_that_are_shown_apart_have_ranks_of_their_own() -> None:
    found = ranked("poor", "best", "fair")
    assert standing(found) == [(1, "best"), (2, "fair"), (3, "poor")]
    assert [(pair.upper, pair.lower) for pair in found.pairs] == [(0, 1), (0, 2), (1, 2)]
    first = found.pairs[0].difference
    assert first.candidate.value == 1.0
    assert first.difference.value == pytest.approx(0.45)
    assert first.p == 2 / 2**12
    assert first.adjusted_p == pytest.approx(3 * 2 / 2**12)


def test_few_documents_leave_all_on_one_rank() -> None:
    assert [rank for rank, _ in standing(ranked("poor", "best", "fair", documents=5))] == [1, 1, 1]


def test_a_rank_begins_only_where_each_above_beats_each_below() -> None:
    assert ranks_of([3, 1, 2], {(3, 1), (3, 2), (1, 2)}) == {3: 1, 1: 2, 2: 3}
    # The middle one is not told apart from the last, so both share a rank.
    assert ranks_of([0, 1, 2], {(0, 1), (0, 2)}) == {0: 1, 1: 2, 2: 2}
    # The first beats the last alone: a chain of ties is one rank.
    assert ranks_of([0, 1, 2], {(0, 2)}) == {0: 1, 1: 1, 2: 1}
    assert ranks_of([0, 1, 2, 3], {(0, 2), (0, 3), (1, 2), (1, 3)}) == {0: 1, 1: 1, 2: 3, 3: 3}
    assert ranks_of([], set()) == {}


def test_the_order_in_which_runs_are_named_changes_no_rank() -> None:
    one, other = ranked("best", "good", "poor"), ranked("poor", "good", "best")
    assert one == other


def test_an_instrument_has_no_rank_beside_a_system() -> None:
    found = ranked("best", "fair", "poor", instruments=("best",))
    assert standing(found) == [(None, "best"), (1, "fair"), (2, "poor")]
    alone = ranked("best", "poor", instruments=("best", "poor"))
    assert standing(alone) == [(1, "best"), (2, "poor")]


def test_an_undefined_f1_comes_last_without_a_rank() -> None:
    found = rank(
        PLAN,
        [entrant("silent", row(*[Counts(absent=1)] * 6)), entrant("poor", level("poor", 6))],
    )
    assert standing(found) == [(1, "poor"), (None, "silent")]
    assert found.pairs[0].difference.p is None


def test_the_signature_names_every_run() -> None:
    found = ranked("best", "poor")
    assert found.signature.get("runs") == "run-best,run-poor"
    assert found.signature.get("compared") == "12"


def test_other_documents_are_refused() -> None:
    with pytest.raises(ValueError, match="the same documents"):
        rank(PLAN, [entrant("x", right("d0")), entrant("y", right("d1"))])


def test_progress_is_told_pair_by_pair() -> None:
    heard: list[tuple[int, int]] = []
    rank(
        PLAN,
        [entrant(name, level(name, 6)) for name in LEVELS],
        progress=lambda done, total: heard.append((done, total)),
    )
    assert heard == [(done, 6) for done in range(1, 7)]
