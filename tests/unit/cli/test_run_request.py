import argparse
from pathlib import Path

import pytest

from harness.cli.commands import build_parser
from harness.cli.run_request import results_of, systems_of
from harness.errors import UsageError
from harness.suites.configuration import Configuration, SystemConfig, load_configuration

CONFIGURATION = """
[suites.one]
schema = "nowhere:Model"
documents = "."
gold = "."

[systems.floor]
kind = "null"

[systems.gpt]
kind = "model"
model = "openai/gpt"
mode = "tools"
parameters = { temperature = 0, seed = 1 }
limits = { concurrency = 32, requests_per_minute = 5 }
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    path = tmp_path / "harness.toml"
    path.write_text(CONFIGURATION)
    return load_configuration(path)


def arguments(*words: str) -> argparse.Namespace:
    return build_parser().parse_args(["run", *words])


def asked(configuration: Configuration, words: argparse.Namespace) -> tuple[SystemConfig, ...]:
    return systems_of(words, configuration, configuration.suite())


def test_a_suite_may_name_those_that_are_asked_without_a_choice(tmp_path: Path) -> None:
    path = tmp_path / "harness.toml"
    path.write_text(CONFIGURATION.replace('gold = "."', 'gold = "."\nsystems = ["floor"]'))
    configuration = load_configuration(path)
    assert [one.name for one in asked(configuration, arguments())] == ["floor"]
    assert [one.name for one in asked(configuration, arguments("--system", "gpt"))] == ["gpt"]


def test_without_a_choice_all_systems_are_asked(configuration: Configuration) -> None:
    assert [one.name for one in asked(configuration, arguments())] == ["floor", "gpt"]


def test_models_alone_are_asked_alone(configuration: Configuration) -> None:
    (one,) = asked(configuration, arguments("--model", "openai/a", "openai/a"))
    assert (one.name, one.kind, one.parameters) == ("openai/a", "model", {"model": "openai/a"})


def test_models_stand_behind_the_systems_that_are_named(configuration: Configuration) -> None:
    both = asked(configuration, arguments("--model", "openai/a", "--system", "floor"))
    assert [one.name for one in both] == ["floor", "openai/a"]


def test_what_the_words_say_of_models_wins_and_leaves_other_systems_alone(
    configuration: Configuration,
) -> None:
    words = ("--mode", "json", "--parameter", "temperature=0.5", "user=me", "--max-retries", "0")
    floor, gpt = asked(configuration, arguments(*words))
    assert floor.parameters == {}
    assert gpt.parameters == {
        "model": "openai/gpt",
        "mode": "json",
        "max_retries": 0,
        "parameters": {"temperature": 0.5, "seed": 1, "user": "me"},
    }


def test_concurrency_is_for_all_and_leaves_other_limits_alone(configuration: Configuration) -> None:
    floor, gpt = asked(configuration, arguments("--concurrency", "3"))
    assert floor.limits.concurrency == gpt.limits.concurrency == 3
    assert gpt.limits.requests_per_minute == 5


@pytest.mark.parametrize(
    ("words", "option"), [(("--mode", "json"), "--mode"), (("--parameter", "a=1"), "--parameter")]
)
def test_options_of_models_need_a_model(
    configuration: Configuration, words: tuple[str, ...], option: str
) -> None:
    with pytest.raises(UsageError, match=f"{option} is for models, and none is asked"):
        asked(configuration, arguments("--system", "floor", *words))


@pytest.mark.parametrize(
    "words", [("--trials", "2"), ("--prompt", "v2"), ("--leave-out", "a"), ("--max-retries", "1")]
)
def test_what_a_run_asks_cannot_change_when_it_goes_on(
    configuration: Configuration, words: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError, match=f"{words[0]} cannot be changed"):
        results_of(arguments("--resume", "latest", *words), configuration)


def test_going_on_is_one_or_the_other(configuration: Configuration) -> None:
    with pytest.raises(UsageError, match="both"):
        results_of(arguments("--resume", "a", "--retry-failed", "a"), configuration)


@pytest.mark.parametrize("amount", ["0", "-1", "nan", "inf", "five", "1e9"])
def test_a_ceiling_is_an_amount_of_dollars(amount: str) -> None:
    with pytest.raises(UsageError, match="not an amount of dollars"):
        arguments(f"--max-cost={amount}")


def test_a_parameter_has_a_name_and_a_value() -> None:
    with pytest.raises(UsageError, match="not NAME=VALUE"):
        arguments("--parameter", "temperature")
