from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ConfigError
from harness.records.fencing import DOCUMENT
from harness.suites.prompt_fields import PromptField
from harness.suites.prompt_file import Part
from harness.suites.prompt_template import LENGTH_LIMIT, fill

PATH = Path("v1.md")
FIELDS = tuple(PromptField(f"f{n}", "what", "string") for n in range(50))
VALUES = {
    "name": "Ann",
    "many": ["a", "b"],
    "both": {"x": 1, "inner": {"y": None}},
    "fields": FIELDS,
    "long": "x" * 60_000,
    "numbers": list(range(5000)),
}


def told(text: str, line: int = 10) -> str:
    return fill(Part("user", text, line), PATH, VALUES).text


def outcome(text: str) -> str:
    try:
        return told(text)
    except ConfigError:
        return "refused"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{{ name }}, {{ name | upper }}", "Ann, ANN"),
        ("{% for a in many %}{{ loop.index }}{{ a }}{% if not loop.last %}; {% endif %}{% endfor %}", "1a; 2b"),
        ("{{ many | length }} {{ many | first }} {{ many[1] }} {{ both.x }} {{ both['x'] }}", "2 a b 1 1"),
        ("{{ 'yes' if both.inner.y is none else 'no' }}", "yes"),
        ("a\n{% if many and name == 'Ann' %}\nb\n{% endif %}\nc", "a\nb\nc"),
        ("{# a remark #}x", "x"),
        ("{% raw %}{{ name }}{% endraw %}", "{{ name }}"),
        ("{{ document }}{{ name }}", "{{ document }}Ann"),
        ("{{- document -}} x", "{{ document }}x"),
        ("{% if many %}{{document}}{% endif %}", "{{ document }}"),
        ("{% for f in fields %}{% if loop.first %}{{ f.path }}{% endif %}{% endfor %}", "f0"),
    ],
)
def test_fills_in(text: str, filled: str) -> None:
    assert told(text) == filled


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a\n{{ nmae }}", 11, 'unknown variable "nmae"(.|\n)*"name"(.|\n)*known are: both, document, fields'),
        ("{% if false %}\n{{ nmae }}{% endif %}", 11, 'unknown variable "nmae"'),
        ("{% for nmae in many %}{% endfor %}\n\n{{ nmae }}", 12, 'unknown variable "nmae"'),
        ("a\n\n{{ name", 12, "a template error"),
        ("a\n{% if %}", 11, "Expected an expression"),
        ("a\n{% endif %}", 11, "a template error"),
        ("a\n{% frobnicate %}", 11, "unknown tag 'frobnicate'"),
        ("\n{{ both.z }}", 11, "no attribute 'z'"),
        ("\n{{ many[7] }}", 11, "has no element 7"),
        ("\n{{ name | uper }}", 11, 'unknown filter "uper"(.|\n)*"upper"'),
        ("\n{{ name is nope }}", 11, "No test named 'nope'"),
        ("\n{{ document | upper }}", 11, "the document can only be put in as it is"),
        ("\n{{ document.__class__ }}", 11, "private|as it is"),
        ("\n{{ document[0] }}", 11, "as it is"),
        ("\n{% if 'x' in document %}{% endif %}", 11, "as it is"),
        ("\n{{ [document] | join }}", 11, "as it is"),
        ("{{ document }}{{ document }}", 10, "would stand 2 times"),
        ("{% for a in many %}{{ document }}{% endfor %}", 10, "would stand 2 times"),
        ("{% raw %}{{ document }}{% endraw %}", 10, "would stand in the prompt as text"),
        ("\n{{ name.__class__.__mro__ }}", 11, "private"),
        ("\n{{ name['__class__'] }}", 11, "unsafe"),
        ("\n{{ name.upper }}", 11, "a method is written out"),
        ("\n{{ name.format }}", 11, "a method is written out"),
        ("\n{{ both }}", 11, "several values"),
        ("\n{{ many }}", 11, "a list is written out"),
        ("\n{{ both.inner.y }}", 11, "a null is written out"),
        ("\n{{ fields | join }}", 11, "several values"),
        ("\n{{ 1 is divisibleby 0 }}", 11, "ZeroDivisionError"),
        ("\n{{ name() }}", 11, "a call is not part"),
        ("\n{{ range(9) }}", 11, "a call is not part"),
        ("\n{{ 9 ** 9 }}", 11, "arithmetic is not part"),
        ("\n{{ 'a' * 9 }}", 11, "arithmetic is not part"),
        ("\n{{ name ~ name }}", 11, "joining by ~ is not part"),
        ("\n{{ {'a': 1} }}", 11, "a mapping is not part"),
        ("\n{% set a = 1 %}", 11, "an assignment"),
        ("\n{% include 'x' %}", 11, "another file"),
        ("\n{% import 'x' as y %}", 11, "another file"),
        ("\n{% extends 'x' %}", 11, "another file"),
        ("\n{% macro a() %}{% endmacro %}", 11, "a macro is not part"),
        ("\n{% block a %}{% endblock %}", 11, "a block is not part"),
        ("\n{% for a in name %}{% endfor %}", 11, "a loop over str"),
        ("\n{% for a in both.x %}{% endfor %}", 11, "a loop over int"),
    ],
)
def test_refuses_with_the_line(text: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        told(text)
    assert caught.value.where == f"v1.md:{line}"
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{% for a in range(1000000000) %}{% endfor %}", "a call is not part"),
        ("{% for a in numbers %}" * 3 + "{% endfor %}" * 3, "more than 100,000 steps"),
        ("{% for a in numbers %}{{ long }}{% endfor %}", f"more than {LENGTH_LIMIT:,} characters"),
        ("{{ numbers | join(long) }}", f"join makes more than {LENGTH_LIMIT:,}"),
        ("{{ long | join(long) | join(long) }}", f"join makes more than {LENGTH_LIMIT:,}"),
        ("{{ long }}" * 100, f"more than {LENGTH_LIMIT:,} characters"),
        ("{{ long }}" * 100_000, "more than 5,000 words and signs"),
        ("{{ " + "(" * 2_000 + "1" + ")" * 2_000 + " }}", "nested too deep"),
        ("{{ " + "not " * 4_000 + "1 }}", "nested too deep"),
        ("{{ name" + ".a" * 2_000 + " }}", "nested too deep|no attribute"),
        ("{% if 1 %}" * 150 + "{% endif %}" * 150, "nested too deep"),
        ("{{ " + "1" * 5_000 + " }}", "template error"),
    ],
)
def test_a_template_cannot_run_away(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        told(text)


@given(st.text(alphabet="ab \n{}%#-document", max_size=60))
def test_whatever_is_written_it_is_filled_in_or_refused(text: str) -> None:
    try:
        filled = fill(Part("user", text, 1), PATH, VALUES)
    except ConfigError as error:
        assert error.where.startswith("v1.md:")  # noqa: PT017 - either outcome is right
    else:
        assert filled.text.count(DOCUMENT) == (filled.line is not None)


@given(st.lists(st.sampled_from(["a ", "}}", "\n", "{ {", "%}", "# b", "é"]), max_size=8), st.integers(0, 8))
def test_jinja_and_the_short_way_say_the_same(pieces: list[str], at: int) -> None:
    text = "".join([*pieces[:at], "{{ document }}", *pieces[at:]])
    assert outcome(text) == outcome("{# by Jinja #}" + text)
