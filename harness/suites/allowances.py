"""What `harness.toml` says of limits and prices."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from harness.errors import ConfigError
from harness.records import Limits, Price

if TYPE_CHECKING:
    from harness.suites.toml_table import Table

_COUNTS = {"concurrency": 1, "requests_per_minute": 1, "tokens_per_minute": 1, "retries": 0}
_SECONDS = ("call_timeout", "document_timeout")
_BRIEFEST = 0.001


def limits(table: Table) -> Limits:
    """The limits of one system; what is left out has its default.

    Raises:
        ConfigError: For an unknown key, or a value that is no number in its range.
    """
    table.refuse_unknown((*_COUNTS, *_SECONDS))
    counts = {name: table.number(name, least, whole=True) for name, least in _COUNTS.items()}
    seconds = {name: table.number(name, _BRIEFEST) for name in _SECONDS}
    given = {name: int(value) for name, value in counts.items() if value is not None}
    return Limits(**given, **{name: value for name, value in seconds.items() if value is not None})  # type: ignore[arg-type] # names and types are settled


def prices(table: Table) -> dict[str, Price]:
    """The prices by `provider/model`, in US dollars for a million tokens.

    Raises:
        ConfigError: For an unknown key, a price that is no number of at least 0, or a missing one.
    """
    return {model: _price(table.table(model)) for model in table.values}


def _price(table: Table) -> Price:
    table.refuse_unknown(("input", "output", "cached_input"))
    return Price(_required(table, "input"), _required(table, "output"), _dollars(table, "cached_input"))


def _required(table: Table, key: str) -> Decimal:
    amount = _dollars(table, key)
    if amount is None:
        raise ConfigError(
            f'the price of {table.keys[-1]} has no "{key}"',
            where=table.place(),
            hint=f"add a line: {key} = 0.25, in US dollars for a million tokens",
        )
    return amount


def _dollars(table: Table, key: str) -> Decimal | None:
    amount = table.number(key, 0)
    # By way of its print, so that 0.1 is a tenth.
    return None if amount is None else Decimal(str(amount))
