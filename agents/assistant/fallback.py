"""What the boundary refuses is answered on this machine, where that is possible."""

from __future__ import annotations

from brigade.agents.assistant.office import Case, Office
from brigade.agents.assistant.shapes import ApiError
from brigade.agents.privacy.routes import Decision


def fall_back(office: Office, case: Case, error: ApiError) -> None:
    """A request that the boundary refused is answered here, unless it asked for its route.

    Raises:
        ApiError: it cannot be.
    """
    possible = office.has_local and not case.asked.body.get("tools") and case.asked.route is None
    if error.code != "boundary_refused" or not possible:
        raise error
    case.take(Decision("local", "the boundary refused what was to be sent"))
