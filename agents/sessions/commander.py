"""What a commander partner says and how it cooks, from a YAML file.

cooks: true         # or stand still and only talk
rest: 4             # seconds between its own macro actions
messages:
  - at: 5           # seconds into the episode
    say: Chop two tomatoes, please
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class CommandsError(ValueError):
    """A file of commands that cannot be followed: says which line or field and why."""


class Spoken(BaseModel):
    """Something to say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: float = Field(ge=0)
    """Seconds into the episode."""
    say: str = Field(min_length=1, max_length=10_000)


class Commands(BaseModel):
    """What a commander does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cooks: bool = True
    rest: float = Field(4.0, ge=0)
    """Seconds between its own macro actions."""
    messages: tuple[Spoken, ...] = ()


def load_commands(file: str = "") -> Commands:
    """The commands in a file; those that come with Brigade if none is named.

    Raises:
        CommandsError: the file cannot be read or followed.
    """
    if not file:
        text = (resources.files("brigade.agents.sessions") / "commanders" / "default.yaml").read_text(encoding="utf-8")
        return parse_commands(text, "default.yaml")
    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandsError(f"{file}: cannot be read: {error}") from None
    return parse_commands(text, file)


def parse_commands(text: str, source: str) -> Commands:
    """The commands that this YAML text describes.

    Raises:
        CommandsError: it does not describe commands.
    """
    try:
        return Commands.model_validate(yaml.safe_load(text) or {})
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CommandsError(f"{source}:{line}: not YAML: {error.problem or error}") from None
    except yaml.YAMLError as error:
        raise CommandsError(f"{source}: not YAML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "file"
        raise CommandsError(f"{source}: {where}: {first['msg']}") from None
