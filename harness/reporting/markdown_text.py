"""Put untrusted text into GitHub's and GitLab's Markdown, where names ping people and lines give orders.

Neither HTML entities nor backslashes keep `@name`, `#1` or a URL from becoming a link: those are looked for in
the finished page. Only a code span does, so whatever is not a plain word becomes one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.reporting.visible import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 120
"""Longer untrusted text is cut with `…`."""
_PLAIN = re.compile(
    r"[(\"'“‘+−-]*"
    r"(?!www\.|[0-9a-f]{7,}\b)"  # what becomes a link: a host, the id of a commit
    r"(?:[^\W_]+(?:[.,’'−–/-][^\W_]+)*%?|[—–·=%/])"
    r"[)\"'”’.,;:?]*"
)
_PIPE = r"\|"
_RUNS = re.compile("`+")


def code(text: str, limit: int = LONGEST) -> str:
    r"""A code span that holds the text, made visible and cut; empty for none.

    >>> code("a|b"), code("tick ` tock"), code("`"), code(" "), code("")
    ('`a|b`', '``tick ` tock``', '`` ` ``', '` `', '')
    """
    shown = shortened(text, limit)
    if not shown:
        return ""
    longest = max((len(run) for run in _RUNS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    # One space on either side is taken away again, unless there is nothing else.
    edges = shown[0] in " `" or shown[-1] in " `"
    space = " " if edges and not shown.isspace() else ""
    return f"{fence}{space}{shown}{space}{fence}"


def prose(text: str, limit: int = 4 * LONGEST) -> str:
    """A sentence in which every word that Markdown could act on is a code span.

    >>> prose("rules is 4.1 points better (40 documents)")
    'rules is 4.1 points better (40 documents)'
    >>> prose("@everyone: f1 of parts[].name is <b>0.5</b>, n/a")
    '`@everyone:` f1 of `parts[].name` is `<b>0.5</b>,` n/a'
    """
    words = shortened(text, limit).split(" ")
    return " ".join(word if not word or _PLAIN.fullmatch(word) else code(word, limit) for word in words)


def row(cells: Iterable[str]) -> str:
    r"""A line of a table; the cells are Markdown already.

    >>> row(["a", code("b|c")])
    '| a | `b\\|c` |'
    """
    return f"| {' | '.join(cell.replace('|', _PIPE) for cell in cells)} |"


def table(columns: str, rows: Iterable[str]) -> list[str]:
    """The lines of a table.

    Args:
        columns: Their names with `|` between; a name that ends with `:` belongs to a column of figures.
        rows: What `row` made.

    >>> table("name | F1:", [row(["a", "0.5"])])
    ['| name | F1 |', '| --- | ---: |', '| a | 0.5 |']
    """
    names = [name.strip() for name in columns.split("|")]
    head = " | ".join(name.removesuffix(":") for name in names)
    rule = " | ".join("---:" if name.endswith(":") else "---" for name in names)
    return [f"| {head} |", f"| {rule} |", *rows]
