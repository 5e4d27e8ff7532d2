"""`harness compare` and `harness export outcomes`, as a user types them."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import Cli

if TYPE_CHECKING:
    from collections.abc import Callable

INSTRUMENTS = """
[systems.worse]
kind = "noisy-gold"
seed = 1
edit = 0.6

[systems.better]
kind = "noisy-gold"
seed = 2
edit = 0.1
"""
DOCUMENTS = 8


@pytest.fixture(scope="session")
def _many(_starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter with eight documents, and runs that are tagged like their systems."""
    folder = tmp_path_factory.mktemp("many") / "suite"
    shutil.copytree(_starter, folder)
    cli = Cli(folder)
    (label,) = (folder / "gold").rglob("*.yaml")
    (document,) = (path for path in folder.rglob("*.txt") if path.stem == label.stem)
    for number in range(1, DOCUMENTS):
        name = f"{number}_{document.name}"
        document.with_name(name).write_bytes(document.read_bytes())
        written = label.read_text(encoding="utf-8").replace(document.name, name)
        label.with_name(f"{number}_{label.name}").write_text(written, encoding="utf-8")
    with (folder / "harness.toml").open("a", encoding="utf-8") as file:
        file.write(INSTRUMENTS)
    names = ("null", "rules", "worse", "better")
    words = [word for name in names for word in ("--system", name)]
    for made in cli("run", "--quiet", *words, "--json").json["runs"]:
        cli("runs", "tag", made["run"]["id"], made["run"]["system"])
    return folder


@pytest.fixture
def many(_many: Path, copied: Callable[[Path], Cli]) -> Cli:
    return copied(_many)


def test_a_comparison_begins_with_one_sentence(many: Cli) -> None:
    done = many("compare", "worse", "better")
    first = done.out.splitlines()[0]
    assert first.startswith("better is ")
    assert "points of F1 better than worse (95 % interval " in first
    assert first.endswith(", 8 documents).")
    assert done.err == ""
    for title in ("worse* and better*", "F1 by field", "Documents that", "Leaves that", "What it took"):
        assert f"\n{title}" in done.out
    assert "better is a test instrument: it answers with gold, spoilt on purpose." in done.out
    assert "Signature: suite:" in done.out
    assert many("compare", "worse", "better").out == done.out


def test_turned_round_it_is_worse_by_as_much(many: Cli) -> None:
    one = many("compare", "worse", "better", "--json").json
    other = many("compare", "better", "worse", "--json").json
    assert (one["verdict"], other["verdict"]) == ("better", "worse")
    assert one["baseline"]["label"] == other["candidate"]["label"] == "worse"
    assert other["headline"]["p"] == one["headline"]["p"] <= 0.05
    assert other["headline"]["difference"]["value"] == -one["headline"]["difference"]["value"]
    assert len(other["flipped_leaves"]) == len(one["flipped_leaves"]) > 0


def test_markdown_for_a_pull_request(many: Cli) -> None:
    text = many("compare", "null", "better", "--markdown").out
    assert text.startswith("### better is ")
    assert "| F1 | 0.000 |" in text


def test_a_run_beside_itself(many: Cli) -> None:
    assert many("compare", "rules", "rules").out.startswith("no difference: both are the run ")
    many("runs", "export", "rules", "rules.jsonl.gz")
    many("run", "--quiet", "--system", "rules")
    again = many("compare", "rules.jsonl.gz", "latest", "--json").json
    assert again["sentence"].startswith("no difference: ")
    assert again["verdict"] == "identical"
    assert again["headline"]["p"] == 1
    assert again["baseline"]["label"] != again["candidate"]["label"]


def test_several_runs_are_ranked(many: Cli) -> None:
    out = many("compare", "worse", "better", "null").out
    assert out.startswith("only null has a rank.")
    assert "\nLeaderboard\n" in out
    assert "\nBeside worse*\n" in out
    found = many("compare", "null", "rules", "better", "--json").json
    ranks = {place["label"]: place["rank"] for place in found["ranking"]["places"]}
    assert ranks["better"] is None
    assert ranks["rules"] == 1
    assert len(found["comparisons"]) == 2
    assert many("compare", "null", "rules", "better", "--markdown").out.startswith("### ")


def test_limits(many: Cli) -> None:
    def listed(*words: str) -> int:
        out = many("compare", "null", "rules", *words).out
        return out.count(" gained  ") + out.count(" lost  ")

    assert listed("--limit", "0") == 0
    assert listed("--limit", "2") >= 2
    assert listed("--all") > listed("--limit", "2")
    assert "not allowed with" in many("compare", "null", "rules", "--all", "--limit", "3", code=2).err


def test_runs_over_other_documents(many: Cli) -> None:
    many("run", "--quiet", "--system", "rules", "--limit", "6")
    err = many("compare", "null", "latest", code=2).err
    assert "documents" in err
    assert "--only-common-documents compares the 6 documents" in err
    out = many("compare", "null", "latest", "--only-common-documents").out
    assert "Only the 6 documents that all runs have are compared" in out
    assert "compared:6 common of " in out


def test_runs_of_different_gold(many: Cli) -> None:
    (label, *_) = sorted((many.folder / "gold").rglob("*.yaml"))
    label.write_text(label.read_text() + "note: looked at again\n")
    many("score", "rules")
    many("compare", "null", "rules")  # a note is not gold
    text = label.read_text()
    facts = text[: text.index("facts:")]
    label.write_text(facts + "facts: {}\n")
    many("score", "rules")
    err = many("compare", "null", "rules", code=2).err
    assert "scored by different gold (" in err
    assert "`harness score " in err


def test_what_cannot_be_compared(many: Cli) -> None:
    assert "there is no such file" in many("compare", "gone.jsonl", "rules", code=2).err
    assert "no run has the id 'gone'" in many("compare", "gone", "rules", code=2).err
    many.write("broken.jsonl", "{}\n")
    assert "exported run" in many("compare", "broken.jsonl", "rules", code=4).err
    many.write("newer.jsonl", json.dumps({"format": {"name": "extraction-harness run", "version": 99}}) + "\n")
    assert "update the harness" in many("compare", "newer.jsonl", "rules", code=4).err
    assert "CANDIDATE" in many("compare", "rules", code=2).err
    assert "choose one" in many("compare", "null", "rules", "--json", "--markdown", code=2).err


def test_a_picture(many: Cli) -> None:
    assert "name it plot.svg" in many("compare", "null", "rules", "--plot", "plot.gif", code=2).err
    assert "name one candidate" in many("compare", "null", "rules", "noisy", "--plot", "plot.svg", code=2).err
    done = many("compare", "null", "rules", "--plot", "plot.svg", "--json")
    assert done.json["documents"] == 8
    assert "Drew plot.svg." in done.err
    assert (many.folder / "plot.svg").read_text().startswith("<?xml")


def test_outcomes_as_tables(many: Cli) -> None:
    from pyarrow import parquet

    done = many("export", "outcomes", "null", "rules", "--parquet", "o.parquet")
    table = parquet.read_table(many.folder / "o.parquet")
    assert f"Wrote {table.num_rows} outcomes to o.parquet." in done.out
    counted = many("export", "outcomes", "null", "rules", "--csv", "o.csv", "--json").json
    assert counted["rows"] == table.num_rows
    with (many.folder / "o.csv").open(newline="", encoding="utf-8") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    assert len(rows) == table.num_rows
    assert list(rows[0]) == table.column_names
    assert "there already" in many("export", "outcomes", "rules", "--csv", "o.csv", code=4).err
    many("export", "outcomes", "rules", "--csv", "o.csv", "--force")
    assert "required" in many("export", "outcomes", "rules", code=2).err


def test_the_starter_has_too_few_documents_for_an_interval(ran: Cli) -> None:
    runs = [one["id"] for one in ran("runs", "--json").json["runs"]]
    out = ran("compare", runs[1], runs[0]).out
    assert out.startswith("can't tell: ")
    assert "Fewer than 5 documents have no interval: read the documents." in out
    assert "95 % interval" not in out
