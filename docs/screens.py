"""Put into the documents what the commands print today: `make screens`.

A fenced block that follows `<!-- screen: COMMAND -->` is replaced by what COMMAND prints on standard output
when it is run from the root of the repository.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "docs/scoring.md", "docs/comparing.md")
_SCREEN = re.compile(r"(<!-- screen: (?P<command>.+?) -->\n```text\n).*?(```\n)", re.DOTALL)


def printed(command: str) -> str:
    """What a command prints on standard output.

    Raises:
        SystemExit: When the command fails; its standard error has been shown.
    """
    binaries = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "110"}
    done = subprocess.run(
        shlex.split(command), cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command}: exit code {done.returncode}")
    return done.stdout


def renewed(text: str) -> str:
    """A document with every screen made again."""

    def screen(found: re.Match[str]) -> str:
        return f"{found[1]}{printed(found['command']).rstrip()}\n{found[3]}"

    return _SCREEN.sub(screen, text)


def main() -> None:
    """Renew every document."""
    for name in DOCUMENTS:
        path = ROOT / name
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
