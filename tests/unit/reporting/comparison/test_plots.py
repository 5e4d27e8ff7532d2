"""Pictures of a comparison and of power: legible, safe and the same bytes each time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import matplotlib as mpl
import pytest

from harness.errors import UsageError
from harness.records import (
    Comparison,
    Difference,
    Estimate,
    Expense,
    Interval,
    Side,
    Signature,
    Stability,
)
from harness.reporting.comparison import plots
from harness.reporting.comparison.plots import forest, power_curve
from harness.statistics.spread import Spread
from harness.verdicts.comparison.power import Basis, PowerReport, needed

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

UNDEFINED = Estimate(None)
HOSTILE = [
    "a\x1b[31m\u202eb",
    r"$\frac{1}{0}$",
    "</text><script>alert(1)</script>",
    "事件.件数",
    "two\nlines",
    "x" * 3_000,
    "\ud800",
]


def side(label: str) -> Side:
    spent = Expense(1, Decimal(0), 0, 0, 0, None, None)
    return Side(label, f"run-{label}", "", Signature(()), Stability(1, None), spent)


def difference(path: str, value: float | None, low: float = 0, high: float = 0, p: float = 0.5) -> Difference:
    interval = None if low == high else Interval(low, high)
    found = UNDEFINED if value is None else Estimate(value, interval)
    return Difference("f1", path, UNDEFINED, UNDEFINED, found, 7, p, p)


def comparison(*fields: Difference, labels: tuple[str, str] = ("v2", "v3")) -> Comparison:
    return Comparison(
        baseline=side(labels[0]),
        candidate=side(labels[1]),
        documents=40,
        headline=difference("", 0.041, 0.012, 0.07, 0.003),
        metrics=(),
        fields=fields,
        flipped_documents=(),
        flipped_leaves=(),
        noise=0,
        mcnemar_p=1,
        least_p=1e-5,
        draws=100_000,
        exact=False,
        detectable=0.03,
        identical=False,
        signature=Signature(()),
    )


def many(count: int) -> list[Difference]:
    paths = [f"deployments[].{'very_long_part_' * (at % 9)}.workers.minimum_{at}" for at in range(count)]
    ends = [(at % 13 - 6) / 40 for at in range(count)]
    return [
        difference(path, end, end - 0.1, end + 0.05, 0.01 if at % 3 else 0.5)
        for at, (path, end) in enumerate(zip(paths, ends, strict=True))
    ]


def report(documents: int = 40, trials: float | None = 0.02) -> PowerReport:
    return needed(
        Basis(Spread(0.03, trials), documents, 3 if trials else 1), labels=("v2", "v3"), runs=("a", "b")
    )


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures, which are not written."""
    figures: list[Figure] = []
    monkeypatch.setattr(plots, "write_picture", lambda figure, path, kind: figures.append(figure))
    return figures


def texts(figure: Figure) -> list[tuple[Text, Bbox]]:
    figure.canvas.draw()
    found = figure.findobj(lambda one: hasattr(one, "get_text") and bool(one.get_text()) and one.get_visible())
    return [(one, one.get_window_extent()) for one in found]  # type: ignore[misc] # a Text, by the filter


DRAWINGS: list[Callable[[Path], None]] = [
    lambda path: forest(comparison(*many(7)), path),
    lambda path: power_curve(report(), path),
]


@pytest.mark.parametrize("draw", DRAWINGS)
@pytest.mark.parametrize("ending", ["svg", "png", "SVG"])
def test_the_same_bytes_each_time(draw: Callable[[Path], None], ending: str, tmp_path: Path) -> None:
    pictures = []
    for name in ("one", "two"):
        draw(tmp_path / f"{name}.{ending}")
        pictures.append((tmp_path / f"{name}.{ending}").read_bytes())
    assert pictures[0] == pictures[1]
    assert pictures[0].startswith(b"\x89PNG" if ending == "png" else b"<?xml")
    assert b"matplotlib.org" not in pictures[0][:2_000].replace(b"https://matplotlib.org/ -->", b"")


@pytest.mark.parametrize("draw", DRAWINGS)
def test_another_ending_is_refused(draw: Callable[[Path], None], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"an \.svg or a \.png file") as refused:
        draw(tmp_path / "power.pdf")
    assert refused.value.hint == "name it power.svg"


@pytest.mark.parametrize("draw", DRAWINGS)
def test_without_matplotlib_the_error_says_what_to_install(
    draw: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError, match="not installed") as refused:
        draw(tmp_path / "a.svg")
    assert refused.value.hint == "pip install 'extraction-harness[plots]'"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        forest(comparison(), tmp_path / "none" / "a.png")


def test_importing_it_imports_no_matplotlib() -> None:
    import subprocess

    program = (
        "import harness.reporting.comparison.plots, sys\n"
        "print([name for name in sys.modules if name.startswith('matplotlib')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("count", [0, 1, 25])
def test_nothing_runs_over_the_edge_or_into_something_else(count: int, drawn: list[Figure]) -> None:
    forest(comparison(*many(count), labels=("a" * 300, "v3 " * 60)), Path("a.png"))
    (figure,) = drawn
    found = texts(figure)
    for text, box in found:
        assert box.x0 >= 0, text.get_text()
        assert box.x1 <= figure.bbox.x1, text.get_text()
        assert box.y0 >= 0, text.get_text()
        assert box.y1 <= figure.bbox.y1, text.get_text()
    boxes = list(
        {(text.get_text(), *map(round, box.extents)): (text.get_text(), box) for text, box in found}.values()
    )
    for number, (one, box) in enumerate(boxes):
        for other, beside in boxes[number + 1 :]:
            assert not overlap(box, beside), (one, other)
    axes = figure.axes[0].bbox
    names = [box for text, box in boxes if text.endswith(tuple(f"minimum_{at}" for at in range(count)))]
    assert len(names) == count
    assert all(box.x1 < axes.x0 for box in names)


def overlap(one: Bbox, other: Bbox) -> bool:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    # Boxes of text have some room around the letters.
    return bool(wide > 1 and high > 4)


def test_more_fields_than_fit_are_those_that_differ_most(
    drawn: list[Figure], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plots, "MOST_FIELDS", 4)
    small = [difference(f"small_{at}", 0.001, -0.1, 0.1) for at in range(30)]
    large = [difference(f"large_{at}", 0.2, 0.1, 0.3) for at in range(plots.MOST_FIELDS)]
    forest(comparison(*small, *large), Path("a.svg"))
    words = [text.get_text() for text, _ in texts(drawn[0])]
    assert not any(word.startswith("small_") for word in words)
    assert any("30 more fields differ less." in word for word in words)


def test_hostile_names_are_drawn_as_they_are_spelled(tmp_path: Path, drawn: list[Figure]) -> None:
    fields = [difference(name, 0.1, 0.05, 0.2) for name in HOSTILE]
    forest(comparison(*fields, labels=("<b>", "$x^2$\x1b")), Path("a.svg"))
    words = [text.get_text() for text, _ in texts(drawn[0])]
    assert r"a\x1b[31m\u202eb" in words
    assert r"$\frac{1}{0}$" in words
    assert r"\u4e8b\u4ef6.\u4ef6\u6570" in words
    assert r"two\nlines" in words
    assert any(word.startswith("…xxx") for word in words)
    assert any(r"$x^2$\x1b is 4.1 points of F1 better than <b>" in word for word in words)
    assert not any(text.get_parse_math() for text, _ in texts(drawn[0]) if "$" in text.get_text())


def test_a_picture_with_hostile_names_is_well_formed(tmp_path: Path) -> None:
    forest(comparison(*(difference(name, 0.1, 0.05, 0.2) for name in HOSTILE)), tmp_path / "a.svg")
    picture = ElementTree.fromstring((tmp_path / "a.svg").read_text("utf-8"))  # noqa: S314 - our own file
    tags = {element.tag.rpartition("}")[2] for element in picture.iter()}
    assert "script" not in tags
    assert "path" in tags


def test_better_and_worse_are_told_apart_without_colour(drawn: list[Figure]) -> None:
    forest(
        comparison(
            difference("up", 0.1, 0.05, 0.2, 0.01),
            difference("down", -0.1, -0.2, -0.05, 0.01),
            difference("open", 0.1, 0.05, 0.2, 0.2),
            difference("few", 0.1),
            difference("none", None),
        ),
        Path("a.svg"),
    )
    markers = [line for line in drawn[0].axes[0].lines if len(line.get_xdata()) == 1]  # type: ignore[arg-type]
    assert [line.get_marker() for line in markers] == [">", ">", "<", "o", "o"]
    assert [line.get_markerfacecolor() == "white" for line in markers] == [False, False, False, False, True]
    assert "n/a" in [text.get_text() for text, _ in texts(drawn[0])]


@pytest.mark.parametrize("documents", [5, 40, 3_000])
def test_a_power_curve_has_a_line_a_difference(documents: int, drawn: list[Figure]) -> None:
    power_curve(report(documents), Path("a.svg"))
    axes = drawn[0].axes[0]
    names = [text.get_text() for text in axes.get_legend().get_texts()]  # type: ignore[union-attr]
    assert names == ["10 points", "5 points", "3 points", "2 points", "1 point"]
    words = [text.get_text() for text, _ in texts(drawn[0])]
    assert f"{documents:,} at hand" in words
    ticks = axes.get_xticklabels()
    for text, box in texts(drawn[0]):
        assert text in ticks or box.x1 <= drawn[0].bbox.x1, text.get_text()


def test_the_users_settings_of_matplotlib_are_neither_used_nor_changed(tmp_path: Path) -> None:
    forest(comparison(*many(2)), tmp_path / "plain.svg")
    with mpl.rc_context({"font.size": 30, "svg.hashsalt": "x"}):
        forest(comparison(*many(2)), tmp_path / "large.svg")
        assert mpl.rcParams["font.size"] == 30
    assert (tmp_path / "plain.svg").read_bytes() == (tmp_path / "large.svg").read_bytes()


def test_no_curve_is_drawn_of_runs_that_do_not_differ(tmp_path: Path) -> None:
    same = needed(Basis(Spread(0.0, None), 40, 1), labels=("a", "b"), runs=("r1", "r2"))
    with pytest.raises(UsageError, match="no curve to draw") as refused:
        power_curve(same, tmp_path / "a.svg")
    assert "runs r1, r2" in str(refused.value)
    assert not (tmp_path / "a.svg").exists()
