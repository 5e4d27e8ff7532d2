"""What a user can get wrong: each a clear message with file and line, and nothing stored is lost."""

from collections.abc import Callable

import pytest

from harness.records import Response
from harness.storage import RunRecord, StoredScores, open_store
from tests.e2e.conftest import Cli

GOLD = "gold/invoices/001_mill.yaml"
TEXT = "documents/invoices/001_mill.txt"

Spoil = Callable[[Cli], None]


def contents(cli: Cli) -> list[tuple[RunRecord, list[Response], StoredScores | None]]:
    """Everything that is stored."""
    with open_store(cli.folder / ".harness/runs.sqlite") as store:
        return [(run, list(store.responses(run.id)), store.scores(run.id)) for run in store.runs()]


def no_document(cli: Cli) -> None:
    """A document that has a label is gone; another is there."""
    label = (cli.folder / GOLD).read_text(encoding="utf-8")
    cli.write("gold/invoices/002_gone.yaml", label.replace("001_mill.txt", "002_gone.txt"))


def changed_document(cli: Cli) -> None:
    cli.edit(TEXT, "12 Wharf Lane", "13 Wharf Lane")


def empty_corpus(cli: Cli) -> None:
    (cli.folder / TEXT).unlink()


def no_folder(cli: Cli) -> None:
    empty_corpus(cli)
    (cli.folder / "documents/invoices").rmdir()


def wrong_type(cli: Cli) -> None:
    cli.edit(GOLD, "quantity: 40", "quantity: many")


def unknown_field(cli: Cli) -> None:
    cli.edit(GOLD, "  buyer:", "  byer:")


def broken_yaml(cli: Cli) -> None:
    cli.edit(GOLD, "  seller: Northfield Mill", "  seller: [Northfield Mill")


def broken_toml(cli: Cli) -> None:
    cli.edit("harness.toml", "[suites.invoices]", "[suites.invoices")


def unknown_key(cli: Cli) -> None:
    cli.edit("harness.toml", "documents =", "documets =")


def unknown_kind(cli: Cli) -> None:
    cli.edit("harness.toml", 'kind = "rules"', 'kind = "ruls"')


def no_model(cli: Cli) -> None:
    cli.edit("harness.toml", "invoice:Invoice", "invoice:Invoce")


def broken_schema(cli: Cli) -> None:
    cli.edit("schemas/invoice.py", "import datetime as dt", "import datetime as")


def wrong_mark(cli: Cli) -> None:
    cli.edit("schemas/invoice.py", "Weight(2)", "Weight(-2)")


def no_prompt(cli: Cli) -> None:
    (cli.folder / "prompts/invoices/v1.md").unlink()


SPOILT: list[tuple[Spoil, int, list[str]]] = [
    (no_document, 3, ["gold/invoices/002_gone.yaml", "002_gone"]),
    (changed_document, 3, [f"{GOLD}:2", "001_mill.txt"]),
    (empty_corpus, 3, ["documents/invoices", "holds no document"]),
    (no_folder, 3, ["documents/invoices", "does not exist"]),
    (wrong_type, 3, [f"{GOLD}:14", "lines[0].quantity", "many"]),
    (unknown_field, 3, [f"{GOLD}:9", "byer"]),
    (broken_yaml, 3, [f"{GOLD}:"]),
    (broken_toml, 2, ["harness.toml:3"]),
    (unknown_key, 2, ["harness.toml:5", 'did you mean "documents"?']),
    (unknown_kind, 2, ["'ruls'", "Did you mean rules"]),
    (no_model, 3, ["Invoce", "Invoice"]),
    (broken_schema, 3, ["schemas.invoice:Invoice", "SyntaxError"]),
    (wrong_mark, 3, ["total", "-2"]),
    (no_prompt, 2, ["prompts/invoices/v1.md", "does not exist"]),
]


@pytest.mark.parametrize(("spoil", "code", "told"), SPOILT, ids=[spoil.__name__ for spoil, *_ in SPOILT])
def test_a_run_is_refused_and_nothing_stored_is_lost(
    ran: Cli, spoil: Spoil, code: int, told: list[str]
) -> None:
    stored = contents(ran)
    spoil(ran)
    done = ran("run", code=code)
    assert done.out == ""
    assert done.err.startswith("error: ")
    for text in told:
        assert text in done.err
    assert contents(ran) == stored


GOLD_SPOILT = [
    one for one in SPOILT if one[0] in (no_document, changed_document, wrong_type, unknown_field, broken_yaml)
]


@pytest.mark.parametrize(
    ("spoil", "code", "told"), GOLD_SPOILT, ids=[spoil.__name__ for spoil, *_ in GOLD_SPOILT]
)
def test_gold_check_tells_the_same(starter: Cli, spoil: Spoil, code: int, told: list[str]) -> None:
    spoil(starter)
    done = starter("gold", "check", code=code)
    for text in told:
        assert text in done.out


def test_gold_check_tells_every_problem(starter: Cli) -> None:
    wrong_type(starter)
    unknown_field(starter)
    changed_document(starter)
    starter.edit(GOLD, 'Delivery by van: 35.00"', 'Delivery by boat: 35.00"')
    places = {problem["where"] for problem in starter("gold", "check", "--json", code=3).json["problems"]}
    assert {f"{GOLD}:2", f"{GOLD}:9", f"{GOLD}:14"} <= places
    assert len(places) >= 4


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("run --system ruls", ['there is no system "ruls"', 'did you mean "rules"?', "harness.toml"]),
        ("run --suite invoces", ['there is no suite "invoces"', 'did you mean "invoices"?']),
        ("gold check --suite invoces", ['did you mean "invoices"?']),
        ("gold new 001_mil", ['there is no document "001_mil"', 'did you mean "001_mill"?']),
        ("score 2099", ["2099"]),
        ("score latest --explain 001_mil", ["001_mil", "001_mill"]),
        ("score", ["no run is named", "harness score latest"]),
        ("score latest --gold a.jsonl", ["both a run and --gold"]),
        ("score --gold a.jsonl", ["--schema and --predictions must be given too"]),
        ("score latest --all", ["belong to --explain"]),
        ("schema show a:B --suite invoices", ["both a target and --suite"]),
        ("runs --config no.toml", ["no.toml", "does not exist"]),
        ("run --sytem null", ["there is no option '--sytem'", 'did you mean "--system"']),
    ],
)
def test_wrong_usage_names_what_was_meant(ran: Cli, words: str, told: list[str]) -> None:
    done = ran(*words.split(), code=2)
    assert done.out == ""
    assert done.err.startswith("error: ")
    for text in told:
        assert text in done.err


def test_without_a_configuration(here: Cli) -> None:
    here.write(".git", "")
    assert "harness init" in here("runs", code=2).err


def test_without_a_suite_or_a_system(here: Cli) -> None:
    here.write("harness.toml", "")
    assert "no suite is defined" in here("run", code=2).err
    assert "no suite is defined" in here("schema", "show", code=2).err


def test_a_store_that_is_none_is_left_alone(starter: Cli) -> None:
    (starter.folder / ".harness").mkdir()
    store = starter.write(".harness/runs.sqlite", "not a database, but somebody's file\n" * 100)
    done = starter("runs", code=4)
    assert ".harness/runs.sqlite" in done.err
    assert store.read_text().startswith("not a database, but somebody's file\n")
