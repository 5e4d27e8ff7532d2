"""A program in the place of a model's server, with the standard library alone.

`python stand_in_server.py FATE [PRESENCE]`: the fate is what happens to it; PRESENCE is a FIFO that it holds
open for as long as it lives, with its process id as the first line.
"""

import json
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SETTINGS: dict[str, object] = {}
ANSWER = {
    "id": "x",
    "object": "chat.completion",
    "created": 0,
    "model": "m",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": '{"name": "a"}'}}
    ],
    "usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8},
}
TOO_LONG = {
    "error": {
        "code": 400,
        "message": "request (2283 tokens) exceeds the available context size (512 tokens), try increasing it",
        "type": "exceed_context_size_error",
    }
}


class Answering(BaseHTTPRequestHandler):
    fate = "serves"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {SETTINGS['api_key']}":
            return self.say(401, {"error": {"message": "wrong key"}})
        if self.fate == "dies when asked":
            last_words("ggml: out of cheese", code=7)
        if self.fate == "context too small":
            return self.say(400, TOO_LONG)
        if self.fate == "repeats":
            settings = SETTINGS | {"api_key": str(SETTINGS["api_key"])[::-1]}
            content = json.dumps({"name": json.dumps({"asked": asked, "settings": settings})})
            ANSWER["choices"][0]["message"]["content"] = content  # type: ignore[index]
        return self.say(200, ANSWER)

    def say(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass


def last_words(words: str, code: int) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
    os._exit(code)


def announce(address: str) -> None:
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    SETTINGS.update(json.loads(sys.stdin.buffer.readline()))
    fate, *presence = sys.argv[1:]
    if presence:
        held = os.open(presence[0], os.O_WRONLY)
        os.write(held, f"{os.getpid()}\n".encode())
    if fate == "dies":
        last_words(f"loading\n\nfailed with \x1b[31m{SETTINGS['api_key']}\x1b[0m\x07", code=3)
    if fate == "is killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if fate == "aborts":
        os.kill(os.getpid(), signal.SIGABRT)
    if fate == "never gets ready":
        sys.stderr.write("still loading\n")
        sys.stderr.flush()
        sys.stdin.buffer.read()
    if fate == "listens to the world":
        announce("http://0.0.0.0:8080")
    Answering.fate = fate
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    announce(f"http://127.0.0.1:{server.server_port}")


if __name__ == "__main__":
    main()
