"""Figures for plots: our style, names that are safe to draw, files with the same bytes each time."""

from __future__ import annotations

import io
import textwrap
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.reporting.visible import CUT, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from matplotlib.figure import Figure
    from matplotlib.text import Text

BLUE, ORANGE, GREY, INK, FAINT = "#0072b2", "#c44601", "#767676", "#222222", "#d9d9d9"
"""Colours that people who see few colours tell apart, too."""

_LONGEST = 400
_ENDINGS = (".svg", ".png")
_INSTALL = "pip install 'extraction-harness[plots]'"
_FONT = "DejaVu Sans"
_STYLE: dict[str, Any] = {
    "font.family": [_FONT],
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "extraction-harness",
    "svg.fonttype": "path",
}


def picture_kind(path: Path) -> str:
    """`svg` or `png`, by the file's ending.

    Raises:
        UsageError: When it ends in something else.
    """
    ending = path.suffix.lower()
    if ending not in _ENDINGS:
        raise UsageError(
            "a picture is an .svg or a .png file", where=str(path), hint=f"name it {path.stem or 'plot'}.svg"
        )
    return ending.removeprefix(".")


@contextmanager
def drawing() -> Iterator[Callable[[float, float], Figure]]:
    """Makes figures of so many inches in our style, whatever the user's own settings of matplotlib are.

    Raises:
        UsageError: When matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError:
        raise UsageError("plots need matplotlib, which is not installed", hint=_INSTALL) from None
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    def new(width: float, height: float) -> Figure:
        figure = Figure(figsize=(width, height), dpi=150, facecolor="white")
        FigureCanvasAgg(figure)
        return figure

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)  # type: ignore[arg-type] # its keys are spelled out one by one
        yield new


def write_picture(figure: Figure, path: Path, kind: str) -> None:
    """Write the file, with no date and no version of the library in it.

    Raises:
        UsageError: When it cannot be written.
    """
    picture = io.BytesIO()
    nothing = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    figure.savefig(picture, format=kind, metadata=nothing)
    try:
        path.write_bytes(picture.getvalue())
    except OSError as error:
        raise UsageError(
            f"the picture cannot be written: {error.strerror}", where=str(path), hint="name another file"
        ) from None


def put(text: Text, name: str, inches: float) -> None:
    """Put a name into a picture, in one line of at most so many inches.

    What a terminal would act on or a reader not see is an escape, and so is a character that the font does not
    have. A longer name loses its beginning: the end of a path says more.
    """
    content = _drawable(visible(name[-_LONGEST:]))
    text.set_text(content)
    figure = text.get_figure(root=True)
    assert figure is not None  # noqa: S101 - for the type checker
    room, first = inches * figure.dpi, True
    while (width := text.get_window_extent().width) > room and len(content) > 1:
        kept = min(len(content) - 1, int(len(content) * room / width) - (1 if first else 0))
        content, first = content[-max(1, kept) :], False
        text.set_text(CUT + content)


def folded(text: str, letters: int) -> str:
    """Text that is safe to draw, in at most three lines of so many letters; longer words are broken."""
    lines = textwrap.wrap(_drawable(visible(text[: 8 * letters])), letters)
    return "\n".join(lines if len(lines) <= 3 else [*lines[:2], lines[2][: letters - 1] + CUT])


@cache
def _characters() -> frozenset[int]:
    """What the font has."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont(_FONT)).get_charmap())


def _drawable(text: str) -> str:
    has = _characters()
    return "".join(
        letter if ord(letter) in has else letter.encode("unicode_escape").decode("ascii") for letter in text
    )
