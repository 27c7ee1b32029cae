"""Models by name: the same strings on the command line, in settings and in code.

`embedded`, `embedded:ADAPTER` (the name of a shipped adapter, or a PEFT folder), `hf:PATH_OR_ID`, `script:FILE`, and
`openai:NAME` or `azure_openai:NAME`, with a base URL of one's own for any OpenAI-compatible server. What goes to a
remote one passes a gate; without one, nothing goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from brigade.agents.models.adapters import find_adapter
from brigade.agents.models.protocol import LanguageModel, ModelError

if TYPE_CHECKING:
    from brigade.agents.models.egress import Gate
    from brigade.agents.models.endpoint import Budget
    from brigade.agents.models.weights import Progress


@dataclass(frozen=True)
class ModelOptions:
    """What applies to whichever model is asked for."""

    base_url: str | None = None
    api_key: str | None = None
    timeout: float = 60.0
    retries: int = 2
    threads: int = 1
    budget: Budget | None = None
    progress: Progress | None = None
    egress: Gate | None = None
    """Decides what may be sent to a remote model; None: nothing. See brigade.agents.privacy.Boundary."""
    remote: bool | None = None
    """True for a server on loopback that forwards to another machine; by default its address tells."""


def load_model(name: str, options: ModelOptions | None = None) -> LanguageModel:
    """The model of this name, ready to answer.

    Raises:
        ModelError: there is no such model, or it cannot be had; says what to do.
    """
    options = options or ModelOptions()
    kind, _, rest = name.partition(":")
    if kind == "embedded":
        return _embedded(name, rest, options)
    if kind == "hf" and rest:
        from brigade.agents.models.embedded import EmbeddedModel
        from brigade.agents.models.weights import Source

        return EmbeddedModel(name, Source(rest, rest), threads=options.threads, progress=options.progress)
    if kind == "script" and rest:
        from brigade.agents.models.scripted import ScriptedModel

        return ScriptedModel(name, Path(rest))
    if not kind or not rest:
        raise ModelError(
            f"unknown model {name!r} (known: embedded, embedded:ADAPTER, hf:PATH_OR_ID, script:FILE, and provider:NAME "
            "such as openai:NAME)"
        )
    from brigade.agents.models.endpoint import EndpointModel

    return EndpointModel(
        name,
        base_url=options.base_url,
        api_key=options.api_key,
        timeout=options.timeout,
        retries=options.retries,
        budget=options.budget,
        egress=options.egress,
        remote=options.remote,
    )


def _embedded(name: str, adapter: str, options: ModelOptions) -> LanguageModel:
    from brigade.agents.models.embedded import EmbeddedModel
    from brigade.agents.models.weights import embedded_source

    folder = find_adapter(adapter) if adapter else None
    source = embedded_source() if folder is None else embedded_source().adapted(folder)
    return EmbeddedModel(name, source, threads=options.threads, progress=options.progress)
