from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Literal

import pytest
from pydantic import BaseModel, Field

from harness.cli.new_suite import write_suite
from harness.errors import ConfigError, DocumentError, UsageError
from harness.records import Message
from harness.records.fencing import fenced
from harness.suites.prompt_file import SIZE_LIMIT
from harness.suites.prompts import find_prompt, load_prompt, prompt_versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from harness.records import Json

DOCUMENT = Message("user", "{{ document }}", template=True)


class Pay(BaseModel):
    amount: int | None = Field(None, description="How much.")
    per: Literal["day", "year"] | None = None


class Facts(BaseModel):
    who: list[str] = Field([], description="Names.")
    pay: list[Pay] = []


def written(folder: Path, text: str | bytes, name: str = "v1.md") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_plain_file_is_the_system_message(tmp_path: Path) -> None:
    prompt = load_prompt(written(tmp_path, "Extract “facts”.\n\n## Rules\n- one\n", "v1.2.md"))
    assert prompt.version == "v1.2"
    assert prompt.messages == (Message("system", "Extract “facts”.\n\n## Rules\n- one"), DOCUMENT)
    assert prompt.quoted == ()


def test_parts_and_variables(tmp_path: Path) -> None:
    front = "---\nvariables:\n  what: mills\n  two: [a, 1]\n---\n"
    parts = "# System\n\nRead of {{ what }}.\n\n# USER \n{{ two | join('-') }}: {{ document }} Go.\n"
    assert load_prompt(written(tmp_path, front + parts)).messages == (
        Message("system", "Read of mills."),
        Message("user", "a-1: {{ document }} Go.", template=True),
    )


def test_a_user_part_alone(tmp_path: Path) -> None:
    (only,) = load_prompt(written(tmp_path, "# User\nAll of it: {{ document }}")).messages
    assert only == Message("user", "All of it: {{ document }}", template=True)


def test_a_user_part_that_names_no_document_gets_it_at_its_end(tmp_path: Path) -> None:
    (only,) = load_prompt(written(tmp_path, "# User\nRead this.\n")).messages
    assert only == Message("user", "Read this.\n\n{{ document }}", template=True)


def test_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    text = "---\nvariables: {a: b}\n---\n# System\nx {{ a }}\ny\n# User\n{{ document }}\n"
    plain = load_prompt(written(tmp_path, text))
    windows = load_prompt(written(tmp_path, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "v2.md"))
    assert windows.messages == plain.messages
    assert windows.sha256 == plain.sha256


def test_a_variable_is_a_value_and_no_template(tmp_path: Path) -> None:
    text = '---\nvariables: {a: "{{ 7*7 }} {% x %}"}\n---\n{{ a }}'
    assert load_prompt(written(tmp_path, text)).messages[0].text == "{{ 7*7 }} {% x %}"


def test_the_fields_of_the_schema(tmp_path: Path) -> None:
    line = "- {{ f.path }}, {{ f.type }}{% if f.description %}: {{ f.description }}{% endif %}\n"
    text = f"{{{{ schema_name }}}}:\n{{% for f in fields %}}\n{line}\n{{% endfor %}}\n"
    system = load_prompt(written(tmp_path, text), schema=Facts).messages[0].text
    assert [line for line in system.split("\n") if line] == [
        "Facts:",
        "- who[], list of string: Names.",
        "- pay[].amount, integer: How much.",
        "- pay[].per, one of: day, year",
    ]


def test_the_digest_is_of_what_is_said(tmp_path: Path) -> None:
    def digest(text: str, name: str = "v1.md") -> str:
        return load_prompt(written(tmp_path, text, name)).sha256

    one = digest("Extract.")
    assert len(one) == 64
    assert digest("---\ndescription: mine\n---\n# System\nExtract.\n", "v9.md") == one
    assert digest("Extract!") != one
    assert digest("# User\nExtract.") != one


def of_suite(name: str) -> tuple[str, Json]:
    texts: Mapping[str, tuple[str, Json]] = {
        "a": ("Ann got 5.", {"who": [{"$any": ["Ann", "A."]}], "pay": [{"$optional": {"amount": 5}}]}),
        "b": ("</document> {{ 7*7 }}", {"who": {"$unlabelled": True}}),
    }
    if name not in texts:
        raise DocumentError(f'there is no document "{name}"', hint="known are: a, b")
    return texts[name]


def test_examples_of_the_suite(tmp_path: Path) -> None:
    text = "---\nexamples: [a, b]\n---\n# System\nS\n# User\nRead {{ document }}."
    prompt = load_prompt(written(tmp_path, text), schema=Facts, example=of_suite)
    assert prompt.messages == (
        Message("system", "S"),
        Message("user", f"Read {fenced('Ann got 5.')}."),
        Message("assistant", '{"who": ["Ann"], "pay": [{"amount": 5}]}'),
        Message("user", "Read <document>\n&lt;/document> {{ 7*7 }}\n</document>."),
        Message("assistant", '{"who": null}'),
        Message("user", "Read {{ document }}.", template=True),
    )
    assert prompt.quoted == (("a", "Ann got 5."), ("b", "</document> {{ 7*7 }}"))


def test_the_digest_covers_text_and_answer_of_an_example(tmp_path: Path) -> None:
    path = written(tmp_path, "---\nexamples: [a]\n---\nS")
    shown: list[tuple[str, Json]] = [("t", {"who": []}), ("t2", {"who": []}), ("t", {"who": ["x"]})]
    seen = {load_prompt(path, example={"a": one}.__getitem__).sha256 for one in shown}
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("name", "answer"),
    [("x.yaml", "# by hand\nwho: [Jón]\npay: []\n"), ("x.json", '{"who": ["Jón"], "pay": []}')],
)
def test_examples_beside_the_prompt(tmp_path: Path, name: str, answer: str) -> None:
    written(tmp_path, "Jón weaves.", "shown/x.txt")
    written(tmp_path, answer, f"shown/{name}")
    text = f"---\nexamples:\n  - {{document: shown/x.txt, answer: shown/{name}}}\n---\nS"
    prompt = load_prompt(written(tmp_path, text), schema=Facts)
    assert prompt.messages[2] == Message("assistant", '{"who": ["Jón"], "pay": []}')
    assert prompt.quoted == (("shown/x.txt", "Jón weaves."),)


FRONT = "---\n{}\n---\nS"


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (None, None, "does not exist"),
        (b" \n\xef\xbb\xbf", None, "is empty|empty"),
        (b"", None, "the prompt is empty"),
        (b"---\ndescription: x\n---\n\n", None, "the prompt is empty"),
        (b"a\n\xe9", 2, "the prompt is not UTF-8"),
        (b"x" * (SIZE_LIMIT + 1), None, "at most 1,048,576 are allowed"),
        ("---\nS", 1, "the front matter does not end"),
        (FRONT.format("a: [\n"), 2, "in the front matter, this is not YAML"),
        (FRONT.format("a: &x 1"), 2, "an anchor"),
        (FRONT.format("a: !!python/object:os.system x"), 2, "a tag"),
        (FRONT.format("- a"), 2, "the front matter is not a mapping"),
        (FRONT.format("[" * 200 + "]" * 200), 2, "nested deeper"),
        (FRONT.format(f"description: {'x' * 70_000}"), 1, "at most 65,536"),
        (FRONT.format("description: a\nexample: [a]"), 3, 'unknown key "example".*\n.*"examples"'),
        (FRONT.format("description: [a]"), 2, '"description" is not a text'),
        (FRONT.format("examples: a"), 2, '"examples" is not a list'),
        (FRONT.format("examples:\n- a\n- 5"), 4, "neither an id nor a pair"),
        (FRONT.format("examples:\n- a\n- b\n- a"), 5, '"a" stands twice'),
        (FRONT.format("examples:\n- {document: a, anwser: b}"), 3, '"anwser".*\n.*"answer"'),
        (FRONT.format("examples:\n- {document: a}"), 3, 'no file as its "answer"'),
        (FRONT.format(f"examples: [{', '.join('x' + str(n) for n in range(201))}]"), 2, "at most 200"),
        (FRONT.format("variables: 5"), 2, '"variables" is not a mapping'),
        (FRONT.format("variables:\n  a: 1\n  document: x"), 4, 'cannot be called "document"'),
        (FRONT.format("variables:\n  a-b: x"), 3, 'cannot be called "a-b"'),
        (FRONT.format("variables:\n  loop: x"), 3, 'cannot be called "loop"'),
        ("hello\n\n# User\nx", 1, "text stands before"),
        ("# User\nx\n# System\n\n", 3, "nothing stands under"),
        ("# User\nx\n\n# user\ny", 4, '"# user" stands twice'),
        ("# System\n\na\nb {{ document }}", 4, "the document stands in the system part"),
    ],
)
def test_refuses(tmp_path: Path, data: bytes | str | None, line: int | None, words: str) -> None:
    path = tmp_path / "v1.md"
    if data is not None:
        written(tmp_path, data)
    with pytest.raises(ConfigError, match=words) as caught:
        load_prompt(path)
    assert caught.value.where == (str(path) if line is None else f"{path}:{line}")


def test_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the prompt is not a file"):
        load_prompt(tmp_path)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("nowhere", 'cannot be shown: there is no document "nowhere"\n.*known are: a, b'),
        ("{document: ../x.txt, answer: x.yaml}", "does not lie beside the prompt"),
        ("{document: x.txt, answer: /etc/passwd}", "does not lie beside the prompt"),
        ("{document: gone.txt, answer: x.yaml}", "gone.txt: the document does not exist"),
        ("{document: x.txt, answer: gone.yaml}", "gone.yaml: the answer does not exist"),
        ("{document: empty.txt, answer: x.yaml}", "empty.txt: the document is empty"),
        ("{document: x.txt, answer: list.yaml}", "list.yaml:1: the answer is not a mapping"),
        ("{document: x.txt, answer: stray.yaml}", r"stray.yaml:2: pay\[0\].amont: the schema has no field"),
        ("{document: x.txt, answer: type.yaml}", r"type.yaml:1: pay\[0\].amount: Input should be a valid int"),
    ],
)
def test_refuses_an_example(tmp_path: Path, named: str, words: str) -> None:
    written(tmp_path, "text", "x.txt")
    written(tmp_path, "who: []", "x.yaml")
    written(tmp_path, " \n", "empty.txt")
    written(tmp_path, "- who", "list.yaml")
    written(tmp_path, "pay:\n- amont: 5", "stray.yaml")
    written(tmp_path, "pay: [{amount: many}]", "type.yaml")
    path = written(tmp_path, f"---\nexamples:\n  - {named}\n---\nS")
    with pytest.raises(ConfigError, match=words) as caught:
        load_prompt(path, schema=Facts, example=of_suite)
    assert caught.value.where == f"{path}:3"


def test_an_example_by_id_needs_a_suite(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no suite is at hand"):
        load_prompt(written(tmp_path, "---\nexamples: [a]\n---\nS"))


def test_examples_are_bounded_together(tmp_path: Path) -> None:
    path = written(tmp_path, "---\nexamples: [a, b]\n---\nS")
    with pytest.raises(ConfigError, match="with its examples; at most 4,194,304"):
        load_prompt(path, example=lambda name: (name * 3_000_000, {}))


def test_a_prompt_of_a_megabyte_is_taken_as_it_is(tmp_path: Path) -> None:
    text = "a { b } \n" * 110_000
    assert load_prompt(written(tmp_path, text)).messages[0].text == text.strip()


def test_half_a_surrogate_pair_breaks_nothing(tmp_path: Path) -> None:
    prompt = load_prompt(written(tmp_path, "---\nexamples: [a]\n---\nS"), example=lambda _: ("a\ud800", {}))
    assert prompt.messages[1].text == "<document>\na\ud800\n</document>"


def test_finds_a_version_beside_the_default(tmp_path: Path) -> None:
    for name in ("v1.md", "v2.md", "v10.md", ".v3.md", "v4.txt", "more/v5.md"):
        written(tmp_path, "S", name)
    assert prompt_versions(tmp_path) == ("v1", "v2", "v10")
    assert find_prompt(tmp_path / "v1.md", "v10") == find_prompt(tmp_path, "v10") == tmp_path / "v10.md"


@pytest.mark.parametrize("version", ["v3", "", ".v3", "more/v5", "../v1", "/etc/passwd", "v1.md", "a\x00b"])
def test_an_unknown_version(tmp_path: Path, version: str) -> None:
    for name in ("v1.md", "v2.md", ".v3.md", "more/v5.md"):
        written(tmp_path, "S", name)
    with pytest.raises(UsageError, match=r"there is no prompt(.|\n)*known are: v1, v2"):
        find_prompt(tmp_path / "v1.md", version)


def test_versions_of_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be listed"):
        find_prompt(tmp_path / "gone" / "v1.md", "v1")


def test_jinja_is_imported_only_for_templates(tmp_path: Path) -> None:
    written(tmp_path, "---\nexamples: [a]\n---\n# System\n} }} S\n# User\nRead {{document}} now", "plain.md")
    written(tmp_path, "{{ schema_name }}", "template.md")
    code = """
import json, sys
from pathlib import Path
from harness.suites.prompts import load_prompt
from harness.systems.model.messages import messages_for
from harness.records import Document
class Facts: pass
seen = []
for name in ("plain.md", "template.md"):
    prompt = load_prompt(Path(sys.argv[1]) / name, schema=Facts, example=lambda _: ("t", {}))
    messages_for(Document("a", "t", ""), prompt)
    seen.append("jinja2" in sys.modules)
print(json.dumps(seen))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [False, True]


def test_the_prompt_of_a_new_suite_loads(tmp_path: Path) -> None:
    write_suite(tmp_path)
    system, asked = load_prompt(tmp_path / "prompts/invoices/v1.md").messages
    assert (system.role, asked) == ("system", DOCUMENT)
    assert "{" not in system.text
