"""The objects that one sentence states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harness.records import Json
from harness.systems.rules.choices import ENOUGH, MemberCues, hedged, named, ranked
from harness.systems.rules.leaves import Scope, names_for
from harness.systems.rules.numbers import choose, fitting_number, has_side, nearest, number_for, stems_after
from harness.systems.rules.plans import ObjectPlan, SchemaPlan, is_numeric
from harness.systems.rules.reading import Sentence
from harness.systems.rules.senses import Sense
from harness.systems.rules.shapes import Shape
from harness.systems.rules.words import find_phrase, name_stems, stems

_MOST_OF_A_SENTENCE = 3
_NEGATIONS = frozenset({"not", "never", "no", "without"})
_RIGHT_BEHIND = 24


class Items:
    """Finds the objects of a schema in sentences."""

    def __init__(self, plan: SchemaPlan) -> None:
        self._plan = plan

    def in_scope(self, shape: Shape, scope: Scope) -> list[dict[str, Json]]:
        """The objects that a sentence states: one, or one for each member of its key that is named in a clause.

        A sentence that settles no member of the key, fills no field beside choices and evidence, or leaves a
        required field open states none; one without a word of the object's topic has to fill two.
        """
        plan, sentence = self._plan.object(shape), scope.sentence
        if "whether" in sentence.stems or not self._may_state(plan, sentence):
            return []
        if plan.subject is not None and self._plan.string(plan.subject).find(scope) is None:
            return []
        speaks = plan.subject is not None and self._plan.string(plan.subject).for_speech
        needed = 1 if speaks or plan.topic & sentence.stems else 2
        found = []
        for member, clause in self._settled(plan, sentence):
            inner = scope if member is None else replace(scope, sentence=clause, cue=member.own)
            item, solid = self.fill(shape, inner, member=member)
            if item is not None:
                found.append((item, solid))
        if needed == 1 and any(solid for _, solid in found):
            return [item for item, _ in found]
        return [item for item, solid in found if solid >= needed]

    def _may_state(self, plan: ObjectPlan, sentence: Sentence) -> bool:
        """Whether a look at the words leaves the sentence a chance; most end here."""
        if plan.key is None:
            return True
        return bool(plan.key_words & sentence.stems) or any(cue.phrases for cue in plan.key_cues)

    def _settled(self, plan: ObjectPlan, sentence: Sentence) -> Sequence[tuple[MemberCues | None, Sentence]]:
        if plan.key is None:
            return [(None, sentence)]
        cues = plan.key_cues
        found = named(cues, sentence)
        if len(found) > 1 and plan.subject is None:
            clauses = sentence.clauses()
            placed = [(cue, clause) for cue in found for clause in clauses if cue.own <= clause.stems]
            first = {cue.member: (cue, clause) for cue, clause in reversed(placed)}
            return list(first.values())[::-1][:_MOST_OF_A_SENTENCE]
        # Somebody's quoted words are worth an entry even when little speaks for what kind they are of.
        least = 1 if plan.subject is not None and sentence.quotes else ENOUGH
        best = ranked(cues, sentence, needed=least)
        return [(best[0], sentence)] if best else []

    def fill(
        self, shape: Shape, scope: Scope, *, member: MemberCues | None = None
    ) -> tuple[dict[str, Json] | None, int]:
        """An object's fields in a scope, and how many of them are neither choices nor evidence.

        `None` when a required field stays open.
        """
        plan = self._plan.object(shape)
        if plan.numeric or scope.quantity is not None:
            scope = replace(scope, quantity=choose(plan, scope) if plan.numeric else None)
        values: dict[str, Json] = {}
        solid = 0
        for child in shape.properties:
            if child is plan.key:
                value: Json = None if member is None else self._member(child, member)
            else:
                value = self._value(child, scope, alone=plan.numeric < 2, counts=plan.numeric > 0)
            if value is None or value == []:
                if child.required and not child.nullable and child.kind != "array":
                    return None, 0
                if child.required:
                    values[child.name] = None if child.kind != "array" else []
                continue
            values[child.name] = value
            solid += not self._is_soft(child)
        return values, solid

    def _is_soft(self, child: Shape) -> bool:
        if child.kind == "array" and child.items is not None and child.items.kind == "choice":
            return True
        is_text = child.kind == "string" or (
            child.kind == "array" and child.items and child.items.kind == "string"
        )
        return child.kind == "choice" or bool(is_text and self._plan.string(child).sense is Sense.EVIDENCE)

    def _value(self, child: Shape, scope: Scope, *, alone: bool, counts: bool) -> Json:
        if child.kind == "choice":
            return self._choice(child, scope, counts=counts)
        if is_numeric(child):
            return self._number(child, scope, alone=alone)
        if child.kind in ("string", "union"):
            return self._string(child, scope)
        if child.kind == "boolean":
            return truth(child, scope.sentence)
        if child.kind == "array":
            return self._list(child, scope)
        if child.kind == "object":
            value, solid = self.fill(child, scope)
            return value if solid else None
        return None

    def _string(self, child: Shape, scope: Scope) -> Json:
        field = self._plan.string(child)
        if field.sense is Sense.EVIDENCE:
            return scope.sentence.text
        found = field.find(scope)
        if found is None and child.required and field.sense is Sense.TEXT:
            return field.fitting(scope.sentence.text)
        return found

    def _number(self, child: Shape, scope: Scope, *, alone: bool) -> Json:
        if alone or has_side(child):
            return None if scope.quantity is None else number_for(child, scope.quantity)
        near = nearest(child, scope.sentence.quantities, scope.sentence.text)
        return None if near is None else fitting_number(child, near.value)

    def _choice(self, child: Shape, scope: Scope, *, counts: bool) -> Json:
        cues = self._plan.cues(child)
        if not counts:
            found = named(cues, scope.sentence)
            return self._member(child, found[0]) if len(found) == 1 else None
        quantity = scope.quantity
        if quantity is None:
            return None
        behind = scope.sentence.text[quantity.end : quantity.end + _RIGHT_BEHIND]
        for cue in cues:
            words = stems(cue.member)
            if find_phrase(behind, cue.member) or (len(words) > 0 and words <= stems_after(quantity)):
                return self._member(child, cue)
        if any(cue.phrases for cue in cues):
            name = hedged(cues, quantity.hedge)
            return next((self._member(child, cue) for cue in cues if cue.member == name), None)
        return None

    def _list(self, child: Shape, scope: Scope) -> Json:
        item = child.items
        if item is None:
            return None
        if item.kind == "choice":
            return [self._member(item, cue) for cue in named(self._plan.cues(item), scope.sentence)]
        if item.kind == "object":
            value, solid = self.fill(item, scope)
            return [value] if solid else []
        if item.kind != "string":
            return []
        field = self._plan.string(child)
        if field.sense is Sense.EVIDENCE:
            return [scope.sentence.text]
        return [name for name in names_for(field, scope) if field.fitting(name)]

    def _member(self, shape: Shape, cue: MemberCues) -> Json:
        """A member in its own JSON type."""
        value: Json = next(member for member in shape.members if str(member) == cue.member)
        return value


def truth(shape: Shape, sentence: Sentence) -> bool | None:
    """Whether a sentence affirms every word of a field's name; `None` when it has not all of them."""
    wanted = name_stems(shape.name) - {"is", "has", "was"}
    if not wanted or not wanted <= sentence.stems:
        return None
    return not _NEGATIONS & sentence.stems
