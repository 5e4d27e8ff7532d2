import asyncio
import copy
import json
import random
import subprocess
import sys
from typing import Any

import pytest
from pydantic import BaseModel

from harness.errors import ConfigError
from harness.records import Document, Request
from harness.systems import SystemSpec, Task, build
from harness.systems.base import Exchange
from harness.systems.noisy_gold import Noise, edited

GOLD: dict[str, Any] = {
    "title": "A title",
    "count": 3,
    "share": 0.5,
    "final": True,
    "nothing": None,
    "tags": ["red", "green"],
    "facts": [
        {"who": f"Name {number}", "amount": number, "inner": {"on": "2024-01-0" + str(number)}}
        for number in range(9)
    ],
}


def noisy(document: str = "d", trial: int = 0, **noise: Any) -> Any:
    return Noise(**noise).applied(GOLD, document=document, trial=trial)


def test_no_noise_is_gold() -> None:
    assert noisy(seed=7) == GOLD


def test_gold_is_left_alone() -> None:
    before = copy.deepcopy(GOLD)
    noisy(drop=0.5, edit=1.0, add=1.0, shuffle=True)
    assert before == GOLD


def test_seed_document_and_trial_each_matter() -> None:
    first = noisy(seed=1, drop=0.5)
    assert noisy(seed=1, drop=0.5) == first
    assert noisy(seed=2, drop=0.5) != first
    assert noisy(seed=1, drop=0.5, document="e") != first
    assert noisy(seed=1, drop=0.5, trial=1) != first


def test_another_process_makes_the_same_errors() -> None:
    code = (
        "import json, sys\nfrom harness.systems.noisy_gold import Noise\n"
        "print(json.dumps(Noise(3, 0.3, 0.3, 0.3, True).applied(json.load(sys.stdin), document='d', trial=2)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(GOLD), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == Noise(3, 0.3, 0.3, 0.3, True).applied(GOLD, document="d", trial=2)


def test_everything_dropped_leaves_empty_lists() -> None:
    assert noisy(drop=1.0) == {"tags": [], "facts": []}


def test_what_a_smaller_share_drops_a_greater_one_drops_too() -> None:
    few = {fact["who"] for fact in noisy(seed=5, drop=0.3)["facts"]}
    fewer = {fact["who"] for fact in noisy(seed=5, drop=0.6)["facts"]}
    assert fewer < few < {fact["who"] for fact in GOLD["facts"]}


def test_everything_edited_keeps_types_and_no_value() -> None:
    answer = noisy(edit=1.0)
    assert answer["final"] is False
    assert answer["nothing"] is None
    assert type(answer["count"]) is int
    assert answer["count"] != 3
    assert type(answer["share"]) is float
    assert answer["share"] != 0.5
    assert not set(answer["tags"]) & set(GOLD["tags"])
    assert all(fact["who"] != gold["who"] for fact, gold in zip(answer["facts"], GOLD["facts"], strict=True))


def test_additions_keep_gold_and_double_the_lists() -> None:
    answer = noisy(add=1.0)
    assert len(answer["facts"]) == 2 * len(GOLD["facts"])
    assert answer["facts"][::2] == GOLD["facts"]
    assert not any(fact in GOLD["facts"] for fact in answer["facts"][1::2])


def test_shuffling_only_moves() -> None:
    answer = noisy(shuffle=True)
    assert answer["facts"] != GOLD["facts"]
    assert sorted(answer["facts"], key=json.dumps) == sorted(GOLD["facts"], key=json.dumps)


@pytest.mark.parametrize(
    "value", ["", "…", "中文", "2024-01-01", 0, -3, 10**30, 0.0, 1e308, float("inf"), True]
)
def test_an_edit_changes_the_value_and_keeps_its_type(value: Any) -> None:
    for seed in range(20):
        changed = edited(value, random.Random(seed))  # noqa: S311
        assert type(changed) is type(value)
        assert changed != value


class Thing(BaseModel):
    title: str | None = None


def test_the_answer_is_json_even_of_a_lone_surrogate() -> None:
    system = build(SystemSpec("n", "noisy-gold"), Task(Thing, gold=lambda _: {"title": "a\ud800b"}))
    request, exchange = Request(Document("d", "text", ""), 3), Exchange()
    asyncio.run(system.answer(request, exchange))
    raw = exchange.attempts[0].raw
    assert raw is not None
    assert raw.encode("utf-8")
    assert json.loads(raw) == {"title": "a\ud800b"}
    assert system.fingerprint(request) is None


def test_without_gold_there_is_no_system() -> None:
    with pytest.raises(ConfigError, match="there is none here"):
        build(SystemSpec("n", "noisy-gold"), Task(Thing))


def test_the_identity_says_what_it_is() -> None:
    system = build(SystemSpec("n", "noisy-gold", {"seed": 4, "drop": 0.25}), Task(Thing, gold=lambda _: {}))
    assert system.identity == {
        "kind": "noisy-gold",
        "seed": "4",
        "drop": "0.25",
        "edit": "0.0",
        "add": "0.0",
        "shuffle": "no",
    }
