"""How a mind asks its model: as a model that has not learned the job, or as its adapter says in `brigade.json`."""

from __future__ import annotations

from typing import TypeVar

from brigade.agents.models import ModelError
from brigade.agents.models.adapters import adapter_facts
from pydantic import BaseModel, ValidationError

H = TypeVar("H", bound=BaseModel)


def habits_of(model_name: str, mind: str, kind: type[H]) -> H:
    """The habits of a mind (`fast_mind`, `slow_mind`) with the model of this name; defaults where it brings none.

    Raises:
        ModelError: the adapter's `brigade.json` does not describe habits.
    """
    try:
        return kind.model_validate(adapter_facts(model_name).get(mind, {}))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or mind
        raise ModelError(f"{model_name}: brigade.json: {mind}: {where}: {first['msg']}") from None
