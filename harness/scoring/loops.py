"""The loops in which scoring spends its time, and who runs them.

Each is there twice: in `compiled`, extensions that are built with the package where there is a C compiler, and
in Python, in `plain`, in `likeness` with `sieve`, and in `assignment`. Both give the same to the last bit;
`tests/contracts/test_loops.py` holds them to it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from harness.scoring.assignment import outstanding
from harness.scoring.likeness import edging
from harness.scoring.plain import plain_reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.scoring.assignment import Edges
    from harness.scoring.bound import BoundRecord
    from harness.scoring.likeness import Edging
    from harness.scoring.plain import PlainReader


class Loops(NamedTuple):
    """Who reads, compares and chooses.

    Attributes:
        name: For people.
        plain_reader: Makes what reads the plain records of a model.
        edging: Makes what finds the possible pairs of two lists of plain records of a model without branches.
        outstanding: Takes of possible pairs those that are in every best matching.
    """

    name: str
    plain_reader: Callable[[BoundRecord], PlainReader]
    edging: Callable[[BoundRecord], Edging]
    outstanding: Callable[[Edges], tuple[list[tuple[int, int]], Edges]]


INTERPRETED = Loops("interpreted", plain_reader, edging, outstanding)
COMPILED: Loops | None = None
with suppress(ModuleNotFoundError):  # it was not built
    from harness.scoring.compiled.choosing import outstanding as take_outstanding
    from harness.scoring.compiled.edging import Edging as CompiledEdging
    from harness.scoring.compiled.reading import PlainReader as CompiledReader

    def compiled_edging(bound: BoundRecord) -> Edging:
        """Texts alone are RapidFuzz's, all pairs at once: there is nothing to spare it most of them."""
        return edging(bound) if all(step.dear for step in bound.steps) else CompiledEdging(bound)

    COMPILED = Loops("compiled", CompiledReader, compiled_edging, take_outstanding)
FASTEST = COMPILED or INTERPRETED
