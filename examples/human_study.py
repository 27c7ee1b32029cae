"""A study with people, before anybody comes: what a participant goes through, and in which orders.

python examples/human_study.py; then: brigade play --study examples/study.yaml --records records/study
"""

from __future__ import annotations

from pathlib import Path

from brigade.agents.sessions.play.study.design import balanced, load_study, way

STUDY = Path(__file__).parent / "study.yaml"


def main() -> None:
    study = load_study(STUDY)
    names = [condition.name for condition in study.conditions]
    for participant in range(2):
        print(f"participant {participant + 1}: {' -> '.join(stage.kind for stage in way(study, participant))}")
    for order in balanced(len(names)):
        print("partners in this order:", ", ".join(names[index] for index in order))
    seconds = sum(game.duration for game in study.games) * len(names)
    print(f"{seconds:g} s of cooking beside {len(names)} partners, {len(study.after_all)} questions at the end")


if __name__ == "__main__":
    main()
