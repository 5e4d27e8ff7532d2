"""How far one system has come, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.records import Standing
from harness.reporting.figures import duration
from harness.reporting.spending import spent, tokens


@dataclass(slots=True)
class Tally:
    """How far one system has come, and how fast.

    Attributes:
        total: How many answers it is to give.
        standing: How far it has come.
        first: When its first standing came, in seconds of a monotonic clock; `None` before.
        began: When it was first asked something; `None` while everything so far was there already.
        last: When its newest standing came.
    """

    total: int
    standing: Standing = field(default_factory=Standing)
    first: float | None = None
    began: float | None = None
    last: float = 0.0

    def take(self, standing: Standing, now: float) -> None:
        """Note a standing."""
        self.standing = standing
        self.last = now
        if self.began is None:
            if self.first is None:
                self.first = now
            if standing.in_flight or standing.done > standing.reused:
                self.began = now

    @property
    def over(self) -> bool:
        """Whether every answer is there."""
        return self.standing.done >= self.total and not self.standing.in_flight

    def speed(self, now: float) -> float | None:
        """Answers a second that were really asked for; `None` when that cannot be said yet."""
        asked = self.standing.done - self.standing.reused
        if self.began is None or asked <= 0 or now <= self.began:
            return None
        return asked / (now - self.began)

    def going(self, now: float) -> str:
        """What can be said while it goes on, but for the count of answers. Of what is zero, only failures.

        What matters most comes first: a narrow terminal shows the beginning.
        """
        standing, speed = self.standing, self.speed(now)
        left = None if speed is None else (self.total - standing.done) / speed
        parts = [
            f"{standing.failed} failed",
            f"{standing.in_flight} in flight" if standing.in_flight else "",
            f"waiting: {standing.waiting}" if standing.waiting else "",
            rate(speed),
            f"{duration(left)} left" if left else "",
            *self._spent(),
            self._reused(),
        ]
        return ", ".join(filter(None, parts))

    def summary(self) -> str:
        """What is to be said when it is over, or was stopped."""
        elapsed = 0.0 if self.first is None else self.last - self.first
        parts = [
            f"{self.standing.failed} failed",
            rate(self.speed(self.last)),
            duration(elapsed),
            *self._spent(),
            self._reused(),
        ]
        return ", ".join(filter(None, parts))

    def _reused(self) -> str:
        return f"{self.standing.reused} reused" if self.standing.reused else ""

    def _spent(self) -> tuple[str, str]:
        standing = self.standing
        charged = standing.cost or standing.unpriced
        return (
            spent(standing.cost, standing.unpriced) if charged else "",
            tokens(standing.tokens) if standing.tokens else "",
        )


def rate(speed: float | None) -> str:
    """Answers a second, or the time of one when it is slow.

    >>> rate(2), rate(0.4), rate(1 / 300), rate(None)
    ('2.0/s', '2.5s each', '5m00s each', '')
    """
    if speed is None:
        return ""
    return f"{speed:,.1f}/s" if speed >= 1 else f"{duration(1 / speed)} each"
