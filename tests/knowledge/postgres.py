"""A throw-away PostgreSQL, as a user that is not root.

From Debian's binaries, or from those of the wheel `pgserver`, which have the extension `vector`.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from brigade.knowledge import KnowledgeBase

_NUMBERS = count()


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[4]))
    return found[-1].parent if found else None


def binaries_with_vector() -> Path | None:
    """The folder of the PostgreSQL that the wheel `pgserver` carries; it is not imported, as it would start one."""
    spec = importlib.util.find_spec("pgserver")
    places = spec.submodule_search_locations if spec else None
    found = [Path(place) / "pginstall" / "bin" for place in places or []]
    return found[0] if found and (found[0] / "initdb").is_file() else None


def why_missing() -> str | None:
    return _why_not(binaries(), "no PostgreSQL: apt-get install postgresql")


def why_no_vector() -> str | None:
    return _why_not(binaries_with_vector(), "no PostgreSQL with pgvector: pip install pgserver==0.1.4")


def _why_not(where: Path | None, missing: str) -> str | None:
    if where is None:
        return missing
    if os.geteuid() != 0:
        return None
    if shutil.which("setpriv") is None:
        return "PostgreSQL does not run as root, and setpriv is not there to become another user"
    seen = subprocess.run([*_as_somebody(), "test", "-x", where / "initdb"], check=False)
    return None if seen.returncode == 0 else f"{_somebody().pw_name} may not read {where}"


def _somebody() -> pwd.struct_passwd:
    """Who the server runs as where we are root."""
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _as_somebody() -> list[str]:
    if os.geteuid() != 0:
        return []
    somebody = _somebody()
    return ["setpriv", f"--reuid={somebody.pw_uid}", f"--regid={somebody.pw_gid}", "--clear-groups"]


class Server:
    """A running server."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self._template = ""

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://kb@127.0.0.1:{self.port}/{name}"

    def new_base(self) -> str:
        """The URL of an empty knowledge base; a copy of the first one, which is quicker than making its tables."""
        if not self._template:
            self._template = self.new_database()
            KnowledgeBase(self._template).close()
        return self.new_database(self._template.rpartition("/")[2])

    def new_database(self, template: str = "template1") -> str:
        """The URL of a new database."""
        name = f"kb{next(_NUMBERS)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.url(name)

    def drop(self, url: str) -> None:
        name = url.rpartition("/")[2]
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


@contextmanager
def server(where: Path | None = None) -> Iterator[Server]:
    """Start a server from these binaries, or Debian's, and stop it again."""
    where, become = where or binaries(), _as_somebody()
    assert where is not None
    folder = Path(tempfile.mkdtemp(prefix="brigade-pg-"))
    if become:
        shutil.chown(folder, _somebody().pw_uid, _somebody().pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, quiet = folder / "data", {"stdout": subprocess.DEVNULL, "check": True, "cwd": folder}
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    try:
        subprocess.run([*become, where / "initdb", "-D", data, "-U", "kb", "-A", "trust", "-E", "UTF8"], **quiet)  # type: ignore[call-overload]
        start = [*become, where / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start"]
        subprocess.run(start, **quiet)  # type: ignore[call-overload]
        try:
            yield Server(folder, port)
        finally:
            stop = [*become, where / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"]
            subprocess.run(stop, **quiet)  # type: ignore[call-overload]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
