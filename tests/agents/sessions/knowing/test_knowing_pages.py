"""The knowledge base in a browser: search, why, corrections, review."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from brigade.agents.cli import app as cli
from brigade.agents.sessions.knowing.pages import application
from brigade.knowledge import Fact, KnowledgeBase, Status
from brigade.knowledge.inference.deriving import Inference
from brigade.knowledge.moments import written_id
from brigade.knowledge.text.telling import tell
from starlette.testclient import TestClient
from typer.testing import CliRunner

HERE = {"origin": "http://testserver"}


@pytest.fixture
def zoo(tmp_path: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase(tmp_path / "zoo.db") as base:
        base.declare("legs", single=True, kind="integer")
        tell(base, ["is_a(ant, insect).", "rule insects: legs(?x, 6) :- is_a(?x, insect)."], {"author": "person"})
        base.add_fact("spider", "legs", 7, source="a guess")
        Inference(base).infer()
        yield base


@pytest.fixture
def client(zoo: KnowledgeBase) -> TestClient:
    return TestClient(application(zoo, ["testserver"]), follow_redirects=False)


def test_what_is_known_is_found_and_explained(client: TestClient) -> None:
    found = client.get("/", params={"q": "how many legs does the ant have"}).text
    assert 'href="/about/ant"' in found
    page = client.get("/about/ant").text
    assert "legs(ant, 6)." in page
    assert "by rule insects" in page, "the tree names the rule"
    assert "is_a(ant, insect)." in page, "and what it stands on"


def test_a_correction_supersedes_and_nothing_is_lost(client: TestClient, zoo: KnowledgeBase) -> None:
    (wrong,) = zoo.find("spider", "legs")
    form = {"text": "legs(spider, 8).", "source": "a book", "corrects": written_id(wrong.id)}
    assert "legs(spider, 8)." in client.post("/tell", data=form, headers=HERE).text
    assert [(fact.object, fact.source) for fact in zoo.find("spider", "legs")] == [(8, "a book")]
    assert [fact.object for fact in zoo.history("spider", "legs")] == [7, 8]
    assert "legs(spider, 7)" in client.get("/about/spider").text, "what was believed is shown"


def test_what_a_model_wrote_waits_until_a_person_decides(client: TestClient, zoo: KnowledgeBase) -> None:
    for subject in ("bee", "wasp"):
        zoo.add_fact(subject, "stings", True, author="model", status=Status.PROPOSED)
    yes, no = zoo.waiting()
    assert "2 wait for review" in client.get("/").text
    assert client.post(f"/records/{written_id(yes.id)}/accept", headers=HERE).status_code == 303
    assert client.post(f"/records/{written_id(no.id)}/reject", headers=HERE).status_code == 303
    assert [fact.subject for fact in zoo.find(predicate="stings")] == ["bee"]
    assert not zoo.waiting()


def test_what_is_taken_back_stays_in_the_history(client: TestClient, zoo: KnowledgeBase) -> None:
    (fact,) = zoo.find("spider")
    assert client.post(f"/records/{written_id(fact.id)}/retract", headers=HERE).headers["location"] == "/about/spider"
    assert not zoo.find("spider")
    assert len(zoo.history("spider")) == 1


@pytest.mark.parametrize("headers", [{}, {"origin": "http://elsewhere.example"}, {"origin": "null"}])
def test_a_form_from_elsewhere_writes_nothing(client: TestClient, zoo: KnowledgeBase, headers: dict[str, str]) -> None:
    assert client.post("/tell", data={"text": "legs(ant, 4)."}, headers=headers).status_code == 403
    assert [fact.object for fact in zoo.find("ant", "legs")] == [6]


def test_another_host_name_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_bad_input_is_one_line_and_markup_is_text(client: TestClient, zoo: KnowledgeBase) -> None:
    broken = client.post("/tell", data={"text": "legs(spider"}, headers=HERE)
    assert broken.status_code == 400
    assert "line 1" in broken.text
    zoo.add_fact("<script>alert(1)</script>", "note", "<b>bold</b>")
    page = client.get("/about/%3Cscript%3Ealert(1)%3C%2Fscript%3E").text
    assert "<script>alert" not in page
    assert "&lt;b&gt;bold" in page
    assert client.get("/about/nobody").status_code == 404
    assert client.post("/records/zz/accept", headers=HERE).status_code == 400


def test_the_page_is_for_this_machine_alone(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["know", "serve", "--base", str(tmp_path / "b.db"), "--host", "0.0.0.0"])
    assert done.exit_code == 2
    assert "127.0.0.1" in done.output


def test_facts_without_tree_are_still_facts(zoo: KnowledgeBase, client: TestClient) -> None:
    told = [fact for fact in zoo.find() if isinstance(fact, Fact)]
    assert all(client.get(f"/about/{fact.subject}").status_code == 200 for fact in told)
