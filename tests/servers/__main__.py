"""`python -m tests.servers`: the server in a process of its own, until its standard input is closed.

It writes its address as the first line. A plan is given as JSON: `{"seed": 1, "shares": {"500": 0.1},
"scripts": {"d1": ["503", "none"]}, "longest_wait": 0.01}`.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tests.servers.faults import Fault, Plan
from tests.servers.model_server import ModelServer


def plan_of(read: dict[str, Any]) -> Plan:
    shares = {Fault(name): share for name, share in read.pop("shares", {}).items()}
    scripts = {document: [Fault(name) for name in names] for document, names in read.pop("scripts", {}).items()}
    return Plan(shares=shares, scripts=scripts, **read)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.servers")
    options.add_argument("--plan", type=json.loads, default={})
    options.add_argument("--log", type=Path)
    options.add_argument("--latency", type=float, default=0.0)
    chosen = options.parse_args()
    with ModelServer(plan_of(chosen.plan), log_file=chosen.log, latency=chosen.latency) as server:
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
