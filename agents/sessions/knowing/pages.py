"""The knowledge base as pages: search, what is known of a name and why, its graph, corrections, what waits for review.

Everything that is written comes from a form of these pages: a request from elsewhere is refused, by its Origin. A
correction is told like any other record, so it supersedes what it contradicts, and nothing is lost; what follows from
it is inferred at once, and shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from urllib.parse import parse_qsl, quote, urlsplit

from brigade.agents.sessions.knowing.following import Following
from brigade.agents.sessions.web import page
from brigade.knowledge import BadValue, Fact, KnowledgeBase, KnowledgeError, Lesson, graphview
from brigade.knowledge.changes import record_of
from brigade.knowledge.graph import neighbourhood, path
from brigade.knowledge.inference.explaining import Explanation, explain
from brigade.knowledge.moments import now, written_id
from brigade.knowledge.records import PERSON, Record
from brigade.knowledge.retrieval.search import Search
from brigade.knowledge.text.reading import TextError
from brigade.knowledge.text.telling import tell
from brigade.knowledge.text.writing import write_record, write_rule
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

FOUND = 50
"""Results of a search."""
GRAPHED = 80
"""Facts of a graph."""
SHOWN = 200
"""Facts of a name, and records that wait."""
MOST = 20_000
"""Characters of what is told at once."""
_SAFE = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


def application(base: KnowledgeBase, hosts: Sequence[str]) -> Starlette:
    """The pages of a knowledge base, for requests to these host names."""
    pages = _Pages(base)
    routes = [
        Route("/", pages.answering(pages.front), methods=["GET"]),
        Route("/about/{name:path}", pages.answering(pages.about), methods=["GET"]),
        Route("/graph/{name:path}", pages.answering(pages.graph), methods=["GET"]),
        Route("/tell", pages.answering(pages.told), methods=["POST"]),
        Route("/records/{id:str}/{verb:str}", pages.answering(pages.decided), methods=["POST"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))])


class _Pages:
    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._following = Following(base)

    def answering(self, work: Callable[[Request, dict[str, str]], Response]) -> Callable[[Request], object]:
        """Do the work off the event loop; what goes wrong is a page with one line."""

        async def answered(request: Request) -> Response:
            if request.method == "POST" and not _from_here(request):
                return _failed("this form came from elsewhere: use the page itself", 403)
            try:
                form = await _form_of(request)
                return await run_in_threadpool(work, request, form)
            except (TextError, BadValue, ValueError) as error:
                return _failed(str(error), 400)
            except KnowledgeError as error:
                return _failed(str(error), 500)

        return answered

    def front(self, request: Request, form: dict[str, str]) -> Response:
        """Search, and what waits for review."""
        query = request.query_params.get("q", "").strip()[:MOST]
        body = self._since(request) + _search_form(query)
        if query:
            hits = [hit.record for hit in Search(self._base).search(query, limit=FOUND)]
            body += _listed(f"{len(hits)} found", hits)
        waiting = self._base.waiting()
        if waiting:
            buttons = "".join(_waits(each) for each in waiting[:SHOWN])
            body += f"<h2>{len(waiting)} wait for review</h2><table>{buttons}</table>"
        rules = "".join(f"<pre>{escape(write_rule(rule, bare=True))}</pre>" for rule in self._base.rules())
        body += f"<h2>Rules</h2>{rules}" if rules else ""
        return _page("Knowledge", body + _tell_form(""))

    def about(self, request: Request, form: dict[str, str]) -> Response:
        """What is known of a name, each fact with why; and what was."""
        name = request.path_params["name"]
        facts = self._base.find(name, limit=SHOWN)
        trees = "".join(_explained(explain(self._base, fact)) for fact in facts)
        known = trees or "<p>Nothing is believed of it.</p>"
        past = [fact for fact in self._base.history(name) if not fact.believed][-SHOWN:]
        history = _listed("What was believed, or waits", past) if past else ""
        graph = f'<p><a href="{_address("graph", name)}">Graph</a></p>'
        body = f"{self._since(request)}{_search_form('')}{known}{graph}{history}{_tell_form('')}"
        return _page(name, body, 200 if facts or past else 404)

    def graph(self, request: Request, form: dict[str, str]) -> Response:
        """What is around a name; or, with `to`, the path from it to another."""
        name, other = request.path_params["name"], request.query_params.get("to", "").strip()
        found = path(self._base, name, other) if other else neighbourhood(self._base, name, most=GRAPHED)
        middle = [name, other] if other else [name]
        body = _path_form(name, other)
        if found:
            picture = graphview.svg(found, middle, partial(_address, "graph"))
            body += f"<style>{graphview.style()}</style>{picture}<p>Dashed: inferred. Grey: values.</p>"
            body += _listed(f"{len(found)} facts", found)
        else:
            body += f"<p>{escape(f'No facts lead there from {name}.' if other else 'Nothing is believed of it.')}</p>"
        return _page(" to ".join(middle), body, 200 if found else 404)

    def _since(self, request: Request) -> str:
        """What has been inferred since a moment, where a correction has led here."""
        given = request.query_params.get("since", "")
        return self._following.shown(int(given)) if given.isdecimal() and len(given) < 18 else ""

    def told(self, request: Request, form: dict[str, str]) -> Response:
        """Tell what the form says; a correction is told after what it corrects is taken back."""
        text = form.get("text", "").strip()
        if len(text) > MOST:
            raise ValueError(f"what is told at once has at most {MOST} characters")
        began = now()
        told = tell(self._base, [text], {"author": PERSON, "source": form.get("source", "")[:MOST]})
        corrected = form.get("corrects", "")
        if corrected and any(each.stands for each in told):
            old = record_of(self._base, corrected)
            if old.believed:
                self._base.retract(old, why="corrected on the page")
        body = "".join(
            f"<p>{'Now believed' if each.stands else 'Not believed; what is known stands'}:</p>"
            f"<pre>{escape(each.shown)}</pre>"
            for each in told
        )
        return _page("Told", body + self._following.follow(began) + '<p><a href="/">Back</a></p>')

    def decided(self, request: Request, form: dict[str, str]) -> Response:
        """Accept or reject what waits; take back what is believed."""
        record, verb = record_of(self._base, request.path_params["id"]), request.path_params["verb"]
        began = now()
        match verb:
            case "accept":
                self._base.accept(record)
            case "reject":
                self._base.reject(record)
            case "retract":
                self._base.retract(record, why="on the page")
            case _:
                return _failed(f"nothing can be done by {verb!r}", 404)
        self._following.follow(began)
        return RedirectResponse(f"{_place(record) if verb == 'retract' else '/'}?since={began}", 303)


async def _form_of(request: Request) -> dict[str, str]:
    """What a form says.

    Raises:
        ValueError: it is too long, or no form.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > 4 * MOST:
            raise ValueError(f"what is told at once has at most {MOST} characters")
    return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=10))


def _from_here(request: Request) -> bool:
    """Whether a form was sent by a page of this server."""
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host", "")


def _page(title: str, body: str, status: int = 200) -> Response:
    return HTMLResponse(page(title, body), status, headers=_SAFE)


def _failed(line: str, status: int) -> Response:
    return _page("That did not work", f'<p class="failed">{escape(line)}</p><p><a href="/">Back</a></p>', status)


def _place(record: Record) -> str:
    return _address("about", record.subject) if isinstance(record, Fact) else "/"


def _address(page_of: str, name: str) -> str:
    return f"/{page_of}/{quote(name, safe='')}"


def _search_form(query: str) -> str:
    return (
        '<form method="get" action="/" role="search"><label>Search '
        f'<input name="q" value="{escape(query)}" size="40"></label> <button>Search</button></form>'
    )


def _path_form(name: str, other: str) -> str:
    return (
        f'<form method="get" action="{_address("graph", name)}"><label>Path to '
        f'<input name="to" value="{escape(other)}" size="30"></label> <button>Show</button> '
        f'<a href="{_address("about", name)}">What is known of it</a></form>'
    )


def _tell_form(text: str, corrects: str = "") -> str:
    label = "Correct it to" if corrects else "Tell something, such as legs(spider, 8)."
    return (
        f'<form method="post" action="/tell"><p><label>{label}<br>'
        f'<textarea name="text" rows="2" cols="70" required>{escape(text)}</textarea></label></p>'
        f'<p><label>Source <input name="source" size="40"></label> '
        f'<input type="hidden" name="corrects" value="{escape(corrects)}"><button>Tell</button></p></form>'
    )


def _listed(title: str, records: Sequence[Record]) -> str:
    return f"<h2>{escape(title)}</h2><table>{''.join(_row(each) for each in records)}</table>"


def _row(record: Record) -> str:
    link = f'<a href="{escape(_place(record))}">{escape(record.subject)}</a>' if isinstance(record, Fact) else ""
    kind = "lesson" if isinstance(record, Lesson) else type(record).__name__.lower()
    return f"<tr><td>{kind}</td><td>{link}</td><td><pre>{escape(write_record(record))}</pre></td></tr>"


def _waits(record: Record) -> str:
    identity = written_id(record.id)
    buttons = "".join(
        f'<form method="post" action="/records/{identity}/{verb}"><button>{verb.capitalize()}</button></form>'
        for verb in ("accept", "reject")
    )
    return f"{_row(record).removesuffix('</tr>')}<td>{buttons}</td></tr>"


def _explained(tree: Explanation) -> str:
    """A fact with the tree that it stands on, and the means to correct it."""
    fact, identity = tree.fact, written_id(tree.fact.id)
    why = "\n".join(tree.lines())
    text = write_record(fact, bare=True)
    correct = ""
    if tree.rule is None:
        correct = (
            _tell_form(text, identity)
            + f'<form method="post" action="/records/{identity}/retract"><button>Believe it no more</button></form>'
        )
    return (
        f"<details><summary><code>{escape(text)}</code> {escape(tree.reason)}</summary>"
        f"<pre>{escape(why)}</pre>{correct}</details>"
    )
