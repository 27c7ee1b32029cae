"""What a partner wants: the typed intent of a message, and the agenda of what is still to be done about it.

`Intent.to_dict` is the JSON of `brigade intent`. The agenda is exact bookkeeping: what counts as done is what the
Executor reports, not what a model believes. Source: HLA's intention reasoning and its assessment "is the demand
satisfied" (there a language model counts; it does so badly, so here it does not).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from brigade.agents.hierarchy.executor import MACROS, Macro, MacroReport, Outcome, macro_of
from pydantic import BaseModel, ConfigDict, Field, ValidationError

EVERYTHING = "*"
"""In `Intent.cancel`: whatever was asked for must stop."""
MAX_COUNT = 99
MOST_DEMANDS = 12
"""Demands of one intent at most."""
MAX_OPEN = 48
"""Demands that an agenda holds at most."""


class Kind(StrEnum):
    """What kind of message it was."""

    NONE = "none"
    """Nothing to do: chatter, thanks."""
    SHORT_TERM = "short_term"
    """An explicit request, or a message that only cancels."""
    IMPLICIT = "implicit"
    """A situation that calls for an action."""
    LONG_TERM = "long_term"
    """Do it from now on until told otherwise."""
    QUESTION = "question"
    ORDER_QUESTION = "order_question"
    """A question about the orders."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A macro action that is wanted, so many times; `count` is None when it is wanted from now on."""

    macro: Macro
    count: int | None


@dataclass(frozen=True, slots=True)
class Intent:
    """What a message means."""

    kind: Kind
    demands: tuple[Demand, ...] = ()
    """In the order in which they were said."""
    standing: bool = False
    """Whether the demands hold until they are cancelled."""
    cancel: tuple[str, ...] = ()
    """Names of macro actions that must stop, or EVERYTHING."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON of the command line's contract."""
        return {
            "kind": str(self.kind),
            "demands": [{"macro": demand.macro.name, "count": demand.count} for demand in self.demands],
            "standing": self.standing,
            "cancel": list(self.cancel),
        }

    @classmethod
    def from_dict(cls, data: Any) -> Intent:
        """The intent that this JSON describes, made consistent: counts go with requests, not with standing demands.

        Raises:
            ValueError: it does not describe an intent; the message says where.
        """
        try:
            file = _IntentFile.model_validate(data)
            demands = tuple((macro_of(each.macro), each.count) for each in file.demands)
            cancel = tuple(EVERYTHING if name == EVERYTHING else macro_of(name).name for name in file.cancel)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "intent"
            raise ValueError(f"{where}: {first['msg']}") from None
        acting = file.kind in (Kind.SHORT_TERM, Kind.IMPLICIT, Kind.LONG_TERM)
        standing = acting and (file.standing or file.kind is Kind.LONG_TERM)
        return cls(
            kind=file.kind,
            demands=tuple(Demand(m, None if standing else count or 1) for m, count in demands) if acting else (),
            standing=standing,
            cancel=cancel,
        )


class _DemandFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    macro: str
    count: int | None = Field(None, ge=1, le=MAX_COUNT)


class _IntentFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Kind
    demands: list[_DemandFile] = Field(default_factory=list, max_length=MOST_DEMANDS)
    standing: bool = False
    cancel: list[str] = Field(default_factory=list, max_length=22)


def intent_schema() -> Mapping[str, Any]:
    """The JSON schema of an intent, for constrained decoding."""
    names = [macro.name for macro in MACROS]
    demand = {
        "type": "object",
        "properties": {
            "macro": {"enum": names},
            "count": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 12}, {"type": "null"}]},
        },
        "required": ["macro", "count"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {
            "kind": {"enum": [str(kind) for kind in Kind]},
            "demands": {"type": "array", "items": demand, "maxItems": 4},
            "standing": {"type": "boolean"},
            "cancel": {"type": "array", "items": {"enum": [*names, EVERYTHING]}, "maxItems": 3},
        },
        "required": ["kind", "demands", "standing", "cancel"],
        "additionalProperties": False,
    }


@dataclass(frozen=True, slots=True)
class OpenDemand:
    """A demand that is not done yet."""

    demand: Demand
    done: int = 0

    @property
    def left(self) -> int | None:
        """How often it is still wanted; None for a standing demand."""
        return None if self.demand.count is None else self.demand.count - self.done

    def __str__(self) -> str:
        return f"{self.demand.macro} x{self.left}" if self.left is not None else f"always {self.demand.macro}"


@dataclass(frozen=True, slots=True)
class Agenda:
    """The demands that are open, oldest first."""

    open: tuple[OpenDemand, ...] = ()

    def after(self, intent: Intent) -> Agenda:
        """The agenda once this intent is understood: cancelled demands are gone, new ones come last.

        What is cancelled by name and asked for again is corrected ("no, three"): what was done already counts. Standing
        demands do not double. At most MAX_OPEN are kept, the oldest ones.
        """
        kept = self.open
        if EVERYTHING in intent.cancel:
            kept = ()
        corrected = {each.demand.macro: each.done for each in kept if each.demand.macro.name in intent.cancel}
        kept = tuple(each for each in kept if each.demand.macro.name not in intent.cancel)
        if intent.standing:  # said again, a standing demand is not doubled
            new = {demand.macro for demand in intent.demands}
            kept = tuple(each for each in kept if each.left is not None or each.demand.macro not in new)
        opened = tuple(OpenDemand(demand, corrected.get(demand.macro, 0)) for demand in intent.demands)
        unmet = tuple(each for each in opened if each.left is None or each.left > 0)
        return Agenda((kept + unmet)[:MAX_OPEN])

    def credit(self, report: MacroReport) -> Agenda:
        """The agenda after a macro action ended: the first demand for it is one nearer to done, counted ones first."""
        same = [each for each in self.open if each.demand.macro == report.macro]
        if report.outcome is not Outcome.DONE or not same:
            return self
        return self.fulfil(next((each for each in same if each.left is not None), same[0]))

    def fulfil(self, one: OpenDemand) -> Agenda:
        """The agenda after this open demand was done once more; as it is if it is not open any more."""
        opened = list(self.open)
        if one in opened:
            opened[opened.index(one)] = replace(one, done=one.done + 1)
        return Agenda(tuple(each for each in opened if each.left is None or each.left > 0))

    @property
    def wanted(self) -> tuple[Macro, ...]:
        """The macro actions to do next: the first counted demand, else every standing one."""
        counted = next((each.demand.macro for each in self.open if each.left is not None), None)
        if counted is not None:
            return (counted,)
        return tuple(each.demand.macro for each in self.open)

    def __str__(self) -> str:
        return ", ".join(map(str, self.open))

    def to_list(self) -> list[dict[str, Any]]:
        """Plain data, for graph states and records."""
        return [{"macro": e.demand.macro.name, "count": e.demand.count, "done": e.done} for e in self.open]

    @classmethod
    def from_list(cls, data: list[dict[str, Any]]) -> Agenda:
        """The agenda that `to_list` described."""
        return cls(tuple(OpenDemand(Demand(macro_of(e["macro"]), e["count"]), e["done"]) for e in data))
