"""Fixtures that many tests share."""

from __future__ import annotations

import os

import pytest
from brigade.agents.models import LanguageModel, load_model

pytest_plugins = ("browser", "bases")

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")  # windows open without a screen


@pytest.fixture(scope="session")
def embedded() -> LanguageModel:
    """The real embedded model, loaded once."""
    return load_model("embedded")
