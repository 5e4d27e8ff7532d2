from __future__ import annotations

from harness.records import Signature
from harness.verdicts.comparison.signature import comparison_signature, differing, ranking_signature
from tests.unit.verdicts.entrants import entrant, right

OLD = entrant("old", right("d"), prompt="v1@aa").side
NEW = entrant("new", right("d"), trials="3").side
OTHER = entrant("other", right("d"), gold="g1", documents="d1").side


def test_it_says_what_is_shared_what_each_is_and_how_it_was_computed() -> None:
    made = comparison_signature(OLD, NEW, documents=12, narrowed="", seed=7, draws=4096, exact=True)
    assert str(made).startswith(
        "suite:s|documents:d0|gold:g0|schema:x0|marks:m0|metric:1|compared:12|baseline:run-old|"
        "baseline.system:old|baseline.prompt:v1@aa|baseline.trials:1|candidate:run-new|"
        "candidate.system:new|candidate.prompt:none|candidate.trials:3|test:label-swap|draws:all 4096|seed:7|"
    )
    assert Signature.parse(str(made)) == made


def test_what_was_narrowed_is_said_with_both_digests() -> None:
    made = comparison_signature(
        OLD, OTHER, documents=10, narrowed="common of 12 and 10", seed=7, draws=500, exact=False
    )
    assert made.get("compared") == "10 common of 12 and 10"
    assert made.get("gold") == "g0 / g1"
    assert made.get("draws") == "500"


def test_the_keys_that_differ() -> None:
    assert differing(OLD.signature, NEW.signature) == ()
    assert differing(OLD.signature, OTHER.signature) == ("documents", "gold")


def test_a_leaderboard_names_its_runs() -> None:
    made = ranking_signature([OLD, NEW], documents=3, narrowed="", seed=1, draws=9)
    assert made.get("runs") == "run-old,run-new"
    assert made.get("gold") == "g0"
