"""`harness gold new`: an empty label for a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_config, add_json

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from harness.cli.parsing import Parser


def add(parser: Parser) -> None:
    """Declare the command."""
    command = parser.add_command(
        "new",
        purpose="print an empty label for a document",
        example="harness gold new 006_example > gold/labour_export/006_example.yaml",
        run=run,
    )
    command.add_argument(
        "document", metavar="DOCUMENT", help="a file, or the id of one of the suite's documents"
    )
    add_config(command, suite=True)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Print the label."""
    from harness.cli.output import write, write_json
    from harness.cli.selection import subject_of
    from harness.suites.checking import label_skeleton

    suite, _, plan = subject_of(arguments)
    document = _document(arguments.document, suite.documents)
    label = label_skeleton(plan, document)
    if arguments.json:
        write_json({"document": str(document), "label": label})
    else:
        write(label)
    return exits.PASSED


def _document(name: str, folder: Path) -> Path:
    from pathlib import Path

    from harness.errors import UsageError
    from harness.suites.documents import document_paths
    from harness.suites.places import quoted, shown, suggestion

    path = Path(name)
    if path.is_file():
        return path
    known = {path.stem: path for path in document_paths(folder)}
    if path.parent == Path() and name in (*known, *(one.name for one in known.values())):
        return known.get(name) or known[path.stem]
    raise UsageError(f"there is no document {quoted(name)}", where=shown(folder), hint=suggestion(name, known))
