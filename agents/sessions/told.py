"""A cook that follows the script and is told, at given times, exactly what is meant: no words, no misunderstanding.

It is what fulfilling a demand is measured against: how long the script planner needs for it. The file it follows:

[{"at": 1.0, "intent": {"kind": "short_term", "demands": [{"macro": "Chop Onion", "count": 2}], ...}}, ...]
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from brigade.agents.hierarchy.executor import MacroReport
from brigade.agents.hierarchy.intent import Agenda, Intent
from brigade.agents.hierarchy.script import ScriptPlanner
from brigade.agents.sessions.cooks import MacroCook, Table
from brigade.envs.kitchen import HlaView
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    at: float = Field(ge=0)
    intent: dict[str, Any]


Meant = tuple[tuple[float, Intent], ...]
"""When something is meant, in seconds, and what; earliest first."""


def load_meant(file: str) -> Meant:
    """What a file says is meant when.

    Raises:
        ValueError: it cannot be read or followed; says why.
    """
    try:
        lines = TypeAdapter(list[_Line]).validate_json(Path(file).read_text(encoding="utf-8"))
        meant = [(line.at, Intent.from_dict(line.intent)) for line in lines]
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{file}: cannot be read: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{file}: {'.'.join(map(str, first['loc'])) or 'file'}: {first['msg']}") from None
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None
    return tuple(sorted(meant, key=lambda pair: pair[0]))


class ToldCook(MacroCook):
    """Follows the script planner with an agenda of what was really meant; decisions take no time."""

    def __init__(self, index: int, table: Table, meant: Meant) -> None:
        super().__init__(index, table)
        self._planner = ScriptPlanner(index, table.pace)
        self._meant = list(meant)
        self._agenda = Agenda()

    async def act(self, view: HlaView) -> int:
        """Take what is meant by now into the agenda, then cook."""
        before = self._agenda
        while self._meant and self._meant[0][0] <= view.seconds:
            self._agenda = self._agenda.after(self._meant.pop(0)[1])
        if self._agenda != before and self.executor.macro not in self._agenda.wanted:
            self.stop(view, "something else is wanted")
        return await super().act(view)

    async def decide(self, view: HlaView) -> None:
        """Start what the planner chooses for the agenda."""
        macro = self._planner.choose(view, self.avoided(view.tick), self._agenda)
        if macro is not None:
            self.table.record.write(
                "decision", tick=view.tick, cook=self.index, mind="policy", macro=macro.name, lands=view.tick
            )
        self.start(macro, view)

    def watch(self, view: HlaView) -> None:
        """See who moves."""
        self._planner.watch(view)

    def ended(self, report: MacroReport) -> None:
        """Credit the agenda."""
        self._agenda = self._agenda.credit(report)
