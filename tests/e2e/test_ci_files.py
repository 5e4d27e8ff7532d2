"""What CI servers are given: the action, the workflow that uses it, and the jobs in the documents."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.conftest import COMMAND, Cli, environment

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/gate.yml").read_text("utf-8"))
PAGE = (ROOT / "docs/ci.md").read_text("utf-8")
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}
_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


def values(**given: str) -> dict[str, str]:
    """What the expressions of the action stand for."""
    found = {f"inputs.{name}": one.get("default", "") for name, one in ACTION["inputs"].items()}
    return found | {f"inputs.{name.replace('_', '-')}": value for name, value in given.items()}


def filled(text: str, known: dict[str, str]) -> str:
    return _EXPRESSION.sub(lambda found: known[found[1]], text)


class Runner:
    """Runs steps as GitHub's runner does: bash, with the step's variables, in the step's folder."""

    def __init__(self, here: Cli, binaries: Path) -> None:
        self.here = here
        self.binaries = binaries
        self.output = here.folder / "github_output"
        self.summary = here.folder / "github_summary"

    def __call__(self, name: str, known: dict[str, str], code: int = 0) -> str:
        """Run a step; gives what it prints."""
        step = STEPS[name]
        told = {key: filled(value, known) for key, value in step["env"].items()}
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.here.folder / filled(step.get("working-directory", "."), known),
            env=environment(
                PATH=f"{self.binaries}{os.pathsep}{COMMAND.parent}{os.pathsep}{os.environ['PATH']}",
                GITHUB_OUTPUT=str(self.output),
                GITHUB_STEP_SUMMARY=str(self.summary),
                GITHUB_ACTION_PATH=str(ROOT),
                GITHUB_REPOSITORY="owner/name",
                **told,
            ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert ended.returncode == code, f"exit code {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout

    def outputs(self) -> dict[str, str]:
        lines = self.output.read_text("utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    def stand_in(self, name: str, script: str) -> None:
        """Put a program before all others of its name."""
        path = self.binaries / name
        path.write_text(f"#!/usr/bin/env bash\n{script}\n", encoding="utf-8")
        path.chmod(0o755)


@pytest.fixture
def runner(starter: Cli, tmp_path: Path) -> Runner:
    binaries = tmp_path / "binaries"
    binaries.mkdir()
    return Runner(starter, binaries)


def gate(here: Cli, *rules: str) -> None:
    path = here.folder / "harness.toml"
    listed = ", ".join(f'"{rule}"' for rule in rules)
    here.write("harness.toml", f"{path.read_text('utf-8')}\n[suites.invoices.gate]\nrules = [{listed}]\n")


@pytest.mark.parametrize(
    ("rule", "verdict", "code"),
    [("f1 >= 0.1", "pass", 0), ("f1 >= 0.99", "fail", 1), ("lower(f1) >= 0.2", "inconclusive", 5)],
)
def test_the_action_decides(runner: Runner, rule: str, verdict: str, code: int) -> None:
    gate(runner.here, rule)
    known = values(suite="invoices", system="noisy-gold", arguments="--trials 2 --quiet")
    printed = runner("Decide", known)
    outputs = runner.outputs()
    assert outputs == {
        "verdict": verdict,
        "exit-code": str(code),
        "junit": "./harness-gate.xml",
        "markdown": "./harness-gate.md",
    }
    assert f'name="{rule.replace(">", "&gt;")}"' in (runner.here.folder / outputs["junit"]).read_text("utf-8")
    comment = (runner.here.folder / outputs["markdown"]).read_text("utf-8")
    assert comment.startswith("<!-- harness gate invoices noisy-gold -->\n")
    assert runner.summary.read_text("utf-8") == comment
    assert ("::error file=" in printed) is (verdict == "fail")
    runner("Pass or fail", {"steps.gate.outputs.exit-code": str(code)}, code=code)


def test_the_action_works_in_a_folder_below(runner: Runner) -> None:
    gate(runner.here, "f1 >= 0.1")
    inner = runner.here.folder / "documents"
    known = values(system="noisy-gold", working_directory="documents", junit="a b.xml")
    runner("Decide", known)
    assert runner.outputs()["junit"] == "documents/a b.xml"
    assert (inner / "a b.xml").exists()


def test_what_cannot_be_decided_leaves_no_file_of_another_time(runner: Runner) -> None:
    runner.here.write("harness-gate.xml", "old")
    runner("Decide", values(suite="invoices"))
    assert (runner.outputs()["verdict"], runner.outputs()["exit-code"]) == ("error", "2")
    assert not (runner.here.folder / "harness-gate.xml").exists()
    runner("Pass or fail", {"steps.gate.outputs.exit-code": "2"}, code=2)


def test_an_input_is_never_read_as_shell(runner: Runner) -> None:
    gate(runner.here, "f1 >= 0.1")
    hostile = "$(touch owned); `touch owned` \"'; touch owned; #"
    runner("Decide", values(suite=hostile, system=hostile, arguments=hostile))
    assert runner.outputs()["verdict"] == "error"
    assert not (runner.here.folder / "owned").exists()


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_no_step_has_an_expression_in_its_script(step: dict[str, Any]) -> None:
    assert not _EXPRESSION.search(step.get("run", ""))


@pytest.mark.parametrize(("package", "installed"), [("", str(ROOT)), ("extraction-harness==1", None)])
def test_the_action_installs_its_own_source_or_what_is_named(
    runner: Runner, package: str, installed: str | None
) -> None:
    runner.stand_in("python", 'printf "%s\\n" "$@"')
    words = runner("Install the harness", values(package=package)).splitlines()
    assert words[:3] == ["-m", "pip", "install"]
    assert words[-1] == installed or words[-1] == package


@pytest.mark.parametrize(("earlier", "call"), [("", "POST"), ("17\n23", "PATCH")])
def test_a_comment_is_written_once_and_renewed(runner: Runner, earlier: str, call: str) -> None:
    comment = runner.here.write("gate.md", "<!-- harness gate invoices rules -->\n### x\n")
    log = runner.here.folder / "calls.txt"
    runner.stand_in(
        "gh",
        f'printf "%s\\n" "MARKER=$MARKER" "$@" >> "{log}"\n[ "$2" != --paginate ] || printf "{earlier}\\n"',
    )
    known = {
        "inputs.token": "t",
        "github.event.pull_request.number": "5",
        "steps.gate.outputs.markdown": str(comment),
    }
    runner("Write the comment", known)
    listing, writing = log.read_text("utf-8").split("MARKER=<!-- harness gate invoices rules -->\n")[1:]
    assert "repos/owner/name/issues/5/comments\n" in listing
    address = "repos/owner/name/issues/comments/17" if earlier else "repos/owner/name/issues/5/comments"
    assert writing.split("\n")[1:] == ["--silent", "--method", call, address, "--field", f"body=@{comment}", ""]


def test_every_expression_names_what_there_is() -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    named = set(re.findall(r"inputs\.([\w-]+)", text))
    assert named == set(ACTION["inputs"])
    written = set(re.findall(r'echo "([\w-]+)=', STEPS["Decide"]["run"]))
    assert set(re.findall(r"steps\.gate\.outputs\.([\w-]+)", text)) == written == set(ACTION["outputs"])
    for step in STEPS.values():
        used = set(re.findall(r"\$\{?([A-Z_]+)", step.get("run", "")))
        own = set(re.findall(r"^ *([A-Z_]+)=", step.get("run", ""), re.MULTILINE))
        given = set(step.get("env", {})) | {"GITHUB_OUTPUT", "GITHUB_ACTION_PATH", "GITHUB_REPOSITORY"}
        assert used <= given | own
        assert set(step) & {"run", "uses"}


def used(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps that use the action."""
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    return [step for step in steps if step.get("uses", "").partition("@")[0] in ("./", "OWNER/REPO")]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_workflows_use_inputs_that_there_are() -> None:
    pages = [yaml.safe_load(block) for block in blocks("yaml")]
    workflows = [WORKFLOW, *(page for page in pages if "jobs" in page)]
    assert all(used(workflow) for workflow in workflows)
    for workflow in workflows:
        for step in used(workflow):
            assert set(step["with"]) <= set(ACTION["inputs"])


def test_this_repository_has_what_its_workflow_names(tmp_path: Path) -> None:
    (step,) = used(WORKFLOW)
    systems = WORKFLOW["jobs"]["gate"]["strategy"]["matrix"]["system"]
    for folder in ("schemas", "seeds", "gold", "prompts"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "harness.toml", tmp_path)
    for system in systems:
        words = ["gate", "--suite", step["with"]["suite"], "--system", system, "--json", "--quiet"]
        assert Cli(tmp_path)(*words, code=None).code == 0


def test_the_job_for_gitlab_runs(runner: Runner) -> None:
    jobs = next(page for block in blocks("yaml") if "gate" in (page := yaml.safe_load(block)))
    job = jobs["gate"]
    gate(runner.here, "f1 >= 0.1")
    (script,) = (line for line in job["script"] if line.startswith("harness gate"))
    runner.here(*script.replace("labour_export", "invoices").split()[1:])
    for report in (job["artifacts"]["reports"]["junit"], job["artifacts"]["paths"][0]):
        assert (runner.here.folder / report).exists()
