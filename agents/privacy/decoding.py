"""Collaborative decoding: two models, one of which has the private context, choose each next token together.

Everything works on log-probabilities over the local model's vocabulary, shape (V,). Of a remote model only the tokens
that it tells are known (20 at most, usually); the others share the rest of its probability in the local model's
proportions. The remote model is asked only when a gate on the local distribution says so and the text so far may leave;
otherwise the local model decides alone. Greedy.

Sources, and where we differ: learned fusion of logits, CoGenesis (Zhang et al., ACL 2024): theirs reads 2V logits into
a network of 156 million weights; ours reads 14 numbers that do not depend on the vocabulary (`gate.py`). Contrastive
decoding as in FS-GEN (2406.12295) with alpha 0.1 of the plausibility mask. Proxy-tuning (2401.08565) and emulated
fine-tuning (2310.12962) are one formula. Dynamic logit fusion (2406.15480): the weight is the one whose shift of the
large model is as far, in KL, as the tuned small model is from its base. Gates: FS-GEN's. Speculative: greedy
verification. Knows nothing of requests and models' names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Logs = NDArray[np.float32]
FLOOR = -30.0
"""Log-probability below which a token counts as impossible."""


def normal(scores: Logs) -> Logs:
    """Scores as log-probabilities."""
    shifted = scores - scores.max()
    result: Logs = (shifted - np.log(np.exp(shifted).sum())).astype(np.float32)
    return result


def weighted(local: Logs, remote: Logs, weight: float) -> Logs:
    """`weight` of the local model's logits and the rest of the remote's, CoGenesis eq. (1), renormalised."""
    return normal(weight * local + (1 - weight) * remote)


def contrastive(local: Logs, remote: Logs, beta: float = 0.5, alpha: float = 0.1) -> Logs:
    """The local logits moved by beta towards (beyond 1: past) the remote ones, among tokens plausible to the remote."""
    moved = local + beta * (remote - local)
    implausible = remote < np.log(alpha) + remote.max()
    return normal(np.where(implausible, FLOOR * 10, moved).astype(np.float32))


def proxy(large: Logs, tuned: Logs, base: Logs, alpha: float = 1.0) -> Logs:
    """The large model shifted by what tuning, or a private context, did to the small one."""
    return normal((large + alpha * (tuned - base)).astype(np.float32))


def kl(p: Logs, q: Logs) -> float:
    """Kullback-Leibler divergence of q from p, nats."""
    return float((np.exp(p) * (p - q)).sum())


def dynamic(large: Logs, tuned: Logs, base: Logs, steps: int = 20) -> Logs:
    """`proxy` with the alpha, in 0 to 2, whose shift is in KL as far as the tuned small model is from its base."""
    wanted = kl(tuned, base)
    shifts = [proxy(large, tuned, base, 2 * step / steps) for step in range(steps + 1)]
    return min(shifts, key=lambda shift: (kl(shift, large) - wanted) ** 2)


# --- when the other model is asked ----------------------------------------------------------------------------------

Gate = Callable[[Logs], bool]
"""Says from the local distribution whether the other model is asked."""


def below(threshold: float = 0.5) -> Gate:
    """When the best token has less than this probability."""
    return lambda logs: float(np.exp(logs.max())) < threshold


def close(delta: float = 0.2) -> Gate:
    """When half the lead of the best token over the second is less than this."""

    def gate(logs: Logs) -> bool:
        first, second = np.exp(np.partition(logs, -2)[-2:])[::-1]
        return bool((first - second) / 2 < delta)

    return gate


def entropic(nats: float = 1.5) -> Gate:
    """When the entropy is more than this."""
    return lambda logs: float(-(np.exp(logs) * logs).sum()) > nats


def always(logs: Logs) -> bool:
    """Ask for every token."""
    return True


def never(logs: Logs) -> bool:
    """Ask for none."""
    return False


# --- the loop --------------------------------------------------------------------------------------------------------


Teller = Callable[[str], Logs]
"""Tells the log-probabilities of the next token after a text, shape (V,)."""


class Refused(RuntimeError):
    """The other model cannot be asked about this beginning, and will not be about a longer one."""


@dataclass(frozen=True, slots=True)
class Fused:
    """A text and who chose its tokens."""

    text: str
    tokens: int
    asked: int
    """Tokens about which the other model was asked."""
    changed: int
    """Tokens that differ from what the local model would have chosen."""
    closed_at: int | None
    """The token from which on the beginning was private, so that the other model was not asked any more."""

    @property
    def remote_share(self) -> float:
        """Share of the tokens about which the other model was asked."""
        return self.asked / self.tokens if self.tokens else 0.0


def decode(
    local: Teller,
    other: Teller,
    fuse: Callable[[Logs, Logs], Logs],
    spell: Callable[[Sequence[int]], str],
    end: int,
    *,
    gate: Gate = always,
    clean: Callable[[str], bool] = lambda prefix: True,
    budget: float = 1.0,
    max_tokens: int = 128,
) -> Fused:
    """Write a text token by token.

    Args:
        local: the model with the private context.
        other: the model without it.
        fuse: makes one distribution of the local and the other.
        spell: the text of token numbers.
        end: the token that ends the text.
        gate: whether to ask the other model.
        clean: whether a beginning may be sent; once one may not, the other model is not asked again.
        budget: the largest share of tokens about which the other model is asked.
        max_tokens: after which the text ends.
    """
    ids: list[int] = []
    asked = changed = 0
    closed_at: int | None = None
    text = ""
    while len(ids) < max_tokens:
        logs = local(text)
        choice = own = int(logs.argmax())
        affordable = asked + 1 <= budget * (len(ids) + 1)
        if closed_at is None and affordable and gate(logs):
            try:
                if not clean(text):
                    raise Refused
                choice = int(fuse(logs, other(text)).argmax())
                asked += 1
            except Refused:
                closed_at = len(ids)
        changed += choice != own
        if choice == end:
            break
        ids.append(choice)
        text = spell(ids)
    return Fused(text, len(ids), asked, changed, closed_at)


def speculative(
    draft: Teller,
    verifier: Teller,
    spell: Callable[[Sequence[int]], str],
    end: int,
    *,
    ahead: int = 5,
    max_tokens: int = 128,
) -> Fused:
    """Greedy speculative decoding: the draft model writes ahead, the verifier keeps what it would have written.

    Says what the verifier alone would say; `changed` counts the draft's tokens that it did not keep. A verifier that
    reads several positions in one pass gains time; this one is asked position by position.
    """
    ids: list[int] = []
    asked = changed = 0
    while len(ids) < max_tokens:
        drafted = list(ids)
        while len(drafted) - len(ids) < ahead and (not drafted or drafted[-1] != end):
            drafted.append(int(draft(spell(drafted)).argmax()))
        for token in [*drafted[len(ids) :], None]:
            choice = int(verifier(spell(ids)).argmax())
            asked += 1
            if choice == end:
                return Fused(spell(ids), len(ids), asked, changed, None)
            ids.append(choice)
            if choice != token or len(ids) >= max_tokens:
                changed += token is not None and choice != token
                break
    return Fused(spell(ids), len(ids), asked, changed, None)


def spread(told: Mapping[int, float], local: Logs) -> Logs:
    """A full distribution from the few log-probabilities that a remote model tells, by token number.

    What they leave of the probability goes to the other tokens in the local model's proportions, and none of these may
    be more probable than the least probable token that was told.
    """
    if not told:
        return local
    known = np.array(list(told), dtype=np.int64)
    values = np.array(list(told.values()), dtype=np.float64)
    rest = max(1e-6, 1.0 - float(np.exp(values).sum()))
    others = np.exp(local.astype(np.float64))
    others[known] = 0.0
    scale = rest / max(others.sum(), 1e-12)
    logs = np.log(np.maximum(others * scale, np.exp(FLOOR)))
    logs = np.minimum(logs, values.min())
    logs[known] = values
    return normal(logs.astype(np.float32))
