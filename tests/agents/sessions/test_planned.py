"""`brigade plan`: the jobs of the open orders, and who does which of them when."""

from __future__ import annotations

import io
import itertools

import pytest
from brigade.agents.hierarchy.executor import macro_of
from brigade.agents.sessions.planned import plan_at, table, to_json
from rich.console import Console


def test_a_plan_names_jobs_their_order_and_a_schedule_for_all_cooks() -> None:
    planned = plan_at("ring", seed=3, at=12.0)
    data = to_json(planned)
    assert data["seconds"] == pytest.approx(12.0, abs=0.11)
    assert {slot["cook"] for slot in data["schedule"]} == {0, 1}
    assert macro_of(data["macro"]) == planned.plan.macro if planned.plan else None
    numbers = {job["job"] for job in data["jobs"]}
    assert all(set(job["after"]) < numbers for job in data["jobs"])
    ends = {(slot["cook"], slot["begins"]): slot["ends"] for slot in data["schedule"]}
    for cook in (0, 1):
        mine = sorted((begins, end) for (who, begins), end in ends.items() if who == cook)
        assert all(end <= begins + 1e-6 for (_, end), (begins, _) in itertools.pairwise(mine))


def test_the_table_says_what_to_begin() -> None:
    console = Console(width=100, file=io.StringIO())
    with console.capture() as printed:
        console.print(table(plan_at("quick", partner="idle", at=3.0)))
    assert "begin Chop" in printed.get()


@pytest.mark.parametrize(
    ("partner", "at", "words"),
    [("nobody", 0.0, "unknown partner 'nobody'"), ("script", 100.0, "at must be"), ("script", float("nan"), "at must")],
)
def test_what_cannot_be_planned_is_said(partner: str, at: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        plan_at("ring", partner=partner, at=at)
