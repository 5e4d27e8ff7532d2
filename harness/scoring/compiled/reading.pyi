from collections.abc import Sequence

from harness.paths import Path
from harness.records import Json
from harness.scoring.bound import BoundRecord
from harness.scoring.readings import Reading

class PlainReader:
    def __init__(self, bound: BoundRecord) -> None: ...
    def __call__(
        self, raws: Sequence[Json], here: Path, quotes: list[str] | None, /
    ) -> list[Reading | None]: ...
