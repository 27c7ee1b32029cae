"""Language models behind one small protocol."""

from brigade.agents.models.protocol import (
    BudgetSpent,
    Choice,
    Completion,
    LanguageModel,
    Message,
    ModelError,
    OpenModel,
    SamplingModel,
)
from brigade.agents.models.registry import ModelOptions, load_model

__all__ = [
    "BudgetSpent",
    "Choice",
    "Completion",
    "LanguageModel",
    "Message",
    "ModelError",
    "ModelOptions",
    "OpenModel",
    "SamplingModel",
    "load_model",
]
