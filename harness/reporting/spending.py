"""How money is written."""

from __future__ import annotations

from decimal import Decimal

from harness.reporting.figures import NOT_DEFINED

_SMALLEST = Decimal("0.0001")


def dollars(amount: Decimal | None) -> str:
    """US dollars: cents from one dollar up, four decimals below. What is not nothing does not look like it.

    >>> dollars(Decimal("1234.5")), dollars(Decimal("0.01234")), dollars(Decimal(0)), dollars(None)
    ('$1,234.50', '$0.0123', '$0', 'n/a')
    >>> dollars(Decimal("0.00001"))
    'under $0.0001'
    """
    if amount is None or not amount.is_finite():
        return NOT_DEFINED
    if not amount:
        return "$0"
    if 0 < amount < _SMALLEST:
        return f"under ${_SMALLEST}"
    return f"{'-' if amount < 0 else ''}${abs(amount):,.{2 if abs(amount) >= 1 else 4}f}"


def spent(amount: Decimal, unpriced: int = 0) -> str:
    """What was spent, and how many calls are not in it because nobody knows their cost.

    >>> spent(Decimal("0.0123")), spent(Decimal(2), 3), spent(Decimal(0), 1)
    ('$0.0123', '$2.00 + 3 unpriced', '1 unpriced')
    """
    if not unpriced:
        return dollars(amount)
    return f"{dollars(amount)} + {unpriced:,} unpriced" if amount else f"{unpriced:,} unpriced"


def tokens(count: int) -> str:
    """How many tokens, to three digits.

    >>> tokens(1), tokens(950), tokens(12_345), tokens(123_456), tokens(2_000_000), tokens(999_960)
    ('1 token', '950 tokens', '12.3k tokens', '123k tokens', '2.0M tokens', '1.0M tokens')
    """
    if count < 1_000:
        return f"{count} token{'' if count == 1 else 's'}"
    size, unit = (count / 1_000, "k") if count < 999_500 else (count / 1_000_000, "M")
    return f"{size:,.{1 if size < 99.95 else 0}f}{unit} tokens"
