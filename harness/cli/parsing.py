"""The argument parser: argparse, with errors of the harness that name what was probably meant."""

from __future__ import annotations

import argparse
import json
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NoReturn

from harness.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Run = Callable[[argparse.Namespace], int]

_MOST = 1_000_000
_NEGATIVE_NUMBER = re.compile(r"-\d")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help whose commands stand in one column; argparse forgets that it indents them."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = 14


class Parser(argparse.ArgumentParser):
    """A parser of one command, or of a group of commands."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("allow_abbrev", False)
        settings.setdefault("formatter_class", _Formatter)
        super().__init__(**settings)
        self._group: argparse._SubParsersAction[Parser] | None = None
        self.usual = ""

    @property
    def commands(self) -> dict[str, Parser]:
        """The commands of a group by name; none when this is a command."""
        return {} if self._group is None else dict(self._group.choices)

    @property
    def options(self) -> tuple[str, ...]:
        """Every option, as it is typed."""
        return tuple(self._option_string_actions)

    def add_group(self, name: str, purpose: str, *, usual: str = "") -> Parser:
        """Add a word that other commands stand behind, such as `gold`.

        Args:
            name: The word.
            purpose: What they do, in one line without a full stop.
            usual: The command that is meant when none stands behind the word; empty for none.
        """
        epilog = f"without a command:\n  {self.prog} {name} {usual}" if usual else None
        group = self._add(name, help=purpose, description=_sentence(purpose), epilog=epilog)
        group.usual = usual
        return group

    def add_command(self, name: str, *, purpose: str, example: str, run: Run) -> Parser:
        """Add a command.

        Args:
            name: The word that is typed.
            purpose: What it does, in one line without a full stop.
            example: A line that a user could type.
            run: What to call with the parsed arguments; gives the exit code.
        """
        command = self._add(name, help=purpose, description=_sentence(purpose), epilog=f"example:\n  {example}")
        command.set_defaults(run=run)
        return command

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments.

        Raises:
            UsageError: Always.
        """
        raise UsageError(message, hint=f"see `{self.prog} --help`")

    def _add(self, name: str, **settings: Any) -> Parser:
        if self._group is None:
            self._group = self.add_subparsers(metavar="COMMAND", title="commands")
        return self._group.add_parser(name, **settings)


def spelled_out(parser: Parser, words: Sequence[str]) -> list[str]:
    """The words, with the usual command of a group where it was left out."""
    found = list(words)
    position = 0
    while parser.commands:
        word = found[position] if position < len(found) else None
        if parser.usual and (word is None or (_is_option(word) and word not in ("-h", "--help", "--"))):
            word = parser.usual
            found.insert(position, word)
        if word not in parser.commands:
            break
        parser = parser.commands[word]
        position += 1
    return found


def find_command(parser: Parser, words: Sequence[str]) -> Parser:
    """The parser of the command that the words name, after a look at every command and option in them.

    argparse would take the value of a misspelled option for an argument, and complain about that instead.

    Raises:
        UsageError: For an unknown command or option, with the near names.
    """
    for word in spelled_out(parser, words):
        if word == "--":
            break
        if _is_option(word):
            _check_option(parser, word.partition("=")[0])
        elif parser.commands:
            if word not in parser.commands:
                raise UsageError(
                    f"there is no command {word!r}", where=parser.prog, hint=_near(word, parser.commands)
                )
            parser = parser.commands[word]
    return parser


def at_least(least: int) -> Callable[[str], int]:
    """The type of an argument that is a whole number of at least so much, and none that no store could hold."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= _MOST:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {_MOST}")
        return value

    return number


def dollars(text: str) -> Decimal:
    """The type of an argument that is an amount of US dollars above 0, with or without the sign."""
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or not 0 < amount <= _MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount of dollars above 0")
    return amount


def setting(text: str) -> tuple[str, Any]:
    """The type of an argument `NAME=VALUE`; the value is JSON where it can be read so, else the text itself.

    >>> setting("temperature=0"), setting("reasoning_effort=low")
    (('temperature', 0), ('reasoning_effort', 'low'))
    """
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def add_config(parser: Parser, *, suite: bool = False) -> None:
    """Add `--config` and, where a command is about one suite, `--suite`."""
    if suite:
        parser.add_argument("--suite", metavar="NAME", help="the suite; needed when harness.toml has several")
    parser.add_argument(
        "--config", metavar="FILE", help="use this file, not the nearest harness.toml here or above"
    )


def add_json(parser: Parser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else on standard output")


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-" and not _NEGATIVE_NUMBER.match(word)


def _check_option(parser: Parser, option: str) -> None:
    if option in parser.options:
        return
    owner = next((one for one in _below(parser) if option in one.options), None)
    if owner is None:
        hint = _near(option, [one for one in parser.options if one.startswith("--")])
    else:
        hint = f"write it behind its command: `{owner.prog} {option}`"
    raise UsageError(f"there is no option {option!r}", where=parser.prog, hint=hint)


def _below(parser: Parser) -> Iterable[Parser]:
    for command in parser.commands.values():
        yield command
        yield from _below(command)


def _near(name: str, known: Iterable[str]) -> str:
    from harness.suites.places import suggestion

    return suggestion(name, known)


def _sentence(purpose: str) -> str:
    return f"{purpose[0].upper()}{purpose[1:]}."
