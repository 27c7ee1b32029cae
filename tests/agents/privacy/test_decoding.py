"""Two models choose tokens together: the formulas, the gates, the budget, and when the other model is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from brigade.agents.models import LanguageModel, Message, OpenModel
from brigade.agents.privacy import decoding
from brigade.agents.privacy.decoding import (
    Logs,
    Refused,
    contrastive,
    decode,
    dynamic,
    kl,
    normal,
    proxy,
    speculative,
    spread,
    weighted,
)
from brigade.agents.privacy.gate import FEATURES, FuseGate, features, fixed
from brigade.agents.training.privacy.fit_fuse import fit, loss, step_of

WORDS = ("", "a", "b", "c", "d", "e")


def logs(*probabilities: float) -> Logs:
    return np.log(np.array(probabilities, dtype=np.float32))


def spell(ids: Sequence[int]) -> str:
    return "".join(WORDS[each] for each in ids)


def says(text: str, p: float = 0.9) -> Callable[[str], Logs]:
    """A model that goes on towards a text; after it, or off it, it ends."""

    def tell(prefix: str) -> Logs:
        wanted = WORDS.index(text[len(prefix)]) if text.startswith(prefix) and len(prefix) < len(text) else 0
        others = np.full(len(WORDS), (1 - p) / (len(WORDS) - 1), dtype=np.float32)
        others[wanted] = p
        return np.log(others)

    return tell


def test_a_weight_of_one_is_the_local_model_and_of_none_the_other() -> None:
    one, two = logs(0.7, 0.2, 0.1), logs(0.1, 0.2, 0.7)
    assert np.allclose(weighted(one, two, 1), one, atol=1e-5)
    assert np.allclose(weighted(one, two, 0), two, atol=1e-5)
    assert np.exp(weighted(one, two, 0.3)).sum() == pytest.approx(1, abs=1e-5)


def test_contrastive_moves_past_the_other_among_what_it_finds_plausible() -> None:
    local, remote = logs(0.5, 0.45, 0.05), logs(0.3, 0.69, 0.01)
    assert contrastive(local, remote, beta=0).argmax() == 0
    assert contrastive(local, remote, beta=2).argmax() == 1
    assert np.exp(contrastive(local, remote, beta=0)[2]) == pytest.approx(0, abs=1e-6)


def test_proxy_shifts_the_large_model_by_what_the_context_did_to_the_small_one() -> None:
    large, tuned, base = logs(0.6, 0.3, 0.1), logs(0.2, 0.7, 0.1), logs(0.7, 0.2, 0.1)
    assert proxy(large, tuned, base).argmax() == 1
    assert np.allclose(proxy(large, tuned, base, 0), large, atol=1e-5)
    assert np.allclose(proxy(base, tuned, base), tuned, atol=1e-5)


def test_dynamic_shifts_as_far_as_tuning_did() -> None:
    large, tuned, base = logs(0.5, 0.3, 0.2), logs(0.2, 0.6, 0.2), logs(0.5, 0.3, 0.2)
    assert kl(dynamic(large, tuned, base), large) == pytest.approx(kl(tuned, base), rel=0.2)
    assert np.allclose(dynamic(large, base, base), large, atol=1e-5)


def test_gates_ask_when_the_local_model_is_unsure() -> None:
    sure, unsure = logs(0.98, 0.01, 0.01), logs(0.4, 0.35, 0.25)
    for gate in (decoding.below(0.5), decoding.close(0.2), decoding.entropic(1.0)):
        assert not gate(sure)
        assert gate(unsure)
    assert decoding.always(sure)
    assert not decoding.never(unsure)


def test_the_other_model_is_asked_for_no_more_than_its_share() -> None:
    own, its = logs(0.1, 0.8, 0.1), logs(0.1, 0.1, 0.8)
    fused = decode(lambda _: own, lambda _: its, lambda _, other: other, spell, 0, budget=0.25, max_tokens=40)
    assert set(fused.text) == {"a", "b"}
    assert 0 < fused.remote_share <= 0.25 + 1 / 40


def test_once_the_text_is_private_the_other_model_is_not_told_it() -> None:
    told: list[str] = []

    def other(prefix: str) -> Logs:
        told.append(prefix)
        return says("abcde")(prefix)

    fused = decode(
        says("abcde"), other, lambda own, its: weighted(own, its, 0.5), spell, 0, clean=lambda text: "c" not in text
    )
    assert fused.text == "abcde"
    assert told == ["", "a", "ab"]
    assert (fused.closed_at, fused.asked) == (3, 3)


def test_a_refusal_closes_the_way_and_the_local_model_goes_on() -> None:
    def other(prefix: str) -> Logs:
        raise Refused

    fused = decode(says("abc"), other, lambda own, its: its, spell, 0)
    assert (fused.text, fused.asked, fused.closed_at) == ("abc", 0, 0)


def test_speculation_says_what_the_verifier_says() -> None:
    for draft in ("abcde", "abxde".replace("x", "d"), "e", ""):
        fused = speculative(says(draft), says("abcde"), spell, 0, ahead=3)
        assert fused.text == "abcde"
    assert speculative(says("abcde"), says("abcde"), spell, 0).changed == 0


def test_what_a_remote_model_does_not_tell_is_shared_out() -> None:
    local = logs(0.5, 0.2, 0.2, 0.1)
    full = spread({1: float(np.log(0.6)), 2: float(np.log(0.2))}, local)
    assert np.exp(full).sum() == pytest.approx(1, abs=1e-4)
    assert full.argmax() == 1
    assert np.exp(full[0]) > np.exp(full[3])
    assert full[0] <= full[2] + 1e-5
    assert np.allclose(spread({}, local), local)


def test_the_gate_learns_whom_to_trust() -> None:
    """Where the local model is sure it is right, and where it is not the other is."""
    chance = np.random.default_rng(0)
    steps = []
    for at in range(400):
        sure = at % 2 == 0
        gold = int(chance.integers(1, 6))
        wrong = gold % 5 + 1
        right, off = np.full(6, 0.01, dtype=np.float32), np.full(6, 0.01, dtype=np.float32)
        right[gold], off[wrong] = 0.9, 0.5
        local, remote = (right, off) if sure else (off, right)
        steps.append(step_of(normal(np.log(local)), normal(np.log(remote)), gold))
    learned = fit(steps[:300])
    held = steps[300:]
    assert loss(learned, held) < min(loss(fixed(weight), held) for weight in (0.25, 0.5, 0.75)) - 0.1


def test_a_gate_survives_being_stored(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "gate.json"
    gate = fixed(0.3)
    gate.save(file)
    again = FuseGate.load(file.read_text())
    one, two = logs(0.7, 0.2, 0.05, 0.03, 0.02), logs(0.1, 0.2, 0.6, 0.05, 0.05)
    assert again.weight(one, two) == pytest.approx(0.3)
    assert features(one, two).shape == (FEATURES,)
    for text in ("{}", '{"w1": [[1]], "b1": [1], "w2": [1], "b2": 0}'):
        with pytest.raises(ValueError, match="not a gate"):
            FuseGate.load(text)


def test_real_models_write_together(embedded: LanguageModel) -> None:
    assert isinstance(embedded, OpenModel)
    private = [Message("system", "The user's name is Zofia."), Message("user", "Say hello to me by name.")]
    public = [Message("user", "Say hello to me by name.")]
    fused = decode(
        lambda prefix: embedded.next_token_logprobs(private, prefix),
        lambda prefix: embedded.next_token_logprobs(public, prefix),
        fixed(0.6).fuse,
        embedded.spell,
        embedded.end,
        clean=lambda text: "Zofia" not in text,
        gate=decoding.entropic(1.0),
        budget=0.25,
        max_tokens=12,
    )
    assert fused.text.strip()
    assert fused.remote_share <= 0.3
