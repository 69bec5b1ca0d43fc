"""Experiment -> what happened: build, budget, run, draw. Results are shared between visitors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import streamlit as st
import torch

import flow
from flow.record import Capture, Check, Explanation, GraphPicture, Handover, Reach, Shape
from flow.sparse import CoefficientTable, ForwardTable
from models.budget import Budget, estimate
from models.build import LayerError
from models.input_shape import InputError
from models.losses import TargetError
from models.own_errors import OwnError
from pages.parts.experiment import Experiment
from pages.parts.feeding import feed
from pages.parts.live import Live
from pages.parts.own import prepare
from pages.parts.text import _
from viz.graph import Drawing, DrawOptions, draw

KEPT_OUTCOMES = 32
"""Captures kept for all visitors together; the budget bounds each one."""
KEPT_OWN = 3
KEPT_LIVE = 2
"""Runs of a module of the command line that keep graph and weights to be asked: what is on screen,
and the same with a gradient at the input."""
KEPT_DRAWINGS = 64
KEPT_TABLES = 128
"""Of at most 2 MB each."""


BY_ADDRESS: dict[str | type[Any], Callable[[Any], Any]] = {
    Experiment: lambda setting: urlencode(setting.to_url())
}
"""How the caches tell settings apart: by far quicker than going through thousands of cells."""


class Refused(Exception):  # noqa: N818 - it is an answer to a visitor, not a fault
    """The experiment cannot run; the message is for the visitor.

    ``of_network`` tells whether the network itself cannot, whatever the values and the loss.
    """

    def __init__(self, sentence: str, of_network: bool = False) -> None:
        super().__init__(sentence, of_network)
        self.of_network = of_network

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, eq=False)
class Outcome:
    """A capture, what it was expected to cost, and the milliseconds it took."""

    capture: Capture
    budget: Budget | None
    """None for a module of the command line, whose cost nobody estimates."""
    milliseconds: float

    @property
    def output_shape(self) -> Shape:
        """Shape of what the network returns."""
        return self.budget.output_shape if self.budget else self.capture.outputs[0].shape

    @property
    def parameters(self) -> int:
        """How many numbers the parameters have."""
        return sum(each.value.size for each in self.capture.parameters)


@st.cache_resource(max_entries=KEPT_DRAWINGS, show_spinner=False, hash_funcs=BY_ADDRESS)
def price(setting: Experiment) -> Budget:
    """Return what a run costs; raises LayerError or InputError where there can be none."""
    return estimate(setting.network, setting.shape, setting.training, setting.input_gradient)


def output_shape(setting: Experiment) -> Shape | None:
    """Return the shape of what a network returns; None where only a run tells, or none can be."""
    if setting.own:
        return None
    try:
        return price(setting).output_shape or None
    except (LayerError, InputError):
        return None


@dataclass(frozen=True, eq=False)
class Proof:
    """What was compared at one node."""

    checks: tuple[Check, ...]
    handovers: dict[int, Handover]
    """By which downstream gradient it is that was handed on."""


def devices() -> list[str]:
    """Return the devices this machine has."""
    found = ["cpu", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]
    if torch.backends.mps.is_available():
        found.append("mps")
    return found


@st.cache_resource(
    max_entries=KEPT_OUTCOMES, show_spinner="Running forward and backward…", hash_funcs=BY_ADDRESS
)
def execute(setting: Experiment) -> Outcome:
    """Run an experiment once; equal settings share the frozen result.

    Raises Refused, with a sentence for the visitor, when it cannot run.
    """
    return _outcome(setting)


@st.cache_resource(max_entries=KEPT_OWN, show_spinner="Running forward and backward…")
def execute_own(setting: Experiment) -> Outcome:
    """Do the same with the module of the command line, which may be large: few are kept."""
    try:
        began = perf_counter()
        with _running(setting) as run:
            return Outcome(run.capture, None, (perf_counter() - began) * 1e3)
    except (InputError, TargetError, OwnError, flow.RunError) as error:
        raise Refused(str(error)) from error


def _outcome(setting: Experiment) -> Outcome:
    try:
        budget = _affordable(setting)
        recording = _prepare(setting, budget)
        began = perf_counter()
        with recording() as run:
            return Outcome(run.capture, budget, (perf_counter() - began) * 1e3)
    except LayerError as error:
        raise Refused(str(error), of_network=True) from error
    except (InputError, TargetError, OwnError, flow.RunError) as error:
        raise Refused(str(error)) from error


@st.cache_resource(
    max_entries=KEPT_DRAWINGS, show_spinner="Drawing the graph…", hash_funcs=BY_ADDRESS
)
def drawing(setting: Experiment, options: DrawOptions, saved: bool, attributes: bool) -> Drawing:
    """Draw the autograd graph of an experiment; equal wishes share the result."""
    with _running(setting) as run:
        return draw(_picture(run, saved=saved, attributes=attributes), run.capture, options)


@st.cache_resource(max_entries=KEPT_TABLES, show_spinner=False, hash_funcs=BY_ADDRESS)
def table(setting: Experiment, node: str, part: int, sample: int | None) -> CoefficientTable:
    """Return the coefficients behind a downstream or parameter gradient of one sample."""
    with _running(setting) as run:
        return run.table(node, part, sample)


@st.cache_resource(max_entries=KEPT_TABLES, show_spinner=False, hash_funcs=BY_ADDRESS)
def forward(setting: Experiment, layer: str, sample: int | None) -> ForwardTable:
    """Return how a layer's output cells are made of its input cells."""
    with _running(setting, asking=True) as run:
        return run.forward(layer, sample)


def forward_cell(setting: Experiment, layer: str, cell: Shape) -> ForwardTable:
    """Return how one output cell of a layer is made."""
    with _running(setting, asking=True) as run:
        return run.forward(layer, cell=cell)


def forward_reach(setting: Experiment, layer: str, which: int, cell: Shape) -> ForwardTable:
    """Follow one input cell of a layer to every output cell that it feeds."""
    with _running(setting, asking=True) as run:
        return run.forward_reach(layer, cell, which)


@st.cache_resource(max_entries=KEPT_TABLES, show_spinner=False, hash_funcs=BY_ADDRESS)
def proof(setting: Experiment, node: str) -> Proof:
    """Compare a node's gradients with other ways to get the same numbers."""
    with _running(setting) as run:
        record = run.capture.node(node)
        handovers = {
            part: run.handover(node, part)
            for part, handed in enumerate(record.downstream)
            if handed is not None and record.targets[part] is not None
        }
        return Proof(run.check(node), handovers)


def explain(setting: Experiment, node: str, part: int, cell: Shape) -> Explanation:
    """Explain one cell of a downstream gradient."""
    with _running(setting) as run:
        return run.explain(node, cell, input=part)


def reach(setting: Experiment, node: str, cell: Shape, output: int) -> Reach:
    """Follow one upstream cell to every downstream cell that it feeds."""
    with _running(setting) as run:
        return run.reach(node, cell, output)


def _picture(run: flow.Run, *, saved: bool, attributes: bool) -> GraphPicture | None:
    """Return what torchviz draws, None where its recursion is not deep enough."""
    try:
        return run.picture(saved=saved, attributes=attributes)
    except RecursionError:
        return None


def _affordable(setting: Experiment) -> Budget | None:
    if setting.own:
        return None
    budget = price(setting)
    if budget.refusal:
        raise Refused(budget.refusal, of_network=True)
    return budget


@contextmanager
def _running(setting: Experiment, asking: bool = False) -> Iterator[flow.Run]:
    """Run an experiment to ask it; a module of the command line may be large, its run is kept.

    Where the input is ``asking`` for a gradient, the first layer is explained too; what that adds
    to a run that was affordable is held only while it is asked.
    """
    fed = replace(setting, input_gradient=True) if asking else setting
    if setting.own:
        with _live(fed).asked() as run:
            yield run
    else:
        with _prepare(fed, _affordable(setting))() as run:
            yield run


@st.cache_resource(
    max_entries=KEPT_LIVE, show_spinner=False, hash_funcs=BY_ADDRESS, on_release=Live.close
)
def _live(setting: Experiment) -> Live:
    """Keep the run of a module of the command line, with its graph and its module."""
    return Live(_prepare(setting, None))


def _prepare(setting: Experiment, budget: Budget | None) -> Callable[[], flow.Run]:
    """Build everything from the setting alone; calling the result runs it."""
    torch.set_num_threads(1)
    if setting.own:
        return prepare(setting.own, setting)
    if budget is None:
        raise Refused(_("The command line names no module of one's own."))
    fed = feed(setting, budget.output_shape)
    return partial(
        flow.run,
        fed.module,
        fed.values,
        loss=fed.loss,
        device=setting.device,
        seed=setting.seed,
    )
