"""Fixtures that many tests share."""

from __future__ import annotations

import pytest
from brigade.agents.models import LanguageModel, load_model

pytest_plugins = ["browsing"]
"""The game's server and a browser, from tests/agents/sessions/play."""


@pytest.fixture(scope="session")
def embedded() -> LanguageModel:
    """The real embedded model, loaded once."""
    return load_model("embedded")
