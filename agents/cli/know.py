"""The knowledge base's commands: tell, search, follow, correct."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from brigade.agents.cli.console import BAD_INPUT, WORK_FAILED, JsonOption, bad_input, counting, fail, stderr, write_json

if TYPE_CHECKING:
    from brigade.knowledge import KnowledgeBase
    from brigade.knowledge.records import Record
    from rich.console import Console

know_app = typer.Typer(no_args_is_help=True, help="The knowledge base: facts, rules and lessons to read and correct.")

BaseOption = Annotated[
    str, typer.Option("--base", metavar="FILE|URL", envvar="BRIGADE_KNOWLEDGE", help="SQLite file or postgresql://...")
]
AuthorOption = Annotated[str, typer.Option(help="Who says so: person:NAME, model:NAME.")]
AtOption = Annotated[str | None, typer.Option(metavar="TIME", help="As it was believed at this moment.")]
DEFAULT = "knowledge.db"


@contextmanager
def opened(where: str) -> Iterator[KnowledgeBase]:
    """The knowledge base; what fails in here is one line."""
    from brigade.knowledge import KnowledgeBase, KnowledgeError

    try:
        with KnowledgeBase(where) as base:
            yield base
    except KnowledgeError as error:
        fail(error, BAD_INPUT if "cannot be opened" in str(error) else WORK_FAILED)
    except (ValueError, OSError) as error:
        fail(error, BAD_INPUT)


def stdout(json_file: str | None) -> Console:
    """A console on standard output, or on standard error where JSON goes to the other."""
    from rich.console import Console

    return Console(stderr=json_file == "-", width=None if sys.stdout.isatty() else 130, soft_wrap=True, highlight=False)


def as_data(record: Record) -> dict[str, Any]:
    """A record as JSON has it: its readable form, and what is known of it."""
    from brigade.knowledge.text.writing import origin_of, write_record

    return {"type": type(record).__name__.lower(), "text": write_record(record, bare=True), **origin_of(record)}


@know_app.command("add")
def add(
    words: Annotated[list[str], typer.Argument(help="SUBJECT PREDICATE VALUE, or one text such as 'legs(spider, 8).'")],
    base: BaseOption = DEFAULT,
    author: AuthorOption = "person",
    source: Annotated[str, typer.Option(help="Where it is from.")] = "",
    confidence: Annotated[float, typer.Option(min=0, max=1, help="How sure it is.")] = 1.0,
    topic: Annotated[str, typer.Option(help="The file of the readable form that it belongs to.")] = "general",
    since: Annotated[str | None, typer.Option("--from", metavar="TIME", help="It holds from then on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="It holds no more from then on.")] = None,
    private: Annotated[bool, typer.Option(help="Keep it on this machine: part of the private set.")] = False,
    propose: Annotated[bool, typer.Option(help="Put it up for review.")] = False,
    json_file: JsonOption = None,
) -> None:
    """Tell a fact, a rule, a lesson or a declaration, in the readable form; or a fact as three words."""
    from brigade.knowledge.moments import read_moment
    from brigade.knowledge.records import Status
    from brigade.knowledge.text.telling import tell

    with opened(base) as opened_base:
        origin = {
            "source": source, "confidence": confidence, "topic": topic, "private": private, "author": author,
            "valid_from": read_moment(since) if since else None, "valid_to": read_moment(until) if until else None,
            "status": Status.PROPOSED if propose else Status.ACCEPTED,
        }  # fmt: skip
        told = tell(opened_base, words, origin)
        for each in told:
            stdout(json_file).print(each.shown, markup=False)
    write_json(json_file, {"told": [{"text": each.shown, "stands": each.stands} for each in told]})
    if told and not any(each.stands for each in told):
        stderr().print("not believed: what is known stands")


@know_app.command("search")
def search(
    query: Annotated[str, typer.Argument(help="Words, or a question.")],
    base: BaseOption = DEFAULT,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Results.")] = 10,
    kind: Annotated[str, typer.Option(help="facts, lessons or all.")] = "all",
    dense: Annotated[bool, typer.Option(help="Also by meaning, with the small encoder (see `know index`).")] = False,
    gated: Annotated[bool, typer.Option(help="Only lessons, and none where the gate says that none helps.")] = False,
    json_file: JsonOption = None,
) -> None:
    """Find facts and lessons: by words, tags, names near in the graph, and by meaning if wanted."""
    from brigade.knowledge.retrieval.gate import gate_for
    from brigade.knowledge.retrieval.search import KINDS, Search

    if kind not in KINDS:
        fail(f"--kind {kind!r} is none of {', '.join(KINDS)}", BAD_INPUT)
    with opened(base) as opened_base:
        searching = Search(opened_base, encoder=encoder_or_fail() if dense else None)
        hits = searching.search(query, limit=limit, kind="lessons" if gated else kind)
        if gated:
            decision = gate_for(searching).decide(opened_base, searching, query)
            hits = hits if decision.retrieve else []
            stderr().print(f"the best lesson helps with a probability of {decision.probability:.2f}")
    out = stdout(json_file)
    from brigade.knowledge.text.writing import write_record

    for hit in hits:
        out.print(f"{hit.score:.4f}  {write_record(hit.record)}", markup=False)
    write_json(json_file, {"hits": [{"score": hit.score, "by": list(hit.by), **as_data(hit.record)} for hit in hits]})


def encoder_or_fail() -> Any:
    """The small encoder; without it, a line that says how to install it."""
    from brigade.agents.models import ModelError
    from brigade.agents.models.encoder import load_encoder

    try:
        return load_encoder()
    except ModelError as error:
        fail(error, WORK_FAILED)


@know_app.command("index")
def index(base: BaseOption = DEFAULT, json_file: JsonOption = None) -> None:
    """Make the vectors of lessons that search by meaning (--dense) needs; only those that are missing."""
    from brigade.knowledge.retrieval.dense import index as make

    with opened(base) as opened_base, counting() as progress:
        made = make(opened_base, encoder_or_fail(), progress)
    stdout(json_file).print(f"{made} lessons indexed")
    write_json(json_file, {"indexed": made})


@know_app.command("history")
def history(
    subject: Annotated[str, typer.Argument(help="What the facts are about; or the name of a rule or lesson.")],
    predicate: Annotated[str | None, typer.Argument(help="Only facts with this predicate.")] = None,
    base: BaseOption = DEFAULT,
    json_file: JsonOption = None,
) -> None:
    """Every version of what was told about something, oldest first."""
    from brigade.knowledge.changes import versions

    with opened(base) as opened_base:
        found = versions(opened_base, subject, predicate)
    _show_records(found, json_file, "versions")
    if not found:
        fail(f"nothing is known about {subject!r}", WORK_FAILED)


@know_app.command("diff")
def diff(
    since: Annotated[str, typer.Argument(metavar="FROM", help="A date or time.")],
    until: Annotated[str | None, typer.Argument(metavar="TO", help="A later one; now by default.")] = None,
    base: BaseOption = DEFAULT,
    json_file: JsonOption = None,
) -> None:
    """What came to be believed (+) and was given up (-) between two moments."""
    from brigade.knowledge.changes import changed
    from brigade.knowledge.moments import now, read_moment
    from brigade.knowledge.text.writing import write_record

    with opened(base) as opened_base:
        gone, come = changed(opened_base, read_moment(since), read_moment(until) if until else now())
    out = stdout(json_file)
    for sign, records in (("-", gone), ("+", come)):
        for record in records:
            out.print(f"{sign} {write_record(record)}", markup=False)
    write_json(json_file, {"gone": [as_data(each) for each in gone], "come": [as_data(each) for each in come]})


@know_app.command("infer")
def infer(
    base: BaseOption = DEFAULT,
    most: Annotated[int, typer.Option("--limit", min=1, help="Facts that may follow.")] = 2_000_000,
    seconds: Annotated[float, typer.Option(min=0.1, help="Time that it may take.")] = 300.0,
    json_file: JsonOption = None,
) -> None:
    """Derive what follows by the rules, and give up what no longer does."""
    from dataclasses import asdict

    from brigade.knowledge.inference.deriving import Inference
    from brigade.knowledge.inference.engine import InferenceLimit, Limits

    with opened(base) as opened_base:
        try:
            report = Inference(opened_base, Limits(most, seconds)).infer()
        except InferenceLimit as error:
            fail(f"{error}; nothing was changed", WORK_FAILED)
    out = stdout(json_file)
    out.print(
        f"{report.derived} facts follow from {report.facts} by {report.rules} rules: {report.come} new, "
        f"{report.gone} gone, {report.otherwise} otherwise, {report.seconds:.2f} s"
    )
    for each in report.contradictions:
        out.print(f"contradiction: {each}", markup=False)
    write_json(json_file, asdict(report))


@know_app.command("explain")
def explain(
    fact: Annotated[
        str, typer.Argument(help="A fact such as 'legs(spider, 8)', a part of one, an id, or a lesson's name.")
    ],
    base: BaseOption = DEFAULT,
    json_file: JsonOption = None,
) -> None:
    """Why a fact is believed: the tree of rules and facts it stands on; or a lesson: who said it, and its verdict."""
    from brigade.knowledge.inference.explaining import explain as explain_fact
    from brigade.knowledge.inference.explaining import explain_lesson
    from brigade.knowledge.text.telling import facts_like

    with opened(base) as opened_base:
        lesson = opened_base.lesson(fact)
        trees = [] if lesson else [explain_fact(opened_base, each) for each in facts_like(opened_base, fact)]
        lines = (
            list(explain_lesson(opened_base, lesson)) if lesson else [line for tree in trees for line in tree.lines()]
        )
    for line in lines:
        stdout(json_file).print(line, markup=False)
    said = [{"lesson": as_data(lesson), "reasons": lines}] if lesson else [tree.to_dict() for tree in trees]
    write_json(json_file, {"explanations": said})
    if not lines:
        fail(f"{fact} is not believed; run `brigade know infer` if facts or rules have changed", WORK_FAILED)


@know_app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="One file per topic is written here.")],
    base: BaseOption = DEFAULT,
    history: Annotated[bool, typer.Option(help="Also what once was believed, in files of its own.")] = True,
    json_file: JsonOption = None,
) -> None:
    """Write the base as text that people edit; `know import` brings it back exactly."""
    from brigade.knowledge.text import exchange

    with opened(base) as opened_base:
        files = exchange.export(opened_base, folder, history=history)
    for file in files:
        stdout(json_file).print(str(file), markup=False)
    write_json(json_file, {"files": [str(file) for file in files]})


@know_app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Files of the readable form, .jsonl of facts, or folders.")],
    base: BaseOption = DEFAULT,
    author: AuthorOption = "person",
    replace: Annotated[bool, typer.Option(help="Retract what is in these topics and no longer in the files.")] = False,
    json_file: JsonOption = None,
) -> None:
    """Bring text into the base; changed records supersede those they were exported from."""
    from dataclasses import asdict

    from brigade.knowledge.text import exchange

    with opened(base) as opened_base, counting() as progress:
        files = exchange.files_in([path for path in paths if path.suffix != ".jsonl"])
        loaded = sum(_load(opened_base, path, author, progress) for path in paths if path.suffix == ".jsonl")
        result = exchange.import_files(opened_base, files, author=author, replace_topics=replace, progress=progress)
    result.added += loaded
    out = stdout(json_file)
    out.print(f"{result.added} added, {result.changed} changed, {result.known} known, {result.retracted} retracted")
    write_json(json_file, asdict(result))
    if result.stale:
        fail(f"{len(result.stale)} changes were not made: {result.stale[0]}; export anew and change that", WORK_FAILED)


def _load(base: KnowledgeBase, file: Path, author: str, progress: Any) -> int:
    """Load a file of JSON lines, under the digest of its contents: it goes on where it was cut off."""
    import hashlib

    from brigade.knowledge.loading import load, read_lines

    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    for _ in read_lines(file, author):  # a wrong line is told before anything is written
        pass
    return load(base, digest, read_lines(file, author), progress=progress)


def _show_records(records: list[Any], json_file: str | None, name: str) -> None:
    from brigade.knowledge.text.writing import write_record

    out = stdout(json_file)
    for record in records:
        out.print(write_record(record), markup=False)
    write_json(json_file, {name: [as_data(record) for record in records]})


@know_app.command("retract")
def retract(
    identity: Annotated[str, typer.Argument(help="The id of a record.")],
    base: BaseOption = DEFAULT,
    author: AuthorOption = "person",
    why: Annotated[str, typer.Option(help="For the journal.")] = "",
) -> None:
    """Believe a record no more; it stays in the history."""
    from brigade.knowledge.changes import record_of

    with opened(base) as opened_base:
        opened_base.retract(record_of(opened_base, identity), author=author, why=why)


@know_app.command("review")
def review(
    identities: Annotated[list[str] | None, typer.Argument(help="Ids of records to decide on; all are listed.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Rely on these from now on.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="Never rely on these.")] = False,
    base: BaseOption = DEFAULT,
    author: AuthorOption = "person",
    json_file: JsonOption = None,
) -> None:
    """What machines have written and waits for a person: list it, accept it, reject it."""
    from brigade.knowledge.changes import record_of

    if identities and accept == reject:
        fail("say --accept or --reject", BAD_INPUT)
    with opened(base) as opened_base:
        for identity in identities or ():
            record = record_of(opened_base, identity)
            (opened_base.accept if accept else opened_base.reject)(record, reviewer=author)
        waiting = opened_base.waiting()
    _show_records(waiting, json_file, "waiting")


@know_app.command("serve")
def serve(
    base: BaseOption = DEFAULT,
    host: Annotated[str, typer.Option(help="Where to listen: this machine alone, for whoever opens it may write.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 8100,
) -> None:
    """Open the knowledge base in a browser: search, read why, correct, review."""
    from brigade.agents.models.egress import is_loopback
    from brigade.agents.sessions import web
    from brigade.agents.sessions.knowing.pages import application

    if not is_loopback(host):
        fail(f"--host {host}: the page has no passwords, so it is for this machine alone (127.0.0.1)", BAD_INPUT)
    try:
        listening = web.listen(host, port)
    except OSError as error:
        fail(error, WORK_FAILED)
    with opened(base) as opened_base:
        where = f"http://{host}:{listening.getsockname()[1]}"
        app = web.quiet(application(opened_base, [host, "localhost"]))
        web.serve(app, listening, lambda: print(f"brigade: {base} at {where} (Ctrl-C ends)", flush=True))


def bench(
    sizes: Annotated[str, typer.Option(help="Facts, separated by commas; a tenth as many lessons come with them.")] = (
        "10000,100000"
    ),
    at: Annotated[
        list[str] | None, typer.Option(metavar="URL", help="Also on this empty base; {n} stands for the size.")
    ] = None,
    sqlite: Annotated[bool, typer.Option(help="On SQLite, in a folder that is removed.")] = True,
    dense: Annotated[bool, typer.Option(help="Also search by meaning, with the small encoder.")] = False,
    rounds: Annotated[int, typer.Option(min=1, help="Queries of each kind.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Seed of contents and queries.")] = 0,
    beside: Annotated[
        list[Path] | None, typer.Option(metavar="F.json", help="Figures of an earlier run, to be shown beside.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Plot how cost grows, as a PNG.")] = None,
    json_file: JsonOption = None,
) -> None:
    """The knowledge base: loading, queries, search and inference, by how much it holds."""
    import tempfile

    from brigade.knowledge import KnowledgeError
    from brigade.knowledge.bench import measuring, report
    from brigade.knowledge.retrieval.dense import Remembering

    with bad_input():
        counts = [int(float(size)) for size in sizes.split(",") if size]
        figures = [each for file in beside or () for each in measuring.read_figures(file)]
    encoder = Remembering(encoder_or_fail()) if dense else None
    figures.sort(key=lambda each: (each.facts, each.engine))
    try:
        with tempfile.TemporaryDirectory(prefix="brigade-bench-") as folder, counting() as progress:
            for count in counts:
                places = [f"{folder}/{count}.db"] if sqlite else []
                places += [url.replace("{n}", str(count)) for url in at or ()]
                for place in places:
                    figures.append(
                        measuring.measure(place, count, rounds=rounds, seed=seed, encoder=encoder, progress=progress)
                    )
                    write_json(
                        json_file if json_file != "-" else None, {"figures": [each.to_dict() for each in figures]}
                    )
    except KnowledgeError as error:
        fail(error, WORK_FAILED)
    stdout(json_file).print(report.table(figures))
    write_json(json_file, {"figures": [each.to_dict() for each in figures]})
    if plot is not None:
        with bad_input():
            report.plot(figures, plot)
