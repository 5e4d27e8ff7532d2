"""Pictures: the fields of a comparison, and how power grows with documents. SVG or PNG by the ending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.reporting.comparison.drawing import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    drawing,
    folded,
    picture_kind,
    put,
    write_picture,
)
from harness.verdicts.comparison.power import ALIKE
from harness.verdicts.comparison.sentence import sentence
from harness.verdicts.comparison.wording import interval_text, points, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from harness.records import Comparison, Difference
    from harness.verdicts.comparison.power import PowerReport

MOST_FIELDS = 200
"""More fields than these are not drawn; those that differ most are."""

_SHADES = ("#a6cee3", "#6baed6", "#2f7fbc", "#0b4f94", "#061f45")
_ROW, _WIDTH, _NAME, _TITLE_LETTERS = 0.26, 10.5, 3.6, 112


def forest(comparison: Comparison, path: Path) -> None:
    """Draw the difference in F1 of the whole suite and of each field, with 95 % intervals.

    Better and worse are told apart by the marker as well as by its colour. A field without an interval has a
    hollow marker; one whose difference is undefined has none.

    Args:
        comparison: What to draw.
        path: Where to; ends in `.svg` or `.png`.

    Raises:
        UsageError: When matplotlib is not installed, the ending is another, or the file cannot be written.
    """
    kind = picture_kind(path)
    fields, left_out = _drawn(comparison.fields)
    with drawing() as new:
        figure = new(_WIDTH, _ROW * (len(fields) + 1) + 1.9)
        inches = figure.get_figheight()
        axes = figure.add_axes((0.37, 0.78 / inches, 0.38, 1 - (0.78 + 0.95) / inches))
        _rows(axes, [comparison.headline, *fields])
        title = folded(sentence(comparison), _TITLE_LETTERS)
        figure.text(0.015, 1 - 0.2 / inches, title, va="top", size=10.5)
        axes.set_xlabel("points of F1, candidate minus baseline", labelpad=4)
        note = "Bars: 95 % intervals. Better and worse: p (of fields: adjusted by Holm) at most 0.05 as well."
        if left_out:
            note += f" {left_out} more fields differ less."
        figure.text(0.015, 0.12 / inches, note, size=7.5, color=GREY, va="bottom")
        write_picture(figure, path, kind)


def power_curve(report: PowerReport, path: Path) -> None:
    """Draw how often a difference is seen with a number of documents, a curve a difference.

    Each has a band: what the documents at hand leave open about their own spread.

    Args:
        report: What to draw.
        path: Where to; ends in `.svg` or `.png`.

    Raises:
        UsageError: As `forest`; and when there is no curve, as documents do not differ.
    """
    kind = picture_kind(path)
    if not report.curves:
        raise UsageError(
            f"{ALIKE[0].lower()}{ALIKE[1:]}, so there is no curve to draw",
            where=f"run{'s' if len(report.runs) > 1 else ''} {', '.join(report.runs)}",
            hint="name two runs that differ: harness power --runs RUN RUN",
        )
    with drawing() as new:
        figure = new(8.5, 5.2)
        axes = figure.add_axes((0.085, 0.135, 0.76, 0.7))
        _curves(axes, report)
        figure.text(0.015, 0.975, folded(report.title, 96), va="top", size=10.5)
        band = "Bands: what these documents leave open about how far documents differ."
        figure.text(0.015, 0.012, band, size=7.5, color=GREY, va="bottom")
        write_picture(figure, path, kind)


def _rows(axes: Axes, rows: Sequence[Difference]) -> None:
    reach = max((abs(end) for one in rows for end in _ends(one)), default=0.0) * 100 or 1.0
    axes.set_xlim(-1.06 * reach, 1.06 * reach)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.axvline(0, color=INK, linewidth=0.9)
    if len(rows) > 1:
        axes.axhline(0.5, color=GREY, linewidth=0.6, clip_on=False, xmin=-0.93, xmax=1.6)
    place = axes.get_yaxis_transform()
    header: dict[str, Any] = {"size": 8, "color": GREY, "va": "bottom", "transform": place}
    axes.text(1.03, -0.75, "points", ha="left", **header)
    axes.text(1.19, -0.75, "95 % interval", ha="left", **header)
    axes.text(1.6, -0.75, "documents", ha="right", **header)
    for number, one in enumerate(rows):
        name = one.path or "F1 of the whole suite"
        weight = "normal" if one.path else "bold"
        found = one.difference
        text: dict[str, Any] = {"va": "center", "transform": place, "weight": weight}
        put(axes.text(-0.03, number, "", ha="right", **text), name, _NAME)
        axes.text(1.6, number, f"{one.documents}", ha="right", **text)
        if found.value is None:
            axes.text(1.03, number, "n/a", ha="left", color=GREY, **text)
            continue
        axes.text(1.03, number, points(found.value, sign=True), ha="left", **text)
        direction = shown(one)
        colour = {1: BLUE, -1: ORANGE}.get(direction, GREY)
        if found.interval is not None:
            axes.text(1.19, number, interval_text(found.interval, sign=True), ha="left", **text)
            ends = [100 * found.interval.low, 100 * found.interval.high]
            axes.plot(ends, [number, number], color=colour, linewidth=1.8, solid_capstyle="butt")
        axes.plot(
            [100 * found.value],
            [number],
            marker={1: ">", -1: "<"}.get(direction, "o"),
            markersize=7 if direction else 5.5,
            color=colour,
            markerfacecolor="white" if found.interval is None else colour,
            linestyle="none",
        )
    _legend(axes)


def _legend(axes: Axes) -> None:
    kinds = (("better", ">", BLUE), ("worse", "<", ORANGE), ("can't tell", "o", GREY))
    for name, marker, colour in kinds:
        axes.plot([], [], marker=marker, color=colour, linewidth=1.8, markersize=6, label=name)
    figure = axes.get_figure(root=True)
    assert figure is not None  # noqa: S101 - for the type checker
    inches = figure.get_figheight()
    legend = figure.legend(
        loc="lower right",
        bbox_to_anchor=(0.99, 0.06 / inches),
        ncols=3,
        frameon=False,
        fontsize=8,
        handletextpad=0.5,
        columnspacing=1.2,
    )
    legend.set_zorder(3)


def _curves(axes: Axes, report: PowerReport) -> None:
    curves = sorted(report.curves, key=lambda curve: curve.difference)
    largest = max((max(curve.documents) for curve in curves), default=10)
    axes.set_xscale("log")
    axes.set_xlim(min([report.documents, *(min(curve.documents) for curve in curves)]), largest)
    axes.set_ylim(0, 100)
    axes.set_yticks(range(0, 101, 20))
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.0f}"))
    axes.grid(color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel("documents")
    axes.set_ylabel("seen in … of 100 comparisons")
    axes.axhline(100 * report.wanted, color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.axvline(report.documents, color=INK, linewidth=0.9)
    axes.annotate(
        f"{report.documents:,} at hand",
        (report.documents, 100),
        xytext=(3, 3),
        textcoords="offset points",
        size=8,
        annotation_clip=False,
    )
    for curve, colour in zip(curves, _shades(len(curves)), strict=True):
        low, middle, high = ([100 * value for value in one] for one in (curve.low, curve.power, curve.high))
        axes.fill_between(curve.documents, low, high, color=colour, alpha=0.13, linewidth=0)
        number = points(curve.difference).removesuffix(".0")
        name = f"{number} point{'' if number == '1' else 's'}"
        axes.plot(curve.documents, middle, color=colour, linewidth=1.9, label=name)
    handles, names = axes.get_legend_handles_labels()
    axes.legend(
        handles[::-1],
        names[::-1],
        title="difference of",
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        frameon=False,
        fontsize=8.5,
        title_fontsize=8.5,
        alignment="left",
    )


def _shades(count: int) -> list[str]:
    """So many steps from light to dark; the last one is kept where there are more curves than steps."""
    if count <= 1:
        return [_SHADES[2]] * count
    last = len(_SHADES) - 1
    return [_SHADES[round(number * last / (count - 1))] for number in range(count)]


def _drawn(fields: Sequence[Difference]) -> tuple[list[Difference], int]:
    """The fields that fit, in their order, and how many do not."""
    if len(fields) <= MOST_FIELDS:
        return list(fields), 0
    largest = sorted(fields, key=lambda one: -abs(one.difference.value or 0.0))[:MOST_FIELDS]
    kept = {one.path for one in largest}
    return [one for one in fields if one.path in kept], len(fields) - MOST_FIELDS


def _ends(one: Difference) -> tuple[float, ...]:
    found = one.difference
    interval = () if found.interval is None else (found.interval.low, found.interval.high)
    return (*interval, *(() if found.value is None else (found.value,)))
