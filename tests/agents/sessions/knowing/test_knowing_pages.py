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
    location = client.post(f"/records/{written_id(fact.id)}/retract", headers=HERE).headers["location"]
    assert location.startswith("/about/spider?since=")
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


def test_what_follows_from_a_correction_is_inferred_at_once_and_shown(client: TestClient, zoo: KnowledgeBase) -> None:
    told = client.post("/tell", data={"text": "is_a(bee, insect)."}, headers=HERE).text
    assert told.index("Follows now") < told.index("legs(bee, 6).")
    assert [fact.object for fact in zoo.find("bee", "legs")] == [6]
    (ant,) = zoo.find("ant", "is_a")
    location = client.post(f"/records/{written_id(ant.id)}/retract", headers=HERE).headers["location"]
    assert not zoo.find("ant", "legs")
    page = client.get(location).text
    assert page.index("Follows no more") < page.index("legs(ant, 6).")
    again = client.post("/tell", data={"text": "legs(bee, 7)."}, headers=HERE).text
    assert "Follows no more" in again, "what is told bars what would be derived"
    assert client.get("/about/bee", params={"since": "9" * 40}).status_code == 200


def test_rules_without_end_are_a_line_and_the_correction_stands(client: TestClient, zoo: KnowledgeBase) -> None:
    tell(zoo, ["rule more: size(?x, ?m) :- size(?x, ?n), ?m = ?n + 1."], {"author": "person"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("brigade.agents.sessions.knowing.following.PATIENCE", 0.2)
        impatient = TestClient(application(zoo, ["testserver"]), follow_redirects=False)
    page = impatient.post("/tell", data={"text": "size(ant, 1)."}, headers=HERE).text
    assert "What follows was not inferred" in page
    assert [fact.object for fact in zoo.find("ant", "size")] == [1]


def test_a_name_has_a_graph_that_leads_on(client: TestClient, zoo: KnowledgeBase) -> None:
    tell(zoo, ["lives_in(spider, cellar).", "lives_in(ant, garden)."], {"author": "person"})
    assert 'href="/graph/ant"' in client.get("/about/ant").text
    page = client.get("/graph/ant").text
    assert "<svg" in page
    assert 'href="/graph/insect"' in page
    assert "is_a(ant, insect)." in client.get("/graph/ant", params={"to": "insect"}).text
    assert client.get("/graph/ant", params={"to": "cellar"}).status_code == 404
    assert client.get("/graph/nobody").status_code == 404
