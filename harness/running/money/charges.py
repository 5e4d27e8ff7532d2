"""What a configured system costs, as far as its configuration tells."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.running.money.prices import free, price_of

if TYPE_CHECKING:
    from harness.running.money.prices import Pricing
    from harness.suites.configuration import Configuration, SystemConfig

MODEL = "model"
"""The kind that asks a provider, which may charge. Every other kind is answered on this machine."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_BOUNDS = ("max_completion_tokens", "max_tokens")


def may_charge(configuration: Configuration, config: SystemConfig) -> bool:
    """Whether calls may cost something: somebody else answers them, or the user gave a price."""
    if config.kind != MODEL:
        return False
    return config.parameters.get("model") in configuration.prices or not _local(config)


def pricing_of(configuration: Configuration, config: SystemConfig) -> Pricing:
    """What the calls of a system cost; nothing is looked up yet."""
    if config.kind != MODEL:
        return free(config.kind)
    address, tier = config.parameters.get("base_url"), _parameter(config, "service_tier")
    return price_of(
        str(config.parameters.get("model", "")),
        configuration.prices,
        base_url=address if isinstance(address, str) else None,
        local=_local(config),
        service_tier=tier if isinstance(tier, str) else "",
    )


def most_answered(config: SystemConfig) -> int | None:
    """The parameter that bounds an answer's tokens; `None` when the system has none."""
    bounds = (_parameter(config, name) for name in _BOUNDS)
    return next((bound for bound in bounds if isinstance(bound, int)), None)


def _parameter(config: SystemConfig, name: str) -> object:
    parameters = config.parameters.get("parameters")
    return parameters.get(name) if isinstance(parameters, dict) else None


def _local(config: SystemConfig) -> bool:
    """Whether this machine answers."""
    address = config.parameters.get("base_url")
    return isinstance(address, str) and urlsplit(address).hostname in _LOOPBACK
