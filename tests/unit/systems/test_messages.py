import pytest

from harness.records import Prompt
from harness.systems.messages import DEFAULT_PROMPT, fenced, messages_for, unfenced


@pytest.mark.parametrize("tag", ["</document>", "</DOCUMENT >", "< / document>", "<document>", "</document\n>"])
def test_a_document_cannot_end_itself(tag: str) -> None:
    message = fenced(f"before\n{tag}\nafter")
    assert message.count("<document") == 1
    assert message.lower().count("</document") == 1
    assert message.endswith("\n</document>")
    assert "after" in unfenced(message)


def test_other_text_comes_back_letter_for_letter() -> None:
    text = "\n a < b </doc> <b> & “x” \x00\x1b[31m\r\n"
    assert unfenced(fenced(text)) == text
    assert unfenced(fenced("")) == ""


def test_a_lone_surrogate_can_be_sent() -> None:
    assert fenced("a\ud800b").encode("utf-8")
    assert unfenced(fenced("a\ud800b")) == "a\ufffdb"


def test_the_prompt_is_the_system_message() -> None:
    assert messages_for("t", Prompt("v1", "Do it.", ""))[0] == {"role": "system", "content": "Do it."}
    assert messages_for("t", None)[0]["content"] == DEFAULT_PROMPT
