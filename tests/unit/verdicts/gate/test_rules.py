from __future__ import annotations

import pytest

from harness.errors import ConfigError
from harness.verdicts.gate.rules import METRICS, Bound, Rule, parse_rule, plain


@pytest.mark.parametrize(
    ("text", "rule", "printed"),
    [
        ("f1 >= 0.80", Rule("f1", 0.8), "f1 >= 0.8"),
        ("  f1>=.8 ", Rule("f1", 0.8), "f1 >= 0.8"),
        ("lower(f1) >= 0.75", Rule("f1", 0.75, bound=Bound.LOWER), "lower(f1) >= 0.75"),
        ("upper( failure_rate )<=0", Rule("failure_rate", 0.0, bound=Bound.UPPER), "upper(failure_rate) <= 0"),
        ("f1 >= 1", Rule("f1", 1.0), "f1 >= 1"),
        ("f1 >= baseline - 0.02", Rule("f1", margin=0.02), "f1 >= baseline - 0.02"),
        ("f1 >= baseline − 0.02", Rule("f1", margin=0.02), "f1 >= baseline - 0.02"),
        ("f1 >= baseline", Rule("f1", margin=0.0), "f1 >= baseline - 0"),
        ("failure_rate <= baseline + 0.01", Rule("failure_rate", margin=0.01), None),
        ("error_cost <= baseline + 3", Rule("error_cost", margin=3.0), None),
        ("error_cost <= 3.5", Rule("error_cost", 3.5), None),
        ("dollars_per_document <= 1e-3", Rule("dollars_per_document", 0.001), "dollars_per_document <= 0.001"),
        ("f1 of a[].b.c >= baseline - 0.05", Rule("f1", path="a[].b.c", margin=0.05), None),
        ("lower(recall of a) >= 0.5", Rule("recall", 0.5, "a", Bound.LOWER), None),
        ('f1 of a."x >= 3" >= 0.5', Rule("f1", 0.5, 'a."x >= 3"'), None),
        ("f1 of a<B>.c >= 0.5", Rule("f1", 0.5, "a<B>.c"), None),
        ('f1 of "plain" >= 0.5', Rule("f1", 0.5, "plain"), "f1 of plain >= 0.5"),
    ],
)
def test_reads_and_prints(text: str, rule: Rule, printed: str | None) -> None:
    assert parse_rule(text) == rule
    assert str(rule) == (printed or " ".join(text.split()))
    assert parse_rule(str(rule)) == rule


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("precison >= 0.8", 'no metric "precison"', "did you mean precision"),
        ("F1 >= 0.8", 'no metric "F1"', "did you mean f1?"),
        ("invented <= 0.1", 'no metric "invented"', "over_generation"),
        ("latency <= 3", 'no metric "latency"', "latency_p95"),
        ("xyz >= 0.8", 'no metric "xyz"', "known are: f1, precision"),
        ("f1 <= 0.8", "more of it is better", "f1 >= "),
        ("failure_rate >= 0", "more of it is worse", "failure_rate <= "),
        ("f1 > 0.8", "no sign of a rule", "f1 >= "),
        ("f1 == 0.8", "no sign of a rule", "f1 >= "),
        ("f1", "is no rule", "write one like"),
        ("", "is no rule", "write one like"),
        ("f1 of >= 0.8", "is no rule", "write one like"),
        ("f1 >= 0.8 and recall >= 0.5", "is no rule", "write one like"),
        ("f1 >= 80", "lies between 0 and 1, and 80", "write 0.8 for 80 %"),
        ("f1 >= 80%", "lies between 0 and 1, and 80%", "write 0.8 for 80 %"),
        ("f1 >= -0.1", "lies between 0 and 1", "write"),
        ("latency_p95 <= -1", "cannot be -1", "seconds"),
        ("error_cost <= 1e999", "cannot be 1e999", "from 0 up"),
        ("error_cost <= baseline + 1e400", "the margin 1e400 is too large", "a smaller one"),
        ("f1 >= baseline - 1e400", "the margin 1e400 is no share", "0.02"),
        ("f1 >= \u0660.\u0668", "is no rule", "write one like"),
        ("f1 >= baseline - \u0660.1", "is no rule", "write one like"),
        ("f1 >= baseline - 7", "margin 7 is no share", "7 points is written 0.07"),
        ("f1 >= baseline - 1", "margin 1 is no share", "0.01"),
        ("f1 >= baseline - 2%", "margin 2% is no share", "0.02"),
        ("f1 >= baseline + 0.02", "asks for more than the baseline has", "baseline - MARGIN"),
        ("failure_rate <= baseline - 0.02", "asks for more", "baseline + MARGIN"),
        ("lower(f1) >= baseline - 0.02", "against the baseline", "leave it out"),
        ("latency_p95 <= baseline + 2", "not compared with the baseline", "ceiling"),
        ("upper(f1) >= 0.8", "may well be worse", "lower(f1)"),
        ("lower(failure_rate) <= 0.1", "may well be worse", "upper(failure_rate)"),
        ("upper(latency_p50) <= 3", "has no bounds", "latency_p50 <= 3"),
        ("mean(f1) >= 0.8", 'no "mean(…)"', "lower(…)"),
        ("macro_f1 of a >= 0.5", "not of a field", "f1, precision"),
        ("f1 of a..b >= 0.5", "no field path", "harness schema show"),
        ("f1\x1b[31m >= 0.5", r'no metric "f1\x1b[31m"', ""),
        ("f" * 2000 + " >= 0.5", "2,007 characters", "write one like"),
    ],
)
def test_refuses_with_what_to_write(text: str, words: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_rule(text)
    assert words in caught.value.seen
    assert hint in caught.value.hint


def test_every_metric_has_a_rule_that_can_be_written() -> None:
    for name, measured in METRICS.items():
        rule = parse_rule(f"{name} {'>=' if measured.more_is_better else '<='} 0.5")
        assert rule == Rule(name, 0.5)


@pytest.mark.parametrize("number", [0.0, 0.1 + 0.2, 1e-300, 1e22, 5e-324, 3.0])
def test_numbers_read_back(number: float) -> None:
    assert float(plain(number)) == number
