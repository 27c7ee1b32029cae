"""The gateway, put together."""

from __future__ import annotations

from brigade.agents.assistant.opening import OfficeSpec, open_office
from brigade.agents.privacy.keys import load_sealer
from brigade.agents.sessions.assistant.gateway import Gateway, GatewaySpec
from brigade.agents.sessions.assistant.pages import Consent, Pages
from brigade.agents.sessions.web import Application, quiet


def open_gateway(spec: OfficeSpec, gateway: GatewaySpec, *, confirm: bool = False) -> Application:
    """The gateway's application.

    Raises:
        ValueError: see open_office; or tokens are missing.
        OSError: see open_office.
    """
    consent = Consent() if confirm else None
    office = open_office(spec, consent.ask if consent is not None else None)
    sealer = load_sealer(spec.data)
    pages = Pages(office.ledger, lambda caller: sealer.name("caller", caller), consent)
    return quiet(Gateway(office, gateway, pages).app())


def warm(spec: OfficeSpec) -> None:
    """Load what detectors load on first use, so that no request waits for it.

    Raises:
        DetectorFailed: one of them cannot be had.
    """
    for detector in spec.detectors:
        detector.find("Ada was here.")
