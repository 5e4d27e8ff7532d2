"""Fixtures of the runs."""

from __future__ import annotations

from typing import cast

import pytest

from harness.systems import registry
from tests.unit.running import odd_systems

ODD = '\n[systems.odd]\nkind = "odd"\n\n[systems.kept]\nkind = "odd"\n'


@pytest.fixture
def odd_kinds(monkeypatch: pytest.MonkeyPatch) -> str:
    """Makes the kind `odd` known; the lines that configure it, and one whose answers are worth keeping."""
    monkeypatch.setattr(odd_systems.Odd, "closed", 0)
    monkeypatch.setattr(odd_systems.Odd, "asked", [])
    kind = registry.Kind(f"{odd_systems.__name__}:build", "for tests")
    monkeypatch.setitem(cast("dict[str, registry.Kind]", registry.KINDS), "odd", kind)
    return ODD
