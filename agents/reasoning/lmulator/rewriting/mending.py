"""Lines that are not Python: small slips are mended, prose becomes a gap that somebody must fill in.

`x = the oldest of them`, `if the animal can fly:`, `for each city in the list:`, `remove what is not a fruit from
basket` keep their place, their indentation and what of them is Python; only the prose is handed out, with the variables
at hand. A slip is mended only where the line then parses and has no two words side by side, as prose has.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

GAP = "__brigade_gap__"
STATE = "__brigade_state__(locals())"
MOST_CHANGES = 60
"""Lines of a program that may be mended or handed out; more of them is not a program."""


class Wanted(StrEnum):
    """What a gap stands for."""

    VALUE = "value"
    TRUTH = "truth"
    ITEMS = "items"
    CHANGE = "change"
    """New values of some variables."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A piece of prose in a program."""

    line: int
    text: str
    wanted: Wanted
    names: tuple[str, ...] = ()
    """The variables that it sets."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A text that parses."""

    text: str
    tree: ast.Module
    gaps: Mapping[int, Gap]
    fixes: tuple[tuple[int, str], ...]
    """Line and new text of each mended slip."""


def mend(source: str) -> Mended:
    """Make a program parse; every line stays where it is.

    Raises:
        SyntaxError: it cannot be; says in which line.
    """
    lines = _without_fences(source.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n"))
    gaps: dict[int, Gap] = {}
    fixes: list[tuple[int, str]] = []
    names = _assigned(lines)
    for _ in range(2 * len(lines) + 2):
        error = _error(lines)
        if error is None:
            kept = {number: gap for number, gap in gaps.items() if GAP in lines[number - 1]}
            return Mended("\n".join(lines), _parse(lines), kept, tuple(fixes))
        at = _place(lines, error.lineno or 1, gaps)
        if at is None:
            raise error
        fixed = _fix(lines, at, error)
        if fixed is not None:
            lines[at] = fixed
            fixes.append((at + 1, fixed.strip()))
            continue
        lines[at], gap = _as_gap(lines[at], at + 1, names)
        if GAP not in lines[at]:
            fixes.append((at + 1, lines[at].strip()))
        gaps[at + 1] = gap
        if len(gaps) + len(fixes) > MOST_CHANGES:
            break
    raise SyntaxError("it cannot be made to parse", (None, len(lines), None, None))


def _parse(lines: list[str]) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # `x is 3` and the like are the program's own business
        return ast.parse("\n".join(lines))


def _error(lines: list[str]) -> SyntaxError | None:
    try:
        _parse(lines)
    except SyntaxError as error:
        return error
    return None


def _without_fences(lines: list[str]) -> list[str]:
    return ["" if line.strip().startswith("```") else line for line in lines]


def _place(lines: list[str], number: int, gaps: Mapping[int, Gap]) -> int | None:
    """Index of the line to change: where the error is, or the nearest line above that can still be changed."""
    for at in range(min(number, len(lines)) - 1, -1, -1):
        if lines[at].strip() and at + 1 not in gaps:
            return at
    return None


_WORD = r"[A-Za-z_][\w']*"
_PAIR = re.compile(rf"(?=\b({_WORD})\s+({_WORD})\b)")
_TARGETS = re.compile(rf"^({_WORD}(?:\s*,\s*{_WORD})*|{_WORD}(?:\.\w+|\[[^\]=]*\])+)\s*([-+*/|&]?=)(?!=)\s*(\S.*)$")


def is_prose(line: str) -> bool:
    """Whether a line has two words side by side that Python would not have so, outside its strings."""
    bare = re.sub(r"'[^']*'|\"[^\"]*\"|#.*", "''", line)
    soft = set(keyword.kwlist) | {"match", "case", "type"}
    return any(a not in soft and b not in soft for a, b in _PAIR.findall(bare))


def _fix(lines: list[str], at: int, error: SyntaxError) -> str | None:
    """The line without its slip, if one of a few small changes makes the text parse up to beyond it."""
    line = lines[at]
    for candidate in _candidates(line, lines, at, error):
        if candidate == line or is_prose(candidate):
            continue
        later = _error([*lines[:at], candidate, *lines[at + 1 :]])
        if later is None or (later.lineno or 0) > at + 1:
            return candidate
    return None


def _candidates(line: str, lines: list[str], at: int, error: SyntaxError) -> Iterator[str]:
    bare = line.rstrip()
    indent = line[: len(line) - len(line.lstrip())]
    body = line.strip()
    if isinstance(error, IndentationError):
        above = next((each for each in reversed(lines[:at]) if each.strip()), "")
        yield above[: len(above) - len(above.lstrip())] + body
        if bare.endswith(":"):
            yield f"{bare} pass"
    if re.match(r"(if|elif|else|for|while|def|class|try|except|finally|with)\b", body) and not bare.endswith(":"):
        yield f"{bare}:"
    yield re.sub(r"^else if\b", "elif", body).join([indent, ""])
    yield re.sub(r"^otherwise\b:?", "else:", body, flags=re.IGNORECASE).join([indent, ""])
    yield re.sub(r"^print\s+(?!\()(.+)$", r"print(\1)", body).join([indent, ""])
    if re.match(r"(if|elif|while)\b", body):
        compared = re.sub(r"(?<![=!<>:])=(?!=)", "==", body).join([indent, ""])
        yield compared
        yield f"{_closed(compared.rstrip(':'))}:"
    yield _closed(bare)
    yield re.sub(r"[)\]}]+(:?)$", r"\1", bare)
    yield bare.replace("&&", " and ").replace("||", " or ")
    yield bare.replace("“", '"').replace("”", '"').replace("‘", "'").replace("’", "'")
    yield re.sub(r";$", "", bare)
    yield re.sub(r"\b(\w+)\s*\+\+$", r"\1 += 1", bare)


def _closed(line: str) -> str:
    """The line with the brackets closed that it leaves open."""
    pairs, stack = {"(": ")", "[": "]", "{": "}"}, []
    for character in re.sub(r"'[^']*'|\"[^\"]*\"", "", line):
        if character in pairs:
            stack.append(pairs[character])
        elif stack and character == stack[-1]:
            stack.pop()
    closing = "".join(reversed(stack))
    return f"{line[:-1]}{closing}:" if line.endswith(":") else line + closing


def _assigned(lines: list[str]) -> frozenset[str]:
    """The variables that lines of a program set, whether they parse or not."""
    found: set[str] = set()
    for line in lines:
        match = _TARGETS.match(line.strip()) or re.match(rf"(?:for|with)\s+(?:each\s+)?({_WORD})\b", line.strip())
        if match:
            found.update(re.findall(_WORD, re.sub(r"[.\[].*", "", match[1])))
        head = re.match(r"def\s+\w+\s*\(([^)]*)\)", line.strip())
        if head:
            found.update(re.findall(rf"({_WORD})\s*(?:[:=,]|$)", head[1]))
    return frozenset(found - set(keyword.kwlist))


def _as_gap(line: str, number: int, names: frozenset[str]) -> tuple[str, Gap]:
    """The line with its prose handed out, and what is handed out."""
    indent, body = line[: len(line) - len(line.lstrip())], line.strip()
    new, gap = _shape(body, number, names)
    return indent + new, gap


def _shape(body: str, number: int, names: frozenset[str]) -> tuple[str, Gap]:
    call = f"{GAP}({number}, {STATE})"
    if match := re.match(r"^(if|elif|while)\s+(.+?)(?::\s*(\S.*)?)?$", body):
        rest = f" {match[3]}" if match[3] and _parses(match[3]) else ""
        return f"{match[1]} {call}:{rest}", Gap(number, match[2], Wanted.TRUTH)
    if re.match(r"^(else|otherwise)\b", body, re.IGNORECASE):
        return "else:", Gap(number, body, Wanted.CHANGE)
    if match := re.match(rf"^for\s+(?:each\s+|every\s+)?({_WORD}(?:\s*,\s*{_WORD})*)\s+(?:in|of)\s+(.+?):?$", body):
        items = _expression(match[2])
        return f"for {match[1]} in {items or call}:", Gap(number, match[2], Wanted.ITEMS)
    if match := re.match(r"^return\s+(.+)$", body):
        return f"return {call}", Gap(number, match[1], Wanted.VALUE)
    if match := re.match(rf"^(?:set|let|make)\s+({_WORD})\s+(?:to|be|equal to|=)\s+(.+?)\.?$", body, re.IGNORECASE):
        return f"{match[1]} = {_expression(match[2]) or call}", Gap(number, match[2], Wanted.VALUE, (match[1],))
    if (match := _TARGETS.match(body)) and _parses(f"{match[1]} = 0"):
        targets = tuple(re.findall(_WORD, match[1])) if re.fullmatch(r"[\w\s,]+", match[1]) else (match[1],)
        return f"{match[1]} {match[2]} {call}", Gap(number, match[3], Wanted.VALUE, targets)
    mentioned = tuple(dict.fromkeys(word for word in re.findall(_WORD, body) if word in names))
    left = ", ".join(mentioned)
    return (f"{left} = {call}" if mentioned else "pass"), Gap(number, body, Wanted.CHANGE, mentioned)


def _expression(text: str) -> str | None:
    """The text as an expression, without an article in front; None if it is none."""
    bare = re.sub(r"^(the|all|all the)\s+", "", text.strip())
    return bare if _parses(bare) and not is_prose(bare) else None


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
