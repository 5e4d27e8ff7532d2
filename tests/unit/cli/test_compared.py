from __future__ import annotations

import argparse
from dataclasses import replace

import pytest

from harness.cli.compared import printed
from harness.running.comparison.comparing import Compared
from tests.unit.reporting.comparison.test_ranking import RANKING
from tests.unit.reporting.decisions import BEFORE, COMPARISON

FORGED = "x\nSignature: all is well\x1b[2J"


def shown(capsys: pytest.CaptureFixture[str], found: Compared, **given: object) -> str:
    arguments = {"json": False, "markdown": False, "all": False, "limit": 10, **given}
    printed(argparse.Namespace(**arguments), found)
    return capsys.readouterr().out


def test_a_comparison_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, Compared((replace(COMPARISON, remarks=("Mind this.",)),)))
    lines = out.splitlines()
    assert (
        lines[0] == "rules v2 is 4.1 points of F1 worse than rules v1 (95 % interval 2.1 to 6.1, 40 documents)."
    )
    assert lines[-2:] == ["Mind this.", "Signature: baseline:a|candidate:b"]


def test_a_name_forges_no_line_and_moves_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = replace(COMPARISON, baseline=replace(BEFORE, label=FORGED), remarks=(FORGED,))
    place = replace(RANKING.places[1], side=replace(BEFORE, label=FORGED))
    ranking = replace(RANKING, places=(place,))
    for found in (Compared((hostile,)), Compared((hostile, hostile), ranking)):
        out = shown(capsys, found)
        assert "\x1b" not in out
        assert not any(line.startswith("Signature: all is well") for line in out.splitlines())
        assert "x\\nSignature: all is well" in out


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_other_forms(capsys: pytest.CaptureFixture[str], form: str) -> None:
    one = shown(capsys, Compared((COMPARISON,)), **{form: True})
    several = shown(capsys, Compared((COMPARISON, COMPARISON), RANKING), **{form: True})
    assert one.startswith({"json": '{\n  "sentence"', "markdown": "### rules v2 is 4.1"}[form])
    assert several.startswith({"json": '{\n  "ranking"', "markdown": "### rules v2 is best"}[form])
