"""The student's lessons in the knowledge base, beside what people tell it: one base for both.

A lesson is a record of the base with the whole of what the teacher said in its note, its verdict, and the run as its
episode; its uses, wins and losses are the record's. What siblings accepted is relied upon; what they did not, rejected
or not proven, waits in the review queue, where a person may still accept it. The facts of accepted lessons are facts of
the base: a person who corrects one corrects the lesson. Lessons that people tell are found, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace

from brigade.agents.training.student.base import Found, Outcome, ranked, words_of
from brigade.agents.training.student.lessons import Atom, Kept, LearnedFact, Lesson, Status, Tally, Trigger
from brigade.knowledge import Fact, KnowledgeBase, finding, schema, storing
from brigade.knowledge import Lesson as Record
from brigade.knowledge import Status as State
from brigade.knowledge.records import MODEL
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select

TOPIC = "student"
_SAID, _BECAME, _REASON, _ARGS, _SOURCES = "lesson", "became", "reason", "args", "sources"
_LESSON = TypeAdapter(Lesson)
_TRIGGER_WORDS = 24


@dataclass(frozen=True, slots=True)
class _Row:
    """A lesson as the base has it, and as the student has it."""

    record: Record
    lesson: Lesson
    """With what people have corrected."""
    status: Status
    reason: str


@dataclass
class SqlLessons:
    """A LessonBase in a knowledge base. For one thread.

    Args:
        base: the knowledge base.
        run: what its lessons come from, as the name of an episode.
    """

    base: KnowledgeBase
    run: str = "brigade train student"
    _at: int | None = None
    _rows: list[_Row] = field(default_factory=list)
    _episode: int | None = None

    @property
    def where(self) -> str:
        """The address of the base, without a password: libpq finds that in its own file, or in PGPASSWORD."""
        url = self.base.database.url
        return str(url.database) if self.base.database.sqlite else url.set(password=None).render_as_string()

    def add_lesson(self, lesson: Lesson, status: Status, reason: str = "") -> None:
        """See LessonBase.add_lesson."""
        episode = self._run_episode()
        live = [row.record for row in self._read() if row.record.retracted_at is None and _is(row, lesson.id)]
        before = next((row.record for row in reversed(self._read()) if _is(row, lesson.id)), None)
        record = _record(lesson, status, reason, episode)
        if before is not None:
            record = replace(record, supersedes=before.id, uses=before.uses, wins=before.wins, losses=before.losses)
        with self.base.database.writing(record.author, f"lesson {lesson.id}: {status}") as transaction:
            storing.close(transaction, Record, [each.id for each in live])
            (stored,) = storing.store_all_named(transaction, [record])
            if status in (Status.RETIRED, Status.SUPERSEDED):
                storing.close(transaction, Record, [stored.id])

    def find(self, question: str, limit: int = 3) -> Sequence[Found]:
        """See LessonBase.find."""
        accepted = [Kept(row.lesson, row.status, _tally(row.record)) for row in self._read() if _accepted(row)]
        return ranked(accepted, question, limit)

    def note(self, lesson: str, outcome: Outcome) -> None:
        """See LessonBase.note."""
        rows = self._read()
        number = max((number for number, row in enumerate(rows) if _is(row, lesson)), default=None)
        if number is None:
            raise KeyError(lesson)
        row = rows[number]
        self.base.record_use(row.record, wins=int(outcome == "win"), losses=int(outcome == "loss"))
        counted = self.base.statistics(row.record)
        record = replace(row.record, uses=counted.uses, wins=counted.wins, losses=counted.losses)
        rows[number] = replace(row, record=record)

    def kept(self) -> Sequence[Kept]:
        """See LessonBase.kept."""
        newest: dict[str, Kept] = {}
        for row in self._read():
            newest[_said_id(row)] = Kept(row.lesson, row.status, _tally(row.record), row.reason)
        return list(newest.values())

    def add_fact(self, fact: LearnedFact) -> None:
        """See LessonBase.add_fact."""
        if fact.name not in self.base.predicates():
            self.base.declare(fact.name, single=True, topic=TOPIC, about="What a student has learned.")
        self.base.add_fact(
            subject_of(fact.args), fact.name, fact.value, topic=TOPIC, author=_author(fact.author),
            confidence=fact.confidence, source=_shortened(fact.sources), episode=self._run_episode(),
            note={_ARGS: list(fact.args), _SOURCES: list(fact.sources), "teacher": fact.author},
        )  # fmt: skip

    def facts(self) -> Sequence[LearnedFact]:
        """See LessonBase.facts."""
        return [learned for each in self.base.find(topic=TOPIC) if (learned := _learned(each)) is not None]

    def _run_episode(self) -> int:
        if self._episode is None:
            about = "A student answered questions, was taught, and kept what helped."
            self._episode = self.base.add_episode(self.run, about, topic=TOPIC).id
        return self._episode

    def _read(self) -> list[_Row]:
        """Every lesson, oldest first; read anew where the base has changed."""
        with self.base.database.reading() as connection:
            now = connection.execute(select(func.max(schema.changes.c.at))).scalar()
        if self._at is None or now != self._at:
            self._at = now
            known = {(fact.subject, fact.predicate): fact for fact in self.base.find(topic=TOPIC)}
            told = self._told_by_people(known)
            self._rows = list(_rows(self._every(), known | told))
        return self._rows

    def _told_by_people(self, learned: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Fact]:
        """What is believed of the same subjects under another topic: the corrections of people."""
        predicates = {predicate for _, predicate in learned}
        facts = (fact for predicate in sorted(predicates) for fact in self.base.find(predicate=predicate))
        return {(fact.subject, fact.predicate): fact for fact in facts if not fact.author.startswith(MODEL)}

    def _every(self) -> list[Record]:
        with self.base.database.reading() as connection:
            return list(finding.all_of(connection, Record, None))


def _rows(records: Iterable[Record], known: dict[tuple[str, str], Fact]) -> Iterator[_Row]:
    every = list(records)
    replaced = {each.supersedes for each in every}
    for record in every:
        lesson = _lesson(record)
        if lesson is not None:
            status = _status(record, record.id in replaced)
            if status is Status.ACCEPTED:
                lesson = _corrected(lesson, known)
            yield _Row(record, lesson, status, str(record.note.get(_REASON, "")))


def _status(record: Record, replaced: bool) -> Status:
    match record.status:
        case State.REJECTED:
            return Status.REJECTED
        case State.PROPOSED:
            return Status.REJECTED if record.note.get(_BECAME) == Status.REJECTED else Status.CANDIDATE
    if record.retracted_at is None:
        return Status.ACCEPTED
    retired = not replaced or record.note.get(_BECAME) == Status.RETIRED
    return Status.RETIRED if retired else Status.SUPERSEDED


def _record(lesson: Lesson, status: Status, reason: str, episode: int) -> Record:
    waits = status in (Status.CANDIDATE, Status.REJECTED)
    return Record(
        name=f"{lesson.topic}: {lesson.author}", task=lesson.topic, trigger=" ".join(lesson.trigger.words),
        summary=lesson.summary, knowledge=lesson.knowledge, check=lesson.check, topic=TOPIC,
        tags=tuple(dict.fromkeys(word for word in words_of(lesson.topic.replace("_", " ")))),
        author=_author(lesson.author), source=_shortened(lesson.sources), episode=episode,
        status=State.PROPOSED if waits else State.ACCEPTED,
        note={_SAID: asdict(lesson), _BECAME: str(status), _REASON: reason},
    )  # fmt: skip


def _lesson(record: Record) -> Lesson | None:
    """The lesson of a record, with what people have changed in its sentences; or what a person told, as a lesson."""
    said = record.note.get(_SAID)
    if said is None:
        words = dict.fromkeys([*words_of(record.trigger), *(word for tag in record.tags for word in words_of(tag))])
        return Lesson(
            topic=record.task or record.name, trigger=Trigger("", tuple(sorted(words))[:_TRIGGER_WORDS]),
            summary=record.summary, knowledge=record.knowledge, author=record.author, sources=(record.source,),
            check=record.check,
        )  # fmt: skip
    try:
        lesson = _LESSON.validate_python(said)
    except ValidationError:
        return None
    if (lesson.summary, lesson.knowledge, lesson.check) == (record.summary, record.knowledge, record.check):
        return lesson
    return replace(lesson, summary=record.summary, knowledge=record.knowledge, check=record.check)


def _corrected(lesson: Lesson, known: dict[tuple[str, str], Fact]) -> Lesson:
    """The lesson with the values that the base believes now, where a person has told others."""
    facts = []
    for fact in lesson.facts:
        believed = known.get((subject_of(fact.args), fact.name))
        value = believed.object if believed is not None and not believed.author.startswith(MODEL) else fact.value
        facts.append(replace(fact, value=value) if isinstance(value, bool | int | float | str) else fact)
    return lesson if tuple(facts) == lesson.facts else replace(lesson, facts=tuple(facts))


def _learned(fact: Fact) -> LearnedFact | None:
    args, sources = fact.note.get(_ARGS), fact.note.get(_SOURCES)
    if not isinstance(args, list) or not isinstance(sources, list) or not isinstance(fact.object, Atom):
        return None
    teacher = str(fact.note.get("teacher", fact.author))
    return LearnedFact(fact.predicate, tuple(args), fact.object, fact.confidence, tuple(map(str, sources)), teacher)


def subject_of(args: Sequence[Atom]) -> str:
    """What a fact about these arguments is about, as a name."""
    return ", ".join(map(str, args)) or "it"


def _is(row: _Row, lesson: str) -> bool:
    return lesson in (_said_id(row), row.lesson.id)


def _said_id(row: _Row) -> str:
    """The id of a lesson as its teacher said it, whatever was corrected since."""
    said = row.record.note.get(_SAID)
    return _LESSON.validate_python(said).id if said is not None else row.lesson.id


def _accepted(row: _Row) -> bool:
    return row.status is Status.ACCEPTED


def _tally(record: Record) -> Tally:
    return Tally(record.uses, record.wins, record.losses)


def _author(teacher: str) -> str:
    return teacher if teacher.startswith(MODEL) else f"{MODEL}:{teacher}"


def _shortened(sources: Sequence[str]) -> str:
    shown = ", ".join(sources[:5])
    return f"{shown} and {len(sources) - 5} more questions" if len(sources) > 5 else shown
