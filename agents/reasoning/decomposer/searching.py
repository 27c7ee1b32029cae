"""Tree search over plans: their lines are the nodes, plans are drawn from the most promising one on, a verifier scores.

A node is selected by upper confidence bound, value + c * sqrt(2 ln N / n) with c = 0.5, among those that may still get
plans; drawn plans are paths below it, and what the step verifier gives goes back as visit-weighted means.

Source: SRA-MCTS (arXiv 2411.11053) and MedS3 (arXiv 2501.12051). Differences: the step verifier is not a model but the
checks that a line is sound and uses what is given; a rollout is kept whole, so nothing is generated twice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from brigade.agents.reasoning.decomposer.plans import FATAL, Plan, labelled, read_plan, used_of
from brigade.agents.reasoning.decomposer.proposing import Proposer
from brigade.agents.reasoning.decomposer.solving import Attempt
from brigade.agents.reasoning.lmulator.asking import Cost
from brigade.agents.reasoning.questions import Question

EXPLORATION = 0.5
PER_ROUND = 3
"""Plans that are drawn at a time."""
ROUNDS = 2
"""Times that one node gets plans."""
KEPT = 2
"""Plans that come out of a search, best first."""


@dataclass
class Node:
    """A line after other lines."""

    line: str
    parent: Node | None = None
    children: dict[str, Node] = field(default_factory=dict)
    visits: int = 0
    value: float = 0.0
    rounds: int = 0
    """Times that plans were drawn from here on."""

    def bound(self) -> float:
        """Upper confidence bound; unvisited nodes come first."""
        if not self.visits:
            return math.inf
        above = self.parent.visits if self.parent is not None else self.visits
        return self.value + EXPLORATION * math.sqrt(2 * math.log(max(1, above)) / self.visits)

    def prefix(self) -> list[str]:
        """The lines up to here."""
        return [*self.parent.prefix(), self.line] if self.parent is not None else []

    def __iter__(self) -> Iterator[Node]:
        yield self
        for child in self.children.values():
            yield from child


def search(proposer: Proposer, question: Question, attempt: Attempt, cost: Cost, nodes: int) -> list[Plan]:
    """The best plans of a search that draws at most so many.

    Raises:
        ModelError: the decomposer did not answer.
        CallsSpent: it may not be asked.
    """
    root = Node("")
    rounds = 0
    while rounds * PER_ROUND < nodes:
        node = _selected(root)
        if node is None:
            break
        node.rounds += 1
        rounds += 1
        told = attempt.answer if node.rounds == 1 else None  # a second look without the attempt
        begin = beginning(node.prefix()) if node.parent is not None else ""
        for text in proposer.propose(question.text, told, cost, PER_ROUND, begin):
            _add(root, text, question.text)
    return _best(root, question)


def beginning(lines: list[str]) -> str:
    """How a plan begins that has these lines and goes on: the label of the next line is there already."""
    return labelled("\n".join(lines)) + ("\n" if lines else "") + f"#{len(lines) + 1}"


def _selected(root: Node) -> Node | None:
    """The node to go on from: the best by its bound that has had fewer than ROUNDS rounds; the root first."""
    if not root.rounds:
        return root
    open_nodes = [node for node in root if node.children and node.rounds < ROUNDS]
    return max(open_nodes, key=Node.bound, default=None)


def _add(root: Node, text: str, question: str) -> None:
    """Add a drawn plan as a path and send its value back."""
    plan = read_plan(text, question)
    worth = step_value(plan, question)
    node = root
    path = [root]
    for line in map(str, plan.steps):
        node = node.children.setdefault(line, Node(line, node))
        path.append(node)
    for node in path:
        node.visits += 1
        node.value += (worth - node.value) / node.visits


def step_value(plan: Plan, question: str) -> float:
    """What a step verifier gives: the share of sound lines, times the share of given numbers that are used."""
    if not plan.steps:
        return 0.0
    wrong = len(plan.faults) + sum(fault in FATAL for fault, _ in plan.faults)
    used, given = used_of(plan, question)
    return max(0.0, 1 - wrong / len(plan.steps)) * (used / given if given else 1.0)


def _best(root: Node, question: Question) -> list[Plan]:
    """Whole plans, by the bound of their lines from the root down."""
    leaves = [node for node in root if not node.children and node is not root]
    best = sorted(leaves, key=lambda node: (node.value, node.visits), reverse=True)[:KEPT]
    return [read_plan("\n".join(leaf.prefix()), question.text) for leaf in best] or [read_plan("")]
