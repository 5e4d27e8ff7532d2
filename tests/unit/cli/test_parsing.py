import shlex
from collections.abc import Iterator

import pytest

from harness.cli.commands import build_parser
from harness.cli.parsing import Parser, find_command, spelled_out
from harness.errors import UsageError


def commands(parser: Parser) -> Iterator[Parser]:
    """Every command below a parser, groups left out."""
    if not parser.commands:
        yield parser
    for command in parser.commands.values():
        yield from commands(command)


COMMANDS = {command.prog: command for command in commands(build_parser())}


def refused(words: str) -> UsageError:
    parser = build_parser()
    with pytest.raises(UsageError) as caught:
        find_command(parser, shlex.split(words))
    return caught.value


def test_the_commands() -> None:
    assert list(COMMANDS) == [
        "harness init",
        "harness run",
        "harness score",
        "harness compare",
        "harness gate",
        "harness power",
        "harness runs list",
        "harness runs show",
        "harness runs tag",
        "harness runs export",
        "harness runs import",
        "harness runs delete",
        "harness cache stats",
        "harness cache clear",
        "harness export outcomes",
        "harness schema show",
        "harness gold check",
        "harness gold agree",
        "harness gold new",
        "harness completion",
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_the_purpose_in_a_line_and_gives_examples_that_parse(name: str) -> None:
    command = COMMANDS[name]
    text = command.format_help()
    assert text.isascii()
    assert command.description is not None
    assert len(command.description) <= 80
    assert f"\n\n{command.description}\n\n" in text
    _, _, examples = text.partition("example:\n")
    for line in examples.strip().splitlines():
        inner = line.strip().removeprefix('eval "$(').removesuffix(')"')
        words = shlex.split(inner.partition(" > ")[0])
        assert words[0] == "harness"
        assert find_command(build_parser(), words[1:]).prog == name
        build_parser().parse_args(words[1:])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is(name: str) -> None:
    assert all(action.help for action in COMMANDS[name]._actions)


@pytest.mark.parametrize(
    ("words", "seen", "hint"),
    [
        ("rnu", "there is no command 'rnu'", 'did you mean "run"'),
        ("gold chek", "there is no command 'chek'", '"check"'),
        ("runs --limt 3", "there is no option '--limt'", 'did you mean "--limit"'),
        ("runs --limt=3", "there is no option '--limt'", 'did you mean "--limit"'),
        ("runs --lim 3", "there is no option '--lim'", 'did you mean "--limit"'),
        ("gold agree --suit x first second", "there is no option '--suit'", 'did you mean "--suite"'),
        ("--suite x run", "there is no option '--suite'", "`harness run --suite`"),
        ("run -x", "there is no option '-x'", "--trials"),
        ("qqq", "there is no command 'qqq'", "known are: cache, compare, completion, export"),
    ],
)
def test_what_is_misspelled_names_the_near_one(words: str, seen: str, hint: str) -> None:
    error = refused(words)
    assert error.seen == seen
    assert hint in error.hint
    assert error.exit_code == 2


def test_words_behind_two_dashes_are_no_options() -> None:
    assert find_command(build_parser(), ["score", "--", "--odd"]).prog == "harness score"


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("run --trials 0", "argument --trials: '0' is not a whole number from 1 to 1000000"),
        ("run --limit -5", "argument --limit: '-5' is not a whole number from 1 to 1000000"),
        ("run --trials 1000001", "argument --trials: '1000001' is not a whole number from 1 to 1000000"),
        ("run --concurrency many", "argument --concurrency: 'many' is not a whole number from 1 to 1000000"),
        ("score x --trial 1.5", "argument --trial: '1.5' is not a whole number from 0 to 1000000"),
        ("gold agree first", "the following arguments are required: SECOND"),
        ("runs list --json --json=yes", "argument --json: ignored explicit argument 'yes'"),
    ],
)
def test_wrong_arguments_are_usage_errors(words: str, seen: str) -> None:
    with pytest.raises(UsageError) as caught:
        build_parser().parse_args(shlex.split(words))
    assert caught.value.seen == seen
    assert "--help" in caught.value.hint


@pytest.mark.parametrize(
    ("words", "spelled"),
    [
        ("runs", "runs list"),
        ("runs --limit 5", "runs list --limit 5"),
        ("runs --json", "runs list --json"),
        ("runs list --json", "runs list --json"),
        ("runs show x", "runs show x"),
        ("runs --help", "runs --help"),
        ("runs -h", "runs -h"),
        ("runs shwo x", "runs shwo x"),
        ("cache", "cache stats"),
        ("cache clear --yes", "cache clear --yes"),
        ("gold", "gold"),
        ("gold --suite x", "gold --suite x"),
        ("--version", "--version"),
        ("score runs", "score runs"),
        ("", ""),
    ],
)
def test_the_usual_command_of_a_group_may_be_left_out(words: str, spelled: str) -> None:
    assert spelled_out(build_parser(), words.split()) == spelled.split()
