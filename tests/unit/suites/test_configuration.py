from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigError, UsageError
from harness.suites.configuration import find_configuration, load_configuration

SUITE = '[suites.a]\nschema = "schemas.a:A"\ndocuments = "seeds"\ngold = "gold"\n'
SYSTEM = '[systems.noisy]\nkind = "noisy-gold"\nseed = 1\ndrop = 0.1\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "harness.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_configuration(write(folder, text))
    return caught.value


def test_reads_everything_with_paths_from_the_folder_of_the_file(tmp_path: Path) -> None:
    text = f'[store]\npath = "/elsewhere/runs.sqlite"\n{SUITE}prompt = "p/v1.md"\n{SYSTEM}'
    configuration = load_configuration(write(tmp_path, text))
    suite = configuration.suite()
    assert configuration.root == tmp_path
    assert configuration.store == "/elsewhere/runs.sqlite"
    assert (suite.name, suite.schema) == ("a", "schemas.a:A")
    assert (suite.documents, suite.gold) == (tmp_path / "seeds", tmp_path / "gold")
    assert suite.prompt == tmp_path / "p/v1.md"
    system = configuration.system("noisy")
    assert (system.kind, system.parameters) == ("noisy-gold", {"seed": 1, "drop": 0.1})


def test_store_and_prompt_are_optional(tmp_path: Path) -> None:
    configuration = load_configuration(write(tmp_path, SUITE))
    assert configuration.store == str(tmp_path / ".harness/runs.sqlite")
    assert configuration.suite("a").prompt is None


@pytest.mark.parametrize(
    ("text", "line", "words", "hint"),
    [
        ("[store]\npth = 'x'\n", 2, 'unknown key "pth" in [store]', 'did you mean "path"?'),
        ("\n[suite.a]\nschema = 'x'\n", 2, 'unknown key "suite" in the file', 'did you mean "suites"'),
        (SUITE + "documets = 'x'\n", 5, 'unknown key "documets" in [suites.a]', 'did you mean "documents"?'),
        ("[suites.a]\nschema = 3\n", 2, '"schema" is a number, not a string', "quotes"),
        ("[suites.a]\nschema = ''\n", 2, '"schema" is ""', "write a value"),
        ("[suites.a]\n\nschema = 'x'\n", 1, '[suites.a] has no "documents"', "documents ="),
        ("suites = 3\n", 1, '"suites" is a number, not a table', "[suites]"),
        ("systems.b = true\n", 1, '"b" is a boolean, not a table', "[systems.b]"),
        ("[systems.b]\nseed = 1\n", 1, '[systems.b] has no "kind"', "kind ="),
        ('[systems."b c"]\nkind = "null"\n', 1, '"b c" cannot be a name in [systems]', "letters"),
        ('a = """\n[x]\n"""\n', 1, 'unknown key "a"', "store, suites, systems"),
        ("[store]\npath = [1,\n", 3, "this is not TOML", ""),
        ("[store]\npath = \n", 2, "this is not TOML", ""),
        ("[store]\npath = 'a'\npath = 'b'\n", 3, "this is not TOML", ""),
        ("store.path = " + "[" * 5000 + "\n", None, "nested too deep", ""),
        ("store.path = " + "9" * 5000 + "\n", None, "this is not TOML", ""),
    ],
)
def test_refuses_with_file_and_line(tmp_path: Path, text: str, line: int | None, words: str, hint: str) -> None:
    error = refusal(tmp_path, text)
    path = tmp_path / "harness.toml"
    assert words in error.seen
    assert hint in error.hint
    # At the end of the text tomllib names no line.
    assert error.where in {str(path), f"{path}:{line}"}
    assert line is None or "end of document" in error.seen or error.where == f"{path}:{line}"


def test_refuses_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "harness.toml").write_bytes(b"# ok\n# \xff\n")
    with pytest.raises(ConfigError, match=r"harness\.toml:2: .*not UTF-8: byte 0xff at offset 7"):
        load_configuration(tmp_path / "harness.toml")


def test_a_missing_file_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="harness init"):
        load_configuration(tmp_path / "harness.toml")


def test_finds_the_file_in_a_folder_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    path = write(tmp_path, SUITE)
    monkeypatch.chdir(below)
    assert load_configuration().path == path


def test_does_not_look_above_a_repository(tmp_path: Path) -> None:
    write(tmp_path, SUITE)
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    with pytest.raises(ConfigError, match="harness init") as caught:
        find_configuration(repository)
    assert caught.value.where == str(repository)


def test_one_suite_needs_no_name_and_two_do(tmp_path: Path) -> None:
    configuration = load_configuration(write(tmp_path, SUITE + SUITE.replace("suites.a", "suites.alpha")))
    assert configuration.suite("alpha").name == "alpha"
    with pytest.raises(UsageError, match="choose one of: a, alpha"):
        configuration.suite()
    with pytest.raises(UsageError, match='no suite "alpa"\n  did you mean "alpha"'):
        configuration.suite("alpa")


def test_unknown_system_names_the_near_ones(tmp_path: Path) -> None:
    configuration = load_configuration(write(tmp_path, SYSTEM))
    with pytest.raises(UsageError, match='no system "noise"\n  did you mean "noisy"'):
        configuration.system("noise")


def test_says_when_nothing_is_defined(tmp_path: Path) -> None:
    configuration = load_configuration(write(tmp_path, ""))
    for name in (None, "a"):
        with pytest.raises(ConfigError, match="no suite is defined"):
            configuration.suite(name)
    with pytest.raises(ConfigError, match="no system is defined"):
        configuration.system("a")


def test_where_finds_the_line_of_a_parameter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = load_configuration(write(tmp_path, SUITE + SYSTEM))
    monkeypatch.chdir(tmp_path)
    assert configuration.where("systems", "noisy", "drop") == "harness.toml:8"
    assert configuration.where("systems", "noisy", "absent") == "harness.toml:5"


def test_a_folder_stands_for_the_file_in_it(tmp_path: Path) -> None:
    assert load_configuration(write(tmp_path, SUITE).parent).path == tmp_path / "harness.toml"
