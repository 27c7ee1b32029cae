"""What fine-tuning is worth: the model by itself, as it was and fine-tuned with and without lessons, on test questions.

Without its programs, for they need no fine-tuning. Who was fine-tuned with lessons finds them in its prompt, as it did
then (NesyCD's augmented distillation); who was fine-tuned without finds none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from brigade.agents.models import LanguageModel
from brigade.agents.training.student.base import LessonBase
from brigade.agents.training.student.fit import WITH, WITHOUT
from brigade.agents.training.student.gate import Gate
from brigade.agents.training.student.loop import OnProgress
from brigade.agents.training.student.measuring import ALONE, LESSONS, Judged, Share, measure
from brigade.agents.training.student.reasoner import ReasoningStudent
from brigade.agents.training.student.tasks import Course

EMBEDDED = "embedded"
_ROWS = {
    EMBEDDED: {ALONE: "model alone", LESSONS: "model + lessons"},
    WITHOUT: {ALONE: "fine-tuned without lessons"},
    WITH: {LESSONS: "fine-tuned with lessons, + lessons"},
}


def measure_fitted(
    run: Path,
    base: LessonBase,
    course: Course,
    size: int,
    load: Callable[[str], LanguageModel],
    progress: OnProgress = lambda *_: None,
) -> list[Share]:
    """Shares of the model and of its two adapters on the same test questions.

    Args:
        run: the folder in which fine-tuning left its adapters.
        base: where lessons are found.
        course: where the questions come from.
        size: questions of each family.
        load: makes a model of its name.
        progress: told how far it is.

    Raises:
        ValueError: the folder has no adapters.
    """
    for name in (WITHOUT, WITH):
        if not (run / name / "adapter_config.json").is_file():
            raise ValueError(f"{run / name}: no adapter; run brigade train student --stage fit --out {run}")
    shares: list[Share] = []
    for name, ways in _ROWS.items():
        model = load(name if name == EMBEDDED else f"{EMBEDDED}:{run / name}")
        judged = Judged(ReasoningStudent(model, ()), base, base, Gate())
        found = measure(judged, course, size, ways=tuple(ways), progress=progress)
        shares += [replace(share, way=ways[share.way]) for share in found]
    return shares
