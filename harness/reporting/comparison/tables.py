"""A comparison of two runs as tables: metrics, fields, documents, what it took."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from harness.reporting.comparison.flips import document_table, leaf_table
from harness.reporting.figures import NOT_DEFINED, duration, number_of, part, score
from harness.reporting.spending import dollars, spent
from harness.reporting.tables import Column, Holds, Row, Table, numbers
from harness.reporting.visible import shortened
from harness.verdicts.comparison.wording import documents_text, interval_text, p_text, points, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.records import Comparison, Difference, Expense, Side

LONGEST_LABEL = 40
NOISY = "~"
_NAMED_FIELDS = 5
_COUNTED_FIELDS = 8


def comparison_tables(comparison: Comparison, *, limit: int | None = 10) -> tuple[Table, ...]:
    """Everything that two runs differ in, the most important first.

    Args:
        comparison: The comparison.
        limit: How many documents, and how many lost and gained leaves, are listed at most; `None` for all of
            them, and for the fields that do not differ as well.
    """
    tables = [metric_table(comparison), field_differences(comparison, every=limit is None)]
    if comparison.flipped_documents:
        tables.append(document_table(comparison, limit=limit))
    if comparison.flipped_leaves or comparison.noise:
        tables.append(leaf_table(comparison, limit=limit))
    tables.append(expense_table(comparison))
    return tuple(tables)


def name_of(side: Side) -> str:
    """What a column calls a run; a star marks a test instrument."""
    return shortened(side.label, LONGEST_LABEL) + ("*" if side.instrument else "")


def metric_name(metric: str) -> str:
    """A metric as it is printed.

    >>> metric_name("macro_f1"), metric_name("over_generation")
    ('macro F1', 'over generation')
    """
    return metric.replace("_", " ").replace("f1", "F1")


def metric_table(comparison: Comparison) -> Table:
    """Every metric over the whole suite, the headline first; a row in bold is a difference that was shown."""
    every = (comparison.headline, *comparison.metrics)
    rows = tuple(
        (metric_name(one.metric), *_figures(comparison, one), p_text(one.p), _adjusted(one)) for one in every
    )
    return Table(
        f"{name_of(comparison.baseline)} and {name_of(comparison.candidate)}",
        (Column("metric", Holds.NAME), *_columns(comparison), *numbers("p"), _ADJUSTED),
        rows,
        notes=tuple(_metric_notes(comparison)),
        strong=_strong(every),
    )


def field_differences(comparison: Comparison, *, every: bool = False) -> Table:
    """F1 of each field that differs, the one that lost most first; what is undefined on one side comes last.

    Args:
        comparison: The comparison.
        every: List the fields that do not differ as well, in the order of the schema.
    """
    defined = [
        one for one in comparison.fields if one.baseline.value is not None or one.candidate.value is not None
    ]
    moved = [one for one in defined if one.difference.value is None or abs(one.difference.value) > 1e-12]
    listed = defined if every else sorted(moved, key=_loss)
    narrower = any(one.documents < comparison.documents for one in listed)
    rows = tuple(
        (
            one.path,
            *_figures(comparison, one),
            _adjusted(one),
            *((str(one.documents),) if narrower else ()),
        )
        for one in listed
    )
    columns = (
        Column("field", Holds.PATH),
        *_columns(comparison),
        _ADJUSTED,
        *(numbers("docs") if narrower else ()),
    )
    notes = []
    if narrower:
        notes.append("docs: how many documents have anything to say about the field.")
    if any(one.noisy for one in listed):
        notes.append(f"{NOISY} moves as far between the trials of one system.")
    if not every and (same := len(defined) - len(moved)):
        notes.append(
            f"{number_of(same, 'field')} with the same F1 in both {'is' if same == 1 else 'are'} not listed."
        )
    if empty := [one.path for one in comparison.fields if one not in defined]:
        named = ", ".join(empty[:_NAMED_FIELDS]) + (
            f" and {len(empty) - _NAMED_FIELDS} more" if len(empty) > _NAMED_FIELDS else ""
        )
        notes.append(f"No value anywhere, so n/a: {named}.")
    return Table("F1 by field", columns, rows, notes=tuple(notes), strong=_strong(listed))


def expense_table(comparison: Comparison) -> Table:
    """What both runs took, and how steady they are where there are trials."""
    sides = (comparison.baseline, comparison.candidate)
    expenses = [side.expense for side in sides]
    rows: list[Row] = [
        ("answers", *(f"{one.answers:,}" for one in expenses)),
        ("failed", *(f"{sum(count for _, count in one.failures):,}" for one in expenses)),
    ]
    if any(one.cost or one.unpriced for one in expenses):
        rows.append(("cost", *(spent(one.cost, one.unpriced) for one in expenses)))
        rows.append(("cost an answer", *map(_cost_each, expenses)))
    if any(one.input_tokens or one.output_tokens for one in expenses):
        rows.append(("tokens in", *(f"{one.input_tokens:,}" for one in expenses)))
        rows.append(("tokens out", *(f"{one.output_tokens:,}" for one in expenses)))
    rows.append(("latency p50", *(duration(one.latency_p50) for one in expenses)))
    rows.append(("latency p95", *(duration(one.latency_p95) for one in expenses)))
    notes = [
        f"{name_of(side)} failed: {', '.join(f'{count:,} {kind}' for kind, count in side.expense.failures)}; "
        "each misses every gold value."
        for side in sides
        if side.expense.failures
    ]
    if any(side.stability.trials > 1 for side in sides):
        rows += [
            ("trials", *(str(side.stability.trials) for side in sides)),
            _right_again(comparison),
            ("flip rate", *(score(side.stability.flip_rate) for side in sides)),
        ]
        notes.append("flip rate: how often two trials of a document disagree on being exactly right.")
        notes += [f"{name_of(side)}: {_pass_k(side)}." for side in sides if len(side.stability.pass_k) > 1]
    columns = (Column("figure", Holds.NAME), *(Column(name_of(side), Holds.NUMBER) for side in sides))
    return Table("What it took", columns, tuple(rows), notes=tuple(notes))


_ADJUSTED = Column("adjusted p", Holds.NUMBER, "adj. p")


def _columns(comparison: Comparison) -> tuple[Column, ...]:
    sides = (comparison.baseline, comparison.candidate)
    names = [name_of(side) for side in sides]
    if names[0] == names[1]:
        names = [f"{name} {which}" for name, which in zip(names, ("before", "after"), strict=True)]
    interval = (Column("95 % interval", Holds.NUMBER),) if _has_interval(comparison) else ()
    return (*(Column(name, Holds.NUMBER) for name in names), Column("points", Holds.NUMBER), *interval)


def _has_interval(comparison: Comparison) -> bool:
    every = (comparison.headline, *comparison.metrics, *comparison.fields)
    return any(one.difference.interval is not None for one in every)


def _figures(comparison: Comparison, one: Difference) -> Row:
    change = one.difference.value
    moved = NOT_DEFINED if change is None else points(change, sign=True) + (f" {NOISY}" if one.noisy else "")
    bounds = one.difference.interval
    interval = NOT_DEFINED if bounds is None else interval_text(bounds, sign=True)
    return (
        score(one.baseline.value),
        score(one.candidate.value),
        moved,
        *((interval,) if _has_interval(comparison) else ()),
    )


def _adjusted(one: Difference) -> str:
    return "" if one.adjusted_p is None and one.p is not None else p_text(one.adjusted_p)


def _strong(differences: Sequence[Difference]) -> frozenset[int]:
    return frozenset(position for position, one in enumerate(differences) if shown(one))


def _loss(one: Difference) -> tuple[bool, float, str]:
    change = one.difference.value
    return (change is None, change or 0.0, one.path)


def _metric_notes(comparison: Comparison) -> Iterator[str]:
    extent = documents_text(comparison.documents)
    pair = f"{name_of(comparison.candidate)} - {name_of(comparison.baseline)}"
    yield f"Over {extent}. points: {pair}, in hundredths."
    yield _ways(comparison)
    yield "adjusted p: for all that is asked together (Holm), but for F1, which is the question itself."
    if any(shown(one) for one in (comparison.headline, *comparison.metrics, *comparison.fields)):
        yield "In bold on a terminal: shown, by a p of at most 0.05 and an interval without 0."
    flips = comparison.flipped_documents
    lost = sum(one.was_right and not one.is_right for one in flips)
    gained = sum(one.is_right and not one.was_right for one in flips)
    p = p_text(comparison.mcnemar_p)
    yield f"Documents exactly right: {lost:,} lost, {gained:,} gained (McNemar p = {p})."


def _ways(comparison: Comparison) -> str:
    """How p came about, and the least that it can be."""
    if not comparison.exact:
        ways = "1 way" if comparison.draws == 1 else f"{comparison.draws:,} ways"
        swaps, least = f"{ways} drawn", comparison.least_p
    elif comparison.draws == 1:
        return "p: no document differs in any of these figures, so p is 1."
    else:
        # The way that was seen, and the one that swaps every document, are always as large.
        swaps, least = f"each of {comparison.draws:,} ways", 2 / comparison.draws
    return f"p: swapping documents between the runs, {swaps}; the least there is: {p_text(least)}."


def _right_again(comparison: Comparison) -> Row:
    """The documents that are right in each of as many trials as both runs have: in more it is harder."""
    steady = [side.stability for side in (comparison.baseline, comparison.candidate)]
    most = min(one.trials for one in steady)
    if all(one.trials == most for one in steady):
        name, shares = "docs right in all", [one.right_in_all for one in steady]
    else:
        name = f"docs right, pass^{most}"
        shares = [
            one.right_in_all if one.trials == most or most > len(one.pass_k) else one.pass_k[most - 1]
            for one in steady
        ]
    return (name, *(part(share, comparison.documents) for share in shares))


def _cost_each(expense: Expense) -> str:
    if not expense.answers or (expense.unpriced and not expense.cost):
        return NOT_DEFINED
    return dollars(expense.cost / Decimal(expense.answers))


def _pass_k(side: Side) -> str:
    found = side.stability.pass_k[:_COUNTED_FIELDS]
    return "documents right in k of k trials (pass^k): " + ", ".join(
        f"{k} {score(value)}" for k, value in enumerate(found, 1)
    )
