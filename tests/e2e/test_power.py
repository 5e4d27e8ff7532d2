"""`harness power`, as a user types it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.conftest import Cli


@pytest.fixture
def eight(starter: Cli) -> Cli:
    """The starter with eight documents, asked of `null` and `rules`."""
    (gold,) = (starter.folder / "gold").iterdir()
    documents = starter.folder / "documents" / gold.name
    (label,) = gold.glob("*.yaml")
    (text,) = documents.glob(f"{label.stem}.*")
    for number in range(7):
        name = f"{number}_{text.name}"
        shutil.copy(text, documents / name)
        said = label.read_text("utf-8").replace(text.name, name)
        said = said.replace("total: 883.00", f"total: {883 + number % 3}.00")
        (gold / f"{Path(name).stem}.yaml").write_text(said, encoding="utf-8")
    starter("run", "--quiet", "--system", "null", "rules")
    return starter


def test_it_says_what_it_takes(eight: Cli) -> None:
    shown = eight("power").out
    assert "(rules beside null)" in shown.splitlines()[0]
    assert "difference  seen now  documents needed" in shown
    assert "8 documents leave the spread itself unsure" in shown
    assert "Below 20 documents power is promised too high" in shown
    assert "With one trial a document nobody can tell what more trials would help." in shown


def test_json_and_a_plot(eight: Cli) -> None:
    done = eight("power", "--difference", "0.05", "0.2", "--power", "0.9", "--plot", "p.svg", "--json")
    assert [row["difference"] for row in done.json["rows"]] == [0.05, 0.2]
    assert done.json["wanted"] == 0.9
    assert done.err == "Drew p.svg.\n"
    assert (eight.folder / "p.svg").read_bytes().startswith(b"<?xml")


def test_runs_that_do_not_differ_tell_nothing(eight: Cli) -> None:
    run = eight("runs", "--json").json["runs"][0]["id"]
    words = ("power", "--runs", run, run, "--difference", "0.05")
    told = eight(*words)
    assert "5 points       n/a               n/a    n/a" in told.out
    assert "No document differs more between the two" in told.out
    assert eight(*words, "--json").json["rows"][0]["power"] is None
    assert "no curve to draw" in eight(*words, "--plot", "p.svg", code=2).err
    assert not (eight.folder / "p.svg").exists()


def test_one_run_with_trials(eight: Cli) -> None:
    eight("run", "--quiet", "--system", "noisy-gold", "--trials", "3")
    shown = eight("power", "--runs", "latest", "--difference", "0.1").out
    assert "(noisy-gold beside itself)" in shown
    assert "trials for 8" in shown
    assert "Two systems differ more" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--difference", "3"), "'3' is not between 0 and 1; write 0.03 for 3 points"),
        (("--power", "1"), "'1' is not between 0 and 1"),
        (("--power", "x"), "'x' is not between 0 and 1\n"),
        (("--plot", "p.pdf"), "name it p.svg"),
        (("--runs", "a", "b", "c"), "name two to compare, or one with trials"),
        (("--runs", "latest"), "name two runs, or one of `harness run --trials 3`"),
        (("--runs", "nope", "latest"), "nope"),
        (("--suite", "invoice"), "invoices"),
    ],
)
def test_what_is_refused(eight: Cli, words: tuple[str, ...], said: str) -> None:
    assert said in eight("power", *words, code=2).err


def test_without_a_run(starter: Cli) -> None:
    assert "the store holds no run" in starter("power", code=2).err
