"""One rule of a policy: text that parses, and prints back.

A rule holds one figure against a limit: `f1 >= 0.8`, `lower(f1) >= 0.75`, `upper(failure_rate) <= 0.02`, or
against what the baseline has: `f1 of facts[].who >= baseline - 0.05`. Nothing in it is evaluated: a metric by
its name, perhaps a field, and a number.
"""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass
from enum import StrEnum

from harness.errors import ConfigError
from harness.paths import parse as parse_path
from harness.paths import render

SLACK = 1e-9
"""What rounding may take from a value: one that is so near to its bound keeps it."""


class Sort(StrEnum):
    """What a metric is measured on."""

    HEADLINE = "headline"
    PROPORTION = "proportion"
    ERROR_COST = "error cost"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a rule can be about.

    Attributes:
        sort: What it is measured on.
        more_is_better: Whether a rule gives it a floor; else it gives it a ceiling.
        of_fields: Whether it can be asked of one field.
        share: Whether it lies between 0 and 1.
    """

    sort: Sort
    more_is_better: bool
    of_fields: bool = False
    share: bool = True


_HEADLINE = Sort.HEADLINE
METRICS = {
    "f1": Measured(_HEADLINE, True, True),
    "precision": Measured(_HEADLINE, True, True),
    "recall": Measured(_HEADLINE, True, True),
    "macro_f1": Measured(_HEADLINE, True),
    "document_f1": Measured(_HEADLINE, True),
    "exactly_right": Measured(Sort.PROPORTION, True),
    "fact_f1": Measured(_HEADLINE, True),
    "fact_precision": Measured(_HEADLINE, True),
    "fact_recall": Measured(_HEADLINE, True),
    "edit_accuracy": Measured(_HEADLINE, True, True),
    "over_generation": Measured(_HEADLINE, False, True),
    "under_generation": Measured(_HEADLINE, False, True),
    "null_specificity": Measured(_HEADLINE, True, True),
    "failure_rate": Measured(Sort.PROPORTION, False),
    "error_cost": Measured(Sort.ERROR_COST, False, True, share=False),
    "dollars_per_document": Measured(Sort.EXPENSE, False, share=False),
    "latency_p50": Measured(Sort.EXPENSE, False, share=False),
    "latency_p95": Measured(Sort.EXPENSE, False, share=False),
}
"""Everything that a rule can be about, by its name."""

_MEANT = {
    "accuracy": "edit_accuracy",
    "cost": "dollars_per_document",
    "dollars": "dollars_per_document",
    "failed": "failure_rate",
    "failures": "failure_rate",
    "f_1": "f1",
    "hallucination": "over_generation",
    "hallucinations": "over_generation",
    "invented": "over_generation",
    "latency": "latency_p95",
    "missed": "under_generation",
    "missing": "under_generation",
    "price": "dollars_per_document",
    "spurious": "over_generation",
}
"""Other words that people have for a metric; each is answered with its name, none is accepted."""

_NUMBER = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_ENDING = re.compile(
    rf"(?P<sign>>=|<=|==|=|>|<|≥|≤)\s*"
    rf"(?:(?P<baseline>baseline)\s*(?:(?P<way>[-+−])\s*(?P<margin>{_NUMBER})\s*(?P<points>%?))?"
    rf"|(?P<limit>[-+]?{_NUMBER})\s*(?P<percent>%?))\s*\Z"
)
_SUBJECT = re.compile(
    r"\s*(?:(?P<bound>[^\W\d]\w*)\s*\(\s*(?P<inside>.*?)\s*\)|(?P<plain>.*?))\s*\Z", re.DOTALL
)
_OF = re.compile(r"(?P<metric>[^\s()]+)(?:\s+of\s+(?P<path>.+))?\Z", re.DOTALL)
_LONGEST = 1_000
_FORMS = "write one like: f1 >= 0.8, lower(f1) >= 0.75, f1 >= baseline - 0.02, failure_rate <= 0.01"


class Bound(StrEnum):
    """Which figure of a metric is held against the limit."""

    VALUE = ""
    LOWER = "lower"
    UPPER = "upper"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        metric: A name of `METRICS`.
        limit: The least or most that the metric may be; `None` for a rule against the baseline.
        path: The field's path; empty for the whole suite.
        bound: Whether the value is held against the limit, or a one-sided 95 % bound of it.
        margin: By how much the metric may be worse than in the baseline; `None` for a rule with a limit.

    >>> str(parse_rule("f1 of deployments[].name>=baseline-.05"))
    'f1 of deployments[].name >= baseline - 0.05'
    """

    metric: str
    limit: float | None = None
    path: str = ""
    bound: Bound = Bound.VALUE
    margin: float | None = None

    @property
    def measured(self) -> Measured:
        """What the metric is."""
        return METRICS[self.metric]

    @property
    def subject(self) -> str:
        """What is compared: `f1 of facts[].who`, without a bound around it."""
        return f"{self.metric} of {self.path}" if self.path else self.metric

    def __str__(self) -> str:
        """The rule as `parse_rule` reads it."""
        sign = ">=" if self.measured.more_is_better else "<="
        subject = f"{self.bound}({self.subject})" if self.bound else self.subject
        if self.margin is None:
            return f"{subject} {sign} {plain(self.limit or 0.0)}"
        return f"{subject} {sign} baseline {'-' if sign == '>=' else '+'} {plain(self.margin)}"


def plain(number: float) -> str:
    """A number as a person writes it, which reads back as the same one.

    >>> plain(0.80), plain(3.0), plain(1e-12)
    ('0.8', '3', '1e-12')
    """
    return repr(number + 0.0).removesuffix(".0")


def parse_rule(text: str) -> Rule:
    """Read a rule.

    Raises:
        ConfigError: When it is no rule: a metric that does not exist (names the near ones), a field path that
            is none, a limit that cannot be, or a metric held the wrong way round. Says what to write.
    """
    if len(text) > _LONGEST:
        raise ConfigError(f"a rule of {len(text):,} characters", hint=_FORMS)
    ending = _ENDING.search(text)
    if ending is None:
        raise ConfigError(f"{_shown(text)} is no rule", hint=_FORMS)
    subject = _SUBJECT.match(text[: ending.start()])
    named = None if subject is None else _OF.match(subject["inside"] or subject["plain"] or "")
    if subject is None or named is None:
        raise ConfigError(f"{_shown(text)} is no rule", hint=_FORMS)
    metric = _metric(named["metric"])
    path = _path(metric, named["path"])
    bound = _bound(subject["bound"])
    _check_sign(metric, ending["sign"])
    if ending["baseline"]:
        return Rule(metric, path=path, bound=_no_bound(bound), margin=_margin(metric, ending))
    rule = Rule(metric, _limit(metric, ending), path, bound)
    _check_bound(rule)
    return rule


def near(name: str, known: tuple[str, ...]) -> str:
    """What was probably meant, or all there is."""
    close = difflib.get_close_matches(name, known, cutoff=0.55)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"known are: {', '.join(known)}"


def _metric(name: str) -> str:
    lower = name.lower().replace("-", "_")
    if name in METRICS:
        return name
    if lower in METRICS or lower in _MEANT:
        hint = f"did you mean {lower if lower in METRICS else _MEANT[lower]}?"
    else:
        hint = near(lower, tuple(METRICS))
    raise ConfigError(f"there is no metric {_shown(name)}", hint=hint)


def _path(metric: str, text: str | None) -> str:
    if text is None:
        return ""
    if not METRICS[metric].of_fields:
        fields = ", ".join(name for name, one in METRICS.items() if one.of_fields)
        raise ConfigError(
            f"{metric} is of the whole suite, not of a field", hint=f"of a field there are: {fields}"
        )
    try:
        return render(parse_path(text))
    except ValueError as failure:
        raise ConfigError(str(failure), hint="write it as `harness schema show` prints it") from None


def _bound(text: str | None) -> Bound:
    if text is None:
        return Bound.VALUE
    if text not in (Bound.LOWER, Bound.UPPER):
        raise ConfigError(f"there is no {_shown(text + '(…)')}", hint="write lower(…) or upper(…)")
    return Bound(text)


def _check_sign(metric: str, sign: str) -> None:
    right = ">=" if METRICS[metric].more_is_better else "<="
    if sign == right:
        return
    if sign in (">=", "<="):
        better = "better" if METRICS[metric].more_is_better else "worse"
        raise ConfigError(f"{metric} {sign} …: more of it is {better}", hint=f"write {metric} {right} …")
    raise ConfigError(f"{_shown(sign)} is no sign of a rule", hint=f"write {metric} {right} …")


def _no_bound(bound: Bound) -> Bound:
    if bound:
        raise ConfigError(
            f"{bound}(…) stands in a rule against the baseline",
            hint="leave it out: such a rule is always decided on the bounds of the difference",
        )
    return bound


def _margin(metric: str, ending: re.Match[str]) -> float:
    measured = METRICS[metric]
    if measured.sort is Sort.EXPENSE:
        raise ConfigError(
            f"{metric} is not compared with the baseline", hint=f"write a ceiling: {metric} <= 0.05"
        )
    sign, way = ("-", ("-", "−")) if measured.more_is_better else ("+", ("+",))
    if ending["way"] is None:
        return 0.0
    if ending["way"] not in way:
        seen = f"baseline {ending['way']} {ending['margin']} asks for more than the baseline has"
        hint = f"write baseline {sign} MARGIN; the margin is how much worse it may be"
        raise ConfigError(seen, hint=hint)
    margin = float(ending["margin"])
    if ending["points"] or (measured.share and not margin < 1):
        share = plain(margin / 100) if 0 < margin < 100 else "0.02"
        seen = f"the margin {ending['margin']}{ending['points']} is no share from 0 to below 1"
        raise ConfigError(seen, hint=f"a margin of {_points(margin)} is written {share}")
    if not math.isfinite(margin):
        raise ConfigError(f"the margin {ending['margin']} is too large a number", hint="write a smaller one")
    return margin


def _points(margin: float) -> str:
    if not 0 < margin < 100:
        return "2 points"
    return f"{plain(margin)} point{'' if margin == 1 else 's'}"


def _limit(metric: str, ending: re.Match[str]) -> float:
    text, measured = ending["limit"], METRICS[metric]
    limit = float(text)
    if measured.share and (ending["percent"] or not 0 <= limit <= 1):
        hint = (
            f"write {plain(limit / 100)} for {plain(limit)} %" if 1 < limit <= 100 or ending["percent"] else ""
        )
        raise ConfigError(
            f"{metric} lies between 0 and 1, and {text}{ending['percent']} does not", hint=hint or "write 0.8"
        )
    if ending["percent"] or not 0 <= limit < math.inf:
        unit = {"error_cost": "", "dollars_per_document": " of dollars"}.get(metric, " of seconds")
        raise ConfigError(
            f"{metric} cannot be {text}{ending['percent']}", hint=f"write a number{unit} from 0 up"
        )
    return abs(limit)


def _check_bound(rule: Rule) -> None:
    if not rule.bound:
        return
    if rule.measured.sort is Sort.EXPENSE:
        raise ConfigError(
            f"{rule.metric} has no bounds", hint=f"write {rule.metric} <= {plain(rule.limit or 0)}"
        )
    right = Bound.LOWER if rule.measured.more_is_better else Bound.UPPER
    if rule.bound is not right:
        seen = f"{rule.bound}({rule.metric}) would pass what may well be worse than the limit"
        raise ConfigError(seen, hint=f"write {right}({rule.metric}) instead")


def _shown(text: str) -> str:
    short = text if len(text) <= 60 else text[:60] + "…"
    return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short) + '"'
