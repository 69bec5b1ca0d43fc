"""Which package may import which: the arrows between our packages point one way."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What a package may import besides itself and the standard library. A name allows all below it.
ALLOWED = {
    "models": {
        "torch",
        "pydantic",
        "numpy",
        "PIL",
        "sklearn",
        "jaxtyping",
        "flow.seeded",
        "flow.parsing",
        "flow.said",
    },
    "flow": {"torch", "torchviz", "numpy", "jaxtyping"},
    "viz": {
        "flow.record",
        "flow.sparse",
        "flow.errors",
        "flow.said",
        "numpy",
        "plotly",
        "graphviz",
        "graphviz_pure",
        "latex2mathml",
        "jinja2",
        "segno",
        "anywidget",
        "traitlets",
    },
    "experiment": {"torch", "cachetools", "numpy", "flow", "models", "viz"},
    "lessons": {"torch", "numpy", "flow", "models", "viz", "experiment"},
    "serving": {"starlette", "torch", "cachetools", "experiment", "models", "flow", "viz"},
    "pages": {
        "experiment",
        "serving.version",
        "lessons",
        "models",
        "flow",
        "viz",
        "streamlit",
        "torch",
        "numpy",
        "plotly",
        "pydantic",
    },
    "app": {
        "streamlit",
        "starlette",
        "torch",
        "models",
        "flow",
        "viz",
        "experiment",
        "lessons",
        "serving",
        "pages.parts.addresses",
        "pages.parts.style",
        "pages.parts.turns",
    },
}

STATE = {"session_state", "query_params"}
STATE_HOMES = tuple(
    f"pages.{name}" for name in ("parts", "controls", "editor", "by_hand", "lesson", "take_away")
)
"""What touches what Streamlit remembers of a visitor and of the address; no page does."""

UNREADABLE = "(a name computed at run time)"
WARM_UP = "app"
"""Imports every module of ours when the server starts, by computed names: the one exception."""

IMPORT_CALLS = {"import_module", "__import__"}


@dataclass(frozen=True)
class Offence:
    """A line that crosses a boundary."""

    module: str
    line: int
    what: str


def imported(tree: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """Every import below `tree` as line and dotted name, at any depth; `package` resolves dots."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(package, node.level, node.module)
            names = [f"{base}.{alias.name}".lstrip(".") for alias in node.names]
            yield from ((node.lineno, name) for name in names)
            if any(alias.asname and alias.name in IMPORT_CALLS for alias in node.names):
                yield node.lineno, UNREADABLE  # whatever the new name will import
        elif isinstance(node, ast.Call) and called(node) in IMPORT_CALLS and node.args:
            name = node.args[0]
            yield node.lineno, str(name.value) if isinstance(name, ast.Constant) else UNREADABLE


def called(node: ast.Call) -> str:
    """The last word of what is called: `import_module` of `importlib.import_module(...)`."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def absolute(package: str, level: int, module: str | None) -> str:
    """The absolute name of `from <level dots><module> import`, seen from inside `package`."""
    if level == 0:
        return module or ""
    parts = package.split(".")
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, module] if module else base)


def below(name: str, parent: str) -> bool:
    """Whether `name` is `parent` or something inside it."""
    return name == parent or name.startswith(f"{parent}.")


def may_import(module: str, name: str) -> bool:
    """Whether the file `module` may import `name`."""
    home = module.split(".")[0]
    if name == UNREADABLE:
        return module == WARM_UP
    first = name.split(".")[0]
    if first in sys.stdlib_module_names or first == home:
        return True
    return any(below(name, allowed) for allowed in ALLOWED[home])


def touches_state(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every mention of session_state or query_params: as an attribute, an import, a getattr."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in STATE:
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name in STATE)
        elif isinstance(node, ast.Call) and called(node) == "getattr":
            yield from (
                (node.lineno, str(value.value))
                for value in node.args
                if isinstance(value, ast.Constant) and value.value in STATE
            )


def offences(module: str, source: str, *, is_package: bool = False) -> list[Offence]:
    """What the text of the file `module` does that it must not."""
    tree = ast.parse(source)
    package = module if is_package else module.rpartition(".")[0]
    found = [
        Offence(module, line, f"imports {name}")
        for line, name in imported(tree, package)
        if not may_import(module, name)
    ]
    if not any(below(module, home) for home in STATE_HOMES):
        found += [Offence(module, line, f"touches st.{name}") for line, name in touches_state(tree)]
    return found


def our_files() -> list[Path]:
    """Every Python file the boundaries are about."""
    packages = [name for name in ALLOWED if (ROOT / name).is_dir()]
    return [ROOT / "app.py", *(file for name in packages for file in (ROOT / name).rglob("*.py"))]


def module_name(file: Path) -> str:
    """`pages.parts.link` of pages/parts/link.py, `flow` of flow/__init__.py."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_every_file_keeps_to_the_boundaries() -> None:
    found = [
        offence
        for file in our_files()
        for offence in offences(
            module_name(file), file.read_text(), is_package=file.name == "__init__.py"
        )
    ]
    assert found == [], "\n".join(f"{o.module}:{o.line} {o.what}" for o in found)


def test_all_packages_are_looked_at() -> None:
    assert {module_name(file).split(".")[0] for file in our_files()} == set(ALLOWED)


def test_no_page_hides_a_module() -> None:
    """Streamlit puts the folder of the entry script first on the path while a page runs."""
    pages = {file.stem for file in (ROOT / "pages").iterdir()} - {"__init__", "__pycache__"}
    others = {*sys.stdlib_module_names, *ALLOWED, *(name for a in ALLOWED.values() for name in a)}
    assert pages & others == set()


def test_no_test_hides_a_package() -> None:
    """Pytest puts the folder of each test first on the path."""
    tests = {file.stem for file in (ROOT / "tests").rglob("*.py")}
    assert tests & set(ALLOWED) == set()


@pytest.mark.parametrize(
    ("module", "source", "what"),
    [
        ("flow.run", "import streamlit as st", "imports streamlit"),
        ("flow.run", "import models", "imports models"),
        ("flow.run", "from models.build import build", "imports models.build.build"),
        ("flow.run", "import viz.theme as t", "imports viz.theme"),
        ("flow.run", "def f():\n    import pages.playground", "imports pages.playground"),
        ("flow.run", "def f():\n    from ..pages import x", "imports pages.x"),
        ("flow.run", "import importlib\nimportlib.import_module('viz')", "imports viz"),
        ("flow.run", "from importlib import import_module as i", f"imports {UNREADABLE}"),
        ("flow.run", "__import__('streamlit')", "imports streamlit"),
        ("flow.run", "import importlib\nimportlib.import_module(x)", f"imports {UNREADABLE}"),
        ("models.build", "from flow import run", "imports flow.run"),
        ("models.build", "from flow import *", "imports flow.*"),
        ("models.build", "import flow", "imports flow"),
        ("models.build", "import flow.seeded_other", "imports flow.seeded_other"),
        ("models.build", "from flow.seeded import Seeded", ""),
        ("models.build", "from flow import seeded", ""),
        ("models.build", "from . import layers\nfrom .spec import ModelSpec", ""),
        ("models.build", "if TYPE_CHECKING:\n    import plotly", "imports plotly"),
        ("viz.maps.heatmap", "import torch", "imports torch"),
        ("viz.maps.heatmap", "import torch.nn.functional as F", "imports torch.nn.functional"),
        ("viz.maps.heatmap", "from flow import run", "imports flow.run"),
        ("viz.maps.heatmap", "from flow.record import Capture", ""),
        ("viz.answering.live", "from flow.ops import rule_of", "imports flow.ops.rule_of"),
        ("viz.answering.live", "import experiment.running.runs", "imports experiment.running.runs"),
        ("viz.maps.heatmap", "from streamlit import write", "imports streamlit.write"),
        (
            "viz.scene.sums",
            "from experiment.running.runs import Runs",
            "imports experiment.running.runs.Runs",
        ),
        ("viz.scene.sums", "import pages.parts.text", "imports pages.parts.text"),
        ("experiment.running.runs", "import streamlit as st", "imports streamlit"),
        (
            "experiment.running.runs",
            "from pages.parts.text import say",
            "imports pages.parts.text.say",
        ),
        (
            "experiment.running.runs",
            "import lessons.running.recipe",
            "imports lessons.running.recipe",
        ),
        ("experiment.running.runs", "from viz.graphs.autograd import draw", ""),
        ("flow.run", "import experiment.setting", "imports experiment.setting"),
        ("models.build", "from experiment import setting", "imports experiment.setting"),
        ("lessons.running.recipe", "import streamlit", "imports streamlit"),
        ("lessons.running.recipe", "from pages.lesson import desk", "imports pages.lesson.desk"),
        ("lessons.running.recipe", "from viz.maps.rows import pack", ""),
        ("lessons.running.recipe", "from experiment.written.address import Experiment", ""),
        ("lessons.running.recipe", "import flow", ""),
        ("viz.maps.rows", "import lessons.choosing.study", "imports lessons.choosing.study"),
        ("flow.run", "import lessons.asking.exercise", "imports lessons.asking.exercise"),
        ("serving.answers", "import streamlit", "imports streamlit"),
        ("serving.answers", "from pages.parts.turns import runs", "imports pages.parts.turns.runs"),
        ("serving.answers", "from experiment.running.runs import Runs", ""),
        ("experiment.running.runs", "import serving.version", "imports serving.version"),
        ("viz.front_code", "from serving.code import Code", "imports serving.code.Code"),
        ("pages.playground", "from serving.version import version", ""),
        ("pages.playground", "from serving.answers import OF", "imports serving.answers.OF"),
        ("app", "import torch, gc, models.build", ""),
        ("app", "import plotly", "imports plotly"),
        ("app", "from pages.parts.turns import runs", ""),
        ("app", "import pages.playground", "imports pages.playground"),
        ("pages.playground", "import tests.served", "imports tests.served"),
        ("pages.playground", "import benchmarks", "imports benchmarks"),
        ("pages.playground", "st.session_state['x'] = 1", "touches st.session_state"),
        ("pages.playground", "x = st.query_params.get('a')", "touches st.query_params"),
        ("pages.playground", "from streamlit import query_params as q", "touches st.query_params"),
        ("pages.playground", "getattr(st, 'session_state')", "touches st.session_state"),
        ("pages.parts.link", "st.query_params['a'] = '1'", ""),
        ("pages.partsy", "st.query_params['a'] = '1'", "touches st.query_params"),
    ],
)
def test_the_check_sees_what_crosses_a_boundary(module: str, source: str, what: str) -> None:
    assert [offence.what for offence in offences(module, source)] == ([what] if what else [])


@pytest.mark.parametrize(
    ("module", "source", "what"),
    [
        ("flow", "from .run import run", []),
        ("flow", "from ..models import spec", ["imports models.spec"]),
        ("pages.parts", "from . import link", []),
        ("viz", "from .. import pages", ["imports pages"]),
    ],
)
def test_dots_are_counted_from_the_package_itself_in_its_init_file(
    module: str, source: str, what: list[str]
) -> None:
    assert [offence.what for offence in offences(module, source, is_package=True)] == what
