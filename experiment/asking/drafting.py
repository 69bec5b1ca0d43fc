"""What the server knows of a network that is being edited: shapes, costs, what is wrong, and a run.

The draft itself and the way back and forth are the browser's; see ``viz/front/editor/``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from experiment.asking.answers import Answers
from experiment.readers import SHAPE
from experiment.running.runs import Refused
from experiment.setting import Setting, with_network
from experiment.suiting import FROM_NOTHING
from experiment.written.address import Experiment, begun, run_query
from flow.record import Capture
from models.budget import Budget, LayerCost, bytes_text, operations_text
from models.draft import INPUT_KEY, SWITCHES, Draft, draft_of
from models.draft.changes import INDICES
from models.draft.diagnosis import Diagnosis, Problem, diagnose
from models.draft.fixes import FIX_TEXT, all_fitted, fixes
from models.draft.text import DraftError, WrittenDraft, read_draft, written
from models.fields import Field
from models.inputs import INPUTS
from models.kinds.kind import LayerKind
from models.layers import FAMILIES
from models.losses import LOSSES
from models.presets import PRESETS
from models.receptive import Receptive, receptive
from models.shapes import Shape, shape_text
from models.spec import INPUT, MAX_LAYERS, MAX_NAME
from models.targets import TARGETS
from viz.answering.readers import shown
from viz.language import Say, retold
from viz.peak import TIMES, shown_shape
from viz.words.editor import EDITOR_WORDS

NO_DRAFT = ""


def kinds_answer(say: Say) -> dict[str, Any]:
    """Return the catalogue of layers, and what a draft can begin with."""
    return {
        "families": [
            {"label": say(family), "kinds": [_kind(name, kind, say) for name, kind in own.items()]}
            for family, own in FAMILIES.items()
        ],
        "presets": [
            {"query": run_query(begun(key)), "label": say(preset.title)}
            for key, preset in PRESETS.items()
        ],
        "from_nothing": FROM_NOTHING,
        "switches": list(SWITCHES),
        "input": INPUT,
        "most_layers": MAX_LAYERS,
        "longest_name": MAX_NAME,
    }


def _kind(name: str, kind: LayerKind, say: Say) -> dict[str, Any]:
    return {
        "name": name,
        "label": say(kind.label),
        "help": say(kind.help),
        "inputs": list(kind.inputs),
        "fields": [_field(field, say) for field in kind.fields],
        "takes_indices": kind.takes_indices,
        "gives_indices": kind.field(INDICES) is not None,
    }


def _field(field: Field, say: Say) -> dict[str, Any]:
    told = {name: value for name, value in asdict(field).items() if name in FIELD}
    return {**told, "help": say(field.help)}


FIELD = ("name", "kind", "default", "low", "high", "choices")
"""What a browser must know of a field, besides its help."""


def draft_answer(answers: Answers, text: str, say: Say) -> dict[str, Any]:
    """Return what there is to know of a draft; of the setting's own network where none is given.

    A draft that can run is run, so that its run is there when it is asked about. Raises DraftError.
    """
    setting = answers.setting.unedited
    if setting.source.layers is None:
        raise DraftError(say("This network runs as it is: its layers cannot be edited."))
    if text == NO_DRAFT:
        typed, shape = draft_of(setting.network, setting.shape), shape_text(setting.shape)
    else:
        came = read_draft(text)
        typed, shape = _fitted(came, setting), came.input_shape
    if not SHAPE.fullmatch(shape):
        sentence = say("{name}: it must be sizes such as 2x1x8x8; {came} came.")
        name = say(EDITOR_WORDS["shape"])
        found = Diagnosis(Problem(INPUT_KEY, sentence.format(name=name, came=shown(shape))))
    else:
        found = diagnose(typed, setting.training)
    return _Told(replace(answers, setting=setting), typed, shape, found, say).whole()


def _fitted(came: WrittenDraft, setting: Setting) -> Draft:
    shape = came.input_shape
    sizes = tuple(map(int, shape.split("x"))) if SHAPE.fullmatch(shape) else ()
    return all_fitted(came.draft(sizes), came.fresh, setting.training)


@dataclass(frozen=True)
class _Told:
    """A draft, and what is told of it."""

    answers: Answers
    draft: Draft
    shape: str
    found: Diagnosis
    say: Say

    def whole(self) -> dict[str, Any]:
        """Return all of it."""
        running = self._running()
        run, refusal = self._run(running)
        problem = self.found.problem
        if problem is None and refusal:
            problem = Problem(INPUT_KEY, refusal)
        return {
            "draft": written(self.draft, self.shape),
            "first": self._first(),
            "layers": {str(layer.key): self._layer(layer.key) for layer in self.draft.layers},
            "totals": _totals(self.found.budget, self.say) if self.found.spec else "",
            "problem": problem and self._problem(problem),
            "fixes": [
                {
                    "label": self.say(FIX_TEXT[fix.way]).format(**fix.words),
                    "draft": written(fix.draft, self.shape),
                }
                for fix in fixes(self.draft, self.found)
            ],
            "remedies": list(self._remedies(running)) if refusal and running else [],
            "run": run_query(Experiment(running)) if run and running else None,
            "nodes": _nodes(self.draft, run) if run else {},
        }

    def _problem(self, problem: Problem) -> dict[str, Any]:
        return {"key": problem.key, "sentence": retold(problem.sentence, self.say)}

    def _running(self) -> Setting | None:
        """Return what runs this draft, where its shapes fit together."""
        if self.found.spec is None:
            return None
        setting = self.answers.setting
        if draft_of(setting.network, setting.shape) == self.draft:
            return setting  # which also knows in which order weights are drawn
        return with_network(setting, self.found.spec, self.draft.input_shape)

    def _run(self, setting: Setting | None) -> tuple[Capture | None, str]:
        """Run the draft; say why it was refused, which shapes alone cannot tell."""
        if setting is None:
            return None, ""
        try:
            return replace(self.answers, setting=setting).capture, ""
        except Refused as refusal:
            return None, str(refusal)

    def _remedies(self, setting: Setting) -> Iterator[dict[str, str]]:
        """Yield runs of the same network that work: with another target, loss or input."""
        budget, say = self.found.budget, self.say
        suiting = LOSSES[setting.loss].choices(budget.output_shape) if budget else ()
        targets = {
            name: say(TARGETS[name].label).format(number=TARGETS[name].number)
            for name in suiting[:1]
        }
        proposals = [
            *((label, replace(setting, target=name)) for name, label in targets.items()),
            (say(LOSSES["mse"].label), replace(setting, loss="mse", target="zeros")),
            (say(INPUTS["random"].label), replace(setting, input="random")),
        ]
        for label, proposal in proposals:
            if self._run(proposal)[0] is not None:
                words = say("Use {choice}").format(choice=label)
                yield {"label": words, "run": run_query(Experiment(proposal))}

    def _first(self) -> int:
        """Return the layer that the preset wants to be seen first."""
        look_at = self.answers.setting.source.look_at[0]
        wanted = [layer.key for layer in self.draft.layers if layer.name == look_at]
        return (*wanted, *self.draft.keys, INPUT_KEY)[0]

    def _layer(self, key: int) -> dict[str, Any]:
        """Return what a layer makes, costs and sees, as far as that is known."""
        cost = self.found.costs.get(key)
        if cost is None:
            return {"shape": "", "parameters": "", "facts": [], "row": [""] * 6}
        seen = self._seen.get(cost.name, Receptive())
        parameters = self.say("{count:,} parameters").format(count=cost.parameters)
        return {
            "shape": shown_shape(cost.output_shape) if cost.output_shape else "",
            "parameters": parameters if cost.parameters else "",
            "facts": list(_facts(cost, seen, parameters, self.draft.input_shape[2:], self.say)),
            "row": _row(cost, seen),
        }

    @cached_property
    def _seen(self) -> Mapping[str, Receptive]:
        """What the layers with a shape see of the input, by name."""
        if self.found.reached is None:
            return {}
        shapes = {cost.name: cost.output_shape for cost in self.found.costs.values()}
        return receptive(self.found.reached, self.draft.input_shape, shapes)


def _nodes(draft: Draft, capture: Capture) -> dict[str, list[str]]:
    """Return the nodes of each layer in its run, the first one to be seen first."""
    owned = {layer.name: list(layer.nodes) for layer in capture.layers}
    found = {str(layer.key): owned.get(layer.name, []) for layer in draft.layers}
    leaves = (node for node in capture.nodes if node.is_leaf and node.parameter.startswith("("))
    return {**found, str(INPUT_KEY): [node.id for node in leaves]}


def _totals(budget: Budget | None, say: Say) -> str:
    if budget is None:
        return ""
    return say("{parameters:,} parameters · {saved} saved · {operations}").format(
        parameters=budget.parameters,
        saved=bytes_text(budget.saved_bytes),
        operations=retold(operations_text(budget.operations), say),
    )


def _facts(
    cost: LayerCost, seen: Receptive, parameters: str, sizes: Shape, say: Say
) -> Iterator[str]:
    """Yield what a layer makes, costs and sees of an input with these sizes of its axes."""
    if cost.output_shape:
        yield say("output {shape}").format(shape=shown_shape(cost.output_shape))
    yield parameters
    if not cost.output_shape:  # refused for its weights alone
        return
    yield say("{saved} kept for the backward").format(saved=bytes_text(cost.saved_bytes))
    yield retold(operations_text(cost.operations), say)
    if seen.field is not None:
        field = say("receptive field {size}").format(size=shown_shape(seen.field))
        whole = say("all of the input, which may cut it off")
        yield f"{field}, {whole}" if seen.field == sizes else field
    if seen.stride is not None:
        yield say("output stride {steps}").format(steps=_stride(seen))


def _row(cost: LayerCost, seen: Receptive) -> list[str]:
    """Return output, parameters, receptive field, output stride, bytes kept and operations."""
    shaped = bool(cost.output_shape)
    return [
        shown_shape(cost.output_shape) if shaped else "",
        f"{cost.parameters:,}",
        shown_shape(seen.field) if seen.field is not None else "",
        _stride(seen) if seen.stride is not None else "",
        bytes_text(cost.saved_bytes) if shaped else "",
        f"{cost.operations:,}" if shaped else "",
    ]


def _stride(seen: Receptive) -> str:
    """Write an output stride, once where it is the same along every axis."""
    return TIMES.join(dict.fromkeys(map(str, seen.stride or ())))
