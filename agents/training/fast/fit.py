"""From labelled moments to the Fast Mind's adapter: fine-tuning, export, and what ships with it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from brigade.agents.hierarchy.fast_mind import Habits, rules_for
from brigade.agents.models import Message, load_model
from brigade.agents.models.weights import embedded_source
from brigade.agents.training.batches import ChoiceExample
from brigade.agents.training.fast.agreement import best_temperature, by_model
from brigade.agents.training.fast.data import Moment, read_moments
from brigade.agents.training.fast.kitchens import TRAIN, VALIDATION
from brigade.agents.training.lora import OnStep, Recipe, Report, fine_tune, ship, write_facts, write_report

HABITS = Habits(prior_weight=0.0, shows_rules=False, reads_messages=False)
"""How the trained model is asked: as it was in training."""
VALIDATED = 600
"""Moments that the validation loss is measured on."""
REPORT = "training.json"


def fit(
    folder: Path,
    target: Path,
    recipe: Recipe | None = None,
    *,
    device: str = "auto",
    resume: bool = True,
    on_step: OnStep | None = None,
    more: Sequence[Path] = (),
) -> Report:
    """Train on the moments in a folder; the adapter and its facts end up in the target, the rest in `folder/fit`.

    `more` are folders with further moments to train on, such as those of people.

    Raises:
        ValueError: no usable moments, or no such device.
        OSError: something cannot be read or written.
    """
    recipe = recipe or Recipe()
    train, validation = read_moments(folder, TRAIN), read_moments(folder, VALIDATION)
    train += [moment for each in more for moment in read_moments(each, TRAIN)]
    chosen = random.Random(recipe.seed).sample(validation, min(VALIDATED, len(validation)))
    report = fine_tune(
        embedded_source(),
        as_examples(train),
        as_examples(chosen),
        folder / "fit",
        recipe,
        device=device,
        resume=resume,
        on_step=on_step,
    )
    ship(folder / "fit", target, embedded_source().label, {"fast_mind": HABITS.model_dump()})
    served = by_model(load_model(f"embedded:{target}"), HABITS)
    habits = HABITS.model_copy(update={"temperature": best_temperature(chosen, served)})
    write_facts(target, {"fast_mind": habits.model_dump()})
    write_report(folder / REPORT, report, recipe, examples=len(train))
    return report


def as_examples(moments: Sequence[Moment]) -> list[ChoiceExample]:
    """Moments as the trained Fast Mind is shown them."""
    rules = Message("system", rules_for(HABITS), fixed=True)
    return [
        ChoiceExample((rules, Message("user", moment.text)), tuple(moment.options), moment.label) for moment in moments
    ]
