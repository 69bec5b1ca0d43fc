"""The lesson on hooks: the code that it shows runs, and its log says what was called with what."""

from __future__ import annotations

from typing import Any, get_args

import pytest
import torch
from torch import Tensor, nn

from flow.hooking.records import Kind
from lessons.catalogue import LESSONS
from lessons.hooks import linked, logged, network
from lessons.hooks.doing import ON_WEIGHTS, Caught
from lessons.hooks.linked import Linked
from lessons.hooks.predicted import factors
from lessons.running.recipe import ran
from lessons.running.trial import SettingError
from viz.language import english

STUDY = LESSONS["hooks"].beginning
ALL: tuple[Kind, ...] = get_args(Kind)


def log(**chosen: str) -> tuple[list[str], list[str]]:
    """Return the heads and the one row of the log."""
    found = logged.log(STUDY.changed(step="change", **chosen), english)
    (row,) = found.rows
    return list(found.heads), list(row)


def test_the_log_says_what_the_hook_got_and_returned() -> None:
    heads, row = log()
    assert heads == ["called", "with", "it got", "it returned"]
    assert row == [
        "full backward hook",
        "`module`, `grad_input` 1×1×2×2, `grad_output` 1×1×2×2",
        "6, 6, 3, 9",
        "12, 12, 6, 18",
    ]


def test_print_shows_what_it_printed_and_keep_what_is_in_its_list() -> None:
    heads, row = log(action="print")
    assert heads[1] == "printed"
    assert row[1] == (
        "`module` Conv2d, `grad_input` tuple (Tensor) 1×1×2×2, `grad_output` tuple (Tensor) 1×1×2×2"
    )
    assert row[3] == "`None`"
    heads, row = log(action="keep", kind="forward")
    assert heads[2] == "in its list"
    kept = ran(Caught(0, action="nothing")).plain.values["conv2"].ravel()
    assert row[2] == ", ".join(f"{each:g}".replace("-", "−") for each in kept)
    assert row[3] == "`None`"


def test_of_a_large_tensor_the_log_writes_the_first_cells() -> None:
    _heads, row = log(layer="conv1")
    assert row[2] == "−6, 12, 0, 12, …"


@pytest.mark.parametrize("kind", ALL)
def test_the_code_that_registers_a_hook_runs_and_its_parameters_are_what_it_is_called_with(
    kind: Kind,
) -> None:
    text = logged.code(STUDY.changed(layer="head", kind=kind), english)
    called: list[tuple[Any, ...]] = []
    module = network.build(0)
    lines = text.replace("...", "called.append(tuple(locals()))")
    exec(lines, {"network": module, "called": called})  # noqa: S102
    module(network.value(0)).sum().backward()
    on = "head.weight" if kind in ON_WEIGHTS else "head"
    (fired,) = ran(Caught(0, on.partition(".")[0], kind, "nothing")).hooked.fired
    assert called == [tuple(each.name for each in fired.given)]


@pytest.mark.parametrize("seed", range(len(factors.CASES)))
def test_what_a_hook_returns_as_code_makes_the_factors_that_are_asked_for(seed: int) -> None:
    layer, kind, factor = factors.Factored(seed).case
    code = factors.registered(STUDY.changed(seed=seed), english).rows[0][2].strip("`")
    code = code.replace("−", "-")
    module, x = network.build(seed), network.value(seed)
    place = module.get_submodule(layer)
    hook: Any = {
        "full backward": lambda _, grad_input, __: eval(code, {"grad_input": grad_input}),  # noqa: S307
        "full backward pre": lambda _, grad_output: eval(code, {"grad_output": grad_output}),  # noqa: S307
        "tensor": lambda grad: eval(code, {"grad": grad}),  # noqa: S307
    }[kind]
    if kind == "full backward":
        place.register_full_backward_hook(hook)
    elif kind == "full backward pre":
        place.register_full_backward_pre_hook(hook)
    else:
        place.register_forward_hook(lambda _, __, output: output.register_hook(hook) and None)
    module(x).sum().backward()
    plain = network.value(seed)
    network.build(seed)(plain).sum().backward()
    assert x.grad is not None
    assert plain.grad is not None
    assert torch.equal(x.grad, factor * plain.grad)


def test_a_tensor_hook_is_called_before_the_pre_hook_only_where_it_is_from_outside() -> None:
    conv, log = network.build(0).head, []
    conv.register_full_backward_pre_hook(lambda *_: log.append("pre"))

    def on_output(_module: nn.Module, _args: Any, output: Tensor) -> None:
        output.register_hook(lambda _grad: log.append("inside"))

    conv.register_forward_hook(on_output)
    output = conv(torch.ones(1, 1, 2, 2))
    output.register_hook(lambda _grad: log.append("outside"))
    output.sum().backward()
    assert log == ["outside", "pre", "inside"]


class Skip(nn.Module):
    """Adds what a layer makes to what goes in."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.layer = (nn.Linear(1, 1, bias=False) for _ in range(2))
        for each in (self.first, self.layer):
            nn.init.ones_(each.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Return both."""
        passed: Tensor = self.first(x)
        return passed + self.layer(passed)


@pytest.mark.parametrize(("factor", "expected"), [(1, 2), (2, 3)])
def test_writing_into_what_arrived_changes_the_gradient_of_a_skip(
    factor: int, expected: int
) -> None:
    module, x = Skip(), torch.ones(1, 1, requires_grad=True)
    hook: Any = lambda _, __, output: output[0].mul_(factor) and None  # noqa: E731
    module.layer.register_full_backward_hook(hook)
    module(x).sum().backward()
    assert x.grad == expected


# A hook on a weight of any network


def test_a_weight_hook_changes_the_gradient_of_the_weight_that_is_listed() -> None:
    study = STUDY.changed(network="model=lenet", at=3, kind="parameter", action="times")
    rows = linked.listed(study, english).rows
    (changed,) = [row for row in rows if row[3] == "changed"]
    assert changed[0] == "**conv2.weight** ←"
    told = linked.of_linked(study)
    assert (told["others"], told["later"]) == ("1", "0")


@pytest.mark.parametrize(
    ("link", "told"),
    [
        (
            "model=mlp",
            "Layer: a hook on a weight needs a layer with a parameter named weight; tanh2 has none "
            "of that name. Choose one of fc1, fc2, fc3, or another kind of hook.",
        ),
        (
            "model=triple",
            "Layer: a hook on a weight needs a layer with a parameter named weight; no layer of "
            "this network has one. Choose another kind of hook.",
        ),
    ],
)
def test_a_layer_without_a_weight_is_refused_in_the_words_of_the_lesson(
    link: str, told: str
) -> None:
    with pytest.raises(SettingError) as error:
        Linked(link, 3, "parameter").run()
    assert str(error.value) == told
