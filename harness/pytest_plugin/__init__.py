"""The pytest plugin: `harness_gate` in a test, and `pytest --harness SUITE`.

pytest imports this module in every run of everybody who has the harness installed, so it imports nothing but
pytest; the rest is imported when a gate is asked for.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any

    from harness.records import GateDecision

SHARED = "harness_shared_folder"
"""What xdist's workers are told: the folder of temporary files in which they leave decisions for each other."""
_SHARED = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare `--harness` and what goes with it."""
    group = parser.getgroup("harness", "evaluation of extraction")
    group.addoption(
        "--harness",
        action="append",
        default=[],
        metavar="SUITE",
        help="run the gate of this suite of harness.toml: each rule is a test",
    )
    group.addoption(
        "--harness-system",
        action="append",
        default=[],
        metavar="NAME",
        help="the system that --harness puts to the gate; several times for several",
    )
    group.addoption("--harness-config", metavar="FILE", help="the harness.toml of --harness; else the nearest")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and what collects rules when `--harness` asks for it."""
    config.addinivalue_line("markers", "harness: a rule of a gate, collected by --harness")
    if config.getoption("harness"):
        from harness.pytest_plugin.collecting import collect_rules

        collect_rules(config)
    elif config.getoption("harness_system") or config.getoption("harness_config"):
        raise pytest.UsageError("--harness-system and --harness-config go with --harness SUITE")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of xdist the name of the folder that it shares with the others, which nobody can guess."""
    name = node.config.stash.setdefault(_SHARED, f"harness-pytest-{os.urandom(16).hex()}")
    node.workerinput[SHARED] = name


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder, when a worker has made it."""
    folder = Path(tempfile.gettempdir(), config.stash.get(_SHARED, ""))
    if _SHARED in config.stash and folder.exists():
        import shutil

        shutil.rmtree(folder, ignore_errors=True)


class HarnessGate:
    """What the fixture `harness_gate` is.

    Args:
        config: Of the test session, which remembers decisions.
        folder: That of the test; `harness.toml` is in it or above it.
    """

    def __init__(self, config: pytest.Config, folder: Path) -> None:
        self._config = config
        self._folder = folder

    def __call__(
        self,
        suite: str | None = None,
        *,
        system: str | None = None,
        prompt: str | None = None,
        trials: int = 1,
        max_cost: Decimal | float | str | None = None,
        config: str | Path | None = None,
    ) -> GateDecision:
        """Put a system to the gate of a suite, once a session, and fail the test unless it passes.

        An INCONCLUSIVE gate passes when the policy says `inconclusive = "pass"`, and fails otherwise.

        Args:
            suite: The suite's name; may be left out when there is only one.
            system: The system's name; may be left out when the suite names only one.
            prompt: The version of the suite's prompt; the suite's own when `None`.
            trials: How often each document is asked.
            max_cost: US dollars that asking may cost at most; it stops, too, once the verdict is certain.
            config: The `harness.toml`; the nearest one above the test's file when `None`.

        Returns:
            The decision.
        """
        __tracebackhide__ = True
        from harness.pytest_plugin.fixture import passed_gate

        return passed_gate(
            self._config, config or self._folder, suite, system, prompt=prompt, trials=trials, max_cost=max_cost
        )


@pytest.fixture
def harness_gate(request: pytest.FixtureRequest) -> HarnessGate:
    """`harness_gate("suite", system="name")` fails the test unless the gate passes; it returns the decision."""
    return HarnessGate(request.config, request.path.parent)
