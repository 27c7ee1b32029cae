"""Decomposing questions: a plan of typed sub-questions, carried out, composed and verified (DaSLaM)."""

from brigade.agents.reasoning.decomposer.pipeline import Decomposer, Habits, Outcome
from brigade.agents.reasoning.decomposer.plans import Fault, Kind, Plan, Step, read_plan
from brigade.agents.reasoning.decomposer.proposing import ModelProposer, Proposer
from brigade.agents.reasoning.decomposer.scripted import ScriptedSolver, Skill
from brigade.agents.reasoning.decomposer.solving import Attempt, ModelSolver, Scripted, Solver

__all__ = [
    "Attempt",
    "Decomposer",
    "Fault",
    "Habits",
    "Kind",
    "ModelProposer",
    "ModelSolver",
    "Outcome",
    "Plan",
    "Proposer",
    "Scripted",
    "ScriptedSolver",
    "Skill",
    "Solver",
    "Step",
    "read_plan",
]
