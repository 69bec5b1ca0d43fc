"""What a visitor pasted, as an experiment: a class of PyTorch, or the JSON of an experiment.

The text is read, never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from experiment.readers import read_shape
from experiment.setting import DEFAULT_MODEL, Setting, of_preset, with_network
from experiment.suiting import still_suits, suiting
from experiment.view import View
from experiment.written import file
from experiment.written.address import Experiment
from experiment.written.given import as_given
from models.budget import Budget, estimate
from models.build import LayerError
from models.inputs.first_shape import first_shape, runs
from models.inputs.shape import InputError
from models.shapes import Shape, shape_text
from models.source import (
    GuessError,
    Offer,
    Reading,
    SourceError,
    offers_in,
    read_on_shape,
    shapes_in,
)
from models.source.unread import Stretch, lines_text, stretches
from models.spec import ModelSpec
from viz.language import Say, english, retold
from viz.markdown import plain

CHOSEN = ("input", "picture", "loss", "target", "input_gradient")
"""What a class that is pasted anew keeps of what was chosen for it."""


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
    """What of the text could not be read, or was not, in Markdown."""


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
        if '"experiment"' not in pasted.text:
            setting = _alone(setting)
        return Found(replace(experiment, setting=setting), problems=problems)
    return _of_class(pasted, now, say)


def _on_a_shape(setting: Setting, text: str) -> Setting:
    """Find a shape of the input for a network that came without one and needs another."""
    network, training = setting.network, setting.training
    if '"input_shape"' in text or runs(network, setting.shape, training):
        return setting
    found = first_shape(network, training=training)
    return with_network(setting, network, found.shape) if found.runs else setting


def _alone(setting: Setting) -> Setting:
    """Return the setting of a network that came alone, with an input and a loss that suit it."""
    if setting.spec is None:
        return setting
    try:
        return suiting(setting, estimate(setting.network, setting.shape, setting.training))
    except (LayerError, InputError):
        return setting  # the run says why


def _of_class(pasted: Pasted, before: Experiment, say: Say) -> Found:
    now, given = before.setting, _given_shape(pasted.shape, say)
    try:
        likely = (*shapes_in(pasted.text), *([now.shape] if now.spec else ()))
        reading, shape = read_on_shape(
            pasted.text, pasted.name or None, pasted.arguments, given, likely, now.training
        )
    except SourceError as error:
        guess = error.shape if isinstance(error, GuessError) else None
        sentence = _misfit(error.problem, error.line, guess, say)
        raise PasteError(sentence, error.line, error.column) from None
    guess = None if given or reading.start else shape
    try:
        budget = estimate(reading.spec, shape, now.training)
    except LayerError as error:
        line = reading.lines.get(error.layer, 0)
        if reading.shape is None and first_shape(reading.spec, likely, now.training).advice:
            guess = None  # another shape would not help
        raise PasteError(_misfit(str(error), line, guess, say), line) from None
    except InputError as error:
        raise PasteError(_misfit(str(error), 0, guess, say)) from None
    if budget.refusal:
        was_run = budget.layers[0].output_shape
        raise PasteError(_misfit(budget.refusal, 0, guess if was_run else None, say))
    experiment = _experiment(reading.spec, shape, budget, before)
    setting, taken = as_given(experiment.setting, reading.given, budget.output_shape)
    if reading.start and reading.given.fed - taken and given is None:
        _check_numbers(reading, setting, say)
    unread = stretches((each, each in reading.unread - taken) for each in reading.body)
    problems = (_left_out(unread, say),) if unread else ()
    return Found(replace(experiment, setting=setting), budget, problems)


def _check_numbers(reading: Reading, setting: Setting, say: Say) -> None:
    """Raise PasteError where PyTorch would refuse the kind of numbers that lines begin with."""
    fed = reading.given.input
    if fed is None or fed.whole == (setting.words is not None):
        return
    sentence = (
        say("{name} holds whole numbers, which this layer does not take. Add .float(), or write 1.")
        if fed.whole
        else say("{name} holds decimals, but its layer looks up whole numbers. Add .long().")
    )
    line = reading.given.line
    raise PasteError(_misfit(sentence.format(name=reading.start), line, None, say), line)


def _left_out(lines: tuple[Stretch, ...], say: Say) -> str:
    """Say which lines of the text were not read."""
    return plain(say("Not read: lines {lines}.").format(lines=lines_text(lines)))


def _misfit(sentence: str, line: int, guess: Shape | None, say: Say) -> str:
    """Write why a text cannot be run, with the line, and first that the input was guessed."""
    sentence = retold(sentence, say)
    if line:
        sentence = say("Line {line}: {problem}").format(line=line, problem=sentence)
    if guess is None:
        return plain(sentence)
    guessed = say(
        "The input shape was guessed, and no guess works. Write yours in the field Input shape. "
        "On {shape}, the guess that gets furthest:"
    )
    return plain(f"{guessed.format(shape=shape_text(guess))} {sentence}")


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
    """Return the network as a fresh experiment, on an input and a loss that suit it.

    A class that runs already and was pasted anew keeps those that the visitor chose for it.
    """
    now = before.setting
    start = of_preset(now.model if now.source.layers is not None else DEFAULT_MODEL)
    start = replace(start, seed=now.seed, device=now.device, training=now.training)
    setting = with_network(start, spec, shape)
    if setting.spec is not None:
        chosen = {name: getattr(now, name) for name in CHOSEN}
        again = replace(setting, **chosen)
        is_known = now.spec is not None and now.spec.name == spec.name
        if is_known and still_suits(again, budget.output_shape):
            setting = again
        else:
            setting = suiting(setting, budget)
    return Experiment(setting, View(editing=before.view.editing))


def ways_to_run(experiment: Experiment) -> Iterator[Experiment]:
    """Yield the experiment, and then what else can be tried where its input or loss does not fit.

    A kind of input can ask for a picture's shape, and a loss for targets that are not there.
    """
    yield experiment
    yield experiment.changed(input="random")
    yield experiment.changed(input="random", loss="mean")
