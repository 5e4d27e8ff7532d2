import os
import subprocess
import sys

import pytest

from tests.e2e.conftest import COMMAND, Cli, environment

HEAVY = [
    *("openai", "instructor", "numpy", "scipy", "pydantic", "jinja2"),
    *("rich", "sqlalchemy", "yaml", "rapidfuzz", "httpx", "shtab"),
]


def test_help_imports_no_library() -> None:
    program = (
        "import sys; from harness.cli import main; code = main(['--help']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.startswith("usage: harness")
    assert done.stdout.endswith("[] 0\n")


def test_the_module_runs_as_the_command_does(here: Cli) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "harness", "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == here("--version").out
    assert done.stdout.startswith("harness ")


def test_completion_of_each_shell(here: Cli) -> None:
    for shell in ("bash", "zsh", "tcsh"):
        assert "agree" in here("completion", shell).out
    assert "'bash'" in here("completion", "basj", code=2).err


def test_the_bash_completion_completes(here: Cli) -> None:
    script = here.write("completion.bash", here("completion", "bash").out)
    program = (
        f"source {script}; COMP_WORDS=(harness gold che); COMP_CWORD=2; "
        "$(complete -p harness | grep -o '_shtab[a-z_]*') harness che gold; echo \"${COMPREPLY[@]}\""
    )
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "check\n"


@pytest.mark.parametrize("words", ["--help", "schema show", "schema show --json", "runs", "completion bash"])
def test_a_reader_that_went_away_is_no_error(starter: Cli, words: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [str(COMMAND), *words.split()],
            cwd=starter.folder,
            env=environment(),
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(writer)
    assert done.stderr == ""
    assert done.returncode == 141


def test_a_closed_standard_output_is_told(starter: Cli) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{COMMAND} runs >&-"],
        cwd=starter.folder,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (4, "error: standard output is closed\n")
