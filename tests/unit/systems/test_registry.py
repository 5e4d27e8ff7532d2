import subprocess
import sys
from typing import Any

import pytest
from pydantic import BaseModel

from harness.errors import ConfigError
from harness.systems import SystemSpec, Task, build, kinds, prompted


class Thing(BaseModel):
    name: str | None = None


def made(kind: str, **parameters: Any) -> Any:
    return build(SystemSpec("mine", kind, parameters), Task(Thing, gold=lambda document: {"name": document}))


def test_every_kind_has_a_line() -> None:
    assert list(kinds())[:4] == ["null", "rules", "noisy-gold", "model"]
    assert all(line and "\n" not in line for line in kinds().values())


def test_an_unknown_kind_is_refused_with_the_near_names() -> None:
    with pytest.raises(ConfigError) as refused:
        made("noisy_gold")
    assert "noisy-gold" in str(refused.value)
    assert "system 'mine'" in str(refused.value)
    assert "null" in refused.value.hint


@pytest.mark.parametrize(
    ("parameters", "seen"),
    [
        ({"drp": 0.1}, "there is no parameter 'drp'"),
        ({"drop": True}, "drop is True; it is a number"),
        ({"drop": "0.1"}, "drop is '0.1'; it is a number"),
        ({"drop": 1.5}, "at most 1"),
        ({"edit": -0.1}, "at least 0"),
        ({"add": float("nan")}, "finite"),
        ({"seed": 1.0}, "seed is 1.0; it is a whole number"),
        ({"seed": True}, "seed is True; it is a whole number"),
        ({"shuffle": 1}, "shuffle is 1; it is true or false"),
        ({"drop": None}, "drop is None"),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(parameters: dict[str, Any], seen: str) -> None:
    with pytest.raises(ConfigError) as refused:
        made("noisy-gold", **parameters)
    assert seen in str(refused.value)


def test_a_near_parameter_is_named() -> None:
    with pytest.raises(ConfigError, match="Did you mean shuffle"):
        made("noisy-gold", shufle=True)


def test_a_kind_without_parameters_says_so() -> None:
    with pytest.raises(ConfigError, match="It takes none"):
        made("null", seed=1)


@pytest.mark.parametrize(
    ("parameters", "seen"),
    [
        ({}, "the parameter model is missing"),
        ({"model": "openai/m", "mode": "tool"}, "mode is 'tool'; it is one of: tools, json_schema"),
        ({"model": "openai/m", "parameters": 3}, "parameters is 3; it is a table"),
        ({"model": "openai/m", "parameters": ["a"]}, "it is a table"),
        ({"model": "openai/m", "max_retries": -1}, "at least 0"),
        ({"model": "openai/m", "strict": "yes"}, "it is true or false"),
    ],
)
def test_a_table_a_choice_and_what_is_required_are_checked(parameters: dict[str, Any], seen: str) -> None:
    with pytest.raises(ConfigError) as refused:
        made("model", **parameters)
    assert seen in str(refused.value)


@pytest.mark.parametrize(("kind", "parameters"), [("nul", {}), ("null", {"x": 1}), ("model", {"model": "x"})])
def test_the_place_in_the_configuration_is_named(kind: str, parameters: dict[str, Any]) -> None:
    spec = SystemSpec("mine", kind, parameters, where="harness.toml:12")
    with pytest.raises(ConfigError) as refused:
        build(spec, Task(Thing))
    assert refused.value.where == "harness.toml:12"


def test_only_models_are_prompted() -> None:
    assert prompted("model")
    assert not any(map(prompted, ["null", "rules", "noisy-gold", "no such kind"]))


def test_a_whole_number_is_a_share() -> None:
    assert made("noisy-gold", drop=1).identity["drop"] == "1.0"


def test_importing_the_registry_imports_no_sdk() -> None:
    heavy = "'openai', 'instructor', 'numpy', 'scipy', 'pydantic', 'jinja2', 'httpx2'"
    code = f"import sys, harness.systems.registry; print([name for name in ({heavy}) if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
