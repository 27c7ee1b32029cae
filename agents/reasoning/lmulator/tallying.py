"""Drives all worlds of a run and counts their votes; the larger model settles what they disagree on."""

from __future__ import annotations

from dataclasses import replace

from brigade.agents.reasoning.lmulator.driving import Driver, Ending, fresh
from brigade.agents.reasoning.lmulator.limits import CallsSpent, End
from brigade.agents.reasoning.lmulator.queries import Unanswerable
from brigade.agents.reasoning.lmulator.records import Noted, Result
from brigade.agents.reasoning.lmulator.sandbox import Finished
from brigade.agents.reasoning.lmulator.values import Plain, is_plain, key_of, plain_or_text
from brigade.agents.reasoning.lmulator.worlds import World


def tally(driver: Driver, first: World) -> Result:
    """The result of a run that starts with this world."""
    start = replace(first, answers=dict(first.answers), events=list(first.events), notes=list(first.notes))
    endings = [driver.drive(first)]
    while driver.forks and driver.paused is None:
        endings.append(driver.drive(driver.forks.pop()))
    result = _counted(endings)
    agree = driver.answering.voting.agree
    if len(endings) == 1 or result.end is End.PAUSED or (result.votes and result.votes[0][1] >= agree):
        return result
    return _escalated(driver, start, endings) or result


def _escalated(driver: Driver, start: World, endings: list[Ending]) -> Result | None:
    """The run anew, with the larger model's answers to what the samples disagreed on; None if there is none."""
    settled = {}
    for key, query in driver.contested.items():
        try:
            answer = driver.answering.ask_larger(query)
        except (CallsSpent, Unanswerable):
            answer = None
        if answer is None:
            return None
        settled[key] = answer
    kept = {key: answer for ending in endings for key, answer in ending.world.answers.items()}
    note = Noted("escalated", 0, f"{len(settled)} answers settled by the larger model, since the forks disagree")
    again = World(start.program, fresh(start.options), {**kept, **settled}, [], [note])
    driver.may_fork = False
    return _counted([driver.drive(again)])


def _counted(endings: list[Ending]) -> Result:
    """The answer with most votes, told as the heaviest world that gives it; without any, the first world's failure."""
    paused = [ending for ending in endings if getattr(ending.step, "end", None) is End.PAUSED]
    if paused:
        return _result(paused[0])
    shares: dict[str, float] = {}
    best: dict[str, Ending] = {}
    for ending in endings:
        value = _value(ending)
        if value is None:
            continue
        key = key_of(value[0])
        shares[key] = shares.get(key, 0.0) + ending.world.weight
        if key not in best or ending.world.weight > best[key].world.weight:
            best[key] = ending
    if not shares:
        return _result(endings[0])
    ranked = sorted(shares, key=lambda key: -shares[key])
    result = _result(best[ranked[0]])
    if len(endings) == 1:
        return result
    return replace(result, votes=tuple((_result(best[key]).answer, shares[key]) for key in ranked))


def _value(ending: Ending) -> tuple[Plain] | None:
    """The answer of a world that has one."""
    result = _result(ending)
    return (result.answer,) if result.end is End.ANSWERED else None


def _result(ending: Ending) -> Result:
    """One world's result."""
    printed = ending.listener.printed()
    step, events, program = ending.step, tuple(ending.listener.events), ending.world.program
    if not isinstance(step, Finished):
        line = ending.program.line(step.line, step.outer) if ending.program else step.line
        where = f"line {line}: " if line and not step.message.startswith("line ") else ""
        return Result(step.end, None, f"{where}{step.text()}", program, events=events, printed=printed)
    value = step.value
    if value is None and printed.strip():  # a program that prints its answer
        value = printed.strip().splitlines()[-1]
    if value is None:
        message = "it ended without an answer: it must set `answer`"
        return Result(End.NO_ANSWER, None, message, program, events=events, printed=printed)
    answer = value if is_plain(value) else plain_or_text(value)
    return Result(End.ANSWERED, answer, "", program, events=events, printed=printed)
