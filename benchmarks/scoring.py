"""Scoring speed beside the bare RapidFuzz and SciPy work on the same lists.

`python -m benchmarks.scoring` makes seeded pairs of records, 10 scalar fields and two lists of nested facts of
a length, the prediction being gold with facts dropped, added, edited and shuffled. The bound compares the same
leaves and does nothing else: one `rapidfuzz` similarity for each scalar; for each list and each leaf of its
facts the similarities of all pairs by one `rapidfuzz.process.cdist`, their sum, and one
`scipy.optimize.linear_sum_assignment`, in one thread. It reads no types, tells no outcomes, and keeps nothing.

Rates are of processor time, which other programs disturb less than the clock. Rounds score the same records:
in all but the first the harness remembers how strings were prepared, as it does when a run has several trials.
The goal is for the compiled loops; those in Python are what runs where they could not be built.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import sys
import time
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel
from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist
from scipy.optimize import linear_sum_assignment

from harness.marks import Date, Number, Text
from harness.records import Extraction
from harness.schema.compile import compile_model
from harness.scoring.loops import COMPILED, INTERPRETED
from harness.scoring.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.records import Json
    from harness.scoring.loops import Loops

    Pairs = list[tuple[dict[str, Json], dict[str, Json]]]

LENGTHS = (5, 20, 100)
GOAL = 0.5
HINT = "install the package where there is a C compiler"
WORDS = [
    "amber",
    "anvil",
    "arbour",
    "basalt",
    "beacon",
    "bramble",
    "canal",
    "cedar",
    "cinder",
    "cobalt",
    "copper",
    "coral",
    "delta",
    "ember",
    "fallow",
    "ferry",
    "flint",
    "garnet",
    "glacier",
    "granite",
    "harbour",
    "hazel",
    "heron",
    "indigo",
    "iron",
    "ivory",
    "juniper",
    "kestrel",
    "lagoon",
    "lantern",
    "larch",
    "ledger",
    "linden",
    "marble",
    "meadow",
    "mercury",
    "mill",
    "nectar",
    "north",
    "oak",
    "ochre",
    "opal",
    "orchard",
    "otter",
    "pebble",
    "pine",
    "plover",
    "quarry",
    "quartz",
    "raven",
    "reed",
    "river",
    "rowan",
    "saddle",
    "saffron",
    "sage",
    "sandstone",
    "slate",
    "sorrel",
    "spruce",
    "summit",
    "tallow",
    "teal",
    "thistle",
    "timber",
    "topaz",
    "umber",
    "vale",
    "velvet",
    "walnut",
    "warden",
    "willow",
    "winter",
    "wren",
    "yarrow",
    "zephyr",
]


class Detail(BaseModel):
    """What is nested in a fact."""

    amount: Annotated[float | None, Number(rel_tol=0.01)] = None
    unit: Literal["kg", "m", "h", "pieces"] | None = None


class Fact(BaseModel):
    """A nested fact."""

    label: Annotated[str | None, Text(0.85)] = None
    kind: Literal["sent", "present", "offered", "expected"] | None = None
    when: Annotated[str | None, Date()] = None
    detail: Detail | None = None


class Sheet(BaseModel):
    """10 scalar fields and two lists."""

    title: str | None = None
    outlet: str | None = None
    author: Annotated[str | None, Text(0.85)] = None
    place: str | None = None
    published: Annotated[str | None, Date()] = None
    pages: int | None = None
    price: Annotated[float | None, Number(abs_tol=0.005)] = None
    language: Literal["en", "de", "fr", "ko"] | None = None
    signed: bool | None = None
    reference: str | None = None
    first: list[Fact] = []
    second: list[Fact] = []


def text(draw: random.Random, words: int) -> str:
    """Some words in a row."""
    return " ".join(draw.choice(WORDS) for _ in range(words))


def date(draw: random.Random) -> str:
    """A day."""
    return f"20{draw.randrange(10, 27)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"


def fact(draw: random.Random) -> dict[str, Json]:
    """One nested fact."""
    return {
        "label": text(draw, 3),
        "kind": draw.choice(["sent", "present", "offered", "expected"]),
        "when": date(draw),
        "detail": {"amount": float(draw.randrange(1, 5000)), "unit": draw.choice(["kg", "m", "h", "pieces"])},
    }


def edited(draw: random.Random, gold: dict[str, Json]) -> dict[str, Json]:
    """A fact with one value changed, or a letter of its label."""
    changed = dict(gold)
    what = draw.randrange(4)
    if what == 0:
        label = str(gold["label"])
        at = draw.randrange(len(label))
        changed["label"] = f"{label[:at]}#{label[at + 1 :]}"
    elif what == 1:
        changed["when"] = date(draw)
    elif what == 2:
        changed["kind"] = draw.choice(["sent", "present", "offered", "expected"])
    else:
        changed["detail"] = {"amount": float(draw.randrange(1, 5000)), "unit": "kg"}
    return changed


def noisy(draw: random.Random, gold: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """A list with a tenth dropped, a tenth added, a quarter edited, and shuffled."""
    kept = [fact_ for fact_ in gold if draw.random() > 0.1]
    made = [edited(draw, fact_) if draw.random() < 0.25 else dict(fact_) for fact_ in kept]
    made.extend(fact(draw) for _ in gold if draw.random() < 0.1)
    draw.shuffle(made)
    return made


def pair(draw: random.Random, length: int) -> tuple[dict[str, Json], dict[str, Json]]:
    """Gold and a prediction."""
    gold: dict[str, Json] = {
        "title": text(draw, 6),
        "outlet": text(draw, 2),
        "author": text(draw, 2),
        "place": text(draw, 1),
        "published": date(draw),
        "pages": draw.randrange(1, 400),
        "price": draw.randrange(1, 10_000) / 100,
        "language": draw.choice(["en", "de", "fr", "ko"]),
        "signed": draw.random() < 0.5,
        "reference": text(draw, 1),
    }
    predicted: dict[str, Json] = {key: None if draw.random() < 0.1 else value for key, value in gold.items()}
    if draw.random() < 0.3:
        predicted["title"] = text(draw, 6)
    for name in ("first", "second"):
        facts = [fact(draw) for _ in range(length)]
        gold[name] = facts
        predicted[name] = noisy(draw, facts)
    return gold, predicted


SCALARS = tuple(name for name in Sheet.model_fields if name not in ("first", "second"))


def leaves_of(fact: dict[str, Any]) -> tuple[str, ...]:
    """The leaves of a fact as text."""
    detail = fact["detail"]
    return (fact["label"], fact["kind"], fact["when"], str(detail["amount"]), detail["unit"])


def bound(gold: dict[str, Any], predicted: dict[str, Any]) -> None:
    """The work underneath for one pair of records."""
    for name in SCALARS:
        ratio(str(gold[name]), str(predicted[name]))
    for name in ("first", "second"):
        ours, theirs = map(leaves_of, gold[name]), map(leaves_of, predicted[name])
        similarity = np.zeros((len(gold[name]), len(predicted[name])), dtype=np.float32)
        for wanted, given in zip(zip(*ours, strict=True), zip(*theirs, strict=True), strict=False):
            similarity += cdist(wanted, given, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
        linear_sum_assignment(similarity, maximize=True)


def rate(work: Callable[[Pairs], None], pairs: Pairs) -> float:
    """Records a second of processor time."""
    gc.collect()
    start = time.process_time()
    work(pairs)
    return len(pairs) / (time.process_time() - start)


def bare(pairs: Pairs) -> None:
    """The work underneath for all pairs."""
    for gold, predicted in pairs:
        bound(gold, predicted)


def scoring(loops: Loops) -> Callable[[Pairs], None]:
    """The harness's work for all pairs."""
    scorer = Scorer(compile_model(Sheet), loops)

    def score(pairs: Pairs) -> None:
        for gold, predicted in pairs:
            scorer.score(gold, Extraction("", 0, predicted))

    return score


def main() -> int:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--records", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seed", type=int, default=20221122)
    chosen = options.parse_args()
    print(f"{chosen.records} seeded pairs, seed {chosen.seed}, median of {chosen.rounds} rounds, one process")
    print(f"{'facts a list':>12}  {'loops':<11}  {'harness rec/s':>13}  {'bound rec/s':>11}  {'ratio':>5}")
    for length in LENGTHS:
        draw = random.Random(f"{chosen.seed}-{length}")
        pairs = [pair(draw, length) for _ in range(chosen.records)]
        for loops in (COMPILED, INTERPRETED):
            if loops is None:
                print(f"{length:>12}  {'compiled':<11}  not built: {HINT}")
                continue
            score = scoring(loops)
            rounds = [(rate(score, pairs), rate(bare, pairs)) for _ in range(chosen.rounds)]
            harness, under = (statistics.median(one[side] for one in rounds) for side in (0, 1))
            share = statistics.median(ours / theirs for ours, theirs in rounds)
            print(f"{length:>12}  {loops.name:<11}  {harness:>13,.0f}  {under:>11,.0f}  {share:>5.2f}")
    print(f"goal: a ratio of at least {GOAL:.2f} at every length")
    return 0


if __name__ == "__main__":
    sys.exit(main())
