"""The page for people who see, hear or move differently: axe-core finds nothing, and what matters can be done by keys.

The canvas itself cannot be played without seeing it; menus, chat, studies and results can be used by everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import Server, Start, see
from playwright.sync_api import Browser, Page, expect
from short_study import study_file

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SIZES = {"desk": (1180, 820), "phone": (390, 760), "on its side": (760, 390)}


def look(page: Page, where: str) -> None:
    """Let axe look at what the page shows now."""
    page.wait_for_timeout(350)  # what slides in has to arrive before its contrast can be measured
    found = Axe().run(page, options=RULES)
    problems = [
        f"{where}: {each['id']}: {node['target']}: {node['failureSummary']}"
        for each in found.response["violations"]
        for node in each["nodes"]
    ]
    assert problems == []


def enter(page: Page, server: Server, **wish: object) -> None:
    """Into a game, up to its first card."""
    page.goto(server.url)
    opened = "wish => import('/api.js').then(api => api.post('/api/games', wish))"
    seat = page.evaluate(opened, {"map": "quick", "partner": "script", "duration": 8, "seed": 1, **wish})["seat"]
    page.goto(f"{server.url}/#play={seat}")
    page.reload()
    page.wait_for_selector("#ready")


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of this size; small ones are touched."""
    width, height = SIZES[request.param]
    small = request.param != "desk"
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=small, is_mobile=small)
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_from_lobby_to_replay(sized: Page, server: Server) -> None:
    page = sized
    page.goto(server.url)
    page.wait_for_selector("#play-button")
    for words in ("Your own kitchen…", "More settings"):
        page.click(f"text={words}")
    look(page, "lobby")
    enter(page, server)
    look(page, "before a game")
    page.click("#ready")
    see(page, "brigade.game.last?.tick > 5")
    page.locator(".say input").fill("Hello")
    page.keyboard.press("Enter")
    expect(page.locator(".said.own")).to_be_visible()
    look(page, "game")
    page.wait_for_selector(".end", timeout=15_000)
    look(page, "end")
    page.click("#watch")
    page.wait_for_selector("#scrub")
    look(page, "replay")
    page.goto(f"{server.url}/#play={'x' * 43}")
    page.reload()
    page.wait_for_selector("text=This game is closed")
    look(page, "closed")


def test_axe_finds_nothing_in_a_study(page: Page, play: Start, tmp_path: Path) -> None:
    server = play("--study", str(study_file(tmp_path)))
    page.goto(server.url)
    page.wait_for_selector("#agree")
    look(page, "consent")
    page.fill("#code", "P1")
    page.check("#agree")
    page.click("#next")
    page.wait_for_selector("text=Read this")
    look(page, "tutorial")
    page.click("#next")
    look(page, "before the practice")
    for _ in range(2):
        page.click("#next")
        page.click("#ready")
        page.click("#go-on", timeout=15_000)
        page.wait_for_selector(".study")
    look(page, "questions")


def test_a_game_is_chosen_begun_talked_in_and_left_by_keys_alone(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.wait_for_selector("#play-button")
    seen: list[str] = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("(on => on.name || on.id || on.tagName)(document.activeElement)"))
        if seen[-1] == "partner":
            page.keyboard.press("ArrowRight")
        if seen[-1] == "play-button":
            break
    assert seen == ["home", "map", "SUMMARY", "partner", "SUMMARY", "play-button"], "in the order of the page"
    assert page.locator("input[name=partner]:checked").get_attribute("value") == "script"
    page.keyboard.press("Enter")
    page.wait_for_selector("#ready")
    assert page.evaluate("document.activeElement.id") == "ready"
    page.keyboard.press("Enter")
    see(page, "brigade.game.last?.tick > 2")
    page.keyboard.press("t")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Say something")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Leave").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Leave for good?")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_selector("#play-button")


def test_what_happens_is_told_to_those_who_do_not_see_it(page: Page, server: Server) -> None:
    """Score, orders, the time and what is said are in live regions, each said once and not every tick."""
    enter(page, server, duration=60, pace=8, map="quick")
    news = page.locator(".hud [role=status]")
    page.evaluate(
        "const news = document.querySelector('.hud [role=status]'); window.told = [];"
        "new MutationObserver(() => told.push(news.textContent)).observe(news, {childList: true})"
    )
    page.click("#ready")
    see(page, "brigade.game.last?.served > 0", 50)
    expect(news).to_contain_text("Order served")
    told = page.evaluate("told")
    assert any("New order: " in text for text in told)
    assert len(told) < 12
    assert page.locator(".log[role=log]").count() == 1
    assert page.locator(".stage .overlay").get_attribute("aria-hidden") == "true", "bubbles are not read twice"


def test_nothing_slides_where_motion_is_unwelcome(browser: Browser, server: Server) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    enter(page, server, partner="idle", map="ring")
    page.click("#ready")
    see(page, "brigade.game.last?.tick > 1")
    page.keyboard.press("ArrowDown")
    see(page, "brigade.game.last.cooks[0].y !== brigade.game.stage.cooks[0].fromY || brigade.game.pending.length === 0")
    cook = page.evaluate("brigade.game.stage.cooks[0]")
    assert cook["fromY"] == cook["y"]
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).animationName") == "none"
    context.close()
