"""The receipts page in a real browser: what is about to be sent is shown first, and goes only if the user lets it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import openai
import pytest
from axe_playwright_python.sync_playwright import Axe
from brigade.agents.assistant.opening import OfficeSpec
from browser import browser, page
from cloud import Stack, stack
from openai.types.chat import ChatCompletion
from people import FACTS
from playwright.sync_api import Page, expect

__all__ = ["browser", "page"]
PRIVATE = "I am Marta Kowalczyk; <b>mail</b> bob@example.com about my rent."


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Stack]:
    profile = tmp_path / "profile.json"
    profile.write_text(json.dumps(FACTS), encoding="utf-8")
    with stack(tmp_path / "data", spec=OfficeSpec(profile=profile), confirm=True) as found:
        yield found


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


def ask(found: Stack, threads: ThreadPoolExecutor, text: str = PRIVATE) -> Future[ChatCompletion]:
    client = found.client.with_options(timeout=60)
    return threads.submit(
        lambda: client.chat.completions.create(model="m", messages=[{"role": "user", "content": text}])
    )


def test_what_would_be_sent_is_shown_and_sent_when_the_user_says_so(
    asking: Stack, threads: ThreadPoolExecutor, page: Page
) -> None:
    page.goto(asking.url.removesuffix("/v1") + "/receipts")
    answer = ask(asking, threads)
    waiting = page.locator(".wait")
    expect(waiting).to_contain_text("I am <PERSON_1>; <b>mail</b> <EMAIL_1> about my rent.", timeout=15_000)
    assert asking.cloud.told == []  # shown, and nothing has left
    assert "Marta" not in page.content()
    shown = json.loads(waiting.locator("pre").inner_text())
    problems = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "best-practice"]}).response["violations"]
    assert [each["id"] for each in problems] == []
    page.get_by_role("button", name="Send it", exact=True).click()
    assert answer.result(30).choices[0].message.content == PRIVATE
    assert asking.cloud.bodies == [shown]
    page.reload()
    expect(page.locator(".wait")).to_have_count(0)
    page.locator("table a").first.click()
    expect(page.locator("pre").first).to_contain_text("<PERSON_1>")


def test_what_the_user_stops_is_not_sent(asking: Stack, threads: ThreadPoolExecutor, page: Page) -> None:
    answer = ask(asking, threads)
    page.goto(asking.url.removesuffix("/v1") + "/receipts")
    page.get_by_role("button", name="Do not send it").click(timeout=15_000)
    with pytest.raises(openai.PermissionDeniedError) as caught:
        answer.result(30)
    assert caught.value.code == "not_confirmed"
    assert asking.cloud.told == []
    assert (asking.receipts()[0]["status"], asking.receipts()[0]["sent"]) == ("refused", [])


def test_a_page_of_another_site_cannot_let_it_go(asking: Stack, threads: ThreadPoolExecutor) -> None:
    answer = ask(asking, threads)
    http, root = asking.client._client, asking.url.removesuffix("/v1")
    end = time.monotonic() + 15
    while not (ids := http.get(f"{root}/receipts/waiting").json()):
        assert time.monotonic() < end
    foreign = http.post(f"{root}/receipts/{ids[0]}/send", headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert asking.cloud.told == []
    assert http.post(f"{root}/receipts/nothing/send").status_code == 404
    assert http.post(f"{root}/receipts/{ids[0]}/stop", follow_redirects=False).status_code == 303
    with pytest.raises(openai.PermissionDeniedError):
        answer.result(30)
