"""Fine-tuned weights by name: a folder each, with a LoRA adapter in PEFT's form, its card and its facts.

A folder holds `adapter_config.json`, `adapter_model.safetensors`, a model card `README.md`, and `brigade.json`: how the
minds that use the adapter should ask it, as a mapping from the mind's name to its habits, and, as `precision`, what its
weights have to be served in (`int8` by default). Knows no mind.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from brigade.agents.models.protocol import ModelError

CONFIG, WEIGHTS, FACTS = "adapter_config.json", "adapter_model.safetensors", "brigade.json"
_EMBEDDED = "embedded:"


def adapters_folder() -> Path:
    """Where the adapters that come with Brigade are."""
    return Path(str(resources.files("brigade.agents.models") / "adapters"))


def known_adapters() -> tuple[str, ...]:
    """Names of the adapters that come with Brigade."""
    return tuple(sorted(file.parent.name for file in adapters_folder().glob(f"*/{CONFIG}")))


def find_adapter(name_or_path: str) -> Path:
    """The folder of the adapter of this name, or the PEFT folder at this path.

    Raises:
        ModelError: there is none; names those that there are.
    """
    for folder in (adapters_folder() / name_or_path, Path(name_or_path)):
        if (folder / CONFIG).is_file() and (folder / WEIGHTS).is_file():
            return folder
    known = ", ".join(known_adapters()) or "none"
    raise ModelError(
        f"no adapter is called {name_or_path!r}, and no folder of that name holds {CONFIG} and {WEIGHTS} "
        f"(known: {known})"
    )


def adapter_facts(model_name: str) -> dict[str, Any]:
    """What `brigade.json` says of the adapter of a model such as `embedded:fast-mind`; nothing for other models.

    Raises:
        ModelError: there is no such adapter, or its file is not a JSON mapping.
    """
    if not model_name.startswith(_EMBEDDED):
        return {}
    return facts_in(find_adapter(model_name.removeprefix(_EMBEDDED)))


def facts_in(folder: Path) -> dict[str, Any]:
    """What `brigade.json` says in the folder of an adapter; nothing if there is none.

    Raises:
        ModelError: it is not a JSON mapping.
    """
    file = folder / FACTS
    if not file.is_file():
        return {}
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(f"{file}: not JSON: {error}") from None
    if not isinstance(facts, dict):
        raise ModelError(f"{file}: not a mapping")
    return facts
