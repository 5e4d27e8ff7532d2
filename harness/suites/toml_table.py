"""Read a TOML file whose mistakes are told with their lines."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.errors import ConfigError
from harness.suites.places import nearest_line, place, quoted, suggestion
from harness.suites.reading import decode, read_bytes
from harness.suites.toml_lines import key_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from harness.suites.places import KeyPath

_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_TYPES = {
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    dict: "a table",
    list: "an array",
}


def read_toml(path: Path) -> Table:
    """The root table of a file.

    Raises:
        ConfigError: When the file is missing, cannot be read, or is not TOML.
    """
    data = read_bytes(path, "configuration", ConfigError, missing="run `harness init` to begin")
    text = decode(data, path, "configuration", ConfigError)
    values = _parse(text, path)
    return Table(path, key_lines(text), (), values)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a TOML file, with what is needed to say where a mistake stands.

    Attributes:
        path: The file.
        lines: Where each key of the whole file stands.
        keys: The keys that lead to this table.
        values: What stands in it.
    """

    path: Path
    lines: Mapping[KeyPath, int]
    keys: tuple[str, ...]
    values: Mapping[str, Any]

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Accept these keys only.

        Raises:
            ConfigError: At the first other key, with the near names.
        """
        names = tuple(known)
        for key in self.values:
            if key not in names:
                raise self.error(f"unknown key {quoted(key)} in {self._title()}", key, suggestion(key, names))

    def text(self, key: str, default: str | None = None) -> str:
        """The string that a key sets; the default, where there is one, when the key is left out.

        Raises:
            ConfigError: When the key is needed and left out, or is not a string, or is a blank one.
        """
        if key not in self.values and default is not None:
            return default
        if key not in self.values:
            raise self.error(f'{self._title()} has no "{key}"', key, f'add a line: {key} = "…"')
        value = self.values[key]
        if not isinstance(value, str):
            raise self.error(f'"{key}" is {_type(value)}, not a string', key, "put the value inside quotes")
        if not value.strip() or "\0" in value:
            raise self.error(f'"{key}" is {quoted(value)}', key, "write a value, or leave the key out")
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        """The list of strings that a key sets; `None` when it is left out.

        Raises:
            ConfigError: When it is something else, or empty.
        """
        if key not in self.values:
            return None
        value = self.values[key]
        if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
            raise self.error(f'"{key}" is no list of strings', key, f'write {key} = ["…", "…"]')
        return tuple(value)

    def number(self, key: str, least: float, *, whole: bool = False) -> float | None:
        """The number that a key sets; `None` when it is left out.

        Raises:
            ConfigError: When it is no finite number, no whole one where that is asked for, or below the least.
        """
        if key not in self.values:
            return None
        value = self.values[key]
        numeric = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not numeric or not least <= value < float("inf"):
            seen = repr(value) if numeric or isinstance(value, float) else _type(value)
            kind = "a whole number" if whole else "a number"
            raise self.error(f'"{key}" is {seen}', key, f"write {kind} of at least {least:g}")
        return float(value)

    def place(self) -> str:
        """`harness.toml:12`, the line where this table begins, or the nearest one around it."""
        return place(self.path, nearest_line(self.lines, self.keys))

    def item_place(self, key: str, position: int) -> str:
        """`harness.toml:14`, the line of a string in the list that a key sets."""
        return place(self.path, nearest_line(self.lines, (*self.keys, key, position)))

    def error(self, seen: str, key: str, hint: str) -> ConfigError:
        """What to raise for a mistake in what a key sets."""
        where = place(self.path, nearest_line(self.lines, (*self.keys, key)))
        return ConfigError(seen, where=where, hint=hint)

    def table(self, key: str) -> Table:
        """The table inside this one; an empty one when it is left out.

        Raises:
            ConfigError: When the key sets something else.
        """
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            header = ".".join((*self.keys, key))
            raise self.error(f'"{key}" is {_type(value)}, not a table', key, f"write [{header}]")
        return Table(self.path, self.lines, (*self.keys, key), value)

    def named_tables(self) -> list[Table]:
        """The tables whose keys are names that the user chose, in the file's order.

        Raises:
            ConfigError: When a key cannot be a name or sets no table.
        """
        for key in self.values:
            if not _NAME.fullmatch(key):
                hint = "a name is made of the letters a-z, digits, '_', '.' and '-'"
                raise self.error(f"{quoted(key)} cannot be a name in {self._title()}", key, hint)
        return [self.table(key) for key in self.values]

    def _title(self) -> str:
        return f"[{'.'.join(self.keys)}]" if self.keys else "the file"


def _type(value: object) -> str:
    return _TYPES.get(type(value), "a date or time")


def _parse(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except ValueError as failure:  # not only TOMLDecodeError: a number can have too many digits
        line = re.search(r"\(at line (\d+)", str(failure))
        raise ConfigError(
            f"this is not TOML: {failure}",
            where=place(path, int(line[1]) if line else None),
            hint="correct it; the format is described at toml.io",
        ) from None
    except RecursionError:
        raise ConfigError("arrays or tables are nested too deep", where=place(path)) from None
