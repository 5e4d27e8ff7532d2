"""Write results: tables and lines for a person, JSON for a program."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from harness.reporting import json_text, open_console, print_lines, print_tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.reporting import Table


def show(tables: Iterable[Table]) -> None:
    """Print tables on standard output."""
    print_tables(tables, open_console())


def say(text: str, *, stderr: bool = False, style: str = "") -> None:
    """Print lines; what a terminal would act on is escaped."""
    print_lines(text, open_console(stderr=stderr), style=style)


def write_json(value: Any) -> None:
    """Print JSON on standard output, never wrapped."""
    write(json_text(value) + "\n")


def write(text: str) -> None:
    """Print text letter for letter, for a file or a program to take."""
    sys.stdout.write(text)
