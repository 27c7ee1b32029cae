"""What a knowledge base marks as private is part of the private set."""

from __future__ import annotations

from pathlib import Path

from brigade.agents.cli.console import boundary_from
from brigade.agents.cli.private_records import private_parts
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.settings import load_settings
from brigade.knowledge import KnowledgeBase, Status


def test_private_records_are_found_in_what_would_leave(tmp_path: Path) -> None:
    file = tmp_path / "base.db"
    with KnowledgeBase(file) as base:
        base.add_fact("Ann", "doctor", "Dr Kowalczyk", private=True)
        base.add_fact("Ann", "allergic_to_penicillin", True, private=True, status=Status.PROPOSED)
        base.add_fact("Ann", "city", "Leeds")
        base.add_lesson("sleep", summary=["Ann slept badly before the hearing at Wakefield court."], private=True)
    private = PrivateSet(*private_parts(str(file)))
    for text in ("I met Kowalczyk.", "Ann is allergic to penicillin", "the hearing at Wakefield court"):
        assert private.find(text), text
    assert not private.find("It rains in Leeds.")
    assert private_parts(str(tmp_path / "missing.db")) == ([], [])
    boundary = boundary_from(load_settings(knowledge=str(file)))
    assert boundary.private.find("Kowalczyk")
