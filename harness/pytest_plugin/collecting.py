"""`pytest --harness SUITE`: every rule of a gate is a test, of the file `harness.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.errors import HarnessError
from harness.pytest_plugin.deciding import Question, decided
from harness.records import Verdict
from harness.reporting import error_text
from harness.reporting.gate.wording import counts_as, rule_report, why
from harness.running.gate.gating import policy_of
from harness.suites.configuration import find_configuration, load_configuration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.verdicts.gate.policy import PolicyRule


def collect_rules(config: pytest.Config) -> None:
    """Have a session collect the rules that `--harness` asks for.

    Raises:
        pytest.UsageError: When there is no `harness.toml`.
    """
    try:
        named = config.getoption("harness_config")
        here = config.invocation_params.dir
        path = here / named if named else find_configuration(here)
    except HarnessError as error:
        raise pytest.UsageError(error_text(error)) from None
    path = path.absolute()
    config.pluginmanager.register(Collection(path), "harness-collection")
    if not any(here / argument.partition("::")[0] == path for argument in config.args):
        config.args.append(str(path))


class Collection:
    """Collects one `harness.toml`.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Collect the file when it is the one."""
        return GateFile.from_parent(parent, path=file_path) if file_path == self._path else None


class GateFile(pytest.File):
    """A `harness.toml` with the gates that are asked for."""

    def collect(self) -> Iterator[pytest.Collector]:
        """One collector for each suite with each system."""
        try:
            configuration = load_configuration(self.path)
            for name in dict.fromkeys(self.config.getoption("harness")):
                rules = policy_of(configuration, configuration.suite(name)).rules
                for system in dict.fromkeys(self.config.getoption("harness_system") or [None]):
                    question = Question.of(self.path, name, system)
                    title = f"{question.suite}({question.system})"
                    yield GateSuite.from_parent(self, name=title, question=question, rules=rules)
        except HarnessError as error:
            raise self.CollectError(error_text(error)) from None


class GateSuite(pytest.Collector):
    """A suite with the system that is put to its gate."""

    def __init__(self, *, question: Question, rules: tuple[PolicyRule, ...], **rest: Any) -> None:
        super().__init__(**rest)
        self.question = question
        self._rules = rules
        self.add_marker(pytest.mark.harness)

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each rule of the policy."""
        for position, stated in enumerate(self._rules):
            yield GateRule.from_parent(self, name=str(stated.rule), position=position, where=stated.where)


class GateRule(pytest.Item):
    """One rule. The first that runs has the suite run; the others read its decision."""

    parent: GateSuite

    def __init__(self, *, position: int, where: str, **rest: Any) -> None:
        super().__init__(**rest)
        self._position = position
        self._where = where

    def setup(self) -> None:
        """Have it decided: what keeps it from that is an error of the test, and no failure."""
        told = ""
        try:
            self._decision = decided(self.config, self.parent.question)
        except HarnessError as error:
            told = error_text(error)
        if told:  # outside of the handler, or pytest prints the error twice
            pytest.fail(told, pytrace=False)

    def runtest(self) -> None:
        """Pass, skip what is not settled and may pass, or fail."""
        decision = self._decision
        result = decision.rules[self._position]
        if result.verdict is Verdict.PASS:
            return
        if counts_as(decision, result) is Verdict.PASS:
            pytest.skip(f"inconclusive, and the policy lets that pass: {why(result)}")
        unsettled = "inconclusive: " if result.verdict is Verdict.INCONCLUSIVE else ""
        pytest.fail(f"{unsettled}{rule_report(decision, result)}", pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The rule with its line in `harness.toml`."""
        line = self._where.rpartition(":")[2]
        return self.path, int(line) - 1 if line.isdecimal() else None, f"{self.parent.name}: {self.name}"
