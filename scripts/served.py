"""Serve a Streamlit script on a free port of this machine for as long as a `with` block lasts."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
URL_LINE = re.compile(r"URL: (http://\S+)")
START_LIMIT = 600.0
"""Seconds a server may take to answer: 3 as a rule, many on a busy machine with a cold disk."""


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process id and the file its output goes to."""

    url: str
    pid: int
    log: Path

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Fetch a path: status, headers (lower-case names) and body."""
        with urllib.request.urlopen(self.url + path, timeout=START_LIMIT) as answer:  # noqa: S310
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, headers, answer.read()


@contextmanager
def served(
    script: Path = ROOT / "app.py", *options: str, program: str = "streamlit"
) -> Iterator[Server]:
    """Serve `script`, wait until it answers, and end it with the block.

    Port 0 lets the system choose, so that any number of these run side by side. `options` are
    `streamlit run` options; `program` is a module that stands in for Streamlit's own. Raises
    RuntimeError with the server's output when it does not start.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        command = [sys.executable, "-m", program, "run", str(script), "--server.port", "0"]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, *options], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
            )
        try:
            server = Server(_url(process, log), process.pid, log)
            _wait(server)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=START_LIMIT)


def _url(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait for the address the server prints once its port is known."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        found = URL_LINE.search(log.read_text(errors="replace"))
        if found:
            return found.group(1).rstrip("/")
        time.sleep(0.05)
    raise not_started(log)


def _wait(server: Server) -> None:
    """Wait for the first answer, which comes when everything is imported."""
    try:
        server.get("/_stcore/health")
    except OSError as error:
        raise not_started(server.log) from error


def not_started(log: Path) -> RuntimeError:
    """The error that says what the server said."""
    return RuntimeError(f"The server did not start:\n{log.read_text(errors='replace')}")
