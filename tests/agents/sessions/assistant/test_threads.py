"""A conversation on the command line goes on in the next process, and finishes first what was broken off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from brigade.agents.assistant.opening import OfficeSpec, open_office
from brigade.agents.assistant.upstream import UpstreamSpec
from brigade.agents.cli import app
from brigade.agents.graph import assisting
from brigade.agents.sessions.assistant.threads import take_turn
from brigade.knowledge import Fact, KnowledgeBase
from server import Behaviour, serving
from typer.testing import CliRunner


def test_a_conversation_goes_on(tmp_path: Path) -> None:
    behaviour = Behaviour(text="<PERSON_1>, of course")
    profile = tmp_path / "me.txt"
    profile.write_text("name: Marta Kowalczyk\n")
    common = ["--profile", str(profile), "--local", "none", "--detect", "none", "--data", str(tmp_path), "--json"]
    with serving(behaviour) as url:
        told = []
        for number, text in enumerate(("Marta Kowalczyk is coming to see us", "who is coming?")):
            file = tmp_path / f"{number}.json"
            asked = ["ask", text, "--thread", "t", "--upstream", url, "--upstream-model", "m", *common, str(file)]
            done = CliRunner().invoke(app, asked)
            assert done.exit_code == 0, done.output
            told.append(json.loads(file.read_text()))
    assert told[1]["answer"] == "Marta Kowalczyk, of course"
    assert told[1]["receipt"]["status"] == "done"
    spoken = [each["content"] for each in behaviour.requests[1]["messages"]]
    assert spoken == ["<PERSON_1> is coming to see us", "<PERSON_1>, of course", "who is coming?"]


async def test_what_was_broken_off_is_finished_first_and_approvals_are_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    heard: list[str] = []

    async def approve(shown: dict[str, Any]) -> bool:
        asked.append(shown)
        return True

    async def turn(url: str, question: str) -> Any:
        office = open_office(OfficeSpec(upstream=UpstreamSpec(url, "m"), data=tmp_path))
        return await take_turn(office, tmp_path, "t", question, confirm=True, approve=approve, told=heard.append)

    class BreaksOff(BaseException):
        """As Ctrl-C does."""

    async def broken(*_: Any) -> Any:
        raise BreaksOff

    with serving(Behaviour(text="yes")) as url:
        with monkeypatch.context() as patched:
            patched.setattr(assisting, "remember", _named(broken, "remember"))
            with pytest.raises(BreaksOff):
                await turn(url, "is it you?")
        done = await turn(url, "and now?")
    assert heard == ["yes"]
    assert len(asked) == 2
    assert [each["content"] for each in done["messages"]] == ["is it you?", "yes", "and now?", "yes"]


def _named(act: Any, name: str) -> Any:
    act.__name__ = name
    return act


def test_a_thread_recalls_from_the_knowledge_base_and_keeps_what_is_private_in_it(tmp_path: Path) -> None:
    where = str(tmp_path / "base.db")
    with KnowledgeBase(where) as base:
        base.add_fact("Agata", "lives_in", "Grodzisk", private=True)
    behaviour = Behaviour(text="Of course.")
    common = ["--local", "none", "--detect", "none", "--data", str(tmp_path), "--knowledge", where, "--json"]
    with serving(behaviour) as url:
        for number, text in enumerate(("Agata is off to Grodzisk. What shall I pack?", "remember: I never eat nuts")):
            asked = ["ask", text, "--thread", "t", "--upstream", url, "--upstream-model", "m", *common]
            done = CliRunner().invoke(app, [*asked, str(tmp_path / f"{number}.json")])
            assert done.exit_code == 0, done.output
    told = [json.loads((tmp_path / f"{number}.json").read_text()) for number in (0, 1)]
    assert told[0]["recalled"][0]["text"] == "Agata lives in: Grodzisk"
    assert "Grodzisk" not in json.dumps(behaviour.requests)
    assert told[1]["remembered"] == 1
    with KnowledgeBase(where) as base:
        assert [each.object for each in base.waiting() if isinstance(each, Fact)] == ["I never eat nuts"]
