"""What an agent knew when its game broke off, read off the record: its open demands, and what it has not yet heard.

A record says what was understood, which demands were open then, and what was done since; counting again gives the rest.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Any

from brigade.agents.graph import Recollection
from brigade.agents.hierarchy.executor import MacroReport, Outcome, macro_of
from brigade.agents.hierarchy.intent import Agenda, Intent
from brigade.agents.sessions.record import Record


def recollect(record: Record, cook: int) -> Recollection:
    """What a cook knew at the end of a record. Entries of a form that is not known are passed over."""
    known, unheard = Recollection(), deque[str]()
    for entry in record.entries:
        match entry:
            case {"type": "message", "cook": int(speaker), "text": str(text)} if speaker != cook and text:
                unheard.append(text)
            case {"type": "intent", "cook": int(who), "intent": dict(meant)} if who == cook:
                if entry.get("message") in unheard:
                    unheard.remove(entry["message"])
                known = _understood(known, meant, entry.get("agenda"))
            case {"type": "demand", "cook": int(who), "macro": str(name), "became": "given up"} if who == cook:
                kept = tuple(each for each in known.agenda.open if each.demand.macro.name != name)
                known = replace(known, agenda=Agenda(kept))
            case {"type": "macro", "cook": int(who), "macro": str(name), "outcome": "done"} if who == cook:
                report = MacroReport(macro_of(name), Outcome.DONE, "", 0, 0)
                known = replace(known, agenda=known.agenda.credit(report))
            case _:
                pass
    return replace(known, unheard=tuple(unheard))


def _understood(known: Recollection, meant: dict[str, Any], agenda: list[dict[str, Any]] | None) -> Recollection:
    """What is known after an intent, with the agenda as it was noted; counted from the intent in older records."""
    after = known.agenda.after(Intent.from_dict(meant)) if agenda is None else Agenda.from_list(agenda)
    return replace(known, agenda=after, previous=meant if meant.get("demands") else known.previous)
