"""What an office is made of, by names and files, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from brigade.agents.assistant.office import Confirm, Office, Prices
from brigade.agents.assistant.upstream import Upstream, UpstreamSpec
from brigade.agents.models import LanguageModel
from brigade.agents.privacy.boundary import Boundary
from brigade.agents.privacy.keys import load_sealer
from brigade.agents.privacy.patterns import PatternDetector
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.profile import read_parts
from brigade.agents.privacy.receipts import open_ledger
from brigade.agents.privacy.redact import Redactor
from brigade.agents.privacy.spans import Detector
from brigade.agents.privacy.values import Fact


@dataclass(frozen=True, slots=True)
class OfficeSpec:
    """What an office is made of."""

    upstream: UpstreamSpec | None = None
    profile: Path | None = None
    facts: tuple[Fact, ...] = ()
    """What else is private: what a knowledge base says so of, and `texts`, longer ones."""
    texts: tuple[str, ...] = ()
    local: Callable[[], LanguageModel] | None = None
    sketcher: Callable[[], LanguageModel] | None = None
    """The local model of the route `sketch`, if it is another one."""
    detectors: tuple[Detector, ...] = ()
    """Besides the patterns."""
    data: Path = Path(".")
    """Where key, receipts and vaults are."""
    database: str | None = None
    prices: Prices | None = None
    fusible: bool = False


def priced(spec: OfficeSpec, prices: Prices | None, *, fusible: bool) -> OfficeSpec:
    """The same, with prices, and whether the upstream can be fused with."""
    return replace(spec, prices=prices, fusible=fusible)


def open_office(spec: OfficeSpec, confirm: Confirm | None = None) -> Office:
    """An office, ready to work.

    Raises:
        ValueError: a profile, key or address that cannot be used.
        OSError: the ledger cannot be opened.
    """
    facts, texts, allow = read_parts(spec.profile) if spec.profile is not None else ([], [], [])
    private = PrivateSet([*facts, *spec.facts], [*texts, *spec.texts], allow)
    redactor = Redactor(private, (PatternDetector(), *spec.detectors))
    sealer = load_sealer(spec.data)
    ledger = open_ledger(spec.data, sealer, spec.database)
    upstream = None
    if spec.upstream is not None:
        upstream = Upstream(spec.upstream, Boundary(private, entities=spec.detectors, cleared=redactor.cleared))
    return Office(
        redactor,
        ledger,
        sealer,
        upstream=upstream,
        local=spec.local,
        profile=private,
        confirm=confirm,
        prices=spec.prices,
        fusible=spec.fusible,
        sketcher=spec.sketcher,
    )
