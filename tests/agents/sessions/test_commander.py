"""Commands for a commander partner."""

from __future__ import annotations

import pytest
from brigade.agents.sessions.commander import CommandsError, load_commands, parse_commands


def test_the_commands_that_come_along_are_understood() -> None:
    commands = load_commands()
    assert commands.cooks
    assert len(commands.messages) >= 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("messages: [", r"my.yaml:1: not YAML"),
        ("cooks: perhaps", "cooks: "),
        ("messages:\n  - {at: -1, say: hi}", "messages.0.at"),
        ("messages:\n  - {at: 1}", "messages.0.say"),
        ("shouts: []", "shouts"),
        ("- 1", "dictionary"),
    ],
)
def test_broken_commands_are_refused_with_their_place(text: str, words: str) -> None:
    with pytest.raises(CommandsError, match=words) as caught:
        parse_commands(text, "my.yaml")
    assert str(caught.value).startswith("my.yaml")
    assert "\n" not in str(caught.value)
