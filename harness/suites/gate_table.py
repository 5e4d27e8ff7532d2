"""Read what `harness.toml` says of a release: `[suites.NAME.gate]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import ConfigError
from harness.records import Verdict

if TYPE_CHECKING:
    from harness.suites.toml_table import Table
    from harness.verdicts.gate.error_costs import Costs
    from harness.verdicts.gate.policy import Policy

_INCONCLUSIVE = {"pass": Verdict.PASS, "fail": Verdict.FAIL}
_COSTS = ("invented", "missed", "wrong")
EXAMPLE = """\
[suites.{suite}.gate]
baseline = "main"                # a tag of a stored run, or an exported run: "gold/{suite}.jsonl.gz"
rules = [
  "f1 >= 0.8",                   # the figure itself
  "lower(f1) >= 0.75",           # what it is at least, with 95 % confidence
  "f1 >= baseline - 0.02",       # no more than 2 points worse than the baseline, with 95 % confidence
  "over_generation <= 0.05",     # of what is predicted, how much gold does not have
  "failure_rate <= 0.01",
]
inconclusive = "fail"            # "pass" or "fail"; without this line the command ends with exit code 5\
"""
"""A policy to begin with."""


def gate_policy(table: Table) -> Policy:
    """The policy of one suite.

    Args:
        table: `[suites.NAME.gate]`.

    Raises:
        ConfigError: For an unknown key, a rule that is none, or a value of the wrong type; with the line.
    """
    # Imported on use: most suites have no gate.
    from harness.verdicts.gate.error_costs import Costs, ErrorCosts, canonical
    from harness.verdicts.gate.policy import Policy, PolicyRule
    from harness.verdicts.gate.rules import parse_rule

    table.refuse_unknown(("baseline", "rules", "inconclusive", "cost", "field_cost"))
    texts = table.texts("rules")
    if texts is None:
        raise table.error('the gate has no "rules"', "rules", 'add a line: rules = ["f1 >= 0.8"]')
    rules: dict[str, PolicyRule] = {}
    for at, text in enumerate(texts):
        where = table.item_place("rules", at)
        try:
            rule = parse_rule(text)
        except ConfigError as error:
            raise ConfigError(error.seen, where=where, hint=error.hint) from None
        if str(rule) in rules:
            raise ConfigError(f"the rule {rule} is there twice", where=where, hint="take one out")
        rules[str(rule)] = PolicyRule(rule, where)
    everywhere = _costs(table.table("cost"), Costs())
    fields = table.table("field_cost")
    own = {}
    for path in fields.values:
        try:
            own[canonical(path)] = _costs(fields.table(path), everywhere)
        except ValueError as failure:
            raise fields.error(str(failure), path, "write it as `harness schema show` prints it") from None
    return Policy(
        rules=tuple(rules.values()),
        baseline=table.text("baseline") if "baseline" in table.values else "",
        inconclusive=_inconclusive(table),
        costs=ErrorCosts(everywhere, own),
        where=table.place(),
    )


def _inconclusive(table: Table) -> Verdict:
    if "inconclusive" not in table.values:
        return Verdict.INCONCLUSIVE
    text = table.text("inconclusive")
    if text not in _INCONCLUSIVE:
        seen = f'"inconclusive" is {text!a}'
        hint = 'write "pass" or "fail", or leave it out: the command ends with exit code 5 then'
        raise table.error(seen, "inconclusive", hint)
    return _INCONCLUSIVE[text]


def _costs(table: Table, inherited: Costs) -> Costs:
    from harness.verdicts.gate.error_costs import Costs

    table.refuse_unknown(_COSTS)
    found = {name: table.number(name, 0) for name in _COSTS}
    return Costs(**{name: getattr(inherited, name) if cost is None else cost for name, cost in found.items()})
