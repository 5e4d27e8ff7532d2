"""What a release has to hold: the rules of a suite and what an undecided one means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.records import Verdict
from harness.verdicts.gate.error_costs import ErrorCosts

if TYPE_CHECKING:
    from harness.verdicts.gate.rules import Rule


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """A rule and where it stands.

    Attributes:
        rule: The rule.
        where: `harness.toml:12`; empty for a rule that is from elsewhere.
    """

    rule: Rule
    where: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that a gate is decided by.

    Attributes:
        rules: At least one, in the order in which they are reported.
        baseline: A tag or id of a stored run, or the file of an exported one; empty when none is named.
        inconclusive: What INCONCLUSIVE counts as: PASS, FAIL, or itself.
        costs: What mistakes cost, for `error_cost`.
        where: Where the policy stands.
    """

    rules: tuple[PolicyRule, ...]
    baseline: str = ""
    inconclusive: Verdict = Verdict.INCONCLUSIVE
    costs: ErrorCosts = field(default_factory=ErrorCosts)
    where: str = ""

    @property
    def needs_baseline(self) -> bool:
        """Whether any rule is against the baseline."""
        return any(one.rule.margin is not None for one in self.rules)


def overall(verdicts: tuple[Verdict, ...]) -> Verdict:
    """FAIL when any is; else INCONCLUSIVE when any is; else PASS.

    >>> overall((Verdict.PASS, Verdict.INCONCLUSIVE)).value
    'inconclusive'
    """
    for verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE):
        if verdict in verdicts:
            return verdict
    return Verdict.PASS
