"""All commands, in the order in which a newcomer needs them."""

from __future__ import annotations

from harness.cli import (
    cache_clear,
    cache_stats,
    compare,
    completion,
    export_outcomes,
    gate,
    gold_agree,
    gold_check,
    gold_new,
    init,
    power,
    run,
    runs_delete,
    runs_export,
    runs_import,
    runs_list,
    runs_show,
    runs_tag,
    schema_show,
    score,
)
from harness.cli.parsing import Parser
from harness.version import VERSION

_EPILOG = """\
exit codes:
  0 passed, 1 the gate failed, 2 wrong usage or config,
  3 invalid gold, schema or document, 4 the model or I/O failed,
  5 the gate is inconclusive, 130 interrupted

start with:
  harness init my-suite
"""


def build_parser() -> Parser:
    """The parser of `harness`."""
    parser = Parser(
        prog="harness",
        description="Evaluate LLM structured extraction against hand-labelled documents.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"harness {VERSION}")
    for command in (init, run, score, compare, gate, power):
        command.add(parser)
    purpose = "look after the stored runs: list, show, tag, export, import, delete"
    runs = parser.add_group("runs", purpose, usual="list")
    for command in (runs_list, runs_show, runs_tag, runs_export, runs_import, runs_delete):
        command.add(runs)
    cache = parser.add_group("cache", "look after the answers that runs share: stats, clear", usual="stats")
    for command in (cache_stats, cache_clear):
        command.add(cache)
    export_outcomes.add(parser.add_group("export", "write results for other programs: outcomes"))
    schema_show.add(parser.add_group("schema", "say how a schema is scored: show"))
    gold = parser.add_group("gold", "work on gold labels: check, agree, new")
    for command in (gold_check, gold_agree, gold_new):
        command.add(gold)
    completion.add(parser)
    return parser
