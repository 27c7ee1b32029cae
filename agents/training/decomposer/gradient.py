"""Policy gradient with trl: the decomposer is rewarded for what its plans do for a scripted solver.

GRPO (Shao et al., 2024): a group of plans for one question, each rewarded against the group's mean. RLOO (Ahmadian et
al., 2024) is the other choice. trl's trainers do the work; they are imported only here. The defaults suit two CPU
cores: short plans, small groups, no reference model, a few dozen steps.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from brigade.agents.models.weights import Source, embedded_source, load_transformers
from brigade.agents.reasoning.decomposer.prompting import trained_turns
from brigade.agents.training.decomposer.practice import Practice
from brigade.agents.training.decomposer.rewards import TERMS, Judge, Reward
from brigade.agents.training.decomposer.sampling import rewards_of
from brigade.agents.training.lora import half_precision, on_cuda

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedTokenizerBase, TrainerCallback, TrainerControl

Method = Literal["grpo", "rloo"]
LOG = "rewards.jsonl"
INSTALL = "pip install 'brigade-agents[train]'"
OnStep = Callable[[int, int, float], None]
"""Told the step, the number of steps, and the mean reward."""


@dataclass(frozen=True, slots=True)
class Gradient:
    """How the policy is trained."""

    method: Method = "grpo"
    steps: int = 40
    questions: int = 4
    """Of each step."""
    pool: int = 30
    """Questions of each family that are looked through for those that teach; see sampling.undecided."""
    group: int = 6
    """Plans for each question."""
    learning_rate: float = 1e-4
    temperature: float = 0.9
    tokens: int = 150
    """Of a plan at most."""
    seed: int = 0
    without: tuple[str, ...] = ()
    """Reward terms that are left out."""
    checkpoint_steps: int = 10
    minutes: float | None = None
    """After so many it ends, whatever the number of steps."""


@dataclass(frozen=True, slots=True)
class Course:
    """How it went."""

    steps: int
    seconds: float
    device: str
    rewards: tuple[Mapping[str, float], ...]
    """Means of each step."""


def train(
    start: Path,
    practice: Practice,
    out: Path,
    habits: Gradient,
    *,
    device: str = "auto",
    resume: bool = True,
    on_step: OnStep | None = None,
    source: Source | None = None,
) -> Course:
    """Train an adapter on; the result is in `out/policy`, the rewards of each step in `out/rewards.jsonl`.

    Args:
        start: the adapter to begin with.
        practice: questions and the solver that is helped.
        out: folder for checkpoints and the result.
        habits: how.
        device: `auto`, `cpu` or `cuda`.
        resume: go on from the last checkpoint in `out`.
        on_step: told of progress.
        source: the weights that the adapter is for; the embedded ones by default.

    Raises:
        ValueError: trl is not installed, or no such device, method or reward term.
    """
    cuda = on_cuda(device)
    trainers = _trainers()
    if habits.method not in trainers:
        raise ValueError(f"unknown method {habits.method!r} (known: {', '.join(trainers)})")
    model, tokenizer = _policy(source or embedded_source(), start, habits.seed, cuda)
    log = _Log(out / LOG, on_step, habits)
    log.start(resume)
    config, trainer_class = trainers[habits.method]
    trainer = trainer_class(
        model=model,
        reward_funcs=_reward_function(Judge(practice.solver, habits.without), practice, log),
        args=_arguments(config, out / "checkpoints", habits, cuda),
        train_dataset=_dataset(practice),
        processing_class=tokenizer,
        callbacks=[_clock(habits.minutes)],
    )
    begun = time.perf_counter()
    trainer.train(resume_from_checkpoint=_last(out / "checkpoints") if resume else None)
    model.save_pretrained(str(out / "policy"))
    device_name = "cuda" if cuda else "cpu"
    return Course(trainer.state.global_step, time.perf_counter() - begun, device_name, tuple(log.rows))


def _clock(minutes: float | None) -> TrainerCallback:
    """Ends training when its time is up."""
    from transformers import TrainerCallback

    end = time.monotonic() + 60 * minutes if minutes is not None else float("inf")

    class Clock(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: TrainerControl, **_: Any) -> None:
            control.should_training_stop = control.should_training_stop or time.monotonic() > end

    return Clock()


def _trainers() -> Mapping[str, tuple[Any, Any]]:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
    try:
        from trl.trainer.grpo_config import GRPOConfig
        from trl.trainer.grpo_trainer import GRPOTrainer
        from trl.trainer.rloo_config import RLOOConfig
        from trl.trainer.rloo_trainer import RLOOTrainer
    except ImportError as error:
        raise ValueError(f"policy gradient needs trl: {INSTALL} ({error})") from None
    return {"grpo": (GRPOConfig, GRPOTrainer), "rloo": (RLOOConfig, RLOOTrainer)}


def _arguments(config: Any, folder: Path, habits: Gradient, cuda: bool) -> Any:
    batch = habits.questions * habits.group
    return config(
        output_dir=str(folder),
        max_steps=habits.steps,
        per_device_train_batch_size=batch if cuda else habits.group,
        gradient_accumulation_steps=1 if cuda else habits.questions,
        num_generations=habits.group,
        max_completion_length=habits.tokens,
        temperature=habits.temperature,
        learning_rate=habits.learning_rate,
        lr_scheduler_type="constant_with_warmup",
        warmup_steps=3,
        beta=0.0,
        bf16=half_precision(cuda),
        use_cpu=not cuda,
        gradient_checkpointing=False,
        logging_steps=1,
        save_steps=habits.checkpoint_steps,
        save_total_limit=1,
        seed=habits.seed,
        dataloader_pin_memory=False,
        disable_tqdm=True,
        log_level="error",
        report_to=[],
    )


def _policy(source: Source, start: Path, seed: int, cuda: bool) -> tuple[PeftModel, PreTrainedTokenizerBase]:
    """The model with the adapter to go on with, and its tokenizer."""
    import torch
    from peft import PeftModel

    torch.manual_seed(seed)
    with redirect_stderr(StringIO()):  # the readers' own progress bars
        model, tokenizer = load_transformers(source)
    if not cuda:
        model.set_attn_implementation("eager")  # its backward pass is 4 times as fast as the fused one for 100 tokens
    if half_precision(cuda):
        model.to(torch.bfloat16)  # type: ignore[arg-type]  # the adapter stays in float32
    adapted = PeftModel.from_pretrained(model, str(start), is_trainable=True, autocast_adapter_dtype=True)
    adapted.peft_config["default"].base_model_name_or_path = None  # no path of this machine, and no look-up on a hub
    tokenizer.padding_side = "left"
    return adapted, tokenizer


def _dataset(practice: Practice) -> Any:
    from datasets import Dataset

    judge = Judge(practice.solver)
    rows = []
    for item in practice.items:
        turns = trained_turns(item.question, judge.attempt(item.question).answer)
        prompt = [{"role": turn.role, "content": turn.content} for turn in turns]
        rows.append({"prompt": prompt, "question": item.question})
    return Dataset.from_list(rows)


def _reward_function(judge: Judge, practice: Practice, log: _Log) -> Callable[..., list[float]]:
    def reward(completions: Sequence[Any], question: Sequence[str], **_: Any) -> list[float]:
        texts = [each if isinstance(each, str) else each[0]["content"] for each in completions]
        rewards = rewards_of(judge, texts, practice, question)
        log.note(rewards)
        return [each.total for each in rewards]

    return reward


class _Log:
    """The mean rewards of each step, kept as they come."""

    def __init__(self, file: Path, on_step: OnStep | None, habits: Gradient) -> None:
        self.rows: list[dict[str, float]] = []
        self._file = file
        self._on_step = on_step
        self._habits = habits

    def start(self, resume: bool) -> None:
        """Read what an earlier run left."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if resume and self._file.is_file():
            self.rows = [json.loads(line) for line in self._file.read_text(encoding="utf-8").splitlines()]
        else:
            self._file.write_text("", encoding="utf-8")

    def note(self, rewards: Sequence[Reward]) -> None:
        """Add a step."""
        row = {"step": float(len(self.rows) + 1), **means(rewards)}
        self.rows.append(row)
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")
        if self._on_step is not None:
            self._on_step(len(self.rows), self._habits.steps, row["reward"])


def means(rewards: Sequence[Reward]) -> dict[str, float]:
    """Mean reward, gain, share refused, and each term over the plans that were carried out."""
    count = len(rewards)
    carried = [each for each in rewards if not each.refused]
    row = {
        "reward": sum(each.total for each in rewards) / count,
        "gain": sum(each.gain for each in rewards) / count,
        "refused": sum(each.refused for each in rewards) / count,
    }
    for name in TERMS:
        values = [each.terms[name] for each in carried if name in each.terms]
        if values:
            row[name] = sum(values) / len(values)
    return row


def _last(folder: Path) -> str | None:
    saved = sorted(folder.glob("checkpoint-*"), key=lambda each: int(each.name.rpartition("-")[2]))
    return str(saved[-1]) if saved else None


def write_course(file: Path, course: Course, habits: Gradient, **more: Any) -> None:
    """Keep how it went, for the model card."""
    facts = asdict(course) | {"rewards": None, "habits": asdict(habits)} | more
    file.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
