"""A real server in a process of its own, and a real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass
class Server:
    """`brigade play`, running."""

    process: subprocess.Popen[str]
    url: str
    port: int
    records: Path
    options: tuple[str, ...]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> str:
        """End it; returns what it wrote to standard error."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        _, errors = self.process.communicate(timeout=20)
        return errors


Start = Callable[..., Server]


def start(records: Path, *options: str, port: int = 0) -> Server:
    command = [sys.executable, "-m", "brigade.agents.cli", "play", "--port", str(port), "--records", str(records)]
    plain = {key: value for key, value in os.environ.items() if not key.startswith("BRIGADE_") or "CACHE" in key}
    process = subprocess.Popen(
        [*command, "--countdown", "0", "--no-warm", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=plain,
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+:(\d+)", line)
    if found is None:
        process.kill()
        raise AssertionError(f"the server did not start: {line}{process.communicate()[1]}")
    return Server(process, found[0], int(found[1]), records, options)


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Start]:
    """Starts servers with options of the test's own."""
    started: list[Server] = []

    def begin(*options: str, port: int = 0) -> Server:
        started.append(start(tmp_path / "records", *options, port=port))
        return started[-1]

    yield begin
    for server in started:
        server.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that the tests of a file share."""
    running = start(tmp_path_factory.mktemp("records"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Its driver keeps an event loop running meanwhile, so no async test may share a module with it."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("there is no Chromium here; Debian's package is called chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=list(FLAGS), headless=True)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own; what its scripts complain of fails the test."""
    context = browser.new_context(viewport={"width": 1180, "height": 820})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def wait_for(condition: Callable[[], object], seconds: float = 15.0, every: float = 0.05) -> None:
    """Until something holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(every)


def see(page: Page, expression: str, seconds: float = 15.0) -> None:
    """Until an expression is true in the page. From outside: the page itself may not evaluate text, by its policy."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"never: {expression}"
        page.wait_for_timeout(15)
