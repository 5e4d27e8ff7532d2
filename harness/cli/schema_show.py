"""`harness schema show`: how each field is compared, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_config, add_json

if TYPE_CHECKING:
    import argparse

    from harness.cli.parsing import Parser


def add(parser: Parser) -> None:
    """Declare the command."""
    command = parser.add_command(
        "show",
        purpose="print how each field is compared, and why",
        example="harness schema show schemas.invoice:Invoice",
        run=run,
    )
    command.add_argument(
        "target",
        nargs="?",
        metavar="TARGET",
        help="module:Model, imported from the folder of harness.toml, or from this one when there is none; "
        "without it, the suite's schema",
    )
    add_config(command, suite=True)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Show the plan of a schema."""
    from harness.cli.output import show, write_json
    from harness.cli.selection import compiled, import_root, subject_of
    from harness.errors import UsageError
    from harness.reporting import schema_table
    from harness.scoring.binding import bind

    if arguments.target is None:
        plan = subject_of(arguments).plan
    elif arguments.suite is not None:
        raise UsageError("both a target and --suite are given", hint="give one of them")
    else:
        _, plan = compiled(arguments.target, import_root(arguments))
    bind(plan)
    table = schema_table(plan)
    if arguments.json:
        names = [column.name for column in table.columns]
        rows = [dict(zip(names, row, strict=True)) for row in table.rows]
        write_json(
            {
                "target": plan.target,
                "schema_hash": plan.schema_hash,
                "marks_hash": plan.marks_hash,
                "paths": [
                    {
                        **row,
                        "comparator": row["comparator"] or None,
                        "weight": float(row["weight"]) if row["weight"] else None,
                    }
                    for row in rows
                ],
            }
        )
    else:
        show([table])
    return exits.PASSED
