from __future__ import annotations

import errno
import json
import os
import tracemalloc
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ReplayError
from harness.records import Attempt, Document, FailureKind, Fingerprint, Request, Response, Source
from harness.running.recordings.cassettes import Recorder, Recording
from harness.running.recordings.recorded_line import RecordedLine, decoded, encoded
from harness.running.recordings.recording_index import HEADER

ASKED = Fingerprint("openai/gpt", "tools", "5c" * 32, '{"temperature":0}', "90" * 32, "d0" * 32, 0)
OTHER = replace(ASKED, document="d1" * 32)
REQUEST = Request(Document("d0", "text", "d0" * 32))
GOOD = (
    Attempt('{"a":1}', 0.5, 10, 5, "stop", cost=Decimal("0.00125"), cached_input_tokens=2, reasoning_tokens=1),
)
BAD = (Attempt(None, 0.25, failure=FailureKind.RATE_LIMITED, detail="429\n\x1b[31m", cost=Decimal(0)), *GOOD)


def response(attempts: tuple[Attempt, ...] = GOOD, document: str = "d0", trial: int = 0) -> Response:
    return Response(document, trial, attempts)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "run.jsonl"


def record(path: Path, *answers: tuple[Fingerprint, Response]) -> None:
    with Recorder(path) as recorder:
        for fingerprint, answer in answers:
            recorder.write(fingerprint, answer)


def refusal(path: Path, fingerprint: Fingerprint = ASKED) -> str:
    with pytest.raises(ReplayError) as refused, Recording(path) as recording:
        recording.answer(REQUEST, fingerprint)
    assert refused.value.exit_code == 4
    return str(refused.value)


def test_what_was_recorded_is_answered_with_its_failures(path: Path) -> None:
    record(path, (ASKED, response(BAD)), (OTHER, response(document="d1")))
    with Recording(path) as recording:
        assert recording.answer(REQUEST, ASKED) == Response("d0", 0, BAD, Source.REPLAY)
        assert recording.answer(REQUEST, OTHER) == Response("d0", 0, GOOD, Source.REPLAY)
        assert len(recording) == 2


def test_a_recording_is_lines_of_json_that_say_what_they_are(path: Path) -> None:
    record(path, (ASKED, response()))
    header, line = path.read_text("utf-8").splitlines()
    assert json.loads(header) == {"format": "extraction-harness recording", "version": 1}
    assert json.loads(line) == {
        "name": "d0",
        "request": {
            "model": "openai/gpt",
            "mode": "tools",
            "schema": "5c" * 32,
            "parameters": '{"temperature":0}',
            "prompt": "90" * 32,
            "document": "d0" * 32,
            "trial": 0,
        },
        "attempts": [
            {
                "raw": '{"a":1}',
                "latency": 0.5,
                "input_tokens": 10,
                "output_tokens": 5,
                "finish_reason": "stop",
                "cached_input_tokens": 2,
                "reasoning_tokens": 1,
                "cost": "0.00125",
            }
        ],
    }


def test_every_line_is_in_the_file_before_write_returns(path: Path) -> None:
    with Recorder(path) as recorder:
        assert path.read_bytes() == HEADER
        recorder.write(ASKED, response())
        assert path.read_bytes().count(b"\n") == 2
        with Recording(path) as recording:
            assert recording.answer(REQUEST, ASKED).attempts == GOOD


def test_recording_again_adds_what_is_new_and_nothing_twice(path: Path) -> None:
    record(path, (ASKED, response()))
    first = path.read_bytes()
    record(path, (ASKED, response()))
    assert path.read_bytes() == first
    record(path, (ASKED, response()), (OTHER, response(BAD)))
    assert path.read_bytes().startswith(first)
    assert path.read_bytes().count(b"\n") == 3


def test_a_later_answer_takes_the_place_of_an_earlier_one(path: Path) -> None:
    failed = (Attempt(None, 1.0, failure=FailureKind.TIMED_OUT),)
    record(path, (ASKED, response(failed)), (ASKED, response(GOOD)))
    with Recording(path) as recording:
        assert recording.answer(REQUEST, ASKED).attempts == GOOD
        assert len(recording) == 1
    header, older, newer = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(header + newer + older)
    with Recording(path) as recording:
        assert recording.answer(REQUEST, ASKED).attempts == GOOD


def test_what_was_interrupted_is_no_answer(path: Path) -> None:
    record(path, (ASKED, response((*GOOD, Attempt(None, 0.0, failure=FailureKind.INTERRUPTED)))))
    assert path.read_bytes() == HEADER


TEXT = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    ["\ud83d\ude00", "\udc00", "\x00\u2028\x85"]
)
COUNT = st.none() | st.integers(0, 2**53)
ATTEMPTS = st.builds(
    Attempt,
    raw=st.none() | TEXT,
    latency=st.floats(0, 1e9),
    input_tokens=COUNT,
    output_tokens=COUNT,
    finish_reason=st.none() | TEXT,
    failure=st.none() | st.sampled_from(FailureKind),
    detail=TEXT,
    cached_input_tokens=COUNT,
    reasoning_tokens=COUNT,
    cost=st.none() | st.decimals(0, 10**6, places=12),
)
FINGERPRINTS = st.builds(Fingerprint, *[TEXT] * 6, st.integers(0, 10**6))


@given(
    st.builds(
        RecordedLine,
        FINGERPRINTS,
        TEXT,
        st.integers(0, 99),
        st.lists(ATTEMPTS, min_size=1, max_size=3).map(tuple),
    )
)
def test_a_line_survives_to_the_letter(line: RecordedLine) -> None:
    data = encoded(line)
    assert decoded(data) == line
    assert encoded(decoded(data)) == data
    assert data.count(b"\n") == 1
    json.loads(data.decode("utf-8", "strict"))


def test_a_request_that_is_not_recorded_names_the_nearest_and_what_differs(path: Path) -> None:
    record(
        path,
        (OTHER, response(document="d1")),
        (replace(ASKED, prompt="91" * 32, parameters='{"temperature":1,"top_p":1}'), response()),
        (replace(ASKED, prompt="91" * 32, schema="5d" * 32, model="x/y"), response()),
    )
    assert refusal(path) == (
        'run.jsonl: no answer is recorded for document "d0", trial 0\n'
        '  the nearest recorded request, on line 2, is document "d1", trial 0; it differs in\n'
        "    the document's text: recorded d1d1d1d1d1d1…, asked d0d0d0d0d0d0…\n"
        "  to record what is missing: the same command with --record run.jsonl"
    )
    nearest = refusal(path, replace(ASKED, document="d0" * 32, trial=0, mode="json"))
    assert 'on line 2, is document "d1"' in nearest
    assert 'the mode: recorded "tools", asked "json"' in nearest
    parameters = refusal(path, replace(ASKED, prompt="91" * 32))
    assert 'on line 3, is document "d0", trial 0; it differs in\n' in parameters
    assert 'the parameter "temperature": recorded 1, asked 0\n' in parameters
    assert 'the parameter "top_p": recorded 1, asked without\n' in parameters


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"prompt": "aa" * 32}, "the prompt: recorded 909090909090…, asked aaaaaaaaaaaa…"),
        ({"schema": "aa" * 32}, "the schema: recorded 5c5c5c5c5c5c…, asked aaaaaaaaaaaa…"),
        ({"model": "openai/\x1b[31m"}, r'the model: recorded "openai/gpt", asked "openai/\x1b[31m"'),
        ({"mode": "json"}, 'the mode: recorded "tools", asked "json"'),
        ({"trial": 2}, "the trial: recorded 0, asked 2"),
        ({"parameters": "{"}, 'the parameters: recorded "{"temperature":0}", asked "{"'),
        ({"parameters": "{}"}, 'the parameter "temperature": recorded 0, asked without'),
    ],
)
def test_each_part_that_differs_is_named(path: Path, change: dict[str, Any], words: str) -> None:
    record(path, (ASKED, response()))
    assert f"it differs in\n    {words}\n" in refusal(path, replace(ASKED, **change))


def test_a_recording_without_answers_says_so(path: Path) -> None:
    record(path)
    assert "the recording holds no answer at all" in refusal(path)


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_a_recording_that_was_cut_off_is_refused_and_mended_by_recording_on(path: Path, cut: int) -> None:
    record(path, (ASKED, response()), (OTHER, response()))
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut] if cut > 1 else whole[:-2])
    assert refusal(path).startswith("run.jsonl:3: the recording ends in the middle of a line\n")
    record(path, (ASKED, response()), (OTHER, response()))
    assert path.read_bytes() == whole


def test_a_last_line_that_lacks_only_its_end_counts(path: Path) -> None:
    record(path, (ASKED, response()))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with Recording(path) as recording:
        assert recording.answer(REQUEST, ASKED).attempts == GOOD
    record(path, (ASKED, response()), (OTHER, response()))
    assert path.read_bytes().startswith(whole)
    with Recording(path) as recording:
        assert recording.answer(REQUEST, OTHER).attempts == GOOD


@pytest.mark.parametrize("beginning", [b"", HEADER[:10]])
def test_a_recording_that_had_hardly_begun_begins_anew(path: Path, beginning: bytes) -> None:
    path.write_bytes(beginning)
    assert refusal(path).startswith("run.jsonl:1: this is no recording\n")
    record(path, (ASKED, response()))
    with Recording(path) as recording:
        assert len(recording) == 1


@pytest.mark.parametrize(
    "content",
    [b"hello\n", b"[]\n", b'{"format":"x"}\n', b"\xff\xfe\n", b"[" * 5_000, b"{}", b"\n", b"x" * 10**5],
)
def test_another_file_is_neither_read_nor_overwritten(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert refusal(path).startswith("run.jsonl:1: this is no recording\n")
    with pytest.raises(ReplayError, match="this is no recording"):
        Recorder(path)
    assert path.read_bytes() == content


def test_a_newer_recording_is_refused_and_left_alone(path: Path) -> None:
    content = HEADER.replace(b'"version": 1', b'"version": 2')
    path.write_bytes(content)
    assert refusal(path).startswith(
        'run.jsonl:1: the recording has version "2"; this harness reads version 1\n'
    )
    with pytest.raises(ReplayError):
        Recorder(path)
    assert path.read_bytes() == content


def changed(line: bytes, **members: Any) -> bytes:
    content = {**json.loads(line), **members}
    return json.dumps({name: value for name, value in content.items() if value != "drop"}).encode()


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"attempts": []}, '"attempts" is no list with an attempt'),
        ({"attempts": [{"raw": "x"}]}, 'an attempt has no "latency"'),
        ({"attempts": [{"latency": 1, "raw": 5}]}, '"raw" is no text'),
        ({"attempts": [{"latency": "1"}]}, '"latency" is no number of seconds'),
        ({"attempts": [{"latency": 1, "input_tokens": 1.5}]}, '"input_tokens" is no whole number'),
        ({"attempts": [{"latency": 1, "input_tokens": 10**30}]}, '"input_tokens" is no whole number'),
        (
            {"attempts": [{"latency": 1, "failure": "tired"}]},
            '"failure" is no kind of failure that this version',
        ),
        ({"attempts": [{"latency": 1, "failure": []}]}, '"failure" is no kind of failure that this version'),
        ({"attempts": [{"latency": 1, "cost": "1e99999"}]}, '"cost" is no amount of dollars'),
        ({"attempts": [{"latency": 1, "cost": "many"}]}, '"cost" is no amount of dollars'),
        ({"attempts": [{"latency": 1, "cost": 1}]}, '"cost" is no amount of dollars'),
        (
            {"attempts": [{"latency": 1, "raw": {"surrogatepass-base64": "!"}}]},
            '"raw" holds no base64 of a text',
        ),
        ({"attempts": [{"latency": 1, "raw": "\ud800"}]}, '"raw" holds half of a surrogate pair'),
        ({"attempts": [5]}, "an attempt is no object"),
        ({"request": []}, '"request" is no object'),
        ({"request": {}}, '"request" has no "model"'),
        ({"name": "drop"}, 'the line has no "name"'),
        ({"take": True}, '"take" is no whole number'),
        ({"further": 1}, "the line has an unknown member 'further'"),
    ],
)
def test_a_broken_line_is_named_with_what_is_wrong(path: Path, members: dict[str, Any], words: str) -> None:
    record(path, *((replace(ASKED, trial=trial), response()) for trial in range(40)))
    lines = path.read_bytes().splitlines(keepends=True)
    lines[36] = changed(lines[36], **members) + b"\n"
    path.write_bytes(b"".join(lines))
    message = refusal(path)
    assert message.startswith(f"run.jsonl:37: the line cannot be read: {words}")
    assert "\n  the file is damaged" in message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"\n", "it is no JSON"),
        (b"\xff\n", "it is no UTF-8"),
        (b"[" * 100_000 + b"\n", "it is nested too deeply"),
        (b'{"name":NaN}\n', "it is no JSON"),
        (b"1" * 10_000 + b"\n", "it is no JSON"),
    ],
)
def test_a_line_of_something_else_is_refused(path: Path, line: bytes, words: str) -> None:
    path.write_bytes(HEADER + line)
    assert refusal(path).startswith(f"run.jsonl:2: the line cannot be read: {words}\n")


def test_lines_that_contradict_each_other_are_refused_and_equal_ones_are_not(path: Path) -> None:
    one, other = (encoded(RecordedLine(ASKED, "d0", 0, attempts)) for attempts in (GOOD, BAD))
    path.write_bytes(HEADER + one + one)
    with Recording(path) as recording:
        assert len(recording) == 1
    path.write_bytes(HEADER + one + one + other)
    assert refusal(path) == (
        "run.jsonl:4: this line and line 2 answer the same request differently\n"
        '  document "d0", trial 0: decide which of the two is right, and remove the other'
    )


def test_no_such_file_or_folder(path: Path) -> None:
    assert refusal(path).startswith("run.jsonl: the recording could not be read: No such file")
    with pytest.raises(ReplayError, match="could not be written: No such file"):
        Recorder(path.parent / "nowhere" / "run.jsonl")
    with pytest.raises(ReplayError, match="could not be written: Is a directory"):
        Recorder(path.parent)


def test_what_is_no_ordinary_file_is_refused(path: Path) -> None:
    os.mkfifo(path)
    assert refusal(path).startswith("run.jsonl: this is no file")


def test_one_process_records_at_a_time(path: Path) -> None:
    with Recorder(path), pytest.raises(ReplayError, match="another process is recording to this file"):
        Recorder(path)
    record(path)


def test_a_full_disk_leaves_whole_lines(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, full = os.pwrite, False

    def pwrite(descriptor: int, data: bytes, offset: int) -> int:
        nonlocal full
        if not full:
            return write(descriptor, data, offset)
        full = len(data) <= 50
        if full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        full = True
        return write(descriptor, data[:-50], offset)

    monkeypatch.setattr(os, "pwrite", pwrite)
    with Recorder(path) as recorder:
        recorder.write(ASKED, response())
        before = path.read_bytes()
        full = True
        with pytest.raises(ReplayError, match=r"run\.jsonl: the recording could not be written: No space left"):
            recorder.write(OTHER, response())
        assert path.read_bytes() == before
        full = False
        recorder.write(OTHER, response())
    with Recording(path) as recording:
        assert len(recording) == 2


def test_answers_stay_in_the_file(path: Path) -> None:
    answer = (Attempt("x" * 20_000, 1.0),)
    record(path, *((replace(ASKED, trial=trial), response(answer)) for trial in range(500)))
    tracemalloc.start()
    try:
        with Recording(path) as recording:
            held, _ = tracemalloc.get_traced_memory()
            assert len(recording) == 500
    finally:
        tracemalloc.stop()
    assert held < path.stat().st_size / 10
