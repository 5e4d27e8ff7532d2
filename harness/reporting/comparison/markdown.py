"""A comparison as Markdown, for a comment on a pull request.

Whatever comes from documents, models and labels stands in code spans; see `harness.reporting.markdown_text`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.reporting.comparison.flips import (
    by_worst_document,
    failure_change,
    flip_place,
    gold_text,
    predicted_text,
)
from harness.reporting.comparison.tables import NOISY, expense_table, field_differences, metric_name, name_of
from harness.reporting.figures import NOT_DEFINED, number_of, score
from harness.reporting.markdown_text import code, prose, row, table
from harness.verdicts.comparison.sentence import ranking_sentence, sentence
from harness.verdicts.comparison.wording import documents_text, interval_text, p_text, points, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.records import Comparison, Difference, LeafFlip
    from harness.verdicts.comparison.ranking import Ranking

_COLUMNS = " | before: | after: | points: | 95 % interval: | p:"


def comparison_markdown(
    comparisons: Sequence[Comparison], ranking: Ranking | None = None, *, limit: int | None = 10
) -> str:
    """What came of comparing runs.

    Args:
        comparisons: At least one; all have the same baseline.
        ranking: All of the runs, when there are more than two.
        limit: How many documents, and how many lost and gained leaves, are listed at most; `None` for all.
    """
    lines = _one(comparisons[0], limit) if ranking is None else _several(comparisons, ranking)
    return "\n".join(lines) + "\n"


def _one(comparison: Comparison, limit: int | None) -> Iterator[str]:
    before, after = comparison.baseline, comparison.candidate
    yield f"### {prose(sentence(comparison))}"
    yield ""
    yield (
        f"**Before** {code(name_of(before))} (run {code(before.run)}), **after** {code(name_of(after))} "
        f"(run {code(after.run)}), {documents_text(comparison.documents)}."
    )
    yield ""
    every = (comparison.headline, *comparison.metrics)
    yield from table(
        _COLUMNS, [row([metric_name(one.metric), *difference_cells(one, f" {NOISY}")]) for one in every]
    )
    yield ""
    yield "**Bold**: shown, by a p of at most 0.05 (adjusted, but for F1) and an interval without 0."
    yield from _fields(comparison, limit)
    yield from _flips(comparison, limit)
    yield from _folded("What it took", _took(comparison))
    yield from _remarks(comparison.remarks)
    yield from _folded("What this depends on", [code(str(comparison.signature), 4_000)])


def _several(comparisons: Sequence[Comparison], ranking: Ranking) -> Iterator[str]:
    yield f"### {prose(ranking_sentence(ranking))}"
    yield ""
    rows = []
    for place in ranking.places:
        interval = place.f1.interval
        shares = NOT_DEFINED if interval is None else f"{score(interval.low)} to {score(interval.high)}"
        rank = "" if place.rank is None else str(place.rank)
        rows.append(row([rank, code(name_of(place.side)), score(place.f1.value), shares, code(place.side.run)]))
    yield from table("rank: | system | F1: | 95 % interval: | run", rows)
    yield ""
    yield "Those that share a rank cannot be told apart."
    yield ""
    for one in comparisons:
        yield f"- {prose(sentence(one))}"
    yield from _remarks(tuple(dict.fromkeys(remark for one in comparisons for remark in one.remarks)))
    yield from _folded("What this depends on", [code(str(ranking.signature), 4_000)])


def difference_cells(one: Difference, noise: str = "") -> tuple[str, ...]:
    """Both values, the change, its interval and p; what is beyond chance is bold.

    Args:
        one: The difference of one metric or field.
        noise: What stands behind a change that trials of one system make too.
    """
    value, interval = one.difference.value, one.difference.interval
    change = NOT_DEFINED if value is None else points(value, sign=True)
    return (
        score(one.baseline.value),
        score(one.candidate.value),
        (f"**{change}**" if shown(one) else change) + (noise if one.noisy else ""),
        NOT_DEFINED if interval is None else interval_text(interval, sign=True),
        p_text(one.p if one.adjusted_p is None else one.adjusted_p),
    )


def _fields(comparison: Comparison, limit: int | None) -> Iterator[str]:
    by_path = {one.path: one for one in comparison.fields}
    order = [path for path, *_ in field_differences(comparison, every=limit is None).rows]
    if not order:
        return
    rows = [
        row([code(path), str(by_path[path].documents), *difference_cells(by_path[path], f" {NOISY}")])
        for path in order
    ]
    lines = table(f"field | documents: {_COLUMNS}", rows)
    if any(by_path[path].noisy for path in order):
        lines += ["", f"{NOISY} moves as far between the trials of one system."]
    yield from _folded(f"F1 by field: {number_of(len(order), 'field')}", lines)


def _flips(comparison: Comparison, limit: int | None) -> Iterator[str]:
    documents = comparison.flipped_documents
    if documents:
        listed = documents[:limit]
        failing = any(map(failure_change, listed))
        rows = [
            row(
                [
                    code(one.document),
                    *(score(one.baseline), score(one.candidate), points(one.change, sign=True)),
                    *((failure_change(one),) if failing else ()),
                ]
            )
            for one in listed
        ]
        heads = "document | before: | after: | points of the suite's F1:"
        lines = table(f"{heads} | answer" if failing else heads, rows)
        lines += _left(len(documents) - len(rows), "document")
        differ = "differs" if len(documents) == 1 else "differ"
        yield from _folded(f"{documents_text(len(documents))} that {differ}, worst first", lines)
    ordered = by_worst_document(comparison)
    lost = [one for one in ordered if not one.better]
    gained = [one for one in ordered if one.better]
    if ordered:
        leaves = [*lost[:limit], *gained[:limit]]
        lines = table(" | document | at | gold | before | after | evidence | stated in", map(_leaf, leaves))
        lines += _left(len(ordered) - len(leaves), "value")
        yield from _folded(f"Values that flipped: {len(lost):,} lost, {len(gained):,} gained", lines)
    if comparison.noise:
        yield ""
        noise = _counted(comparison.noise, "value")
        yield f"Set aside as noise: {noise} that the trials of one system do not agree on."


def _leaf(flip: LeafFlip) -> str:
    stated = flip.label if flip.line is None or not flip.label else f"{flip.label}:{flip.line}"
    parts = (
        flip.document,
        flip_place(flip),
        gold_text(flip),
        predicted_text(flip.baseline),
        predicted_text(flip.candidate),
        flip.evidence,
        stated,
    )
    return row(["gained" if flip.better else "lost", *map(code, parts)])


def _left(count: int, noun: str) -> list[str]:
    return ["", f"{_counted(count, f'more {noun}')}: `harness compare --all` lists them."] if count else []


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _took(comparison: Comparison) -> list[str]:
    made = expense_table(comparison)
    rows = [row([name, *values]) for name, *values in made.rows]
    return [*table(" | before: | after:", rows), *(line for note in made.notes for line in ("", prose(note)))]


def _remarks(remarks: Sequence[str]) -> Iterator[str]:
    if remarks:
        yield ""
        yield from (f"- {prose(remark)}" for remark in remarks)


def _folded(summary: str, lines: Sequence[str]) -> Iterator[str]:
    yield ""
    yield f"<details><summary>{summary}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"
