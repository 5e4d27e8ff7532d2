"""What `harness compare` prints: for a person, a pull request or a program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.output import say, show, write, write_json
from harness.cli.resampling import Resampling
from harness.cli.selection import configuration_of
from harness.reporting.visible import visible
from harness.running.comparison.comparing import compare_runs
from harness.statistics.randomisation import DRAWS, SEED
from harness.verdicts.comparison.sentence import ranking_sentence, sentence

if TYPE_CHECKING:
    import argparse

    from harness.running.comparison.comparing import Compared


def compared(arguments: argparse.Namespace) -> Compared:
    """Compare the runs that the arguments name."""
    with Resampling() as progress:
        return compare_runs(
            configuration_of(arguments),
            [arguments.baseline, *arguments.candidates],
            only_common=arguments.only_common_documents,
            seed=SEED if arguments.seed is None else arguments.seed,
            draws=DRAWS if arguments.draws is None else arguments.draws,
            progress=progress,
        )


def check_plot(file: str) -> None:
    """Check that a picture can be drawn, before anything else is done.

    Raises:
        UsageError: When the file's ending is none of a picture, or matplotlib is not installed.
    """
    from harness.reporting.comparison.drawing import drawing, picture_kind

    picture_kind(Path(file))
    with drawing():
        pass


def drawn(found: Compared, file: str) -> None:
    """Draw a comparison of two."""
    from harness.reporting.comparison.plots import forest

    forest(found.comparisons[0], Path(file))
    say(f"Drew {file}.", stderr=True)


def printed(arguments: argparse.Namespace, found: Compared) -> None:
    """Print what came of it."""
    limit = None if arguments.all else arguments.limit
    if arguments.json:
        _print_json(found)
    elif arguments.markdown:
        from harness.reporting.comparison.markdown import comparison_markdown

        write(comparison_markdown(found.comparisons, found.ranking, limit=limit))
    elif found.ranking is None:
        _print_one(found, limit)
    else:
        _print_ranking(found)


def _print_json(found: Compared) -> None:
    from harness.reporting.comparison.as_json import comparison_as_json, ranking_as_json

    comparisons = [comparison_as_json(one) for one in found.comparisons]
    if found.ranking is None:
        write_json(comparisons[0])
    else:
        write_json({"ranking": ranking_as_json(found.ranking), "comparisons": comparisons})


def _print_one(found: Compared, limit: int | None) -> None:
    from harness.reporting.comparison.tables import comparison_tables

    comparison = found.comparisons[0]
    say(visible(f"{sentence(comparison)}."), style="bold")
    say("")
    show(comparison_tables(comparison, limit=limit))
    say("")
    for remark in comparison.remarks:
        say(visible(remark))
    say(f"Signature: {comparison.signature}", style="dim")


def _print_ranking(found: Compared) -> None:
    from harness.reporting.comparison.ranking import beside_first, ranking_table

    assert found.ranking is not None  # noqa: S101 - for the type checker
    say(visible(f"{ranking_sentence(found.ranking)}."), style="bold")
    say("")
    show([ranking_table(found.ranking), beside_first(found.comparisons)])
    remarks = dict.fromkeys(remark for one in found.comparisons for remark in one.remarks)
    if remarks:
        say("\n".join(["", *map(visible, remarks)]))
    say(f"\nSignature: {found.ranking.signature}", style="dim")
