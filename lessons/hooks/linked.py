"""Any network of the playground under a hook: a link names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

import flow
from experiment.feeding import Fed, feed
from experiment.setting import Setting, of_preset
from experiment.source import OWN
from experiment.written.address import Experiment, from_address
from flow.hooking.records import Kind
from flow.record import INPUT, Array
from lessons.asking.exercise import Exercise
from lessons.choosing.study import Study
from lessons.hooks.doing import ACTIONS, ON_WEIGHTS, no_weight
from lessons.hooks.surprises.tried import first_sentence
from lessons.running.recipe import ran
from lessons.running.trial import SettingError
from lessons.showing.grid import Grid
from models.budget import MIB, estimate
from models.build import LayerError
from models.inputs.shape import InputError
from models.losses import LOSSES, TargetError
from models.sgd import NO_STEPS
from viz.language import Say, english
from viz.peak import peak
from viz.room import OF_NO_PAGE
from viz.theme import format_number

FIRST = "lenet"
"""The preset that an empty link stands for."""
MOST_OPERATIONS = 200_000_000
"""Of one forward: it runs twice, while others wait."""
MOST_BYTES = 64 * MIB
"""Of what a recording of it holds."""
MOST_ROWS = 7
"""Layers that are listed: those around the hooked one, which has its weight beside it."""
NOT_READ = english(
    "Link: it must be one of this app's playground, read to the last part; one came that cannot be "
    "read so. Open it in the playground, which says why, and copy the link that stands there."
)

REFUSED = english("Link: its network must run in the playground; it does not. {says}")


@dataclass(frozen=True)
class Passed:
    """The gradient of the input, of a layer's output or of a parameter, with and without a hook."""

    name: str
    plain: float | None
    """Its largest magnitude; None where no gradient came."""
    hooked: float | None
    differs: bool


@dataclass(frozen=True)
class Linked:
    """A network that a link names, with a hook on one of its layers."""

    link: str = ""
    place: int = 0
    """Of the layer, counted from 0; one past the last is the last."""
    kind: Kind = "full backward"
    action: str = "times"
    seed: int = 0

    @property
    def setting(self) -> Setting:
        """What the link runs, before any step of SGD. Raises SettingError."""
        return replace(_read(self.link), sgd=NO_STEPS) if self.link else of_preset(FIRST)

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers. Raises SettingError."""
        return tuple(each.name for each in self.setting.network.layers)

    @property
    def layer(self) -> str:
        """The layer that is hooked. Raises SettingError."""
        return self.layers[min(self.place, len(self.layers) - 1)]

    @property
    def on(self) -> str:
        """What is hooked: the layer or its weight. Raises SettingError."""
        return f"{self.layer}.weight" if self.kind in ON_WEIGHTS else self.layer

    def run(self) -> tuple[Passed, ...]:
        """Run it without the hook and with it, and keep what is listed. Raises SettingError."""
        plain, hooked = ({**run.gradients, **run.parameters} for run in self.both())
        return tuple(_passed(name, each, hooked.get(name)) for name, each in plain.items())

    def both(self) -> tuple[flow.Hooked, flow.Hooked]:
        """Run it without the hook and with it. Raises SettingError."""
        hook = flow.Hook(self.kind, self.on, ACTIONS[self.action](self.seed))
        plain = _hooked(self.setting, [])
        if self.kind in ON_WEIGHTS and self.on not in plain.parameters:
            weights = (name.rpartition(".") for name in plain.parameters)
            raise no_weight(self.layer, [layer for layer, _, name in weights if name == "weight"])
        return plain, _hooked(self.setting, [hook])

    def exercises(self) -> Mapping[str, Callable[[tuple[Passed, ...]], Exercise]]:
        """Ask for nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the network of the link; of one that cannot be read, the first preset."""
        try:
            return Experiment(self.setting)
        except SettingError:
            return Experiment(of_preset(FIRST))


def _read(link: str) -> Setting:
    """Read a link of the playground, or only what stands behind its question mark."""
    try:
        parts = urlsplit(link.strip())
    except ValueError as error:  # an address in brackets that is none
        raise SettingError(NOT_READ) from error
    is_whole = parts.path.rstrip("/").endswith("playground")
    said = dict(parse_qsl(parts.query if is_whole else parts.query or parts.path))
    own = {name: text for name, text in said.items() if name not in OF_NO_PAGE}
    experiment, problems = from_address(own)
    if problems or not (own or is_whole) or experiment.setting.model == OWN:
        raise SettingError(NOT_READ)
    return experiment.setting


def _hooked(setting: Setting, hooks: list[flow.Hook]) -> flow.Hooked:
    """Run a network of the playground once under hooks, on a module of its own."""
    fed = _fed(setting)
    given = LOSSES[setting.loss].given
    try:
        with flow.Hooking(fed.module, hooks) as hooking:
            return hooking.run(
                fed.values,
                loss=None if given else fed.loss,
                upstream=fed.loss.target if given else None,
                seed=setting.seed,
            )
    except flow.HookError as error:
        raise SettingError(
            english(
                "Hook: this network cannot run under it. {says} Choose another layer, another kind "
                "of hook or another network."
            ),
            says=str(error),
        ) from error
    except RuntimeError as error:
        raise SettingError(
            english(
                "Hook: PyTorch refuses it here. It says: {says} Choose another layer, another kind "
                "of hook, or another thing to do."
            ),
            says=first_sentence(str(error)),
        ) from error


def _fed(setting: Setting) -> Fed:
    """Make the network with its input and loss, where that is not too much for a lesson."""
    try:
        budget = estimate(setting.network, setting.shape, setting.training, setting.input_gradient)
        if budget.refusal:
            raise SettingError(REFUSED, says=budget.refusal)
        if budget.captured_bytes > MOST_BYTES:
            raise SettingError(
                english(
                    "Link: the maps of a network must take at most {most} MiB here; those of this "
                    "one take {came} MiB. Take a smaller one, or a smaller input."
                ),
                most=MOST_BYTES // MIB,
                came=budget.captured_bytes // MIB,
            )
        if budget.operations > MOST_OPERATIONS:
            raise SettingError(
                english(
                    "Link: a network must take at most {most} million operations here; this one "
                    "takes {came} million. Take a smaller one, or a smaller input."
                ),
                most=MOST_OPERATIONS // 10**6,
                came=budget.operations // 10**6,
            )
        return feed(setting, budget.output_shape)
    except (LayerError, InputError, TargetError) as error:
        raise SettingError(REFUSED, says=str(error)) from error


# What it shows


def linked(study: Study) -> Linked:
    """Return the network and the hook that are chosen."""
    return Linked(study["network"], study["at"], study["kind"], study["action"], study.seed)


def count(study: Study) -> int:
    """Return how many layers can be hooked; one where the link cannot be read."""
    try:
        return len(linked(study).layers)
    except SettingError:
        return 1


def passed(study: Study) -> tuple[Passed, ...]:
    """Return what passed, tensor by tensor. Raises SettingError."""
    found: tuple[Passed, ...] = ran(linked(study))
    return found


def of_linked(study: Study) -> Mapping[str, str]:
    """Return the name of the network, and how many tensors have another gradient, and where."""
    chosen = linked(study)
    found = passed(study)
    others = [each.name for each in found if each.differs]
    later = chosen.layers[chosen.layers.index(chosen.layer) + 1 :]
    after = [name for name in others if name in later or name.rpartition(".")[0] in later]
    return {
        "network": chosen.setting.network.name,
        "layer": chosen.layer,
        "others": str(len(others)),
        "all": str(len(found)),
        "later": str(len(after)),
    }


def _passed(name: str, plain: Array | None, hooked: Array | None) -> Passed:
    if plain is None or hooked is None:
        differs = plain is not hooked
    else:
        differs = plain.tobytes() != hooked.tobytes()
    return Passed(name, peak([plain]), peak([hooked]), differs)


def listed(study: Study, say: Say) -> Grid:
    """List the layers around the hooked one, from the loss to the input."""
    chosen, found = linked(study), passed(study)
    rows = []
    for each in reversed(_around(chosen, found)):
        shown = "x" if each.name == INPUT else each.name
        marked = f"**{shown}** ←" if each.name == chosen.on else shown
        largest = (_written(value, say) for value in (each.plain, each.hooked))
        rows.append((marked, *largest, say("changed") if each.differs else say("the same")))
    heads = (say("gradient at"), say("largest without"), say("largest with the hook"), "")
    return Grid(heads, rows, frozenset({1, 2}))


def _around(chosen: Linked, found: tuple[Passed, ...]) -> list[Passed]:
    """Return those around the hooked layer, with its weight before what it hands on."""
    by_name = {each.name: each for each in found}
    names = [name for name in by_name if name in (INPUT, *chosen.layers)]
    at = names.index(chosen.layer) if chosen.layer in names else 0
    first = max(0, min(at - MOST_ROWS // 2, len(names) - MOST_ROWS))
    weight = f"{chosen.layer}.weight"
    if weight in by_name:
        names.insert(at, weight)
    shown = names[first : first + MOST_ROWS + (weight in by_name)]
    return [by_name[name] for name in shown]


def _written(largest: float | None, say: Say) -> str:
    return say("none") if largest is None else format_number(largest)
