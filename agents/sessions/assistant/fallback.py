"""What the boundary refuses is answered on this machine, where that is possible."""

from __future__ import annotations

from brigade.agents.privacy.routes import Decision
from brigade.agents.sessions.assistant.office import Case, Office
from brigade.agents.sessions.assistant.shapes import ApiError


def fall_back(office: Office, case: Case, error: ApiError) -> None:
    """A request that the boundary refused is answered here, unless it asked for its route.

    Raises:
        ApiError: it cannot be.
    """
    possible = office.has_local and not case.asked.body.get("tools") and case.asked.route is None
    if error.code != "boundary_refused" or not possible:
        raise error
    case.decision = Decision("local", "the boundary refused what was to be sent")
    case.receipt.route, case.receipt.reason = case.decision.route, case.decision.reason
