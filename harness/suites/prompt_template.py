"""Fill in a part of a prompt, once, when it is loaded.

The language is Jinja's, cut down to what a prompt needs: names, attributes, `if`, `for`, comparisons and a few
filters. There is no call, no arithmetic, no assignment and no other file, so that a template can neither
reach out nor grow without bound; the sandbox stands behind that. `{{ document }}` alone is left in the text
for `harness.records.fencing.filled`: a document is put in as it is, or not at all.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.errors import ConfigError, HarnessError
from harness.records.fencing import DOCUMENT
from harness.suites.places import place, quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from jinja2 import Template, nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from harness.suites.prompt_file import Part

LENGTH_LIMIT = 4 * 1024 * 1024
"""The most characters that a part may have once it is filled in."""
TOKEN_LIMIT = 5_000
"""The most words and signs that may stand inside the braces of one part."""
STEP_LIMIT = 100_000
"""How often the bodies of all loops of a part may be run in total."""
FILTERS = ("first", "join", "last", "length", "lower", "trim", "upper")

_METERED = "metered loop"  # a name that no template can write
_PLACE = re.compile(r"(?<!\{)\{\{ *document *\}\}")
_ANY_PLACE = re.compile(r"\{\{[-+]?\s*document\b")
_BRACE = re.compile(r"\{[{%#]")
_KNOWN_NODES = frozenset(
    (
        *("Template", "Output", "TemplateData", "For", "If"),
        *("Name", "Getattr", "Getitem", "Const", "List", "Tuple", "Filter", "Keyword"),
        *("CondExpr", "Compare", "Operand", "And", "Or", "Not", "Test"),
    )
)
_NAMES_OF_NODES = {
    "Set": "an assignment, {% set … %},",
    "Assign": "an assignment, {% set … %},",
    "AssignBlock": "an assignment, {% set … %},",
    "Include": "another file, {% include … %},",
    "Import": "another file, {% import … %},",
    "FromImport": "another file, {% from … %},",
    "Extends": "another file, {% extends … %},",
    "Block": "a block",
    "Macro": "a macro",
    "Call": "a call",
    "CallBlock": "a call",
    "FilterBlock": "a filter block",
    "Concat": "joining by ~",
    "Dict": "a mapping",
    "Slice": "a slice",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A part that was filled in.

    Attributes:
        text: The words, with `{{ document }}` in the place of the document.
        line: The line of the file on which that place is, `None` when there is none.
    """

    text: str
    line: int | None


def fill(part: Part, path: Path, values: Mapping[str, object]) -> Filled:
    """Fill in everything but the document. Jinja is imported only for a part that asks for more than that.

    Args:
        part: The part of the prompt file.
        path: The file, for errors.
        values: What the names stand for, beside `document`.

    Raises:
        ConfigError: With file and line: a syntax error, an unknown variable or attribute, what the language
            leaves out, a document that stands twice or with a filter, or a text that grows too long.
    """
    pieces = _PLACE.split(part.text)
    if any(_BRACE.search(piece) for piece in pieces):
        pieces = _Template(part, path).pieces(values)
    _refuse_second(part, path, len(pieces) - 1)
    if any(DOCUMENT in piece for piece in pieces):
        raise ConfigError(
            f"the words {quoted(DOCUMENT)} would stand in the prompt as text",
            where=place(path, part.line),
            hint="write them in another way; the harness puts the document in their place",
        )
    return Filled(DOCUMENT.join(pieces).strip(), _place_line(part) if len(pieces) > 1 else None)


def _place_line(part: Part) -> int:
    found = _ANY_PLACE.search(part.text)
    return part.line + (part.text.count("\n", 0, found.start()) if found else 0)


def _refuse_second(part: Part, path: Path, times: int) -> None:
    if times > 1:
        raise ConfigError(
            f"the document would stand {times} times in the {part.role} part",
            where=place(path, part.line),
            hint="let {{ document }} stand once, outside of loops",
        )


class _MisuseError(Exception):
    """A value is used as what it is not; the words are for the user."""


class _TooMuchError(_MisuseError):
    """A bound of the language was met."""


@dataclass(frozen=True, slots=True)
class _Template:
    part: Part
    path: Path

    def pieces(self, values: Mapping[str, object]) -> list[str]:
        """The text between the places of the document, everything else filled in."""
        template, used = self.compiled(values)
        mark = secrets.token_hex(16)
        given = {name: values[name] for name in values if name in used}
        try:
            text = "".join(_bounded(template.generate({**given, "document": mark})))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in a template is the template's mistake
            hint = "show less" if isinstance(error, _TooMuchError) else "correct it"
            raise self.error(_words(error), _line(error), hint) from None
        return text.split(mark)

    def compiled(self, values: Mapping[str, object]) -> tuple[Template, frozenset[str]]:
        """The template, and the names that stand in it. Nothing of it has run yet."""
        import jinja2

        environment = _environment()
        try:
            self.bound(environment)
            tree = environment.parse(self.part.text)
            self.check(tree, values)
            used = frozenset(node.name for node in tree.find_all(jinja2.nodes.Name))
            _meter(tree, environment)
            return environment.from_string(tree), used
        except HarnessError:
            raise
        except jinja2.TemplateSyntaxError as error:
            hint = "correct it; to mean braces as text, write them between {% raw %} and {% endraw %}"
            raise self.error(_words(error), error.lineno, hint) from None
        except (RecursionError, MemoryError, SyntaxError):
            raise self.error("the template is nested too deep", 1, "write it flatter") from None
        except Exception as error:  # noqa: BLE001 - a number of thousands of digits is a ValueError, and so on
            raise self.error(_words(error), 1, "correct it") from None

    def bound(self, environment: ImmutableSandboxedEnvironment) -> None:
        tokens = 0
        for line, kind, _ in environment.lex(self.part.text):
            tokens += kind not in ("data", "whitespace")
            if tokens > TOKEN_LIMIT:
                seen = f"more than {TOKEN_LIMIT:,} words and signs stand inside braces"
                raise self.error(seen, line, "make it simpler, or name a list in the front matter")

    def check(self, tree: nodes.Template, values: Mapping[str, object]) -> None:
        self.check_kinds(tree)
        known = sorted({*values, "document"})
        for name, as_it_is in _free_names(tree):
            if name.name not in known:
                every = f"known are: {', '.join(known)}"
                hint = suggestion(name.name, known)
                hint = hint if hint == every else f"{hint} {every}"
                raise self.error(f"unknown variable {quoted(name.name)}", name.lineno, hint)
            if name.name == "document" and not as_it_is:
                hint = "write {{ document }}; quotes are to be copied from it letter for letter"
                raise self.error("the document can only be put in as it is", name.lineno, hint)

    def check_kinds(self, tree: nodes.Template) -> None:
        """Refuse what the language leaves out."""
        from jinja2 import nodes

        for node in _walk(tree):
            kind = type(node).__name__
            if kind not in _KNOWN_NODES:
                what = _NAMES_OF_NODES.get(kind, "arithmetic" if isinstance(node, nodes.Expr) else kind.lower())
                hint = "there are names, attributes, if, for, comparisons and the filters " + ", ".join(FILTERS)
                raise self.error(f"{what} is not part of the language of prompts", node.lineno, hint)
            if isinstance(node, nodes.Filter) and node.name not in FILTERS:
                raise self.error(
                    f"unknown filter {quoted(node.name)}", node.lineno, suggestion(node.name, FILTERS)
                )
            if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
                raise self.error(f"the attribute {quoted(node.attr)} is private", node.lineno, "take it out")

    def where(self, line: int) -> str:
        return place(self.path, self.part.line + line - 1)

    def error(self, seen: str, line: int, hint: str) -> ConfigError:
        return ConfigError(seen, where=self.where(line), hint=hint)


def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_printable, cache_size=0
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.filters["join"] = _joined
    return environment


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    """Every node, a parent before its children, in the order of the text; depth is no matter."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed([*node.iter_child_nodes()]))


def _bounded(pieces: Iterable[str]) -> Iterator[str]:
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > LENGTH_LIMIT:
            raise _TooMuchError(
                f"the prompt grows to more than {LENGTH_LIMIT:,} characters when it is filled in"
            )
        yield piece


def _free_names(tree: nodes.Template) -> Iterator[tuple[nodes.Name, bool]]:
    """The names that no loop around them binds, and whether each is written out as it is."""
    from jinja2 import nodes

    stack: list[tuple[nodes.Node, frozenset[str], bool]] = [(tree, frozenset(), False)]
    while stack:
        node, bound, as_it_is = stack.pop()
        if isinstance(node, nodes.Name) and node.name not in bound:
            yield node, as_it_is
        children = [(child, bound, isinstance(node, nodes.Output)) for child in node.iter_child_nodes()]
        if isinstance(node, nodes.For):
            inner = (
                bound | {"loop"} | {name.name for name in _walk(node.target) if isinstance(name, nodes.Name)}
            )
            within = [*([] if node.test is None else [node.test]), *node.body]
            children = [
                (node.iter, bound, False),
                *((child, inner, False) for child in within),
                *((child, bound, False) for child in node.else_),
            ]
        stack.extend(reversed(children))


def _meter(tree: nodes.Template, environment: ImmutableSandboxedEnvironment) -> None:
    """Count the steps of all loops together."""
    from jinja2 import nodes

    left = [STEP_LIMIT]

    def metered(values: Iterable[object]) -> Iterator[object]:
        if isinstance(values, str) or not hasattr(values, "__iter__"):
            raise _MisuseError(f"a loop over {type(values).__name__}, which is no list")
        for value in values:
            left[0] -= 1
            if left[0] < 0:
                raise _TooMuchError(f"the loops take more than {STEP_LIMIT:,} steps")
            yield value

    environment.filters[_METERED] = metered
    for loop in [*tree.find_all(nodes.For)]:
        loop.iter = nodes.Filter(loop.iter, _METERED, [], [], None, None, lineno=loop.iter.lineno)
        loop.iter.set_environment(environment)


def _printable(value: object) -> object:
    """What may be written: a text or a number. Anything else would show Python's words for it."""
    from jinja2 import Undefined

    if isinstance(value, str | int | float | Undefined):
        return value
    if value is None:
        raise _MisuseError("a null is written out; test it with {% if %}")
    if isinstance(value, list | tuple):
        raise _MisuseError("a list is written out; use a loop, or the filter join")
    what = "a method" if callable(value) else "something of several values"
    raise _MisuseError(f"{what} is written out; name one value, as in {{{{ field.path }}}}")


def _joined(values: Iterable[object], separator: object = "") -> str:
    texts = [str(_printable(value)) for value in values]
    between = str(_printable(separator))
    if sum(map(len, texts)) + len(between) * len(texts) > LENGTH_LIMIT:
        raise _TooMuchError(f"the filter join makes more than {LENGTH_LIMIT:,} characters")
    return between.join(texts)


def _words(error: Exception) -> str:
    """What went wrong, without Python's names for it."""
    from jinja2 import TemplateError

    if isinstance(error, _MisuseError):
        return str(error)
    if isinstance(error, TemplateError):
        text = re.sub(r"'[\w. ]*\.(\w+) object'", r"\1", error.message or "")
        return f"a template error: {quoted(text, 200)[1:-1]}"
    return f"a template error: {type(error).__name__}: {quoted(str(error), 200)[1:-1]}"


def _line(error: Exception) -> int:
    """The line of the template in which an error arose; Jinja puts it into the traceback."""
    line = 1
    step: Any = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            line = step.tb_lineno
        step = step.tb_next
    return line
