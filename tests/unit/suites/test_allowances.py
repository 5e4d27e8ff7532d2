from decimal import Decimal
from pathlib import Path

import pytest

from harness.errors import ConfigError
from harness.records import Limits, Price
from harness.suites.configuration import Configuration, load_configuration


def configured(folder: Path, text: str) -> Configuration:
    path = folder / "harness.toml"
    path.write_text(text)
    return load_configuration(path)


def test_limits_that_are_left_out_have_their_defaults(tmp_path: Path) -> None:
    configuration = configured(
        tmp_path,
        '[systems.a]\nkind = "null"\nlimits = { concurrency = 32, call_timeout = 2.5, retries = 0 }\n'
        '[systems.b]\nkind = "null"\n',
    )
    assert configuration.system("a").limits == Limits(concurrency=32, call_timeout=2.5, retries=0)
    assert configuration.system("b").limits == Limits()
    assert configuration.system("a").parameters == {}
    assert configuration.system("b").where.endswith("harness.toml:4")


def test_a_price_is_what_a_person_wrote(tmp_path: Path) -> None:
    configuration = configured(
        tmp_path, '[prices."openai/mine"]\ninput = 0.1\noutput = 2\ncached_input = 0.025\n'
    )
    assert configuration.prices == {"openai/mine": Price(Decimal("0.1"), Decimal(2), Decimal("0.025"))}


@pytest.mark.parametrize(
    ("text", "line", "seen"),
    [
        ("limits = { concurrency = 0 }", 3, '"concurrency" is 0'),
        ("limits = { concurrency = 1.5 }", 3, '"concurrency" is 1.5'),
        ("limits = { concurrency = true }", 3, '"concurrency" is a boolean'),
        ("limits = { call_timeout = 0 }", 3, '"call_timeout" is 0'),
        ("limits = { call_timeout = inf }", 3, '"call_timeout" is inf'),
        ("limits = { document_timeout = nan }", 3, '"document_timeout" is nan'),
        ("limits = { retries = -1 }", 3, '"retries" is -1'),
        ('limits = { tokens_per_minute = "many" }', 3, '"tokens_per_minute" is a string'),
        ("limits = { request_per_minute = 3 }", 3, 'unknown key "request_per_minute"'),
        ("limits = 3", 3, '"limits" is a number, not a table'),
        ('[prices."a/b"]\ninput = 1', 3, 'the price of a/b has no "output"'),
        ('[prices."a/b"]\ninput = -1\noutput = 1', 4, '"input" is -1'),
        ('[prices."a/b"]\ninput = 1\noutput = 1\nhourly = 2', 6, 'unknown key "hourly"'),
        ("[prices]\nfree = 0", 4, '"free" is a number, not a table'),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, seen: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, f'[systems.a]\nkind = "null"\n{text}\n')
    assert seen in caught.value.seen
    assert caught.value.where.endswith(f"harness.toml:{line}")
    assert caught.value.hint
