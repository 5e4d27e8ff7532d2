"""Gold with seeded errors: a test instrument whose score is known before it is computed."""

from __future__ import annotations

import hashlib
import json
import math
import random
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from harness.errors import ConfigError
from harness.records import Attempt, Fingerprint, Json, Request
from harness.systems.answers.stored_text import storable
from harness.systems.base import Exchange, SystemSpec, Task


@dataclass(frozen=True, slots=True)
class Noise:
    """How much goes wrong.

    Every decision is drawn by itself from seed, document, trial, path and purpose. So it depends on no order,
    no process and no other decision, and whatever a smaller share drops, a greater one drops too.

    Attributes:
        seed: The seed.
        drop: The share of list items, and of values outside lists, that is left out.
        edit: The share of values that is changed. The JSON type stays.
        add: The share of list items that is followed by a copy with every value changed.
        shuffle: Whether every list is put into another order.
    """

    seed: int = 0
    drop: float = 0.0
    edit: float = 0.0
    add: float = 0.0
    shuffle: bool = False

    def applied(self, value: Json, *, document: str, trial: int) -> Json:
        """A new value with this noise; the given one is left alone."""
        return _Pass(self, f"{self.seed}\x1f{document}\x1f{trial}").visit(value, "$")


@dataclass(frozen=True, slots=True)
class _Pass:
    noise: Noise
    key: str

    def random(self, path: str, purpose: str) -> random.Random:
        seed = hashlib.sha256(f"{self.key}\x1f{path}\x1f{purpose}".encode("utf-8", "surrogatepass"))
        return random.Random(seed.digest())  # noqa: S311 - repeatable noise, no secret

    def hit(self, path: str, purpose: str, share: float) -> bool:
        return share > 0 and self.random(path, purpose).random() < share

    def visit(self, value: Json, path: str, *, in_fact: bool = False) -> Json:
        if isinstance(value, Mapping):
            return self._mapping(value, path, in_fact=in_fact)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return self._list(value, path)
        if self.hit(path, "edit", self.noise.edit):
            return edited(value, self.random(path, "edited"))
        return value

    def _mapping(self, value: Mapping[str, Json], path: str, *, in_fact: bool) -> Json:
        kept = {}
        for key, child in value.items():
            inner = f"{path}.{key}"
            is_leaf = child is None or isinstance(child, bool | int | float | str)
            if not in_fact and is_leaf and self.hit(inner, "drop", self.noise.drop):
                continue
            kept[key] = self.visit(child, inner, in_fact=in_fact)
        return kept

    def _list(self, items: Sequence[Json], path: str) -> Json:
        answered: list[Json] = []
        for index, item in enumerate(items):
            inner = f"{path}[{index}]"
            if not self.hit(inner, "drop", self.noise.drop):
                answered.append(self.visit(item, inner, in_fact=True))
            if self.hit(inner, "add", self.noise.add):
                invention = _Pass(Noise(edit=1.0), f"{self.key}\x1finvented")
                answered.append(invention.visit(item, inner, in_fact=True))
        if self.noise.shuffle:
            self.random(path, "shuffle").shuffle(answered)
        return answered


def edited(value: Json, rng: random.Random) -> Json:
    """Another value of the same JSON type, far from the first; `None`, lists and objects stay as they are."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + rng.randint(1, 3) * max(1, abs(value))
    if isinstance(value, float):
        moved = value + rng.randint(1, 3) * max(1.0, abs(value))
        return moved if math.isfinite(moved) else 0.0
    if isinstance(value, str):
        return _other_text(value, rng)
    return value


def _other_text(text: str, rng: random.Random) -> str:
    """Every letter and digit moved on, so that no fuzzy comparison takes it for the first."""
    letters, digits = rng.randint(1, 25), rng.randint(1, 9)

    def moved(character: str) -> str:
        for alphabet, step in ((string.ascii_lowercase, letters), (string.ascii_uppercase, letters)):
            if character in alphabet:
                return alphabet[(alphabet.index(character) + step) % 26]
        if character in string.digits:
            return string.digits[(int(character) + digits) % 10]
        return rng.choice(string.ascii_lowercase) if character.isalnum() else character

    changed = "".join(map(moved, text))
    return changed if changed != text else f"{text}{rng.choice(string.ascii_lowercase)}"


class NoisyGold:
    """Answers with gold after `Noise`."""

    def __init__(self, noise: Noise, gold: Callable[[str], Json]) -> None:
        self._noise = noise
        self._gold = gold

    @property
    def identity(self) -> Mapping[str, str]:
        """Its kind, named for what it is in every report, and the noise."""
        noise = self._noise
        return {
            "kind": "noisy-gold",
            "seed": str(noise.seed),
            "drop": repr(noise.drop),
            "edit": repr(noise.edit),
            "add": repr(noise.add),
            "shuffle": "yes" if noise.shuffle else "no",
        }

    def fingerprint(self, request: Request) -> Fingerprint | None:
        """None: it costs nothing."""
        del request
        return None

    async def answer(self, request: Request, exchange: Exchange) -> None:
        """The document's gold with errors; the same for the same seed, document and trial."""
        document, trial = request.document.id, request.trial
        value = self._noise.applied(self._gold(document), document=document, trial=trial)
        raw = storable(json.dumps(value, ensure_ascii=False))
        exchange.attempts.append(Attempt(raw, 0.0))

    async def close(self) -> None:
        """Nothing to release."""


def build(spec: SystemSpec, task: Task) -> NoisyGold:
    """The factory of the kind `noisy-gold`.

    Raises:
        ConfigError: When the task has no gold.
    """
    if task.gold is None:
        raise ConfigError("noisy-gold answers with gold, and there is none here", where=f"system {spec.name!r}")
    noise = Noise(**spec.parameters)  # type: ignore[arg-type] # the registry has checked them
    return NoisyGold(noise, task.gold)
