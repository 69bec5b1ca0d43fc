"""What decides what a lesson shows: one frozen value that round-trips through the link.

A lesson declares the few things that can be chosen in it as a ``Form``; controls, links and
messages about broken links follow from that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from experiment.written import first_edition
from experiment.written.address import VERSION
from lessons.asking import answers
from lessons.choosing.choice import Painted, Settable
from viz.answering.readers import Reader, flag, must, one_of, shown, whole
from viz.language import Say, english
from viz.typed import MAX_CELLS

MAX_SEED = 9999
MAX_HINTS = 9
HINTS, REVEALED = "_hints", "_shown"
"""Behind the key of an exercise in a link."""

Typed = answers.Typed


@dataclass(frozen=True)
class Form:
    """The steps of a lesson, its exercises, and what can be chosen in it; keys stand in links."""

    steps: tuple[str, ...]
    exercises: tuple[str, ...]
    choices: Mapping[str, Settable]
    then: Mapping[str, Any] = field(default_factory=dict)
    """The first step and the defaults of the choices in the first edition."""
    formerly: str = ""
    """The step that was the first when links without a step were written; empty: it still is."""

    @property
    def readers(self) -> dict[str, Reader]:
        """How every part of a link is read."""
        readers: dict[str, Reader] = {
            "v": one_of({VERSION: "", first_edition.VERSION: ""}),
            "step": one_of(dict.fromkeys(self.steps)),
            "seed": whole(MAX_SEED),
            **{name: choice.read for name, choice in self.choices.items()},
        }
        for key in self.exercises:
            readers[key] = _typed
            readers[f"{key}{HINTS}"] = whole(MAX_HINTS)
            readers[f"{key}{REVEALED}"] = flag
        return readers


@dataclass(frozen=True)
class Attempt:
    """How far a learner came with one exercise."""

    typed: Typed = ()
    """What was typed when it was checked last; empty before."""
    hints: int = 0
    """How many hints are open."""
    revealed: bool = False
    solved: bool | None = None
    """Whether what was checked last was right in every cell; None before it is graded.

    No link says it.
    """

    @property
    def open(self) -> bool:
        """Whether the answer is on screen."""
        return self.revealed or bool(self.solved)


@dataclass(frozen=True)
class Study:
    """Where a visitor is in a lesson, the seed of its numbers, what was chosen, the attempts."""

    form: Form = field(compare=False, repr=False)
    step: str = ""
    """Key of the step on screen; empty for the first."""
    seed: int = 0
    chosen: tuple[tuple[str, Any], ...] = ()
    """What differs from the form's defaults, in the form's order."""
    attempts: tuple[tuple[str, Attempt], ...] = ()

    def __getitem__(self, name: str) -> Any:
        """Return what was chosen under a name of the form."""
        return dict(self.chosen).get(name, self.form.choices[name].default)

    @property
    def place(self) -> int:
        """Place of the step on screen, counted from 0."""
        return self.form.steps.index(self.step) if self.step else 0

    @property
    def numbers(self) -> str:
        """Write what the numbers on screen depend on: another text means another exercise."""
        made_of = [each for each in self.chosen if not self.form.choices[each[0]].looks]
        return f"{self.seed} {made_of}"

    def attempt(self, exercise: str) -> Attempt:
        """Return how far one exercise is."""
        return dict(self.attempts).get(exercise, Attempt())

    @property
    def blank(self) -> Self:
        """The same step and numbers as an exercise to hand out: nothing is answered or shown."""
        asked = [each for each in self.chosen if not self.form.choices[each[0]].answer]
        return replace(self, chosen=tuple(asked), attempts=())

    def with_attempt(self, exercise: str, **changes: Any) -> Self:
        """Return the study with one attempt changed."""
        attempts = dict(self.attempts)
        attempts[exercise] = replace(self.attempt(exercise), **changes)
        ordered = ((key, attempts[key]) for key in self.form.exercises if key in attempts)
        return replace(self, attempts=tuple(ordered))

    def changed(self, **changes: Any) -> Self:
        """Return the study with other values; other numbers begin every exercise anew.

        They begin painted cells anew as well, unless these come along.
        """
        chosen = {
            **dict(self.chosen),
            **{k: v for k, v in changes.items() if k in self.form.choices},
        }
        if self._draws_others(changes):
            chosen = {k: v for k, v in chosen.items() if k in changes or not self._is_painted(k)}
        own = {name: value for name, value in changes.items() if name not in self.form.choices}
        ordered = tuple(
            (name, chosen[name])
            for name, choice in self.form.choices.items()
            if name in chosen and chosen[name] != choice.default
        )
        other = replace(self, chosen=ordered, **own)
        return other if other.numbers == self.numbers else replace(other, attempts=())

    def _draws_others(self, changes: Mapping[str, Any]) -> bool:
        """Tell whether a change asks for other numbers than those that cells are painted over."""
        chosen = {
            name: value
            for name, value in changes.items()
            if name in self.form.choices and not self._is_painted(name)
        }
        return changes.get("seed", self.seed) != self.seed or any(
            value != self[name] and not self.form.choices[name].looks
            for name, value in chosen.items()
        )

    def _is_painted(self, name: str) -> bool:
        return isinstance(self.form.choices.get(name), Painted)

    def to_url(self) -> dict[str, str]:
        """Write what differs from the beginning as query parameters."""
        parts = {name: self.form.choices[name].write(value) for name, value in self.chosen}
        if self.step:
            parts["step"] = self.step
        if self.seed:
            parts["seed"] = str(self.seed)
        for key, attempt in self.attempts:
            parts |= _write_attempt(key, attempt)
        if parts and self.form.formerly:
            parts["step"] = self.step or self.form.steps[0]
        return {"v": VERSION, **parts} if parts else {}

    def read(
        self, parameters: Mapping[str, str], say: Say = english
    ) -> tuple[Self, tuple[str, ...]]:
        """Read query parameters; what cannot be read becomes a Markdown sentence."""
        study, problems, readers = self._beginning(parameters), [], self.form.readers
        attempts: dict[str, Any] = {}
        values: dict[str, Any] = {}
        of_attempts = {
            f"{key}{part}" for key in self.form.exercises for part in ("", HINTS, REVEALED)
        }
        for name, text in parameters.items():
            if name not in readers:
                sentence = say("{name}: the link has a part that means nothing here.")
                problems.append(sentence.format(name=shown(name)))
                continue
            value, problem = readers[name](text, say)
            if problem:
                problems.append(f"{name}: {problem} {say('The default is used.')}")
            elif name in of_attempts:
                attempts[name] = value
            elif name != "v":
                values[name] = value
        return study.changed(**values)._attempted(attempts), tuple(problems)

    def _beginning(self, parameters: Mapping[str, str]) -> Self:
        """Return what a link begins with: what it does not say was so when it was written."""
        if parameters.get("v") == first_edition.VERSION:
            return self._then()
        formerly = self.form.formerly
        return self.changed(step=formerly) if formerly and parameters else self

    def _then(self) -> Self:
        """Return the study with which the lesson began in the first edition."""
        form = self.form
        chosen = {name: value for name, value in form.then.items() if name in form.choices}
        step = form.then.get("step", form.steps[0])
        return self.changed(step="" if step == form.steps[0] else step, **chosen)

    def _attempted(self, parts: Mapping[str, Any]) -> Self:
        """Take over the attempts of a link, after everything that would begin them anew."""
        study = self
        for key in self.form.exercises:
            fields = {key: "typed", f"{key}{HINTS}": "hints", f"{key}{REVEALED}": "revealed"}
            given = {fields[name]: value for name, value in parts.items() if name in fields}
            if given:
                study = study.with_attempt(key, **given)
        return study


def _write_attempt(key: str, attempt: Attempt) -> dict[str, str]:
    written = {key: answers.write(attempt.typed)} if any(attempt.typed) else {}
    if attempt.hints:
        written[f"{key}{HINTS}"] = str(attempt.hints)
    if attempt.revealed:
        written[f"{key}{REVEALED}"] = "1"
    return written


def _typed(text: str, say: Say) -> tuple[Any, str]:
    cells = answers.read(text)
    if cells is None:
        return (), must(say, "up to {most} numbers with _ between them", text, most=MAX_CELLS)
    return cells, ""
