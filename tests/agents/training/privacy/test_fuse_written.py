"""Generated text under each way to fuse: who is asked, and what the scores say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from brigade.agents.models import Completion, Message
from brigade.agents.privacy.gate import fixed
from brigade.agents.training.privacy.fuse_data import tasks
from brigade.agents.training.privacy.fuse_written import table, write
from numpy.typing import NDArray

WORDS = ("<end>", "so ", "and ", "lovely ", "thank ", "you ")


class Babbler:
    """A model of six words that is sure of one of them, or sure of nothing."""

    remote = False

    def __init__(self, name: str, word: int | None) -> None:
        self.name, self._word, self.end = name, word, 0
        self.asked = 0

    def next_token_logprobs(self, messages: Sequence[Message], prefix: str) -> NDArray[np.float32]:
        self.asked += 1
        odds = np.full(len(WORDS), 1.0, dtype=np.float32)
        odds[0] = 0.01
        if self._word is not None:
            odds[self._word] = 1000.0
        logs: NDArray[np.float32] = np.log(odds / odds.sum()).astype(np.float32)
        return logs

    def token_ids(self, text: str) -> list[int]:
        return [WORDS.index(f"{word} ") for word in text.split()]

    def spell(self, ids: Sequence[int]) -> str:
        return "".join(WORDS[each] for each in ids)

    def generate(self, messages: Sequence[Message], *, max_tokens: int, **_: object) -> Completion:
        raise NotImplementedError

    choose = agenerate = achoose = anext_token_logprobs = generate


def test_the_better_model_is_asked_within_its_share_and_what_it_adds_is_seen() -> None:
    unsure, better = Babbler("unsure", None), Babbler("better", 3)
    written = write(unsure, better, fixed(0.5), 3, on_text=lambda *at: None)  # type: ignore[arg-type]  # of OpenModel what is used
    alone, *fused = written
    assert (alone.name, alone.remote_share, alone.likelihood_gain) == ("local alone", 0.0, 0.0)
    assert [each.name for each in fused] == ["weight 0.25", "weight 0.5", "weight 0.75", "learned gate"]
    for each in fused:
        assert 0.2 < each.remote_share <= 0.25
        assert each.likelihood_gain > 1
        assert each.changed > 0.2
        assert each.facts_used == alone.facts_used == 0.0
    first = tasks(3, 1, test=True)[0]
    assert "lovely" in first.text
    assert all(each.words > alone.words for each in fused)
    assert table(written, "unsure", "better").row_count == 5


def test_a_model_that_is_sure_asks_nobody() -> None:
    better = Babbler("better", 3)
    written = write(Babbler("sure", 4), better, fixed(0.5), 1, on_text=lambda *at: None)  # type: ignore[arg-type]
    assert all(each.remote_share == each.likelihood_gain == 0.0 for each in written)
