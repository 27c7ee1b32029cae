"""What somebody who watches a record sees: where cooks look, what they say, what they are about, and for how long."""

from __future__ import annotations

from pathlib import Path

import pytest
from brigade.agents.sessions.moments import Moment, moments
from brigade.agents.sessions.playback import to_png
from brigade.agents.sessions.record import Record, RecordWriter, read_record
from brigade.envs.kitchen import Kitchen
from PIL import Image


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Cook 1 walks right and stays, cook 2 stays; they talk, and cook 1 begins and ends a macro action."""
    kitchen = Kitchen("ring", tick_seconds=1.0)
    kitchen.reset(0)
    with RecordWriter(tmp_path / "r.jsonl") as out:
        out.header(kitchen, seed=0)
        for tick in range(10):
            if tick == 1:
                out.write("message", tick=tick, cook=1, text="Chop an onion")
                out.write("decision", tick=tick, cook=0, mind="policy", macro="Chop Onion", lands=tick)
            if tick == 4:
                out.write("message", tick=tick, cook=1, text="No, a tomato")
                out.write("macro", tick=tick, cook=0, macro="Chop Onion", outcome="done", reason="", begun=1)
            actions = [3 if tick < 3 else 0, 0]
            kitchen.step(actions)
            out.write("tick", tick=tick + 1, actions=actions, digest=kitchen.state.digest())
    return read_record(tmp_path / "r.jsonl")


def test_a_moment_has_who_looks_where_says_what_and_does_what(record: Record) -> None:
    seen = list(moments(record, speech_seconds=4.0))
    assert len(seen) == 11
    assert [moment.facing for moment in (seen[0], seen[1], seen[10])] == [{}, {0: (1, 0)}, {0: (1, 0)}]
    assert [moment.doing.get(0) for moment in seen] == [None, None, *["Chop Onion"] * 3, *[None] * 6]
    said = [moment.speech.get(1) for moment in seen]
    assert said == [None, None, *["Chop an onion"] * 3, *["No, a tomato"] * 4, None, None]


def test_the_drawing_of_a_moment_has_all_of_it(record: Record) -> None:
    def words(moment: Moment) -> set[str]:
        return {str(getattr(shape, "text", "")) for shape in moment.scene().shapes}

    seen = list(moments(record))
    assert {"Chop an onion", "Chop Onion"} <= words(seen[3])
    assert not {"Chop an onion", "Chop Onion"} & words(seen[9])


def test_a_picture_is_of_the_moment_that_was_asked_for(record: Record, tmp_path: Path) -> None:
    pictures = []
    for at in (0, 2.5, 3, 10):
        to_png(record, tmp_path / "p.png", at, square=16)
        with Image.open(tmp_path / "p.png") as image:
            pictures.append(image.tobytes())
    assert pictures[1] == pictures[2]
    assert len(set(pictures)) == 3
    with pytest.raises(ValueError, match="lasted 10 s; there is nothing to see at 11 s"):
        to_png(record, tmp_path / "p.png", 11)
