"""`harness power`: how many documents a difference needs."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING

from harness.cli import exits
from harness.cli.parsing import add_config, add_json

if TYPE_CHECKING:
    from harness.cli.parsing import Parser

_MOST_RUNS = 2


def add(parser: Parser) -> None:
    """Declare the command."""
    command = parser.add_command(
        "power",
        purpose="say how many documents and trials it takes to see a difference of F1",
        example="harness power --suite my-suite --difference 0.03 0.05 --plot power.svg",
        run=run,
    )
    command.add_argument(
        "--runs",
        nargs="+",
        metavar="RUN",
        help="two runs whose documents differ as in the comparison to come, or one with trials "
        "(default: the two newest that can be compared)",
    )
    command.add_argument(
        "--difference",
        nargs="+",
        type=_share,
        metavar="D",
        help="differences to see (default: 0.01 0.02 0.03 0.05 0.1)",
    )
    command.add_argument("--power", type=_share, metavar="P", help="how often one is to be seen (default: 0.8)")
    command.add_argument("--plot", metavar="FILE", help="draw the curves; ends in .svg or .png")
    add_config(command, suite=True)
    add_json(command)


def run(arguments: argparse.Namespace) -> int:
    """Measure the spread of stored runs, and say what it takes."""
    from pathlib import Path

    from harness.cli.output import say, show, write_json
    from harness.cli.selection import configuration_of
    from harness.errors import UsageError
    from harness.reporting.comparison.drawing import picture_kind
    from harness.reporting.comparison.power import power_as_json, power_table
    from harness.running.comparison.powering import power_of
    from harness.statistics.power import POWER
    from harness.verdicts.comparison.power import DIFFERENCES

    named = arguments.runs or []
    if len(named) > _MOST_RUNS:
        raise UsageError(f"{len(named)} runs are named", hint="name two to compare, or one with trials")
    plot = None if arguments.plot is None else Path(arguments.plot)
    if plot is not None:
        picture_kind(plot)
    report = power_of(
        configuration_of(arguments),
        arguments.suite,
        named,
        differences=arguments.difference or DIFFERENCES,
        wanted=arguments.power or POWER,
    )
    if plot is not None:
        from harness.reporting.comparison.plots import power_curve

        power_curve(report, plot)
        say(f"Drew {arguments.plot}.", stderr=True)
    if arguments.json:
        write_json(power_as_json(report))
    else:
        say(f"{report.title}.", style="bold")
        say("")
        show([power_table(report)])
    return exits.PASSED


def _share(text: str) -> float:
    """The type of an argument between 0 and 1, neither of them."""
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 < share < 1:
        hint = f"; write {share / 100:g} for {share:g} points" if 1 <= share < 100 else ""
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 1{hint}")
    return share
