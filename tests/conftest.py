"""Settings of every test."""

import os

from hypothesis import HealthCheck, settings

from tests.postgres import postgres as postgres

# Random models can be large, and some have no list or no leaf of the sort that a law is about.
_SLOW_BUT_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile(
    "default", max_examples=40, deadline=None, print_blob=True, suppress_health_check=_SLOW_BUT_FINE
)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=2_000)
settings.load_profile("ci" if os.environ.get("CI") else "default")
