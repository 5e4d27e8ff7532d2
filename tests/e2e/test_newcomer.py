"""A newcomer's path: init, run, score, explain, runs; and what each command prints for a program."""

import re
import signal
import subprocess

import pytest

from tests.e2e.conftest import COMMAND, Cli, environment

DOCUMENT = "001_mill"


def test_init_writes_a_suite_and_says_what_to_type_next(here: Cli) -> None:
    done = here("init", "my suite")
    assert "  cd 'my suite' && harness run\n  harness score latest --explain 001_mill\n" in done.out
    written = {line.strip() for line in done.out.splitlines() if line.startswith("  my suite/")}
    assert written == {str(path.relative_to(here.folder)) for path in here.folder.rglob("*") if path.is_file()}


def test_init_overwrites_nothing(starter: Cli) -> None:
    before = {path: path.read_bytes() for path in starter.folder.rglob("*") if path.is_file()}
    done = starter("init", code=2)
    assert "already there: harness.toml, schemas/invoice.py" in done.err
    assert {path: path.read_bytes() for path in starter.folder.rglob("*") if path.is_file()} == before


def test_init_writes_nothing_when_one_file_is_there(here: Cli) -> None:
    here.write("harness.toml", "")
    assert "already there: harness.toml\n" in here("init", code=2).err
    assert [path.name for path in here.folder.iterdir()] == ["harness.toml"]


def test_init_leaves_what_a_repository_has_anyway(here: Cli) -> None:
    here.write(".gitignore", "*.pyc\n")
    assert ".gitignore" not in here("init", "--json").json["files"]
    assert (here.folder / ".gitignore").read_text() == "*.pyc\n"


def test_init_into_a_file_is_refused(here: Cli) -> None:
    here.write("taken", "")
    assert "error: taken: this is not a folder" in here("init", "taken", code=2).err


def test_run_prints_leaderboard_fields_and_where_the_runs_are(starter: Cli) -> None:
    done = starter("run")
    assert done.out.startswith("Leaderboard\n")
    assert "\nF1 by field\n" in done.out
    assert "Stored in .harness/runs.sqlite." in done.out
    assert "noisy-gold*" in done.out
    for name in ("null", "rules", "noisy-gold"):
        assert f"{name}: 1/1 answered, 0 failed" in done.err
    commands = re.findall(r"^  harness (score .*?)(?:  #.*)?$", done.out, re.MULTILINE)
    assert len(commands) == 4
    assert "lines[]" in starter(*commands[0].split()).out
    assert starter(*commands[-1].split()).out.startswith("001_mill\n")


def test_quiet_shows_no_progress_and_a_limit_and_trials_hold(starter: Cli) -> None:
    starter.write("documents/invoices/002_blank.txt", "Nothing is charged.\n")
    starter.write("gold/invoices/002_blank.yaml", starter("gold", "new", "002_blank").out)
    done = starter("run", "--system", "null", "--trials", "3", "--limit", "1", "--quiet", "--json")
    assert done.err == ""
    (run,) = done.json["runs"]
    assert run["run"]["system"] == "null"
    assert (run["evaluation"]["documents"], run["evaluation"]["trials"]) == (1, 3)


def test_score_again_gives_the_figures_of_the_run(ran: Cli) -> None:
    runs = ran("runs", "--json").json["runs"]
    assert {run["system"] for run in runs} == {"null", "rules", "noisy-gold"}
    run = next(run for run in runs if run["system"] == "noisy-gold")
    again = ran("score", run["id"], "--json").json
    assert 0 < again["evaluation"]["headline"]["f1"] == run["summary"]["f1"]
    assert again["changed"] == []


def test_score_and_explain_for_a_person(ran: Cli) -> None:
    noisy = next(run["id"] for run in ran("runs", "--json").json["runs"] if run["system"] == "noisy-gold")
    whole = ran("score", noisy).out
    for title in ("noisy-gold over invoices", "Fields", "Facts", "Grounding"):
        assert f"\n{title}" in f"\n{whole}"
    assert "No answer failed." in whole
    charged = ran("score", noisy, "--explain", DOCUMENT)
    everything = ran("score", noisy, "--explain", DOCUMENT, "--all")
    assert charged.out.startswith(f"{DOCUMENT}\n")
    assert " correct " not in charged.out.partition("\n\n")[0]
    assert len(everything.out.splitlines()) > len(charged.out.splitlines())


def test_explain_for_a_program(ran: Cli) -> None:
    done = ran("score", "latest", "--explain", DOCUMENT, "--all", "--json").json
    assert (done["document"], done["trial"]) == (DOCUMENT, 0)
    assert {"path", "kind", "gold", "predicted", "reason"} <= done["outcomes"][0].keys()
    charged = ran("score", "latest", "--explain", DOCUMENT, "--json").json["outcomes"]
    assert charged == [one for one in done["outcomes"] if one["kind"] in ("incorrect", "missing", "spurious")]


def test_score_says_what_changed_since_the_run(ran: Cli) -> None:
    ran.edit("gold/invoices/001_mill.yaml", "buyer: Harbour Bakery", "buyer: Harbour Bakers")
    done = ran("score", "latest")
    assert "Changed since the run was made: gold." in done.out


def test_runs_are_listed_newest_first(ran: Cli) -> None:
    ran("run", "--system", "null", "--quiet")
    listed = ran("runs", "--json").json["runs"]
    assert [run["created"] for run in listed] == sorted((run["created"] for run in listed), reverse=True)
    text = ran("runs", "--limit", "2").out
    assert text.count("finished") == 2
    assert listed[0]["id"] in text
    assert "--limit shows more" in text


def test_runs_of_a_suite_that_never_ran_make_no_store(starter: Cli) -> None:
    assert "No run is stored yet" in starter("runs").out
    assert not (starter.folder / ".harness").exists()


def test_schema_show(starter: Cli) -> None:
    by_suite = starter("schema", "show").out
    assert by_suite == starter("schema", "show", "schemas.invoice:Invoice").out
    assert "Records(keys=item, match_at=0.5)" in by_suite
    shown = starter("schema", "show", "--json").json
    assert f"schema {shown['schema_hash']}, marks {shown['marks_hash']}" in by_suite
    total = next(row for row in shown["paths"] if row["path"] == "total")
    assert total == {
        "path": "total",
        "comparator": "Number(abs_tol=0.01)",
        "weight": 2.0,
        "role": "graded",
        "why": total["why"],
    }


def test_a_schema_without_a_configuration_is_imported_from_the_current_folder(here: Cli) -> None:
    here.write("plain.py", "import pydantic\nclass Person(pydantic.BaseModel):\n    name: str\n")
    assert "name" in here("schema", "show", "plain:Person").out


def test_the_starter_gold_is_right(starter: Cli) -> None:
    assert "1 label file" in starter("gold", "check").out
    assert starter("gold", "check", "--json").json["problems"] == []


def test_gold_agree_with_itself_is_perfect(starter: Cli) -> None:
    done = starter("gold", "agree", "gold/invoices", "gold/invoices", "--json").json
    assert (done["strict"]["headline"]["f1"], done["lenient"]["headline"]["f1"]) == (1.0, 1.0)
    assert "Agreement of" in starter("gold", "agree", "gold/invoices", "gold/invoices").out


def test_gold_new_prints_a_label_that_checks(starter: Cli) -> None:
    starter.write("documents/invoices/002_note.txt", "Invoice 7\n")
    label = starter("gold", "new", "002_note").out
    assert label == starter("gold", "new", "documents/invoices/002_note.txt").out
    starter.write("gold/invoices/002_note.yaml", label)
    assert "2 label files" in starter("gold", "check").out


def test_configuration_elsewhere(here: Cli) -> None:
    here("init", "suite")
    done = here("run", "--system", "null", "--config", "suite/harness.toml", "--quiet")
    assert "--config suite/harness.toml" in done.out
    assert len(here("runs", "--config", "suite/harness.toml", "--json").json["runs"]) == 1


@pytest.mark.parametrize(
    "words",
    ["run", "score latest", "score latest --explain 001_mill --all", "gold check"],
)
def test_what_is_piped_has_no_escape_codes(ran: Cli, words: str) -> None:
    done = ran(*words.split(), TERM="xterm-256color")
    assert "\x1b" not in done.out + done.err
    assert not re.search("[─│━┃]", done.out)


def test_an_interrupted_run_keeps_what_it_has(starter: Cli) -> None:
    words = [str(COMMAND), "run", "--system", "null", "--trials", "1500"]
    with subprocess.Popen(
        words, cwd=starter.folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline() == "null: 1,500 to answer\n"
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    (run,) = starter("runs", "--json").json["runs"]
    assert run["status"] == "interrupted"
    assert f"run {run['id']}: interrupted" in err
    assert "Traceback" not in err
    assert starter("score", run["id"], "--json").json["evaluation"]["trials"] == 1500
