"""What a visitor pasted, as an experiment: a class of PyTorch, or the JSON of an experiment.

The text is read, never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from experiment.feeding import UPLOAD
from experiment.readers import read_shape
from experiment.setting import DEFAULT_MODEL, Setting, of_preset, with_network
from experiment.view import View
from experiment.written import file
from experiment.written.address import Experiment
from models.budget import Budget, estimate
from models.build import LayerError
from models.inputs.first_shape import first_shape, runs
from models.inputs.shape import InputError
from models.losses import LOSSES
from models.shapes import Shape
from models.source import Offer, SourceError, offers_in, read_on_shape, shapes_in
from models.spec import ModelSpec
from viz.language import Say, english
from viz.markdown import plain


@dataclass(frozen=True)
class Pasted:
    """What stands in the box and in the fields below it."""

    text: str
    name: str = ""
    """Which model of the text; empty for the one that no other uses."""
    arguments: str = ""
    """Of its constructor, as they stand in a call."""
    shape: str = ""
    """Of the input, as in ``1x3x8x8``; empty for one that is found."""

    @property
    def is_json(self) -> bool:
        """Whether it is the JSON of an experiment and no code."""
        return self.text.lstrip().startswith("{")


@dataclass(frozen=True)
class Found:
    """What the text stands for."""

    experiment: Experiment
    budget: Budget | None = None
    problems: tuple[str, ...] = ()
    """What of a JSON text could not be read, in Markdown."""


class PasteError(ValueError):
    """A text that cannot be run. ``sentence`` is Markdown; ``line`` is 0 where it has no line."""

    def __init__(self, sentence: str, line: int = 0, column: int = 0) -> None:
        super().__init__(sentence, line, column)
        self.sentence = sentence
        self.line = line
        self.column = column


def offered(pasted: Pasted) -> tuple[Offer, ...]:
    """Return the models of the text, the likeliest first; none of what cannot be read."""
    if pasted.is_json:
        return ()
    try:
        return offers_in(pasted.text)
    except SourceError:
        return ()


def read(pasted: Pasted, now: Experiment, say: Say = english) -> Found:
    """Return the experiment of the text. Raises PasteError."""
    if pasted.is_json:
        try:
            experiment, problems = file.from_json(pasted.text, now, say)
        except file.FileError as error:
            raise PasteError(str(error)) from None
        setting = _on_a_shape(experiment.setting, pasted.text)
        return Found(replace(experiment, setting=setting), problems=problems)
    return _of_class(pasted, now, say)


def _on_a_shape(setting: Setting, text: str) -> Setting:
    """Find a shape of the input for a network that came without one and needs another."""
    network, training = setting.network, setting.training
    if '"input_shape"' in text or runs(network, setting.shape, training):
        return setting
    shape = first_shape(network, training=training)
    return with_network(setting, network, shape) if shape else setting


def _of_class(pasted: Pasted, before: Experiment, say: Say) -> Found:
    now, given = before.setting, _given_shape(pasted.shape, say)
    try:
        likely = (*shapes_in(pasted.text), *([now.shape] if now.spec else ()))
        reading, shape = read_on_shape(
            pasted.text, pasted.name or None, pasted.arguments, given, likely, now.training
        )
    except SourceError as error:
        sentence = say("Line {line}: {problem}").format(line=error.line, problem=error.problem)
        raise PasteError(plain(sentence), error.line, error.column) from None
    shape = shape or (*likely, now.shape)[0]
    try:
        budget = estimate(reading.spec, shape, now.training)
    except LayerError as error:
        line = reading.lines.get(error.layer, 0)
        raise PasteError(_misfit(str(error), line, say), line) from None
    except InputError as error:
        raise PasteError(plain(str(error))) from None
    if budget.refusal:
        raise PasteError(plain(budget.refusal))
    return Found(_experiment(reading.spec, shape, budget, before), budget)


def _misfit(sentence: str, line: int, say: Say) -> str:
    """Write why a layer cannot work on what it is given, with the line where it is called."""
    if not line:
        return plain(sentence)
    return plain(say("Line {line}: {problem}").format(line=line, problem=sentence))


def _given_shape(text: str, say: Say) -> Shape | None:
    """Return the shape that the visitor wrote; None where nothing was. Raises PasteError."""
    if not text.strip():
        return None
    sizes = re.split(r"[\s,x\u00d7]+", text.strip().strip("()[]").strip(" ,"))
    shape, problem = read_shape("x".join(sizes), say)
    if shape is None:
        raise PasteError(say("Input shape: {problem}").format(problem=problem))
    return shape


def _experiment(spec: ModelSpec, shape: Shape, budget: Budget, before: Experiment) -> Experiment:
    """Return the network as a fresh experiment that keeps what the visitor chose and that fits."""
    now = before.setting
    start = of_preset(now.model if now.source.layers is not None else DEFAULT_MODEL)
    kept = replace(
        start,
        input=start.input if now.input == UPLOAD else now.input,
        loss=now.loss,
        target=now.target,
        seed=now.seed,
        device=now.device,
        training=now.training,
        input_gradient=now.input_gradient,
    )
    setting = _with_target(with_network(kept, spec, shape), budget.output_shape)
    return Experiment(setting, View(editing=before.view.editing))


def _with_target(setting: Setting, output_shape: Shape) -> Setting:
    """Return the setting with a target that suits its output, or with a loss that needs none."""
    kind = LOSSES[setting.loss]
    if kind.suits(output_shape, setting.target, setting.labels):
        return setting
    choices = kind.choices(output_shape, setting.labels)
    return replace(setting, target=choices[0]) if choices else replace(setting, loss="mean")


def ways_to_run(experiment: Experiment) -> Iterator[Experiment]:
    """Yield the experiment, and then what else can be tried where its input or loss does not fit.

    A kind of input can ask for a picture's shape, and a loss for targets that are not there.
    """
    yield experiment
    yield experiment.changed(input="random")
    yield experiment.changed(input="random", loss="mean")
