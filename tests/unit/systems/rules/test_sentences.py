import pytest

from harness.systems.rules.reading import Reading, Sentence
from harness.systems.rules.words import find_phrase, stem, stems


def sentence(text: str) -> Sentence:
    (found,) = Reading(text).sentences
    return found


@pytest.mark.parametrize(
    "forms",
    [
        ["recognition", "recognise", "recognized", "recognizes"],
        ["sent", "send", "sends", "sending"],
        ["negotiation", "negotiating", "negotiated"],
        ["worker", "workers", "working", "worked"],
        ["meeting", "met", "meets"],
    ],
)
def test_the_forms_of_a_word_share_a_stem(forms: list[str]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_violence_is_no_violation() -> None:
    assert stem("violence") != stem("violation")


def test_a_property_name_is_words() -> None:
    assert stems("dueDate_of_invoice") == stems("due date invoice")


def test_a_phrase_is_whole_words() -> None:
    assert find_phrase("They were SENT home", "sent") == (10, 14)
    assert find_phrase("absent", "sent") is None
    assert find_phrase("anything", " ") is None


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Russian Deputy Prime Minister Ada Byron has said that it is fine.", "Ada Byron"),
        ("Ada Byron, a senior analyst at the Institute for Peace, said Mars may follow.", "Ada Byron"),
        ("It may follow, said Ada Byron, a senior analyst.", "Ada Byron"),
        ("On June 17, the head of the Ministry of Roads A. Byron stated that it rains.", "A. Byron"),
        ("Ambassador to the DPRK Ada Byron said so.", "Ada Byron"),
        ("Civilian experts say the workers made a fortune.", "Civilian experts"),
        ("According to Ada Byron, it rains.", "Ada Byron"),
        ("According to reports, it rains in Paris.", None),
        ("They said that it rains.", None),
        ("Nothing is going on in Paris.", None),
    ],
)
def test_who_speaks(text: str, speaker: str | None) -> None:
    found = sentence(text).speaker
    assert (found.text if found else None) == speaker


def test_a_surname_becomes_the_full_name() -> None:
    reading = Reading("It rains, said Ada Byron, an analyst.\n\n“It pours,” Byron said.\n")
    second = reading.sentences[1].speaker
    assert second is not None
    assert reading.full_name(second) == "Ada Byron"


def test_sentences_end_neither_in_quotation_marks_nor_after_initials() -> None:
    text = "A. Byron said: “It rains. It pours.” Mr. Smith left. He was sad."
    assert [found.text for found in Reading(text).sentences] == [
        "A. Byron said: “It rains. It pours.”",
        "Mr. Smith left.",
        "He was sad.",
    ]


def test_sentences_are_letter_for_letter() -> None:
    text = "  One  two three four\tfive. Six seven eight nine ten!\r\nMore like this one here\nThis one ends..."
    assert all(found.text in text for found in Reading(text).sentences)
    assert [found.text for found in Reading(text).sentences] == [
        "One  two three four\tfive.",
        "Six seven eight nine ten!",
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Bridge opens in Rome\n\nIt was opened on Monday by the mayor.", "Bridge opens in Rome"),
        ("spam site words here\nBridge opens in Rome\nIt was opened.", "Bridge opens in Rome"),
        ("25.08.2022 Author: Ada Byron\n\nIs it open?\n\nIt was opened.", "Is it open?"),
        ("It was opened on Monday by the mayor.\nMore here", None),
        ("One line only", None),
        ("", None),
    ],
)
def test_the_title_is_the_first_headline(text: str, title: str | None) -> None:
    assert Reading(text).title == title
