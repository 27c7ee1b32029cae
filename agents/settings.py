"""Settings: the command line, then `BRIGADE_*` in the environment, then `brigade.toml` in the working folder."""

from __future__ import annotations

import math
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

FILE = "brigade.toml"
DEFAULT_SLOW, DEFAULT_FAST = "embedded:slow-mind", "embedded:fast-mind"
"""The models that have learned to be these minds."""


class SettingsError(ValueError):
    """A setting that cannot be used: says where it is and what it may be."""


class Settings(BaseSettings):
    """Everything that can be set; see the README for what each does."""

    model_config = SettingsConfigDict(env_prefix="BRIGADE_", toml_file=FILE, extra="forbid")

    slow: str = DEFAULT_SLOW
    fast: str = DEFAULT_FAST
    base_url: str | None = None
    api_key: str | None = None
    timeout: float = Field(60.0, gt=0)
    retries: int = Field(2, ge=0, le=100)
    max_calls: float = Field(math.inf, ge=0)
    max_tokens: float = Field(math.inf, ge=0)
    upstream: str | None = None
    """Address of the assistant's cloud model."""
    token: str | None = None
    """Who may ask the gateway; several with spaces between."""
    profile: str | None = None
    """A file that says what is private; see brigade.agents.privacy.profile."""
    knowledge: str | None = None
    """A knowledge base, a file or postgresql://...; what is marked private in it must not leave."""
    database: str | None = None
    """Where receipts, the journal of calls and threads are kept, postgresql://...; files of the data folder if None."""
    latency: str = "measured"
    tick_seconds: float = 0.1
    pace: float | None = None
    duration: float | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**flags: Any) -> Settings:
    """The settings; flags that are None were not given.

    Raises:
        SettingsError: a setting that cannot be used, or a file that is not TOML.
    """
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        raise SettingsError(
            f"setting {name!r} (--{name.replace('_', '-')}, BRIGADE_{name.upper()} or {FILE}): {first['msg']}"
        ) from None
    except ValueError as error:  # not TOML
        raise SettingsError(f"{FILE}: {error}") from None
