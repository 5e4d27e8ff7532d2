import subprocess
import sys
from typing import Any

import pytest
from pydantic import BaseModel

from harness.errors import ConfigError
from harness.systems import SystemSpec, Task, build, kinds


class Thing(BaseModel):
    name: str | None = None


def made(kind: str, **parameters: Any) -> Any:
    return build(SystemSpec("mine", kind, parameters), Task(Thing, gold=lambda document: {"name": document}))


def test_every_kind_has_a_line() -> None:
    assert list(kinds()) == ["null", "rules", "noisy-gold"]
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


def test_a_whole_number_is_a_share() -> None:
    assert made("noisy-gold", drop=1).identity["drop"] == "1.0"


def test_importing_the_registry_imports_no_sdk() -> None:
    heavy = "'openai', 'instructor', 'numpy', 'scipy', 'pydantic', 'jinja2', 'httpx2'"
    code = f"import sys, harness.systems.registry; print([name for name in ({heavy}) if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
