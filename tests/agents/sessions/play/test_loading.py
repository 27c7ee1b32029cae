"""Models that are loaded while people play: what could hold the kitchens up happens before, or in another process."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from brigade.agents.cli.console import load_minds
from brigade.agents.graph import Minds
from brigade.agents.models import ModelError, load_model, vocabulary
from brigade.agents.models.embedded import read_early
from brigade.agents.models.weights import Source, converted
from brigade.agents.sessions.play.lobby import Lobby
from brigade.agents.sessions.play.serve import SWITCH_SECONDS, _warm
from brigade.agents.sessions.play.shelf import MindShelf
from brigade.agents.settings import load_settings
from rooms import game, until


def load(slow: str, fast: str) -> Minds:
    return load_minds(load_settings(slow=slow, fast=fast), lambda text: None)


def test_models_of_the_same_weights_read_their_vocabulary_once_and_before_they_are_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load_model("embedded")  # converts the weights if nobody has
    read_early()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("this holds every room up for 70 or 230 ms")

    monkeypatch.setattr(vocabulary, "Tokenizer", refuse)
    monkeypatch.setattr(vocabulary, "LLTokenizer", refuse)
    model = load_model("embedded")
    assert model.generate([], max_tokens=12, schema={"type": "boolean"}).text in ("true", "false")


def test_a_server_with_minds_never_imports_what_only_conversion_needs() -> None:
    """Torch takes 1.4 s to import, a quarter of a second of it in one piece."""
    script = (
        "import sys; from brigade.agents.cli.console import load_minds as load;"
        "from brigade.agents.settings import load_settings as read; load(read(), print);"
        "import brigade.agents.sessions.play.serve;"
        "print(sorted({'torch', 'transformers', 'peft'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_weights_that_cannot_be_read_are_refused_with_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BRIGADE_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="the model nothing cannot be prepared") as refused:
        converted(Source("nothing", str(tmp_path / "empty")))
    assert "\n" not in str(refused.value)
    assert "Traceback" not in str(refused.value)


@pytest.mark.slow  # a busy machine is late, and converting takes half a minute
@pytest.mark.parametrize("fresh", [False, True], ids=["converted", "not yet converted"])
async def test_a_room_that_runs_does_not_notice_that_minds_are_loaded_for_another(
    fresh: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        load_model("embedded")
        _warm()
        if fresh:
            monkeypatch.setenv("BRIGADE_CACHE_DIR", str(tmp_path))
        rooms = Lobby(MindShelf(load), None, countdown=0)
        running, _ = await rooms.open(game("person", "script", duration=120.0, pace=2.5))
        running.room.come(0)
        running.room.is_ready(0)
        await until(lambda: running.room.view.tick > 20)
        first = len(running.room.clock.lateness)
        opened, _ = await rooms.open(game("person", "hla"))
        await asyncio.sleep(0.2)
        late = list(running.room.clock.lateness)[first:]
        assert opened.room.spec.thinks
        assert len(late) > 20
        assert max(late) < 0.05
        await rooms.close()
    finally:
        sys.setswitchinterval(before)
