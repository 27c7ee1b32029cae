"""Looks a machine over before anybody works on it: what is there, what is missing, and what to do about it.

Every check says whether the thing is `ok`, `missing` though something works without it, or `broken`. Nothing is sent
anywhere, and nothing is changed but for a scratch file in the folders that must be written.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from brigade.agents.settings import Settings

State = Literal["ok", "missing", "broken"]
MEMORY, DISK = 3.0, 2.0
"""GiB that the embedded model with both minds, and converted weights, need."""
OPTIONAL = {
    "ray": "many machines (--engine ray): pip install 'brigade-agents[ray]'",
    "opentelemetry.sdk": "traces and metrics: pip install 'brigade-agents[telemetry]'",
    "langgraph_api": "`langgraph dev`: pip install 'langgraph-cli[inmem]'",
    "pygame": "a window on the screen: pip install 'brigade-agents[human]'",
    "imageio_ffmpeg": "MP4: pip install 'brigade-agents[video]'",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found."""

    what: str
    state: State
    says: str
    todo: str = ""
    """What to do; empty if nothing."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {name: getattr(self, name) for name in self.__slots__}


def examine(settings: Settings, *, think: bool = False) -> Iterator[Finding]:
    """Check everything, one finding after the other.

    Args:
        settings: whose models, profile and upstream are looked at.
        think: also load the minds' models and time an answer of each, which takes seconds.
    """
    yield _python()
    yield _machine()
    yield from _folders()
    yield _weights()
    for name in dict.fromkeys((settings.slow, settings.fast)):
        yield _model(name)
    yield _detectors()
    yield _sandbox()
    yield _database(settings)
    yield _profile(settings)
    yield _upstream(settings)
    yield _browser()
    yield _gpu()
    yield from _extras()
    if think:
        for name in dict.fromkeys((settings.slow, settings.fast)):
            yield _thinks(name)


def _guarded(what: str, check: Callable[[], Finding], todo: str) -> Finding:
    """A check that may fail: then the thing is broken."""
    try:
        return check()
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        return Finding(what, "broken", " ".join(str(error).split())[:300], todo)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", "ok", f"{version}, brigade-agents {importlib.metadata.version('brigade-agents')}")


def _machine() -> Finding:
    import psutil

    cores, memory = os.cpu_count() or 1, psutil.virtual_memory().available / 2**30
    says = f"{cores} cores, {memory:.1f} GiB of memory free"
    if memory < MEMORY:
        return Finding("machine", "missing", says, f"close something: both minds need about {MEMORY:g} GiB")
    return Finding("machine", "ok", says)


def _folders() -> Iterator[Finding]:
    from brigade.agents.models.weights import cache_folder
    from brigade.agents.privacy.keys import data_folder

    yield _guarded("cache", lambda: _folder("cache", cache_folder()), "name another with BRIGADE_CACHE_DIR")
    yield _guarded("data", lambda: _folder("data", data_folder()), "name another with BRIGADE_DATA_DIR")


def _folder(what: str, folder: Path) -> Finding:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder):
        pass
    free = shutil.disk_usage(folder).free / 2**30
    if what == "cache" and free < DISK:
        return Finding(what, "missing", f"{folder}: {free:.1f} GiB free", f"converted weights need up to {DISK:g} GiB")
    return Finding(what, "ok", f"{folder}: can be written, {free:.1f} GiB free")


def _weights() -> Finding:
    from brigade.agents.models.weights import embedded_source

    def check() -> Finding:
        return Finding("weights", "ok", f"the embedded model: {embedded_source().label}")

    return _guarded("weights", check, "install them as it says, or name other models (--slow, --fast)")


def _model(name: str) -> Finding:
    from brigade.agents.models.adapters import find_adapter
    from brigade.agents.models.weights import embedded_source, prepared

    def check() -> Finding:
        kind, _, adapter = name.partition(":")
        if kind != "embedded":
            return Finding(f"model {name}", "ok", "named; not tried without --think")
        source = embedded_source()
        ready = prepared(source.adapted(find_adapter(adapter)) if adapter else source)
        says = "converted" if ready else "not yet converted: the first use takes about half a minute"
        return Finding(f"model {name}", "ok", says)

    return _guarded(f"model {name}", check, "name a model that there is (see the README, Models)")


def _detectors() -> Finding:
    if importlib.util.find_spec("en_core_web_sm") is None:
        return Finding(
            "detectors", "missing", "spaCy's English model is not installed", "use --detect none, or make setup"
        )
    return Finding("detectors", "ok", "patterns; entities (spaCy's small English model)")


def _sandbox() -> Finding:
    from brigade.agents.reasoning.lmulator import Lmulator

    def check() -> Finding:
        result = Lmulator().run("answer = 6 * 7")
        if result.answer != 42:
            raise RuntimeError(f"6 * 7 gives {result.answer!r}: {result.message}")
        return Finding("sandbox", "ok", "programs run")

    return _guarded("sandbox", check, "reinstall pydantic-monty as constraints.txt pins it")


def _database(settings: Settings) -> Finding:
    from brigade.agents.privacy.keys import data_folder, load_sealer
    from brigade.agents.privacy.receipts import open_ledger

    def check() -> Finding:
        ledger = open_ledger(data_folder(), load_sealer(data_folder()), settings.database)
        count = len(ledger.latest(1000))
        ledger.close_database()
        return Finding("database", "ok", f"receipts: {count if count < 1000 else 'more than 999'}")

    return _guarded("database", check, "move the data folder away, or name another with BRIGADE_DATA_DIR")


def _profile(settings: Settings) -> Finding:
    from brigade.agents.privacy.profile import read_profile

    if settings.profile is None:
        return Finding(
            "profile", "missing", "nobody said what is private", "name a file with BRIGADE_PROFILE or --profile"
        )

    def check() -> Finding:
        private = read_profile(Path(settings.profile or ""))
        return Finding("profile", "ok", f"{len(private.facts)} facts are private")

    return _guarded("profile", check, "mend the file as it says")


def _upstream(settings: Settings) -> Finding:
    if settings.upstream is None:
        return Finding(
            "upstream", "missing", "there is no cloud model: the assistant answers locally", "BRIGADE_UPSTREAM"
        )
    key = "with a key" if settings.api_key else "without a key"
    return Finding("upstream", "ok", f"{settings.upstream.split('@')[-1]}, {key}; not tried, since nothing is sent")


def _browser() -> Finding:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "firefox"))), None)
    if found is None:
        return Finding("browser", "missing", "none found here", "`brigade play` works from any other machine's browser")
    return Finding("browser", "ok", found)


def _gpu() -> Finding:
    import torch

    if not torch.cuda.is_available():
        return Finding("gpu", "missing", "none that torch can use", "nothing: training is slower, all works")
    memory = torch.cuda.get_device_properties(0).total_memory / 2**30
    return Finding("gpu", "ok", f"{torch.cuda.get_device_name(0)}, {memory:.0f} GiB")


def _extras() -> Iterator[Finding]:
    for module, todo in OPTIONAL.items():
        there = importlib.util.find_spec(module.partition(".")[0]) is not None and _finds(module)
        yield Finding(
            module, "ok" if there else "missing", "installed" if there else "not installed", "" if there else todo
        )


def _finds(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _thinks(name: str) -> Finding:
    from brigade.agents.models import Message, load_model

    def check() -> Finding:
        model = load_model(name)
        if model.remote:
            return Finding(f"thinking {name}", "ok", "remote: not tried, since nothing is sent")
        asked = [Message("user", "Is a tomato red? yes or no")]
        model.choose(asked, ("yes", "no"))
        started = time.perf_counter()
        model.choose(asked, ("yes", "no"))
        return Finding(f"thinking {name}", "ok", f"chooses in {1000 * (time.perf_counter() - started):.0f} ms")

    return _guarded(f"thinking {name}", check, "see `model` above")
