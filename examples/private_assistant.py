"""The private assistant behind an ordinary OpenAI client: the cloud sees placeholders, the user sees names.

python examples/private_assistant.py
"""

from __future__ import annotations

import asyncio
import json
import socket
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from brigade.agents.assistant.opening import OfficeSpec
from brigade.agents.assistant.upstream import UpstreamSpec
from brigade.agents.sessions.assistant.gateway import GatewaySpec
from brigade.agents.sessions.assistant.serve import open_gateway
from brigade.agents.sessions.web import server
from openai import OpenAI


class PretendCloud(BaseHTTPRequestHandler):
    """Stands for the cloud, so that this needs no account: thanks for whatever it is told."""

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"][-1]["content"]
        print("the cloud is told:", said)
        message = {"role": "assistant", "content": f"Thank you for: {said}"}
        body = {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "m",
            "choices": [{"index": 0, "message": message}],
        }
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def main() -> None:
    cloud = ThreadingHTTPServer(("127.0.0.1", 0), PretendCloud)
    threading.Thread(target=cloud.serve_forever, daemon=True).start()
    folder = Path(tempfile.mkdtemp())
    profile = folder / "me.txt"
    profile.write_text("name: Marta Kowalczyk\ncity: Gdynia\n", encoding="utf-8")
    upstream = UpstreamSpec(f"http://127.0.0.1:{cloud.server_port}/v1", "m")
    app = open_gateway(OfficeSpec(upstream=upstream, profile=profile, data=folder), GatewaySpec())

    listening = socket.create_server(("127.0.0.1", 0))
    ready = threading.Event()
    runner = server(app, ready.set)
    gateway = threading.Thread(target=lambda: asyncio.run(runner.serve(sockets=[listening])), daemon=True)
    gateway.start()
    ready.wait(30)

    client = OpenAI(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}/v1", api_key="unused")
    question = "Marta Kowalczyk moves from Gdynia; write to bob@example.com about the boxes that he wants to carry"
    answer = client.chat.completions.create(model="brigade", messages=[{"role": "user", "content": question}])
    print("the user is told: ", answer.choices[0].message.content)
    runner.should_exit = True
    gateway.join(10)
    cloud.shutdown()


if __name__ == "__main__":
    main()
