"""What is wrong with a draft, and every shape and cost up to there: nothing is allocated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from flow.said import said
from models.budget import Budget, LayerCost, estimate
from models.build import LayerError
from models.draft.draft import INPUT_KEY, Draft
from models.inputs.shape import InputError, check_shape
from models.shapes import Shape
from models.spec import LayerSpec, ModelSpec, readable

Layers = tuple[LayerSpec, ...]


@dataclass(frozen=True)
class Problem:
    """Why a draft cannot run."""

    key: int
    """Of the first layer that cannot work, or that costs most; INPUT_KEY: the input, or all."""
    sentence: str
    """What must hold, what came, what to do."""
    too_large: bool = False
    """Whether it would work but costs too much."""


@dataclass(frozen=True)
class Diagnosis:
    """What became of a draft."""

    problem: Problem | None
    costs: Mapping[int, LayerCost] = field(default_factory=dict)
    """By key: the layers before the first that cannot work, all when only the price is wrong."""
    spec: ModelSpec | None = None
    """The whole network, when nothing is wrong."""
    budget: Budget | None = None
    """Of the layers in ``costs``."""
    reached: ModelSpec | None = None
    """Those of them whose output has a shape, as a network; None when there is none."""
    training: bool = True
    """Whether layers behave as in training."""

    def shape(self, draft: Draft, key: int) -> Shape:
        """Return the shape of what a layer or the input hands on; empty where it is not known."""
        if key == INPUT_KEY:
            return draft.input_shape
        return self.costs[key].output_shape if key in self.costs else ()


def diagnose(draft: Draft, training: bool = True) -> Diagnosis:
    """Find the first layer that cannot work; shapes and costs are those of the layers before."""
    return replace(_diagnose(draft, training), training=training)


def _diagnose(draft: Draft, training: bool) -> Diagnosis:
    try:
        check_shape(draft.input_shape)
    except InputError as error:
        return Diagnosis(Problem(INPUT_KEY, str(error)))
    problem = _name_problem(draft.name)
    if problem:
        return Diagnosis(Problem(INPUT_KEY, problem))
    if not draft.layers:
        return Diagnosis(
            Problem(INPUT_KEY, said("a model has at least one layer. Add the first one."))
        )
    layers, sentence = _joined(draft, *_readable(draft))
    layers, complaint, budget = _priced(draft, layers, training)
    return _summary(draft, layers, complaint or sentence, budget, training)


def _priced(draft: Draft, layers: Layers, training: bool) -> tuple[Layers, str, Budget | None]:
    """Return the layers before the first whose shapes do not fit, why they do not, and the price.

    Without a first layer that fits there is no price.
    """
    sentence = ""
    while layers:
        try:
            spec = ModelSpec(name=draft.name, layers=layers)
            return layers, sentence, estimate(spec, draft.input_shape, training)
        except LayerError as error:
            place = [layer.name for layer in layers].index(error.layer)
            layers, sentence = layers[:place], str(error)
    return layers, sentence, None


def _shaped(draft: Draft, layers: Layers, budget: Budget, training: bool) -> tuple[LayerCost, ...]:
    """Return the costs of the first layers with their shapes.

    A network whose weights alone are too large has no shapes; the layers before the dearest have.
    """
    while not budget.layers[0].output_shape:
        layers = layers[: _dearest(layers, budget)]
        layers, _, found = _priced(draft, layers, training)
        if found is None:
            return ()
        budget = found
    return tuple(cost for cost in budget.layers if cost.output_shape)


def _dearest(layers: Layers, budget: Budget) -> int:
    name = budget.refusal.partition(":")[0]
    return [layer.name for layer in layers].index(name)


def _name_problem(name: str) -> str:
    """Say why a network cannot have this name; empty when it can."""
    try:
        ModelSpec(name=name, layers=(LayerSpec(name="only", kind="Identity"),))
    except ValidationError as error:
        return readable(error)
    return ""


def _summary(
    draft: Draft, layers: Layers, sentence: str, budget: Budget | None, training: bool
) -> Diagnosis:
    if budget is None:
        return Diagnosis(Problem(draft.keys[0], sentence))
    shaped = _shaped(draft, layers, budget, training)
    costs = dict(zip(draft.keys, (*shaped, *budget.layers[len(shaped) :]), strict=False))
    reached = ModelSpec(name=draft.name, layers=layers[: len(shaped)]) if shaped else None
    problem = None
    if budget.refusal:
        problem = Problem(draft.keys[_dearest(layers, budget)], budget.refusal, too_large=True)
    elif sentence:
        problem = Problem(draft.keys[len(layers)], sentence)
    return Diagnosis(problem, costs, None if problem else reached, budget, reached)


def _readable(draft: Draft) -> tuple[Layers, str]:
    """Return the layers before the first that is wrong by itself, and what is wrong with it."""
    layers: Layers = ()
    for layer in draft.layers:
        try:
            layers += (LayerSpec.model_validate(draft.described(layer)),)
        except ValidationError as error:
            return layers, readable(error)
    return layers, ""


def _joined(draft: Draft, layers: Layers, sentence: str) -> tuple[Layers, str]:
    """Return the layers before the first that does not go with those above it.

    Whether a list of layers is a model is decided from top to bottom, so a bisection finds it.
    """
    works, fails = 0, len(layers) + 1
    while fails - works > 1:
        middle = (works + fails) // 2 if fails <= len(layers) else len(layers)
        try:
            ModelSpec(name=draft.name, layers=layers[:middle])
            works = middle
        except ValidationError as error:
            fails, sentence = middle, readable(error)
    return layers[:works], sentence
