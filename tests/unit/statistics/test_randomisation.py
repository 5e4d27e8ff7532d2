import numpy as np
import pytest
from numpy.typing import NDArray

from harness.statistics import randomisation
from harness.statistics.randomisation import SEED, label_swap

Floats = NDArray[np.float64]


def ratio(sums: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = sums[..., ::2] / sums[..., 1::2]
    return found


def made(documents: int, seed: int = 1) -> tuple[Floats, Floats]:
    """Two metrics; the first differs for sure, the second hardly."""
    rng = np.random.default_rng(seed)
    was, now = rng.integers(0, 9, (2, documents, 4)).astype(np.float64)
    was[:, 1::2], now[:, 1::2] = 10, 10
    now[:, 0] += rng.integers(0, 3, documents)
    return was, now


def test_five_documents_that_all_gain() -> None:
    found = label_swap(np.array([[0.0, 1.0]] * 5), np.array([[1.0, 1.0]] * 5), ratio)
    assert found.p.tolist() == [2 / 32]
    assert (found.least_p, found.draws, found.exact) == (2 / 32, 32, True)


def test_sixteen_documents_are_looked_at_one_by_one_and_seventeen_are_drawn() -> None:
    was, now = np.array([[0.0, 1.0]] * 17), np.array([[1.0, 1.0]] * 17)
    sixteen = label_swap(was[1:], now[1:], ratio)
    assert (sixteen.p.item(), sixteen.draws, sixteen.exact) == (2**-15, 2**16, True)
    seventeen = label_swap(was, now, ratio, draws=999)
    assert (seventeen.draws, seventeen.exact, seventeen.least_p) == (999, False, 1 / 1000)
    assert seventeen.p.item() < 0.01


def test_only_documents_that_differ_are_swapped() -> None:
    was, now = np.array([[0.0, 1.0]] * 3 + [[5.0, 9.0]] * 40), np.array([[1.0, 1.0]] * 3 + [[5.0, 9.0]] * 40)
    found = label_swap(was, now, ratio)
    assert (found.p.item(), found.draws, found.exact) == (2 / 8, 8, True)
    assert found.least_p == 2.0**-42


@pytest.mark.parametrize("documents", [0, 1])
def test_nothing_can_be_shown_with_so_few(documents: int) -> None:
    found = label_swap(np.zeros((documents, 2)), np.ones((documents, 2)), ratio)
    assert found.least_p == 1.0
    assert np.isnan(found.p).all()


def test_an_undefined_difference_has_no_p() -> None:
    was, now = np.array([[0.0, 0.0, 1.0, 2.0]] * 6), np.array([[1.0, 2.0, 2.0, 2.0]] * 6)
    p = label_swap(was, now, ratio).p
    assert np.isnan(p[0])
    assert p[1] == 2 / 64


def test_a_swap_that_leaves_it_undefined_counts_as_large() -> None:
    was = np.array([[0.0, 10.0], [0.0, 0.0], [0.0, 0.0]])
    now = np.array([[0.0, 0.0], [10.0, 10.0], [5.0, 10.0]])
    # The first held: 0/10 to 15/20; 10/20 to 5/10; 5/20 to 10/10, as large; 15/30 to 0/0.
    assert label_swap(was, now, ratio).p.item() == 3 / 4


def test_ties_count_whatever_rounding_makes_of_them() -> None:
    # 0.1 + 0.2 is not 0.3: swapping the three last gives as large a difference but for the last bit.
    changes = np.array([0.1, 0.2, -0.3, 0.3])
    sides = np.column_stack([0 * changes, np.ones(4)]), np.column_stack([changes, np.ones(4)])
    ways = [
        abs(sum(-change if bits >> place & 1 else change for place, change in enumerate([1, 2, -3, 3])))
        for bits in range(16)
    ]
    assert label_swap(*sides, ratio).p.item() == sum(way >= 3 for way in ways) / 16


def test_drawn_and_exact_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    was, now = made(12)
    exact = label_swap(was, now, ratio)
    monkeypatch.setattr(randomisation, "EXACT", 0)
    drawn = label_swap(was, now, ratio, draws=40_000)
    assert (exact.exact, drawn.exact) == (True, False)
    error = np.sqrt(exact.p * (1 - exact.p) / 40_000)
    assert (np.abs(exact.p - drawn.p) < 4 * error + 1e-4).all()


@pytest.mark.parametrize("documents", [9, 70])
def test_the_size_of_a_chunk_changes_nothing(monkeypatch: pytest.MonkeyPatch, documents: int) -> None:
    was, now = made(documents)
    told: list[tuple[int, int]] = []
    one = label_swap(was, now, ratio, draws=1000)
    monkeypatch.setattr(randomisation, "_BLOCK", 7 * (documents + 17))
    other = label_swap(was, now, ratio, draws=1000, progress=lambda done, total: told.append((done, total)))
    assert one.p.tolist() == other.p.tolist()
    total = 1000 if documents == 70 else 256
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == [*range(7, total, 7), total]
    assert {of for _, of in told} == {total}


def test_the_seed_decides() -> None:
    was, now = made(40)
    one, again, other = (label_swap(was, now, ratio, draws=500, seed=seed).p for seed in (1, 1, 2))
    assert one.tolist() == again.tolist()
    assert one.tolist() != other.tolist()


def test_the_draws_stay_what_they_are() -> None:
    """PCG64's bits as they come, lowest first: every machine and every NumPy has these."""
    ((first, *_),) = [list(block) for block in randomisation._drawn(70, SEED, 3, 10)]
    assert (
        "".join(str(int(bit)) for bit in first)
        == "1110011110010011011010111100100100100010000101110111111101011101011100"
    )
    words = np.random.PCG64(SEED).random_raw(6)
    assert [int(bit) for bit in first] == [int(words[i // 64]) >> (i % 64) & 1 for i in range(70)]


def test_the_same_answer_as_ever() -> None:
    number = np.arange(40.0)
    was, now = (np.column_stack([number * step % 9, number % 4 + 1]) for step in (5, 7))
    now[:, 0] += 1
    assert label_swap(was, now, ratio, draws=2000).p.item() == 36 / 2001


def test_other_peoples_draws() -> None:
    was, now = np.array([[0.0, 1.0]] * 3), np.array([[1.0, 1.0]] * 3)
    blocks = [np.array([[False, False, False], [True, False, False]]), np.array([[True, True, True]])]
    told: list[tuple[int, int]] = []
    found = label_swap(was, now, ratio, swaps=blocks, progress=lambda done, total: told.append((done, total)))
    assert found.p.item() == (2 + 1) / (3 + 1)
    assert (found.draws, found.exact, found.least_p) == (3, False, 1 / 4)
    assert told == [(2, 2), (3, 3)]


def test_what_cannot_be_tested() -> None:
    with pytest.raises(ValueError, match="not the same shape"):
        label_swap(np.zeros((3, 2)), np.zeros((4, 2)), ratio)
    with pytest.raises(ValueError, match="no draw"):
        label_swap(np.zeros((3, 2)), np.zeros((3, 2)), ratio, swaps=[])
    with pytest.raises(ValueError, match="no draw"):
        label_swap(*made(30), ratio, draws=0)
