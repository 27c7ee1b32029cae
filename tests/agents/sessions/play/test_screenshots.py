"""The pictures in docs/pictures: `pytest -m screenshots` makes them anew."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from browser import Start, see
from PIL import Image
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.screenshots
REPOSITORY = Path(__file__).parents[4]
FOLDER = REPOSITORY / "docs" / "pictures"
LARGEST = 150_000
"""Bytes of a picture."""


def shoot(page: Page, file: Path) -> None:
    """Keep what the page shows, in a palette of 256 colours, which is a third of the size."""
    page.wait_for_timeout(350)
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    file.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(256, kmeans=1, dither=Image.Dither.NONE).save(file, optimize=True)
    assert file.stat().st_size < LARGEST
    assert len(np.unique(np.asarray(image).reshape(-1, 3), axis=0)) > 200, f"{file.name} shows next to nothing"


def play_a_while(page: Page, url: str, tick: int = 520) -> None:
    """A game with the agent on the ring, until it has something to show."""
    seat = page.evaluate(
        "import('/api.js').then(api => api.post('/api/games', {map: 'ring', partner: 'hla', pace: 7, seed: 4}))"
    )["seat"]
    page.goto(f"{url}/#play={seat}")
    page.reload()
    page.click("#ready", timeout=90_000)
    keys = ["ArrowRight"] * 2 + ["ArrowUp"] + ["ArrowDown", "ArrowLeft"] * 2
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(200)
    see(page, f"brigade.game.last.tick > {tick - 45}", 60)
    page.locator(".say input").fill("Chop two tomatoes please")
    page.keyboard.press("Enter")
    see(page, "document.querySelectorAll('.said.cook1').length > 0", 20)
    page.locator(".say input").blur()
    see(page, "brigade.game.last.cooks[1].doing !== ''", 20)


def test_lobby_and_game(page: Page, play: Start) -> None:
    server = play()
    page.goto(server.url)
    page.wait_for_selector("#play-button")
    shoot(page, FOLDER / "play-lobby.png")
    play_a_while(page, server.url)
    shoot(page, FOLDER / "play-game.png")


def test_phone(browser: Browser, play: Start) -> None:
    server = play()
    context = browser.new_context(
        viewport={"width": 390, "height": 760}, has_touch=True, is_mobile=True, device_scale_factor=1.5
    )
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_selector("#play-button")
    play_a_while(page, server.url)
    shoot(page, FOLDER / "play-phone.png")
    context.close()


def test_study(page: Page, play: Start, tmp_path: Path) -> None:
    text = (REPOSITORY / "examples/study.yaml").read_text()
    quick = tmp_path / "study.yaml"
    quick_games = ("partner: hla", "partner: script"), ("duration: 60", "duration: 5"), ("duration: 45", "duration: 5")
    for old, new in quick_games:
        text = text.replace(old, new)
    quick.write_text(text)
    server = play("--study", str(quick))
    page.set_viewport_size({"width": 900, "height": 700})
    page.goto(server.url)
    page.wait_for_selector("#agree")
    shoot(page, FOLDER / "play-study-consent.png")
    page.check("#agree")
    page.click("#next")
    for _ in range(2):
        page.wait_for_selector("text=Go on")
        page.click("#next")
        page.wait_for_timeout(300)
    page.click("#next")
    page.click("#ready")
    page.click("#go-on", timeout=60_000)
    for _ in range(2):
        page.wait_for_selector("text=To the kitchen")
        page.click("#next")
        page.click("#ready")
        page.click("#go-on", timeout=20_000)
    page.wait_for_selector(".questions")
    for number, points in enumerate(page.locator(".points").all()):
        points.locator("input").nth((5, 4, 6)[number % 3]).check()
    shoot(page, FOLDER / "play-study-questions.png")


def test_replay(page: Page, play: Start, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "brigade.agents.cli", "run", "--map", "quick", "--agent", "script"]
    subprocess.run(
        [*command, "--partner", "commander", "--record", str(tmp_path / "r")], check=True, capture_output=True
    )
    page.goto(play().url)
    page.click("text=More settings")
    page.get_by_label("Record of a game").set_input_files(next((tmp_path / "r").glob("*.jsonl")))
    page.locator("#scrub").fill("520")
    shoot(page, FOLDER / "play-replay.png")
