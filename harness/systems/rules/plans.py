"""What the words of a schema say, worked out once for all documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from harness.systems.rules.choices import MemberCues, cues_of
from harness.systems.rules.leaves import StringField
from harness.systems.rules.senses import Sense
from harness.systems.rules.shapes import Shape
from harness.systems.rules.words import name_stems, stems

_DISTINCTIVE = 3
_MONEY = frozenset(
    ["money", "price", "cost", "pay", "payment", "salary", "wage", "fee", "amount", "currency", "total"]
)


@dataclass(frozen=True, slots=True)
class ObjectPlan:
    """What is known of an object that is asked for.

    Attributes:
        topic: The stems that a sentence about it has one of.
        key: The required choice that a sentence must settle; `None` without one.
        subject: The first property, when it asks for a person; an item without it is none.
        is_money: Whether its numbers are amounts of money.
        units: The stems of the members of a sibling choice that reads like a unit ("hours a day"), by member.
        counted: The stems of what its numbers count.
        key_stems: The stems of the words of all the key's members.
        key_cues: What speaks for each member of the key.
        key_words: Every stem of these cues.
        numeric: How many of its fields take numbers.
    """

    topic: frozenset[str]
    key: Shape | None
    subject: Shape | None
    is_money: bool
    units: tuple[frozenset[str], ...]
    counted: frozenset[str]
    key_stems: frozenset[str]
    key_cues: tuple[MemberCues, ...]
    key_words: frozenset[str]
    numeric: int


class SchemaPlan:
    """Cues, string fields and object plans of every shape of a schema, found by the shape itself.

    Attributes:
        root: The schema's shape.
        common: Stems that stand in many of its descriptions and so tell nothing apart.
    """

    def __init__(self, root: Shape) -> None:
        self.root = root
        self._strings: dict[int, StringField] = {}
        self._objects: dict[int, ObjectPlan] = {}
        self._cues: dict[str, tuple[MemberCues, ...]] = {}
        abouts: dict[str, str] = {}
        members: dict[str, tuple[Any, ...]] = {}
        for shape in _walk(root):
            if shape.kind == "choice":
                # The same members elsewhere may be explained better: one explanation serves them all.
                key = repr(shape.members)
                members[key] = shape.members
                if shape.about not in abouts.get(key, ""):
                    abouts[key] = f"{abouts.get(key, '')} {shape.about}"
        for key, choice in members.items():
            self._cues[key] = cues_of([str(member) for member in choice], abouts.get(key, ""))
        seen = Counter(word for shape in _walk(root) for word in stems(shape.about))
        self.common = frozenset(word for word, count in seen.items() if count > _DISTINCTIVE)
        self._plan(root, frozenset())

    def cues(self, shape: Shape) -> tuple[MemberCues, ...]:
        """The cues of a choice's members."""
        return self._cues[repr(shape.members)]

    def string(self, shape: Shape) -> StringField:
        """What a string field, or a list of strings, is after."""
        return self._strings[id(shape)]

    def object(self, shape: Shape) -> ObjectPlan:
        """The plan of an object."""
        return self._objects[id(shape)]

    def _plan(self, shape: Shape, above: frozenset[str]) -> None:
        if shape.kind in ("string", "union"):
            self._strings[id(shape)] = StringField.of(shape)
        for option in shape.options:
            self._plan(option, above)
        if shape.kind == "array" and shape.items is not None:
            item = shape.items
            if item.kind == "string":
                about = f"{shape.about} {item.about}".strip()
                field = StringField.of(replace(item, name=shape.name, about=about))
                self._strings[id(shape)] = field
            self._plan(item, name_stems(shape.name))
        if shape.kind == "object":
            plan = self._object(shape, above)
            self._objects[id(shape)] = plan
            for child in shape.properties:
                self._plan(child, plan.topic)

    def _telling(self, cues: tuple[MemberCues, ...], topic: frozenset[str]) -> tuple[MemberCues, ...]:
        """The cues without the words that every sentence on the topic has."""
        return tuple(replace(cue, around=cue.around - topic - self.common) for cue in cues)

    def _object(self, shape: Shape, above: frozenset[str]) -> ObjectPlan:
        key = next((child for child in shape.properties if child.required and child.kind == "choice"), None)
        own = stems(" ".join(map(str, key.members))) if key else frozenset()
        topic = (stems(f"{shape.about} {shape.name.replace('_', ' ')}") | above) - own
        first = shape.properties[0] if shape.properties else None
        strings = [StringField.of(child) for child in shape.properties if child.kind == "string"]
        numeric = [child for child in shape.properties if is_numeric(child)]
        units = tuple(
            stems(str(member))
            for child in shape.properties
            if child.kind == "choice" and child.name in ("unit", "units")
            for member in child.members
        )
        cues = self._telling(self.cues(key), topic) if key else ()
        is_money = any(field.sense is Sense.CURRENCY for field in strings)
        is_subject = (
            first is not None and first.kind == "string" and StringField.of(first).sense is Sense.PERSON
        )
        return ObjectPlan(
            topic=topic,
            key=key,
            subject=first if is_subject else None,
            is_money=is_money or bool(numeric and stems(shape.name) & _MONEY),
            units=units,
            key_stems=own,
            key_cues=cues,
            key_words=frozenset().union(*(cue.own | cue.around for cue in cues)),
            numeric=len(numeric),
            counted=topic | stems(" ".join(child.about for child in numeric)),
        )


def is_numeric(shape: Shape) -> bool:
    """Whether a field takes a number: its type says so, or one of the options of its union does."""
    return shape.kind in ("number", "integer") or any(is_numeric(option) for option in shape.options)


def _walk(shape: Shape) -> Iterator[Shape]:
    yield shape
    for child in (*shape.properties, *shape.options, *([shape.items] if shape.items else [])):
        yield from _walk(child)
