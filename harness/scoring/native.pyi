from collections.abc import Sequence

from harness.paths import Path
from harness.records import Json
from harness.scoring.assignment import Edges
from harness.scoring.binding import BoundRecord
from harness.scoring.likeness import Cells
from harness.scoring.readings import Reading

class PlainReader:
    def __init__(self, bound: BoundRecord) -> None: ...
    def __call__(
        self, raws: Sequence[Json], here: Path, quotes: list[str] | None, /
    ) -> list[Reading | None]: ...

class Edging:
    def __init__(self, bound: BoundRecord) -> None: ...
    def __call__(self, golds: list[Cells], predicteds: list[Cells], match_at: float, /) -> Edges: ...

def outstanding(edges: Edges, /) -> tuple[list[tuple[int, int]], Edges]: ...
