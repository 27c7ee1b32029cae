"""A participant in a real browser, from consent to thanks, and what is exported of it."""

from __future__ import annotations

import csv
import io
import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from brigade.agents.sessions.play.study.export import to_csv, to_jsonl
from brigade.agents.sessions.record import read_record, replay
from browser import Start, see
from playwright.sync_api import Page, expect
from short_study import study_file


def test_participants_cannot_open_games_of_their_own(play: Start, tmp_path: Path) -> None:
    server = play("--study", str(study_file(tmp_path)))
    request = urllib.request.Request(
        f"{server.url}/api/games", b"{}", {"content-type": "application/json", "origin": server.url}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 404
    refused.value.close()


def test_one_goes_through_a_study_in_a_browser_and_it_is_exported(page: Page, play: Start, tmp_path: Path) -> None:
    server = play("--study", str(study_file(tmp_path)))
    page.goto(server.url)
    expect(page.locator(".prose")).to_contain_text("You may stop at any time")
    page.fill("#code", "P2")
    page.check("#agree")
    page.click("#next")
    expect(page.locator("h1")).to_have_text("Hello")
    page.reload()
    page.click("#next")
    names = []
    for game in range(3):
        expect(page.locator("h1")).to_contain_text("Practice" if game == 0 else "you cook with")
        page.click("#next")
        page.click("#ready")
        assert "script" not in page.locator(".cast").inner_text(), "partners stay neutral"
        see(page, "brigade.game.last?.tick > 0")
        page.keyboard.press("ArrowDown")
        page.click("#go-on", timeout=15_000)
        if game:
            expect(page.locator("h1")).to_contain_text("About")
            names.append(page.locator("h1").inner_text().removeprefix("About "))
            page.locator(f".points input[value='{game + 2}']").check()
            page.fill("#why", f"=because {game}")
            page.click("#next")
    assert names == ["Basil", "Thyme"]
    page.check("input[value=Thyme]")
    page.click("#next")
    expect(page.locator("#own-code")).to_have_text("P2")
    assert "does not exist" not in server.stop()
    out, lines = io.StringIO(), io.StringIO()
    assert to_csv(server.records, out) == 2
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [(row["code"], row["condition"], row["partner"], row["fluent"]) for row in rows] == [
        ("P2", "Basil", "script", "3"), ("P2", "Thyme", "idle", "4"),
    ]  # fmt: skip
    assert rows[0]["why"] == "'=because 1", "a spreadsheet does not run what somebody typed"
    assert rows[0]["end_best"] == "Thyme"
    to_jsonl(server.records, lines)
    entries = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [entry["type"] for entry in entries if entry["type"] != "opened"] == [
        "participant", "consent", "read", "game", "game", "answers", "game", "answers", "answers",
    ]  # fmt: skip
    assert "key" not in lines.getvalue(), "secrets are not exported"
    record = read_record(server.records / f"{rows[0]['room']}.jsonl")
    *_, (view, _) = replay(record)
    assert view.score == int(rows[0]["score"])
    assert any(entry["actions"][0] for entry in record.entries if entry["type"] == "tick")
