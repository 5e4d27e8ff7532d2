"""Strings that were prepared before: one look-up instead of preparing them again.

Records of one task say the same strings over and over, and a prediction mostly says what gold says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.scoring.comparators.base import Malformed, NotPlain

if TYPE_CHECKING:
    from harness.scoring.comparators.base import Prepare, Prepared

LONGEST_KEPT = 256
MOST_KEPT = 65_536


class Remembered(dict[object, "Prepared"]):
    """Raw value to prepared value; only strings and `None` are kept, so that 1, 1.0 and `True` stay apart.

    Args:
        prepare: Prepares what is met for the first time.
    """

    def __init__(self, prepare: Prepare) -> None:
        super().__init__({None: None})
        self.prepare = prepare

    def __missing__(self, raw: object) -> Prepared:
        """Prepare a value.

        Raises:
            NotPlain: When the leaf cannot read it.
        """
        cell = self.prepare(raw)
        if type(cell) is Malformed:
            raise NotPlain
        if type(raw) is str and len(raw) <= LONGEST_KEPT:
            if len(self) >= MOST_KEPT:
                self.clear()
                self[None] = None
            self[raw] = cell
        return cell
