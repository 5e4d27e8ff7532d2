"""`harness gate`, as a user and a CI job type it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.e2e.conftest import Cli, ForkedCli
from tests.servers.asked_suite import write_suite
from tests.servers.asking import billed
from tests.servers.forked_commands import ForkedCommands
from tests.servers.model_server import ModelServer

POLICY = """
[suites.invoices.gate]
baseline = "main"
rules = [
  "f1 >= 0.3",
  "f1 >= baseline - 0.02",
  "failure_rate <= 0",
]
"""


@pytest.fixture
def cli(ran: Cli, commands: ForkedCommands, tmp_path: Path) -> Cli:
    """The starter suite after `harness run`, with a gate."""
    path = ran.folder / "harness.toml"
    path.write_text(path.read_text(encoding="utf-8") + POLICY, encoding="utf-8")
    return ForkedCli(ran.folder, commands, tmp_path)


def ids(cli: Cli) -> dict[str, str]:
    return {run["system"]: run["id"] for run in cli("runs", "--json").json["runs"]}


def test_the_life_of_a_gate(cli: Cli) -> None:
    """From the first CI run, which has no baseline, to a release that is refused."""
    first = cli("gate", ids(cli)["rules"], code=5)
    assert first.out.startswith("INCONCLUSIVE: 1 of 3 rules is not settled: f1 >= baseline - 0.02\n")
    assert "harness gate --update-baseline makes one" in first.out

    made = cli("gate", ids(cli)["rules"], "--update-baseline")
    assert f"Baseline main: none → run {ids(cli)['rules']}" in made.out
    assert cli("gate", "--system", "rules", "--quiet").out.startswith("PASS: all 3 rules hold\n")

    worse = cli("gate", ids(cli)["null"], code=1)
    assert worse.out.startswith("FAIL: 1 of 3 rules fails: f1 >= 0.3\n")
    kept = cli("gate", ids(cli)["null"], "--update-baseline", code=1)
    assert "the run fails the gate, so the baseline stays as it is" in kept.err
    assert "--force" in kept.err

    better = cli("gate", ids(cli)["noisy-gold"], "--update-baseline")
    assert f"run {ids(cli)['noisy-gold']}" in better.out
    assert "+0.238" in better.out
    again = cli("gate", ids(cli)["noisy-gold"], "--update-baseline")
    assert "is the baseline main already" in again.out


def test_a_table_for_a_person(cli: Cli) -> None:
    lines = cli("gate", ids(cli)["rules"], code=5).out.splitlines()
    assert lines[2].startswith("Gate of invoices: rules")
    assert lines[3].split() == ["verdict", "rule", "seen", "why"]
    assert lines[4].split()[:4] == ["PASS", "f1", ">=", "0.3"]
    assert "Judged on 1 document, 1 trial each." in lines


def test_json_is_all_there_is_on_standard_output(cli: Cli) -> None:
    found = cli("gate", "latest", "--json", code=5).json
    assert (found["suite"], found["verdict"], found["counts_as"]) == (
        "invoices",
        "inconclusive",
        "inconclusive",
    )
    assert [rule["verdict"] for rule in found["rules"]] == ["pass", "inconclusive", "pass"]
    assert found["rules"][0]["where"] == "harness.toml:25"
    assert (found["documents"], found["planned"], found["baseline"]) == (1, 1, None)
    made = cli("gate", ids(cli)["rules"], "--json", "--update-baseline").json
    assert made["baseline"] == {
        "updated": True,
        "name": "main",
        "file": None,
        "before": None,
        "after": ids(cli)["rules"],
    }


@pytest.mark.parametrize(("said", "code"), [("pass", 0), ("fail", 1)])
def test_the_policy_says_what_inconclusive_means(cli: Cli, said: str, code: int) -> None:
    cli.edit("harness.toml", 'baseline = "main"\n', f'baseline = "main"\ninconclusive = "{said}"\n')
    done = cli("gate", ids(cli)["rules"], code=code)
    assert done.out.startswith("INCONCLUSIVE")
    assert f"this policy counts that as {said.upper()}" in done.out


def test_a_baseline_in_a_file(cli: Cli) -> None:
    cli.edit("harness.toml", 'baseline = "main"', 'baseline = "baselines/main.jsonl"')
    cli("gate", ids(cli)["rules"], "--update-baseline")
    path = cli.folder / "baselines/main.jsonl"
    before = path.read_bytes()
    assert cli("gate", ids(cli)["rules"]).out.startswith("PASS")
    cli("gate", ids(cli)["null"], "--update-baseline", code=1)
    assert path.read_bytes() == before
    path.write_bytes(before.replace(b'"version":1', b'"version":2', 1))
    newer = cli("gate", ids(cli)["rules"], code=4)
    assert "the file has version 2; this harness reads version 1" in newer.err
    cli("gate", ids(cli)["rules"], "--update-baseline", code=5)
    assert b'"version":2' in path.read_bytes()[:100], "what cannot be read is not replaced"
    cli("gate", ids(cli)["rules"], "--update-baseline", "--force")
    assert path.read_bytes() == before


def test_files_for_ci_are_written_whatever_the_verdict(cli: Cli) -> None:
    summary = cli.write("summary.md", "before\n")
    done = cli(
        *("gate", ids(cli)["null"], "--junit", "gate.xml", "--markdown", "gate.md", "--github"),
        code=1,
        GITHUB_STEP_SUMMARY=str(summary),
    )
    assert "<testsuite" in (cli.folder / "gate.xml").read_text(encoding="utf-8")
    assert "f1 >= 0.3" in (cli.folder / "gate.md").read_text(encoding="utf-8")
    assert summary.read_text(encoding="utf-8").startswith("before\n")
    assert len(summary.read_text(encoding="utf-8")) > 100
    assert "::error" in done.out
    asked = cli("gate", ids(cli)["null"], "--github", "--json", code=1)
    assert asked.json["verdict"] == "fail"
    assert "::error" in asked.err
    refused = cli("gate", ids(cli)["null"], "--junit", "nowhere/gate.xml", code=4)
    assert refused.err.startswith("error: nowhere/gate.xml: the report cannot be written")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("latest", "--system", "rules"), "both a stored run and a system to run are named"),
        (("latest", "--trials", "3"), "--trials is for a run that is made"),
        (("latest", "--max-cost", "3"), "--max-cost is for a run that is made"),
        (("--stop-early",), "--stop-early is for a run that is made"),
        (("latest", "--force"), "--force is for --update-baseline"),
        (("--system", "rules", "--system", "null"), "a gate judges one run, and rules and null are named"),
        (("nobody",), "no run has the id 'nobody'"),
        (("latest", "--baseline", "nobody"), "no run has the id 'nobody'"),
        (("latest", "--baseline", "nobody.jsonl"), "there is no such file"),
        (("latest", "--baseline", "latest"), "'latest' cannot be the baseline"),
        (("latest", "--suite", "invoice"), 'did you mean "invoices"?'),
    ],
)
def test_wrong_words_are_refused(cli: Cli, words: tuple[str, ...], said: str) -> None:
    assert said in cli("gate", *words, code=2).err


def test_a_suite_without_a_gate_is_shown_one(ran: Cli) -> None:
    refused = ran("gate", code=2)
    assert "harness.toml:3: the suite invoices has no gate" in refused.err
    assert "[suites.invoices.gate]" in refused.err
    assert "f1 >= baseline - 0.02" in refused.err


def test_a_mistake_in_a_rule_has_its_line(cli: Cli) -> None:
    cli.edit("harness.toml", '"failure_rate <= 0"', '"failures_rate <= 0"')
    refused = cli("gate", code=2)
    assert 'harness.toml:27: there is no metric "failures_rate"' in refused.err
    assert "did you mean failure_rate?" in refused.err


PAID = '\n[suites.sheets.gate]\nrules = ["failure_rate <= 0.5", "{rule}"]\n'
BOUNDED = "parameters = { max_completion_tokens = 100 }"


@pytest.fixture
def paid(tmp_path: Path, commands: ForkedCommands) -> Callable[[ModelServer, str], Cli]:
    """A suite of 40 documents whose system costs money, with a gate."""

    def write(server: ModelServer, rule: str) -> Cli:
        toml = write_suite(
            tmp_path / "suite", 40, server.base_url, limits=("concurrency = 1",), more=(BOUNDED,)
        )
        text = toml.read_text(encoding="utf-8")
        toml.write_text(text + PAID.format(rule=rule), encoding="utf-8")
        return ForkedCli(toml.parent, commands, tmp_path)

    return write


def test_money_that_ends_first_leaves_it_open_and_says_how_to_go_on(
    paid: Callable[[ModelServer, str], Cli],
) -> None:
    with ModelServer() as server:
        cli = paid(server, "f1 >= 0.01")
        done = cli("gate", "--system", "mock", "--max-cost", "0.004", "--quiet", "--json", code=5)
        found = done.json
        assert 0 < len(server.entries) < 40
        assert billed(server.entries) <= Decimal("0.004")
        assert found["verdict"] == "inconclusive"
        assert found["documents"] == len(server.entries)
        told = " ".join(found["remarks"])
        assert "The money ended first" in told
        assert "all 40 answers cost about $" in told
        run = found["candidate"]["run"]
        cli("run", "--resume", run, "--max-cost", "1", "--quiet")
        whole = cli("gate", run, "--json", code=None).json
        assert (whole["documents"], len(server.entries)) == (40, 40)


def test_paying_stops_when_no_answer_can_change_the_verdict(paid: Callable[[ModelServer, str], Cli]) -> None:
    with ModelServer() as server:
        cli = paid(server, "exactly_right >= 0.98")  # one mistake is too many, and the third document has it
        found = cli("gate", "--system", "mock", "--max-cost", "9", "--quiet", "--json", code=1).json
        assert len(server.entries) == 3
        assert found["remarks"][0].startswith("Asking stopped early: after 3 of 40 answers the gate fails")
        assert [rule["verdict"] for rule in found["rules"]] == ["inconclusive", "fail"]
        whole = cli("gate", "--system", "mock", "--quiet", "--json", code=1).json
        assert [rule["verdict"] for rule in whole["rules"]] == ["pass", "fail"]
        assert len(server.entries) == 40, "three answers come from the cache"


def test_the_gate_of_this_repository_holds(here: Cli) -> None:
    """What its CI runs: a system that is offline, over the gold that is there today."""
    configuration = str(Path(__file__).parents[2] / "harness.toml")
    words = ("gate", "--system", "rules", "--config", configuration, "--quiet")
    done = here(*words, HARNESS_STORE=str(here.folder / "runs.sqlite"))
    assert done.out.startswith("PASS: all 6 rules hold")
    refused = here(*words[:2], "null", *words[3:], code=1, HARNESS_STORE=str(here.folder / "runs.sqlite"))
    assert refused.out.startswith("FAIL")
