"""Rules and lessons of one's own domain: what follows, why, what no longer does, and which lesson fits a question.

python examples/my_rules.py
"""

from __future__ import annotations

from brigade.knowledge import KnowledgeBase
from brigade.knowledge.inference.deriving import Inference
from brigade.knowledge.inference.explaining import explain
from brigade.knowledge.retrieval.gate import Gate
from brigade.knowledge.retrieval.search import Search
from brigade.knowledge.values import Entity

RULES = {
    "thirst": "needs_water(?p, true) :- days_dry(?p, ?d), drinks_every(?p, ?n), ?d >= ?n",
    "kind": "drinks_every(?p, ?n) :- is_a(?p, ?kind), drinks_every(?kind, ?n)",
}


def main() -> None:
    with KnowledgeBase(":memory:") as base:
        base.declare("days_dry", single=True)
        base.add_fact("fern", "drinks_every", 2, source="a gardener's book")
        base.add_fact("cactus", "drinks_every", 30, source="a gardener's book")
        for plant, kind in (("Greta", "fern"), ("Paul", "cactus")):
            base.add_fact(plant, "is_a", Entity(kind))
            base.add_fact(plant, "days_dry", 3, source="looked at the pots")
        for name, text in RULES.items():
            base.add_rule(name, text)
        inference = Inference(base)
        inference.infer()
        (thirsty,) = base.find(predicate="needs_water")
        print("\n".join(explain(base, thirsty).lines()))

        base.add_fact("Greta", "days_dry", 0, source="watered")  # supersedes; what followed from it goes, too
        inference.infer()
        print("thirsty after watering:", [fact.subject for fact in base.find(predicate="needs_water")] or "nobody")

        base.add_lesson(
            "brown tips",
            task="plants",
            trigger="the leaves of a plant have brown tips",
            summary=("Dry air, not dry earth: spray the leaves instead of watering more.",),
            tags=("leaves", "brown"),
        )
        for question in ("Why do the leaves of my fern have brown tips?", "Which soup burns first?"):
            decision = Gate().decide(base, Search(base), question)
            told = decision.lessons[0].summary[0] if decision.lessons else "no lesson fits"
            print(f"{question} -> {told} (gate: {decision.probability:.2f})")


if __name__ == "__main__":
    main()
