"""Commands about privacy: measure protections, rebuild the learned parts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from brigade.agents.cli.console import (
    JsonOption,
    bad_input,
    counting,
    load_named,
    settings_from,
    stderr,
    work,
    write_json,
)

if TYPE_CHECKING:
    from rich.console import Console

DataOption = Annotated[
    Path, typer.Option(metavar="FILE", help="pupa_tnb.csv of PAPILLON; only its second half is measured.")
]
PUPA = Path("../shared/data/pupa_tnb.csv")


def add_to(bench_app: typer.Typer, train_app: typer.Typer) -> None:
    """Add the commands."""
    bench_app.command("privacy")(bench_privacy)
    bench_app.command("gateway")(bench_gateway)
    bench_app.command("fuse")(bench_fuse)
    train_app.command("tagger")(train_tagger)
    train_app.command("fuse")(train_fuse)
    train_app.command("sketch")(train_sketch)
    train_app.command("words")(train_words)


def bench_privacy(
    data: DataOption = PUPA,
    protections: Annotated[
        str | None, typer.Option(help="none, patterns, or detectors joined by +; several, separated by commas.")
    ] = None,
    half: Annotated[str, typer.Option(help="test, or train while developing.")] = "test",
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Plot leaks against kept words, as a PNG.")] = None,
    tasks: Annotated[int, typer.Option(min=0, help="Tasks that are answered by every route; 0 for none.")] = 0,
    local: Annotated[str, typer.Option(help="The local model of the routes.")] = "embedded",
    cloud: Annotated[str, typer.Option(help="The model that plays the cloud.")] = "embedded",
    seed: Annotated[int, typer.Option(min=0, help="Of the tasks.")] = 0,
    plot_routes: Annotated[Path | None, typer.Option(metavar="FILE", help="Plot the routes, as a PNG.")] = None,
    json_file: JsonOption = None,
) -> None:
    """What of private units leaks through each protection and route, how many other words, how useful the answers."""
    from brigade.agents.training.privacy import bench as benching
    from rich.console import Console

    names = [name.replace("+", ",") for name in protections.split(",")] if protections else benching.PROTECTIONS
    out = Console(stderr=json_file == "-", width=150)
    with bad_input(), counting() as progress:
        if half not in ("test", "train"):
            raise ValueError(f"--half {half!r} is neither test nor train")
        outcomes = benching.bench(data, names, half=half, on_row=progress) if protections != "" else []
        if not outcomes and protections != "":
            raise ValueError("none of these protections is installed and trained")
    if outcomes:
        out.print(benching.table(outcomes, half))
    routes = _routes(tasks, local, cloud, seed, plot_routes, out) if tasks else []
    told = {"half": half, "protections": [each.to_dict() for each in outcomes], "routes": routes}
    write_json(json_file, told)
    if plot is not None and outcomes:
        with bad_input():
            benching.plot(outcomes, plot)


def _routes(count: int, local: str, cloud: str, seed: int, plot: Path | None, out: Console) -> list[dict[str, Any]]:
    from brigade.agents.models import OpenModel
    from brigade.agents.training.privacy import usefulness

    settings = settings_from()
    with work(), bad_input(), counting() as progress:
        mine, theirs = (load_named(name, settings, stderr().print) for name in (local, cloud))
        if not isinstance(mine, OpenModel) or not isinstance(theirs, OpenModel):
            raise ValueError("both models have to tell their probabilities (embedded, hf:PATH)")
        outcomes = usefulness.bench(mine, theirs, count, seed=seed, on_task=progress)
    out.print(usefulness.table(outcomes, mine.name, theirs.name))
    if plot is not None:
        with bad_input():
            usefulness.plot(outcomes, plot)
    return [each.to_dict() for each in outcomes]


def bench_gateway(
    detectors: Annotated[
        str | None, typer.Option(help="Sets of detectors, each joined by +, separated by commas; `none` is one.")
    ] = None,
    requests: Annotated[int, typer.Option(min=1, help="Requests of 2 KB for each set.")] = 60,
    streams: Annotated[int, typer.Option(min=0, max=500, help="Streams at once, with the first and last set.")] = 100,
    json_file: JsonOption = None,
) -> None:
    """What the gateway costs a request, and whether streams at once are mixed up or late; an idle machine, please."""
    from brigade.agents.privacy.tagger_weights import adapter_folder
    from brigade.agents.sessions.assistant import load
    from rich.console import Console

    sets = [name.replace("+", ",") for name in detectors.split(",")] if detectors else list(load.DETECTORS)
    if detectors is None and not adapter_folder().is_dir():
        sets.remove("entities,unfamiliar,tagger")
    with work():
        result = load.bench(sets, requests=requests, streams=streams, tell=stderr().print)
    for each in load.tables(result):
        Console(stderr=json_file == "-", width=130).print(each)
    write_json(json_file, result.to_dict())


def bench_fuse(
    local: Annotated[str, typer.Option(help="The model with the private context.")] = "embedded:slow-mind",
    other: Annotated[
        str, typer.Option(help="The model without it, with the same vocabulary; the judge too.")
    ] = "embedded",
    texts: Annotated[int, typer.Option(min=1, help="Held-out tasks.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Of the tasks' profiles.")] = 1,
    json_file: JsonOption = None,
) -> None:
    """What fusion is worth in generated text: local alone, fixed weights and the learned gate, at most 25 % asked."""
    from brigade.agents.models import OpenModel
    from brigade.agents.privacy.gate import load_gate
    from brigade.agents.training.privacy import fuse_written
    from rich.console import Console

    settings = settings_from()
    with bad_input(), work(), counting() as progress:
        mine, theirs = (load_named(name, settings, stderr().print) for name in (local, other))
        if not (isinstance(mine, OpenModel) and isinstance(theirs, OpenModel)):
            raise ValueError("both models have to tell their probabilities (embedded, hf:PATH)")
        written = fuse_written.write(mine, theirs, load_gate(), texts, seed=seed, on_text=progress)
    Console(stderr=json_file == "-", width=150).print(fuse_written.table(written, local, other))
    write_json(json_file, {"local": local, "other": other, "seed": seed, "ways": [each.to_dict() for each in written]})


def train_tagger(
    data: DataOption = PUPA,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the adapter goes.")] = Path("runs/tagger"),
    texts: Annotated[int, typer.Option(min=1, help="Texts written from templates.")] = 2000,
    epochs: Annotated[float, typer.Option(min=0.001, help="Times that each text is seen.")] = 3.0,
    again: Annotated[int, typer.Option(min=0, help="Times that PUPA's texts are in an epoch.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Of texts and training.")] = 0,
) -> None:
    """Fine-tune the tagger on made-up texts and PUPA's first half; use it with BRIGADE_TAGGER=DIR --detect tagger."""
    from brigade.agents.privacy.spans import DetectorFailed
    from brigade.agents.training.privacy.fit_tagger import Recipe, fit
    from brigade.agents.training.privacy.tagged import from_pupa, written

    with bad_input():
        examples = [*written(texts, seed), *from_pupa(data) * again]
    with work(), counting() as progress:
        try:
            report = fit(
                examples,
                out,
                Recipe(epochs=epochs, seed=seed),
                lambda at, of, loss: progress(f"loss {loss:.3f}", at, of),
            )
        except DetectorFailed as error:
            raise OSError(str(error)) from None
    print(f"{out}: loss {report.loss:.3f} nats a token after {report.steps} steps, {report.seconds / 60:.1f} min")


def train_words(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the lists go.")] = Path("runs/words"),
) -> None:
    """Rebuild the lists of ordinary and known words from the wheels that carry their sources."""
    from brigade.agents.privacy.spans import DetectorFailed
    from brigade.agents.training.privacy.words import write

    with work():
        try:
            sizes = write(out)
        except DetectorFailed as error:
            raise OSError(str(error)) from None
    for name, size in sizes.items():
        print(f"{out / name}: {size} words")


def train_fuse(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the gate and its losses go.")] = Path("runs/fuse"),
    local: Annotated[
        str, typer.Option(help="Models with the private context, separated by commas; one gate for all.")
    ] = "embedded:slow-mind,embedded",
    other: Annotated[str, typer.Option(help="The model without it, with the same vocabulary.")] = "embedded",
    texts: Annotated[int, typer.Option(min=1, help="Texts to learn from, with each local model.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Of the texts.")] = 0,
    json_file: JsonOption = None,
) -> None:
    """Train the gate of logit fusion, and compare it with fixed weights on held-out texts."""
    from brigade.agents.models import OpenModel
    from brigade.agents.training.privacy.fuse_bench import table, train
    from rich.console import Console

    settings = settings_from()
    with work():
        *mine, theirs = [load_named(name, settings, stderr().print) for name in (*local.split(","), other)]
    with bad_input(), work():
        pairs = [(each, theirs) for each in mine if isinstance(each, OpenModel) and isinstance(theirs, OpenModel)]
        if len(pairs) != len(mine):
            raise ValueError("all models have to tell their probabilities (embedded, hf:PATH)")
        results = train(pairs, out, texts=texts, seed=seed, tell=stderr().print)
    for result in results:
        Console(stderr=json_file == "-", width=130).print(table(result))
    told = {"trained_on": texts, "seed": seed, "pairs": [each.to_dict() for each in results]}
    write_json(json_file, told)


def train_sketch(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where checkpoints and figures go.")] = Path("runs/sketch"),
    adapter: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the adapter goes; OUT/adapter by default.")
    ] = None,
    requests: Annotated[int, typer.Option(min=1, help="Made-up requests to learn from.")] = 440,
    epochs: Annotated[float, typer.Option(min=0.001, help="Times that each is seen.")] = 1.0,
    tests: Annotated[int, typer.Option(min=1, help="Held-out requests to compare with the untrained model on.")] = 48,
    seed: Annotated[int, typer.Option(min=0, help="Of requests and training.")] = 0,
    fit: Annotated[bool, typer.Option(help="Train; else only compare what is there.")] = True,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    json_file: JsonOption = None,
) -> None:
    """Train the embedded model to tell of a request only what is to be written, and to follow an outline; compare."""
    from dataclasses import replace

    from brigade.agents.training.privacy import fit_sketch, sketch_bench
    from rich.console import Console

    target, settings = adapter or out / "adapter", settings_from()
    recipe = replace(fit_sketch.RECIPE, epochs=epochs, seed=seed)
    with bad_input(), work(), counting() as progress:
        if fit:
            fit_sketch.fit(
                out, target, requests, recipe, device=device,
                on_step=lambda at, of, loss: progress(f"loss {loss:.3f}", at, of),
            )  # fmt: skip
        models = [load_named(name, settings, stderr().print) for name in ("embedded", f"embedded:{target}")]
        outcomes = [sketch_bench.measure(each, tests, seed, progress) for each in models]
        fit_sketch.write_card(out, target, outcomes, seed)
    Console(stderr=json_file == "-", width=130).print(sketch_bench.table(outcomes))
    verdict = "better" if sketch_bench.better(outcomes[1], outcomes[0]) else "not better in both skills"
    stderr().print(f"{target}: {verdict} than the untrained model, beyond the intervals")
    write_json(json_file, {"seed": seed, "models": [each.to_dict() for each in outcomes]})
