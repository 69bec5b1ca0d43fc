"""The lesson on hooks: what PyTorch says, what a hook keeps alive, and any network under a hook."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
import torch
from torch import nn

from experiment.setting import of_preset
from experiment.written.address import Experiment, to_address
from lessons.catalogue import LESSONS
from lessons.choosing.study import Study
from lessons.hooks import features, linked, network
from lessons.hooks.doing import ACTIONS, KINDS, ON_WEIGHTS, Caught
from lessons.hooks.linked import NOT_READ, Linked
from lessons.hooks.surprises import gotchas, tried
from lessons.running.recipe import ran
from lessons.running.trial import SettingError
from models.presets import PRESETS
from tests.experiment.runs import execute
from viz.language import english

STUDY = LESSONS["hooks"].beginning
WARNING = "ignore:Full backward hook is firing:UserWarning"


# What it may not do


def test_a_new_gradient_goes_on_and_one_changed_in_place_goes_on_unsaid() -> None:
    for does in ("new", "in place"):
        found = ran(tried.Try(0, does))
        assert found.says == ""
        assert found.hooked is not None
        assert found.hooked.tolist() == (2 * found.plain).tolist()


def test_what_arrived_was_used_already() -> None:
    found = ran(tried.Try(0, "arrived"))
    assert found.says == ""
    assert found.hooked is not None
    assert found.hooked.tolist() == found.plain.tolist()


def refusal(hook: Any, *, changed: bool = False) -> str:
    """Ask PyTorch itself, with a hook written here."""
    conv = nn.Conv2d(1, 1, 1)
    conv.register_full_backward_hook(hook)
    try:
        output = conv(torch.ones(1, 1, 2, 2, requires_grad=True))
        if changed:
            output += 1
        output.sum().backward()
    except (RuntimeError, TypeError) as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("does", "hook"),
    [
        ("assigned", lambda _, g, __: g.__class__.__setitem__(g, 0, g[0])),
        ("two", lambda _, g, __: (g[0], g[0])),
        ("smaller", lambda _, g, __: (g[0][..., :1],)),
    ],
)
def test_a_refusal_is_in_pytorchs_own_words(does: str, hook: Any) -> None:
    found = ran(tried.Try(0, does))
    assert found.hooked is None
    assert found.says
    if does != "assigned":
        words = refusal(hook).replace("<lambda>", tried.HOOKS[does].__name__)
        assert found.says.rstrip(" …") in words.replace("'hook'", "'hook'") or "hook" in words
        assert found.says.split("'")[-1] == words.split("'")[-1]
    else:
        assert found.says == "'tuple' object does not support item assignment"


def test_an_output_under_a_backward_hook_may_not_be_changed_in_place() -> None:
    found = ran(tried.Try(0, "output"))
    words = refusal(lambda *_: None, changed=True)
    assert found.hooked is None
    assert words.startswith(found.says.rstrip(" …"))
    assert found.says.startswith("Output 0 of BackwardHookFunction")


def test_the_documentation_says_what_the_lesson_says_of_it() -> None:
    documented = " ".join(str(nn.Module.register_full_backward_hook.__doc__).split())
    assert "should not modify its arguments, but it can optionally return a new" in documented
    assert "Modifying inputs or outputs inplace is not allowed" in documented


def test_the_table_says_what_came_of_it() -> None:
    rows = [list(row) for row in tried.outcome(STUDY.changed(tried="two"), english).rows]
    assert rows[0] == [
        "PyTorch says",
        "Backward hook returned an invalid number of grad_input, got 2, but expected 1",
    ]
    assert rows[2][1] == "none came"
    assert not any("|" in cell for row in rows for cell in row), "it would end a column"


# Surprises


def test_a_full_backward_hook_before_an_in_place_relu_is_refused_and_one_on_the_tensor_is_not() -> (
    None
):
    found, says = ran(gotchas.Gotcha(0, "inplace"))
    assert found == ""
    assert says.startswith("Output 0 of BackwardHookFunction is a view and is being modified")
    module = network.build(0, inplace=True)
    module.conv1.register_forward_hook(lambda _, __, output: output.register_hook(abs) and None)
    module(network.value(0)).sum().backward()


@pytest.mark.filterwarnings(WARNING)
def test_an_input_that_asks_for_none_gets_none() -> None:
    assert ran(gotchas.Gotcha(0, "none")) == ("(None,)", "")


def test_pytorch_warns_where_the_input_asks_for_none() -> None:
    module = network.build(0)
    module.conv1.register_full_backward_hook(lambda *_: None)
    with pytest.warns(UserWarning, match="Full backward hook is firing"):
        module(network.value(0, asks=False)).sum().backward()


@pytest.mark.parametrize("seed", range(4))
def test_retain_grad_keeps_what_all_hooks_left(seed: int) -> None:
    plain = ran(Caught(seed, action="nothing")).plain.gradients["conv1"]
    assert plain is not None
    assert ran(gotchas.Gotcha(seed, "retain"))[0] == gotchas.written(6 * torch.tensor(plain))
    assert gotchas.plain(seed) == gotchas.written(torch.tensor(plain))


# Features

MAP = 8 * 60 * 60 * 4
"""Bytes of what conv2 returns: 8 maps of 60x60 float32."""
BETWEEN = 8 * 62 * 62 * 4
INPUT_BYTES = 64 * 64 * 4


@pytest.mark.parametrize("forwards", [1, 4])
def test_a_saved_output_holds_its_graph(forwards: int) -> None:
    found, _forgotten = ran(features.Features("output", forwards))
    for count, each in enumerate(found, 1):
        assert each.features == count
        assert each.saved == count * MAP
        assert each.graph == count * (INPUT_BYTES + BETWEEN), "the input, and what conv2 reads"


def test_a_detached_one_holds_no_graph_and_only_the_newest_stays() -> None:
    found, _forgotten = ran(features.Features("detached", 3))
    assert [(each.saved, each.graph) for each in found] == [(MAP, 0), (2 * MAP, 0), (3 * MAP, 0)]
    found, _forgotten = ran(features.Features("newest", 3))
    assert [(each.saved, each.graph) for each in found] == [(MAP, 0)] * 3


@pytest.mark.parametrize("saves", features.SAVES)
def test_a_live_hook_holds_the_list_and_a_removed_one_does_not(saves: str) -> None:
    found, forgotten = ran(features.Features(saves, 2))
    assert forgotten == features.Forgotten(found[-1].saved, 0)


# Any network


def test_an_empty_link_is_lenet_and_a_link_is_read_with_its_address_or_without() -> None:
    assert Linked().setting == of_preset("lenet")
    for text in (
        "http://localhost:8501/playground?v=2&model=unet",
        "/playground?v=2&model=unet",
        "v=2&model=unet",
        "?model=unet",
    ):
        assert Linked(text).setting == of_preset("unet"), text


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "http://[::1",
        "http://[no]/playground?model=lenet",
        "model=nothing",
        "http://a.b/hooks?step=any&network=1",
        "v=2&depth=3",
        "model=own",
    ],
)
def test_what_is_no_link_of_the_playground_is_refused_in_words(text: str) -> None:
    with pytest.raises(SettingError) as error:
        Linked(text).run()
    assert str(error.value) == NOT_READ
    assert linked.count(STUDY.changed(network=text)) == 1
    assert Linked(text).in_playground().setting == of_preset("lenet")


def large(batch: int) -> str:
    """A link to LeNet with so many samples."""
    _one, *sizes = of_preset("lenet").shape
    return f"model=lenet&input_shape={'x'.join(map(str, (batch, *sizes)))}"


def test_too_large_a_network_and_one_that_cannot_run_are_refused_in_words() -> None:
    with pytest.raises(SettingError, match="at most 200 million operations here; this one takes"):
        Linked(large(2200)).run()
    with pytest.raises(SettingError, match="at most 64 MiB here; those of this one take"):
        Linked(large(3000)).run()
    with pytest.raises(SettingError, match="its network must run in the playground; it does not"):
        Linked("model=lenet&input_shape=1x1x2x2").run()


def refused(study: Study) -> str:
    """Return why it cannot run; empty where it can."""
    try:
        ran(linked.linked(study))
    except SettingError as refusal:
        return str(refusal)
    return ""


@pytest.mark.filterwarnings(WARNING)
@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_runs_under_a_hook_or_says_why_not(preset: str) -> None:
    for place, kind, action in (
        (0, "full backward", "times"),
        (2, "tensor", "negate"),
        (9, "forward", "times"),
    ):
        study = STUDY.changed(network=f"model={preset}", at=place, kind=kind, action=action)
        told = refused(study)
        if told:
            assert "Choose another" in told or "Take a smaller" in told
            continue
        rows = linked.listed(study, english).rows
        assert 1 < len(rows) <= linked.MOST_ROWS + 1
        if kind != "forward":
            later = linked.of_linked(study)["later"]
            assert later == "0", "backward, nothing after the hook changes"


@pytest.mark.filterwarnings(WARNING)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("action", ACTIONS)
def test_every_hook_on_lenet_runs_or_says_why_not(kind: str, action: str) -> None:
    for place in (0, 1, 50):
        study = STUDY.changed(network="", at=place, kind=kind, action=action)
        told = refused(study)
        assert not told or (kind in ON_WEIGHTS and "a parameter named weight" in told)


def test_the_gradients_without_a_hook_are_those_of_the_playground() -> None:
    capture = execute(of_preset("lenet")).capture
    plain, _hooked = Linked().both()
    for layer in capture.layers:
        found = plain.gradients[layer.name]
        assert found is not None
        assert layer.upstream is not None
        assert found.tobytes() == layer.upstream.tobytes(), layer.name


def test_a_link_of_the_lesson_holds_the_link_that_was_pasted() -> None:
    pasted = "http://localhost:8501/playground?v=2&model=unet"
    study = STUDY.changed(step="any", network=pasted, at=4)
    again, problems = STUDY.read(study.to_url())
    assert problems == ()
    assert again["network"] == pasted
    assert to_address(LESSONS["hooks"].step(again).opens(again)) == {"v": "2", "model": "unet"}


def test_a_pasted_text_that_is_too_long_or_not_printable_is_told() -> None:
    for text in ("x" * 8001, "a\x00b"):
        again, problems = STUDY.read({"v": "2", "network": text})
        assert again["network"] == ""
        assert len(problems) == 1
        assert "a line of at most 8000 characters" in problems[0]


def test_steps_of_sgd_are_left_out_of_what_runs_and_of_what_is_opened() -> None:
    learnt = of_preset("mlp").at_step(3)
    link = urlencode(to_address(Experiment(learnt)))
    assert Linked(link).setting == of_preset("mlp") != learnt


def test_a_link_that_says_for_whom_the_page_was_is_read_like_any_other() -> None:
    plain = linked._read("http://host/playground?v=2&seed=3")
    said = linked._read("http://host/playground?v=2&seed=3&present=1&lang=ko")
    assert said == plain
    assert said.seed == 3
