"""Commands of the assistant: the gateway, and a question in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from brigade.agents.cli.console import (
    BAD_INPUT,
    WORK_FAILED,
    JsonOption,
    bad_input,
    fail,
    load_named,
    private_known,
    settings_from,
    work,
    write_json,
)

if TYPE_CHECKING:
    from brigade.agents.assistant.opening import OfficeSpec
    from brigade.agents.models import LanguageModel
    from brigade.agents.privacy.routes import Route
    from brigade.agents.privacy.spans import Detector
    from brigade.agents.settings import Settings

UpstreamOption = Annotated[str | None, typer.Option(metavar="URL", help="OpenAI-compatible address of a cloud model.")]
UpstreamModelOption = Annotated[str | None, typer.Option(help="Its model, whatever the client names.")]
ProfileOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="What is private: JSON, YAML, TOML or text; see the README.")
]
KeyOption = Annotated[str | None, typer.Option(help="Its key (BRIGADE_API_KEY is safer than the command line).")]
SKETCHER = "embedded:sketch"
"""Takes the place of the plain embedded model on the route `sketch`."""
LocalOption = Annotated[str, typer.Option(help="The local model, or none.")]
DetectOption = Annotated[
    str,
    typer.Option(
        help="Besides patterns: entities, unfamiliar, tagger, with commas, or none; strict: public names too."
    ),
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Receipts and threads in PostgreSQL (postgresql://...) instead of --data."),
]
DataOption = Annotated[Path | None, typer.Option(metavar="DIR", help="Where key, receipts and vaults are kept.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(serve)
    app.command()(ask)


def serve(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Where to serve; 0 for any free port.")] = 4000,
    host: Annotated[str, typer.Option(help="Address to listen on; other than loopback needs --token.")] = "127.0.0.1",
    upstream: UpstreamOption = None,
    upstream_model: UpstreamModelOption = None,
    api_key: KeyOption = None,
    profile: ProfileOption = None,
    local: LocalOption = "embedded",
    detect: DetectOption = "entities,unfamiliar,tagger",
    token: Annotated[list[str] | None, typer.Option(help="Who may ask; one for each user (BRIGADE_TOKEN).")] = None,
    confirm: Annotated[
        bool, typer.Option(help="Let every request wait on the receipts page until you send it.")
    ] = False,
    scrub: Annotated[
        bool, typer.Option(help="Take private-looking values that you never sent out of replies.")
    ] = False,
    fuse: Annotated[bool, typer.Option(help="The upstream tells log-probabilities for a given beginning.")] = False,
    timeout: Annotated[float | None, typer.Option(help="Seconds without a byte from upstream (60).")] = None,
    price_in: Annotated[float, typer.Option(min=0, help="Of a million prompt tokens upstream.")] = 0.0,
    price_out: Annotated[float, typer.Option(min=0, help="Of a million answer tokens upstream.")] = 0.0,
    data: DataOption = None,
    database: DatabaseOption = None,
) -> None:
    """Serve an OpenAI-compatible gateway through which nothing private leaves; receipts at /receipts."""
    from brigade.agents.assistant.office import Prices
    from brigade.agents.assistant.opening import priced
    from brigade.agents.privacy.spans import DetectorFailed
    from brigade.agents.sessions import web
    from brigade.agents.sessions.assistant import serve as serving
    from brigade.agents.sessions.assistant.gateway import GatewaySpec

    settings = settings_from(timeout=timeout, api_key=api_key, database=database)
    tokens = tuple(token or (settings.token.split() if settings.token else ()))
    spec = office_spec(settings, upstream, upstream_model, profile, local, detect, data)
    spec = priced(spec, Prices(price_in, price_out), fusible=fuse)
    with bad_input():
        app = serving.open_gateway(spec, GatewaySpec(host, tokens, scrub), confirm=confirm)
    try:
        serving.warm(spec)
    except DetectorFailed as error:
        fail(error, WORK_FAILED)
    try:
        listening = web.listen(host, port)
    except OSError as error:
        fail(error, WORK_FAILED)
    where = f"http://{host}:{listening.getsockname()[1]}"
    told = f"brigade: {where}/v1 in front of {upstream or 'no upstream'}, receipts at {where}/receipts (Ctrl-C ends)"
    web.serve(app, listening, lambda: print(told, flush=True))


def ask(
    question: Annotated[str | None, typer.Argument(help="What to ask; none for a conversation.")] = None,
    upstream: UpstreamOption = None,
    upstream_model: UpstreamModelOption = None,
    api_key: KeyOption = None,
    profile: ProfileOption = None,
    local: LocalOption = "embedded",
    detect: DetectOption = "entities,unfamiliar,tagger",
    route: Annotated[str | None, typer.Option(help="local, sketch, fuse, redact or cloud; chosen by default.")] = None,
    confirm: Annotated[bool, typer.Option(help="Show what would be sent, and ask.")] = False,
    fuse: Annotated[bool, typer.Option(help="The upstream tells log-probabilities for a given beginning.")] = False,
    thread: Annotated[
        str | None, typer.Option(metavar="NAME", help="Go on with this conversation, also after a crash.")
    ] = None,
    strategy: Annotated[str, typer.Option(help="With --thread: auto, direct, code (a program answers), ...")] = "auto",
    knowledge: Annotated[
        str | None,
        typer.Option(metavar="BASE", help="Knowledge base: what is private in it stays here; with --thread recalled."),
    ] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds without a byte from upstream (60).")] = None,
    data: DataOption = None,
    database: DatabaseOption = None,
    json_file: JsonOption = None,
) -> None:
    """Ask the assistant; its answer comes with a receipt of what left this machine."""
    import asyncio

    from brigade.agents.assistant.opening import open_office, priced
    from brigade.agents.assistant.shapes import ApiError
    from brigade.agents.privacy.routes import RouteError, named
    from brigade.agents.sessions.assistant import chat

    settings = settings_from(timeout=timeout, api_key=api_key, knowledge=knowledge, database=database)
    try:
        wish = named(route) if route and route != "auto" else None
    except RouteError as error:
        fail(f"--route: {error}", BAD_INPUT)
    if question is None and not sys.stdin.isatty():
        question = sys.stdin.read().strip()
    if question is not None and not question.strip():
        fail("there is no question", BAD_INPUT)
    spec = office_spec(settings, upstream, upstream_model, profile, local, detect, data)
    spec = priced(spec, None, fusible=fuse)
    if thread is not None:
        write_json(json_file, _in_thread(
            spec, thread, question, wish, strategy, confirm, settings.knowledge, quiet=json_file == "-"
        ))  # fmt: skip
        return
    with bad_input():
        office = open_office(spec, chat.confirm if confirm else None)
    try:
        with work():
            told = asyncio.run(chat.talk(office, question, wish, quiet=json_file == "-"))
    except ApiError as error:
        fail(error.message, BAD_INPUT if error.status == 400 else WORK_FAILED)
    write_json(json_file, told)


def _in_thread(
    spec: OfficeSpec,
    thread: str,
    question: str | None,
    route: Route | None,
    strategy: str,
    confirm: bool,
    knowledge: str | None,
    *,
    quiet: bool,
) -> dict[str, Any]:
    import asyncio

    from brigade.agents.assistant.opening import open_office
    from brigade.agents.graph.knowing import KnowledgeMemory
    from brigade.agents.graph.solving import NAMES
    from brigade.agents.privacy.receipts import AuditFailed
    from brigade.agents.sessions.assistant import chat
    from brigade.agents.sessions.assistant.threads import take_turn

    if question is None:
        fail("--thread needs a question", BAD_INPUT)
    if strategy not in ("auto", *NAMES):
        fail(f"--strategy {strategy!r} is none of auto, {', '.join(NAMES)}", BAD_INPUT)
    with bad_input():
        office = open_office(spec)
        memory = KnowledgeMemory.open(knowledge) if knowledge else None
    try:
        with bad_input():
            done = asyncio.run(
                take_turn(
                    office, spec.data, thread, question, route=route, strategy=strategy, confirm=confirm, memory=memory,
                    database=spec.database, approve=chat.approve, told=lambda text: print(text, file=sys.stderr),
                )
            )  # fmt: skip
    except AuditFailed as error:
        fail(error, WORK_FAILED)
    if done["error"]:
        fail(done["error"]["message"], WORK_FAILED)
    if not quiet:
        print(done["answer"])
    told = ("answer", "strategy", "strategy_reason", "recalled", "remembered", "receipt")
    return {name: done[name] for name in told if name in done}  # type: ignore[literal-required]


def office_spec(
    settings: Settings,
    upstream: str | None,
    model: str | None,
    profile: Path | None,
    local: str,
    detect: str,
    data: Path | None,
) -> OfficeSpec:
    """What an office is made of, as flags and settings say."""
    from brigade.agents.assistant.opening import OfficeSpec
    from brigade.agents.assistant.upstream import UpstreamSpec
    from brigade.agents.privacy.keys import data_folder

    known = Path(settings.profile) if profile is None and settings.profile else profile
    facts, texts = private_known(settings)
    url = upstream or settings.upstream
    return OfficeSpec(
        upstream=UpstreamSpec(url, model, settings.api_key, settings.timeout) if url else None,
        profile=known,
        facts=tuple(facts),
        texts=tuple(texts),
        local=None if local == "none" else _loader(local, settings),
        sketcher=_loader(SKETCHER, settings) if local == "embedded" and _ships(SKETCHER) else None,
        detectors=_detectors(detect),
        data=data or data_folder(),
        database=settings.database,
    )


def _loader(local: str, settings: Settings) -> Callable[[], LanguageModel]:
    from brigade.agents.models import ModelError

    def load() -> LanguageModel:
        model = load_named(local, settings, lambda text: print(text, file=sys.stderr))
        if model.remote:
            raise ModelError(f"--local {local}: this model is remote")
        return model

    return load


def _ships(model: str) -> bool:
    from brigade.agents.models.adapters import known_adapters

    return model.rpartition(":")[2] in known_adapters()


def _detectors(names: str) -> tuple[Detector, ...]:
    from brigade.agents.privacy.detectors import DetectorUnknown, detectors
    from brigade.agents.privacy.spans import DetectorFailed

    try:
        return detectors(names)
    except DetectorUnknown as error:
        fail(f"--detect: {error}", BAD_INPUT)
    except DetectorFailed as error:
        fail(f"--detect: {error}", WORK_FAILED)
