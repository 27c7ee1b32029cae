"""A small OpenAI-compatible server on a real socket, that answers or misbehaves as told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Behaviour:
    """What the server does with each request, in turn; the last one stays."""

    statuses: list[int] = field(default_factory=lambda: [200])
    text: str = "Hello!"
    logprobs: dict[str, float] | None = None
    delay: float = 0.0
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """The base URL of the server while it runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            behaviour.requests.append(json.loads(body))
            behaviour.keys.append(self.headers.get("Authorization"))
            time.sleep(behaviour.delay)
            number = min(len(behaviour.requests), len(behaviour.statuses)) - 1
            status = behaviour.statuses[number]
            answer = json.dumps(completion(behaviour) if status == 200 else {"error": {"message": f"status {status}"}})
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(answer.encode())
            except BrokenPipeError:
                pass  # the client gave up waiting

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def completion(behaviour: Behaviour) -> dict[str, Any]:
    choice: dict[str, Any] = {
        "index": 0,
        "message": {"role": "assistant", "content": behaviour.text},
        "finish_reason": "stop",
    }
    if behaviour.logprobs is not None:
        top = [{"token": token, "logprob": p, "bytes": None} for token, p in behaviour.logprobs.items()]
        choice["logprobs"] = {"content": [{**top[0], "top_logprobs": top}], "refusal": None}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [choice],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }
