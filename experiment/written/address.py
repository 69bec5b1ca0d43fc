"""An experiment as query parameters and back; what cannot be read is said, and why.

A further run beside the first stands under its number: ``2.seed=7``. What it does not say is as
in the first, or, where it names a model, as that begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from urllib.parse import urlencode

from experiment.feeding import UPLOAD, unsuited_input
from experiment.parameter import NOTHING, differing, written
from experiment.setting import (
    DEFAULT,
    DEFAULT_MODEL,
    Setting,
    default_model,
    of_preset,
    offered,
    suited,
)
from experiment.training.training import UNTRAINED, Training
from experiment.view import PLAIN, View
from experiment.written import first_edition
from models.spec import ModelSpec
from viz.answering.parameter import parameters
from viz.answering.readers import SHOWN_LENGTH, shown
from viz.language import Say, english, retold
from viz.markdown import plain

VERSION = "2"
"""Of the encoding. Links of the first edition are read too; of another one, what is understood."""
NUMBERS = ("2", "3", "4")
"""Of the runs that can stand beside the first in one link."""


@dataclass(frozen=True)
class Experiment:
    """What runs, what of it is looked at, and how it is trained."""

    setting: Setting = DEFAULT
    view: View = PLAIN
    beside: tuple[Setting, ...] = ()
    """Further runs to be seen beside the first, at most one for each of ``NUMBERS``."""
    training: Training = UNTRAINED
    """How the network is trained over many steps, where that is asked for."""

    def value(self, name: str) -> Any:
        """Return what a field of the setting, of the training or of the view holds."""
        for part in (self.setting, self.training):
            if hasattr(part, name):
                return getattr(part, name)
        return getattr(self.view, name)

    def changed(self, **values: Any) -> Self:
        """Return the experiment with other values in fields of any of its parts."""
        runs = {name: value for name, value in values.items() if hasattr(DEFAULT, name)}
        trains = {name: value for name, value in values.items() if hasattr(UNTRAINED, name)}
        looks = {name: values[name] for name in values if name not in (*runs, *trains)}
        view = replace(self.view, **looks) if looks else self.view
        training = replace(self.training, **trains) if trains else self.training
        now = replace(self, view=view, training=training)
        return now.running(replace(self.setting, **runs)) if runs else now

    def running(self, setting: Setting) -> Self:
        """Run another setting; further runs follow in all that they had in common with it.

        What was trained was another network, or on another input: it begins anew.
        """
        beside = tuple(_following(other, self.setting, setting) for other in self.beside)
        training = self.training
        if training.train_run and setting != self.setting:
            training = replace(training, train_run=0, train_at=None)
        return replace(self, setting=setting, beside=beside, training=training)


def _following(other: Setting, before: Setting, after: Setting) -> Setting:
    """Change a further run in those fields that changed in the first and were as there."""
    names = (each.name for each in fields(Setting))
    changed = {name: getattr(after, name) for name in names if _differ(before, after, name)}
    shared = {name: to for name, to in changed.items() if not _differ(before, other, name)}
    return replace(other, **shared) if shared else other


def _differ(one: Setting, other: Setting, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def exercise(experiment: Experiment) -> Experiment:
    """Return the same run and node, to begin with: nothing is stepped through, open or pinned."""
    return experiment.changed(step=None, editing=False, hand="", plane=(), pins="")


def begun(model: str) -> Experiment:
    """Return the experiment with which a preset, or the module of the command line, begins."""
    plain = Setting(model=model)
    return Experiment(plain).changed(**plain.source.beginning)


def to_address(experiment: Experiment) -> dict[str, str]:
    """Write what differs from the beginning of the preset as query parameters."""
    setting = experiment.setting
    start = begun(setting.model)
    said = {
        **dict(differing(setting, start.setting)),
        **dict(differing(experiment.view, start.view)),
        **dict(differing(experiment.training, start.training)),
    }
    if setting.model != DEFAULT_MODEL or default_model() != DEFAULT_MODEL:
        said["model"] = setting.model
    for number, other in zip(NUMBERS, experiment.beside, strict=False):
        said |= {f"{number}.{name}": text for name, text in _beside(other, setting).items()}
    return {"v": VERSION, **said} if said else {}


def run_query(experiment: Experiment) -> str:
    """Write what runs as a query string, without what is looked at or trained."""
    begins = begun(experiment.setting.model)
    bare = replace(experiment, view=begins.view, training=begins.training)
    return urlencode(to_address(bare))


def training_query(experiment: Experiment) -> str:
    """Write how the network is trained as a query string."""
    begins = begun(experiment.setting.model)
    return urlencode(dict(differing(experiment.training, begins.training)))


def unedited_query(experiment: Experiment) -> str:
    """Write the first run alone, without cells changed by hand."""
    return run_query(Experiment(experiment.setting.unedited))


def base_query(experiment: Experiment) -> str:
    """Write what runs without what a browser decides itself: its network, and changes by hand."""
    bare = replace(experiment.setting.unedited, spec=None, input_shape=None)
    return run_query(replace(experiment, setting=bare))


def looked_at(said: Mapping[str, str], begins: View) -> View:
    """Read what a query string says of a view that begins like this; the rest is left."""
    known = parameters(View)
    for name, text in said.items():
        if name in known:
            value, problem = known[name].read(text, english)
            begins = begins if problem else replace(begins, **{known[name].field: value})
    return begins


def _beside(other: Setting, first: Setting) -> dict[str, str]:
    """Write a further run as what differs from the first; where that cannot be, from its preset."""
    said = dict(differing(other, first)) or {"seed": str(other.seed)}
    if other.model == first.model and all(map(_is_said, said.values())):
        return said
    return {"model": other.model, **dict(differing(other, of_preset(other.model)))}


def _is_said(text: str) -> bool:
    """Whether a text says a value, and not that there is none."""
    return text not in ("", NOTHING)


def from_address(
    said: Mapping[str, str], say: Say = english, network: ModelSpec | None = None
) -> tuple[Experiment, tuple[str, ...]]:
    """Read query parameters; what cannot be read becomes a Markdown sentence and its default.

    ``network`` runs in place of the preset's, as one in the parameters would.
    """
    return _Reading(say).experiment(said, network)


class _Reading:
    """Reads one address, and gathers what could not be read."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._problems: list[str] = []
        self._first = False
        """Whether it is a link of the first edition."""

    def experiment(
        self, said: Mapping[str, str], network: ModelSpec | None
    ) -> tuple[Experiment, tuple[str, ...]]:
        """Return the whole of it, and the problems."""
        self._first = self._version(said.get("v", VERSION)) == first_edition.VERSION
        model = self._model(said.get("model", DEFAULT_MODEL if said else default_model()), "")
        start = self._begun(model)
        if network is not None:
            start = start.changed(spec=network)
        others: dict[str, dict[str, str]] = {}
        for name, text in said.items():
            number, dot, rest = name.partition(".")
            if dot and number in NUMBERS:
                others.setdefault(number, {})[rest] = text
            elif name not in ("v", "model"):
                start = self._taken(start, name, text)
        setting = self._fitting(start.setting, "input" in said, "")
        beside = tuple(self._beside(setting, number, others[number]) for number in sorted(others))
        return replace(start, setting=setting, beside=beside), tuple(self._problems)

    def _version(self, came: str) -> str:
        if came not in (VERSION, first_edition.VERSION):
            sentence = self._say(
                "v: this link was written by another version ({came}; this one reads {version}). "
                "What is understood of it is shown."
            )
            read = f"{first_edition.VERSION}, {VERSION}"
            self._problems.append(sentence.format(came=shown(came), version=read))
        return came

    def _model(self, came: str, before: str) -> str:
        if came in offered() or (self._first and came in first_edition.PRESETS):
            return came
        sentence = self._say(
            "model: there is no preset {came}. There are {names}. {default} is shown."
        )
        names = ", ".join(offered())
        told = sentence.format(came=shown(came), names=names, default=DEFAULT_MODEL)
        self._problems.append(before + told)
        return DEFAULT_MODEL

    def _begun(self, model: str) -> Experiment:
        """Return the experiment with which a preset begins, or began then."""
        if not self._first or model not in first_edition.PRESETS:
            return begun(model)
        return Experiment(first_edition.begun(model), first_edition.view(model))

    def _taken(self, start: Experiment, name: str, text: str, before: str = "") -> Experiment:
        """Return the experiment with one parameter read; it stands ``before`` a run's number."""
        if name in start.setting.source.unused:
            sentence = self._say(
                "{name}: a module of the command line is run as it is, without this."
            )
            self._problems.append(sentence.format(name=before + name))
            return start
        known = parameters(Setting).get(name)
        if known is None and not before:
            known = parameters(View).get(name) or parameters(Training).get(name)
        if known is None:
            sentence = self._say("{name}: the link has a part that means nothing here.")
            self._problems.append(sentence.format(name=shown(before + name)))
            return start
        read = first_edition.read_net if self._first and name == "net" else known.read
        value, problem = read(text, self._say)
        if not problem:
            taken = start.changed(**{known.field: value})
            # What a link says of a training is meant of its whole run, in whatever order it stands.
            return (
                taken
                if hasattr(UNTRAINED, known.field)
                else replace(taken, training=start.training)
            )
        default = self._default(start.value(known.field))
        self._problems.append(f"{before}{name}: {problem} {default}")
        return start

    def _beside(self, first: Setting, number: str, said: Mapping[str, str]) -> Setting:
        """Return a further run: the first one, or the beginning of a preset, with what differs."""
        before, setting = f"{number}.", first
        if "model" in said:
            setting = self._begun(self._model(said["model"], before)).setting
        other = Experiment(setting)
        for name, text in said.items():
            if name != "model":
                other = self._taken(other, name, text, before)
        return self._fitting(other.setting, "input" in said, before)

    def _fitting(self, setting: Setting, asked: bool, before: str) -> Setting:
        """Return the setting with an input that the network takes."""
        if setting.input == UPLOAD and not setting.picture:
            setting = replace(setting, input=self._begun(setting.model).setting.input)
            sentence = self._say(
                "input: {upload} needs a picture, and the link has none that can be read."
            )
            default = self._default(setting.input)
            self._problems.append(f"{before}{sentence.format(upload=UPLOAD)} {default}")
        fitting = suited(setting)
        if fitting != setting and asked:
            sentence = plain(retold(unsuited_input(setting), self._say))
            self._problems.append(f"{before}{sentence} {self._default(fitting.input)}")
        return fitting

    def _default(self, value: object) -> str:
        text = written(value)
        if not _is_said(text) or len(text) > SHOWN_LENGTH:
            return self._say("The default is used.")
        return self._say("The default is used: {value}.").format(value=text)
