from __future__ import annotations

import random
from pathlib import Path

import pytest

from harness.errors import ConfigError
from harness.records import Document, Message, Prompt
from harness.suites.documents import load_documents
from harness.suites.leak_report import refuse_leaks
from harness.suites.leaks import Leak, leaks
from harness.suites.prompts import load_prompt

SEEDS = Path(__file__).parents[3] / "seeds/labour_export"
ARTICLES = tuple(load_documents(SEEDS))
DOCUMENT = Message("user", "{{ document }}", template=True)


def words(count: int, seed: int = 1) -> list[str]:
    draw = random.Random(seed)  # noqa: S311 - no secret
    return [f"w{draw.randrange(10_000)}" for _ in range(count)]


def story(count: int = 200, seed: int = 1) -> str:
    return " ".join(words(count, seed))


def document(text: str, name: str = "a") -> Document:
    return Document(name, text, "")


def prompt(text: str = "Extract.", **examples: str) -> Prompt:
    shown = [Message("user", example) for example in examples.values()]
    return Prompt("v1", "", (Message("system", text), *shown, DOCUMENT), tuple(examples.items()))


def changed(text: str, every: int) -> str:
    return " ".join(f"new{at}" if at % every == every - 1 else word for at, word in enumerate(text.split()))


def test_articles_that_share_page_furniture_do_not_leak_each_other() -> None:
    for shown in ARTICLES:
        found = leaks(prompt(**{shown.id: shown.text}), ARTICLES)
        assert [(leak.document, leak.example, leak.same) for leak in found] == [(shown.id, shown.id, True)]


@pytest.mark.parametrize(
    "text",
    [
        story(),
        story().upper(),
        story().replace(" ", "\r\n\n"),
        "“" + story().replace(" ", ", ") + "”!",
        "\ufeff" + story().replace("w", "w\u00ad"),
    ],
)
def test_the_same_words_are_the_same_document(text: str) -> None:
    (leak,) = leaks(prompt(e=text), [document(story())])
    assert (leak.document, leak.example, leak.share, leak.same) == ("a", "e", 1.0, True)


@pytest.mark.parametrize(
    ("shown", "asked", "share"),
    [
        (story(), changed(story(), 10), 0.9),
        (changed(story(), 8), story(), 0.875),
        (story(), story() + " " + story(100, 2), 1.0),
        (" ".join(story().split()[60:120]), story(2000, 3) + " " + story(), 1.0),
        (story(2000, 3) + " " + story(), " ".join(story().split()[60:120]), 1.0),
        (story(110) + " " + story(90, 2), story(110) + " " + story(90, 3), 0.55),
    ],
)
def test_a_near_copy_leaks_either_way(shown: str, asked: str, share: float) -> None:
    (leak,) = leaks(prompt(e=shown), [document(asked), document(story(300, 9), "b")])
    assert (leak.document, leak.same) == ("a", False)
    assert leak.share == pytest.approx(share, abs=0.01)
    assert leak.passage in shown


@pytest.mark.parametrize(
    ("shown", "asked"),
    [
        (story(90) + " " + story(110, 2), story(90) + " " + story(110, 3)),
        (story(), changed(story(), 4)),
        (story(200, 1), story(200, 2)),
        ("a b c d", "a b c e"),
        ("", story()),
    ],
)
def test_what_shares_less_than_half_does_not_leak(shown: str, asked: str) -> None:
    assert leaks(prompt(e=shown), [document(asked)]) == ()


def test_documents_of_a_few_words_are_compared_as_a_whole() -> None:
    found = leaks(prompt(e="One, two!"), [document("one two"), document("one two three", "b")])
    assert [leak.document for leak in found] == ["a"]


def form(number: int) -> str:
    terms = "Please pay within thirty days to the account below and name the number of this invoice. " * 3
    return f"Northfield Mill, 12 Wharf Lane. Invoice {number} of day {number * 7}. {story(20, number)}. {terms}"


def test_forms_are_told_apart_by_what_they_state() -> None:
    forms = [document(form(number), str(number)) for number in range(2, 40)]
    assert leaks(prompt(e=form(1)), forms) == ()
    (leak,) = leaks(prompt(e=form(7)), forms)
    assert leak.document == "7"
    (leak,) = leaks(prompt(e=form(7).replace("Lane", "Street")), forms)
    assert (leak.document, leak.same) == ("7", False)


def test_a_copy_leaks_even_where_it_is_frequent() -> None:
    same = [document(story(), str(number)) for number in range(6)]
    assert len(leaks(prompt(e=story()), same)) == 6


def test_chinese_has_no_blanks_between_words() -> None:
    text = "".join(chr(0x4E00 + 7 * at % 3000) for at in range(200))
    other = "".join(chr(0x4E00 + 11 * at % 3000) for at in range(200))
    assert leaks(prompt(e=text[:120] + other), [document(text)])[0].document == "a"
    assert leaks(prompt(e=other), [document(text)]) == ()


@pytest.mark.parametrize(("count", "leaking"), [(20, True), (19, False)])
@pytest.mark.parametrize("start", range(0, 17, 4))
def test_the_prompts_own_words_quote_a_document(count: int, leaking: bool, start: int) -> None:
    passage = " ".join(story().split()[start : start + count])
    found = leaks(prompt(f"Such as: {passage}. Do it."), [document(story()), document(story(200, 2), "b")])
    assert [(leak.document, leak.example) for leak in found] == ([("a", "")] if leaking else [])
    if leaking:
        assert found[0].passage == " ".join(passage.split()[:12])
        assert found[0].share == pytest.approx(count / 200)


def test_the_user_part_quotes_too() -> None:
    asked = Message("user", f"{story(30)} {{{{ document }}}}", template=True)
    (leak,) = leaks(Prompt("v", "", (asked,)), [document(story())])
    assert leak.example == ""


def test_what_an_answer_quotes_of_its_own_example_is_judged_with_the_example() -> None:
    shown, answer = story(200, 5) + " " + story(30), '{"quote": "' + story(30) + '"}'
    messages = (Message("user", shown), Message("assistant", answer), DOCUMENT)
    page = document(story(30) + " " + story(400, 6))
    assert leaks(Prompt("v", "", messages, (("e", shown),)), [page]) == ()
    assert len(leaks(Prompt("v", "", messages, ()), [page])) == 1


def test_to_quote_furniture_is_no_leak() -> None:
    terms = story(25, 8)
    pages = [document(f"{story(100, 10 + number)} {terms}", str(number)) for number in range(5)]
    assert leaks(prompt(f'Skip the line "{terms}".'), pages) == ()
    assert len(leaks(prompt(f'Skip the line "{terms}".'), pages[:2])) == 2


def test_without_anything_shown_no_document_is_read() -> None:
    read = iter([document(story())])
    assert leaks(Prompt("v", "", (Message("system", "Extract."), DOCUMENT)), read) == ()
    assert next(read).id == "a"


def test_half_a_surrogate_pair_breaks_nothing() -> None:
    text = story() + " \ud800"
    assert leaks(prompt(e=text), [document(text)])[0].same


def test_the_error_names_the_line_and_what_to_do(tmp_path: Path) -> None:
    for name, text in {"a": story(), "b": story(200, 2)}.items():
        (tmp_path / f"{name}.txt").write_text(text)
        (tmp_path / f"{name}.yaml").write_text("{}")
    path = tmp_path / "v1.md"
    pairs = "".join(f"  - {{document: {name}.txt, answer: {name}.yaml}}\n" for name in "ab")
    path.write_text(f"---\nexamples:\n{pairs}---\nS")
    found = leaks(load_prompt(path), [document(changed(story(200, 2), 10), "x"), document(story(), "y")])
    with pytest.raises(ConfigError) as caught:
        refuse_leaks(path, found)
    assert caught.value.where == f"{path}:4"
    assert 'the example "b.txt" is nearly the document "x" (90% of the words' in caught.value.seen
    assert 'the example "a.txt" is the document "y"' in caught.value.seen
    assert "--leave-out x --leave-out y" in caught.value.hint


def test_the_error_names_the_line_of_a_quote(tmp_path: Path) -> None:
    path = tmp_path / "v1.md"
    path.write_text(f"# System\n\nRead it.\n\nFor example,\n{story(30).replace(' ', chr(10), 1)}\n")
    with pytest.raises(ConfigError, match="its text quotes the document") as caught:
        refuse_leaks(path, leaks(load_prompt(path), [document(story())]))
    assert caught.value.where == f"{path}:6"


def test_many_leaks_are_counted(tmp_path: Path) -> None:
    found = [Leak(str(number), "e", 1.0, same=True, passage="") for number in range(9)]
    with pytest.raises(ConfigError, match=r"and 4 more(.|\n)*and so on") as caught:
        refuse_leaks(tmp_path / "gone.md", found)
    assert caught.value.where == str(tmp_path / "gone.md")


def test_nothing_is_refused_when_nothing_leaks(tmp_path: Path) -> None:
    refuse_leaks(tmp_path / "gone.md", ())
