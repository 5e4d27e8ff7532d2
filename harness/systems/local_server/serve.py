"""The program of a server's process: llama.cpp's own HTTP server, as the package `xllamacpp` carries it.

It is started by its path and imports nothing of the harness. It reads its settings as one line of JSON from
standard input, so that the key stands in no list of processes; loads the model; writes its address as one
line to standard output; and serves until standard input is closed. The system closes that whichever way the
process that started it ends, kill -9 included, so that no server is left over.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from typing import Any

WARNINGS = 2
"""How much llama.cpp writes: warnings and errors, never a document."""


def serve(settings: Mapping[str, Any]) -> Any:
    """Load a model and serve it on a port that the system picks.

    Args:
        settings: `file`, `context` (tokens of one slot), `slots`, `threads` (0 for all cores),
            `chat_template` (empty for the file's own) and `api_key`.

    Returns:
        The server. It answers as soon as it is there and ends with the process.

    Raises:
        RuntimeError: When llama.cpp cannot load the file; its words are on standard error.
    """
    # OpenMP's threads spin while they wait, which costs nothing on an idle machine and up to five times the
    # speed on one that does something else too.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    xllamacpp: Any = import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = settings["file"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [settings["api_key"]]
    params.ui = False
    params.endpoint_slots = False
    params.verbosity = WARNINGS
    params.n_parallel = settings["slots"]
    params.n_ctx = settings["context"] * settings["slots"]
    if settings["threads"]:
        params.cpuparams.n_threads = settings["threads"]
        params.cpuparams_batch.n_threads = settings["threads"]
    if settings["chat_template"]:
        params.chat_template = settings["chat_template"]
    return xllamacpp.Server(params)


def main() -> None:
    """Serve as standard input says, until it is closed. The process ends here in any case."""
    code = 1
    try:
        settings = json.loads(sys.stdin.buffer.readline())
        announced = os.dup(1)
        # Whatever a library prints belongs into the log.
        os.dup2(2, 1)
        server = serve(settings)
        os.write(announced, f"{server.listening_address}\n".encode())
        os.close(announced)
        sys.stdin.buffer.read()
        code = 0
    except BaseException:  # noqa: BLE001 - the last words of a process
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        # llama.cpp's threads are still running: an orderly end would wait for them.
        os._exit(code)


if __name__ == "__main__":
    main()
