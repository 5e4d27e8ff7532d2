from __future__ import annotations

from typing import Any

import pytest

from harness.suites.annotated_paths import printed
from harness.suites.support import unsupported
from tests.unit.suites.label_schema import PLAN

TEXT = "On 25 August 2022 it was written."


def found(quote: Any, **fact: Any) -> list[tuple[str, Any]]:
    quotes = quote if isinstance(quote, list | dict) else [quote]
    facts: Any = {"title": "nowhere to be found", "facts": [{**fact, "evidence": quotes}]}
    return [(printed(one.path), one.value) for one in unsupported(PLAN, facts, TEXT)]


@pytest.mark.parametrize(
    ("quote", "fact"),
    [
        ("about four thousand men", {"count": {"low": 4000}}),
        ("some 200 million", {"count": {"low": 200_000_000}}),
        ("men came from the DPR", {"place": "Donetsk People's Republic"}),
        ("men came from the Donetsk People’s republic", {"place": "DPR"}),
        ("on 17 June", {"when": "2022-06-17"}),
        ("on June 17th", {"when": "2022-06-17"}),
        ("in Sept. of that year", {"when": "XXXX-09"}),
        ("2021-06-17", {"when": "2021-06-17"}),
        ("in 2019", {"when": "2019"}),
        ("several hundred or even thousands of men", {"count": {"wording": "several hundred or thousands"}}),
        ("The RUSSIANS and Li", {"names": ["Russia", "li"]}),
        ("nothing", {"status": "present", "sure": True, "remark": "not graded"}),
        ("the DPR", {"place": {"$any": ["Moscow", "DPR"]}}),
        ("the DPR", {"place": {"$any": [None, "Moscow"]}}),
        ("three", {"count": {"$any": [{"low": 7}, {"low": 3}]}}),
        ({"$any": [["seven"], ["three"]]}, {"count": {"low": 3}}),
        (["one", "three"], {"count": {"low": 3}, "names": ["one"]}),
    ],
)  # fmt: skip
def test_what_a_quote_supports(quote: Any, fact: dict[str, Any]) -> None:
    assert found(quote, **fact) == []


@pytest.mark.parametrize(
    ("quote", "fact", "path", "value"),
    [
        ("about 400 men", {"count": {"low": 4000}}, "facts[0].count.low", 4000),
        ("in Luhansk", {"place": "DPR"}, "facts[0].place", "DPR"),
        ("on 18 June", {"when": "2022-06-17"}, "facts[0].when", "2022-06-17"),
        ("on 17 July", {"when": "2022-06-17"}, "facts[0].when", "2022-06-17"),
        ("on 17 June", {"when": "2021-06-17"}, "facts[0].when", "2021-06-17"),
        ("he must be used to it", {"names": ["US"]}, "facts[0].names[0]", "US"),
        ("several hundred", {"count": {"wording": "several thousand"}}, "facts[0].count.wording", "several thousand"),  # noqa: E501
        ("in Kyiv", {"place": {"$any": ["Moscow", "DPR"]}}, "facts[0].place", "Moscow"),
        ([], {"count": {"low": 3}}, "facts[0].count.low", 3),
        ("nobody", {"names": [{"$optional": "Li"}]}, "facts[0].names[0]", "Li"),
    ],
)  # fmt: skip
def test_what_no_quote_supports(quote: Any, fact: dict[str, Any], path: str, value: Any) -> None:
    assert found(quote, **fact) == [(path, value)]


def test_of_whole_facts_one_supported_reading_is_enough() -> None:
    one, two = ({"names": [name], "evidence": ["Ann came"]} for name in ("Ann", "Bob"))
    assert unsupported(PLAN, {"facts": [{"$any": [two, one]}]}, TEXT) == []
    (alone,) = unsupported(PLAN, {"facts": [{"$any": [two, two]}]}, TEXT)
    assert alone.path == ("facts", 0, "$any", 0, "names", 0)


def test_variants_of_a_union_have_their_own_quotes() -> None:
    payment = {"kind": "payment", "amount": 804, "quote": "some $800 a month"}
    facts: Any = {"others": [payment, {**payment, "amount": 900}, {"kind": "ban", "body": "UN"}]}
    assert [one.path for one in unsupported(PLAN, facts, TEXT)] == [("others", 1, "amount")]
