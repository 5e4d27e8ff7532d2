from harness.scoring.assignment import Edges
from harness.scoring.bound import BoundRecord
from harness.scoring.likeness import Cells

class Edging:
    def __init__(self, bound: BoundRecord) -> None: ...
    def __call__(self, golds: list[Cells], predicteds: list[Cells], match_at: float, /) -> Edges: ...
