"""CoGenesis: private context stays on this machine; what leaves it passes a boundary, and leaves a receipt."""

from brigade.agents.models.egress import EgressRefused, Gate, Outgoing
from brigade.agents.privacy.boundary import Boundary, Finding
from brigade.agents.privacy.private_set import PrivateSet
from brigade.agents.privacy.values import Fact

__all__ = ["Boundary", "EgressRefused", "Fact", "Finding", "Gate", "Outgoing", "PrivateSet"]
