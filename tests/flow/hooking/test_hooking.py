"""Hooks of one's own: what fires, what changes, what is refused, and what is left behind."""

from __future__ import annotations

import weakref

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import flow
from flow.hooking.actions import clamp, keep, negate, noise, positive, times, zero
from flow.hooking.records import Action, Given, Kind
from tests.flow.hooking.chains import KINDS, PLAIN, chain, cnn, hooks_of, numbers, on, one, run


def test_without_hooks_the_numbers_are_those_of_a_pencil() -> None:
    assert numbers(run([])) == PLAIN


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        # what goes into b is doubled: so is the gradient of what was made before
        ("forward pre", ([14, 84, 420], [60, 30, 5, 1], [210, 140, 84])),
        ("forward", ([14, 84, 420], [60, 30, 5, 1], [210, 140, 84])),
        # what arrives at b is doubled, so b's own weight gets twice as much too
        ("full backward pre", ([14, 42, 210], [60, 30, 10, 1], [210, 140, 42])),
        ("tensor", ([14, 42, 210], [60, 30, 10, 1], [210, 140, 42])),
        # what b hands on is doubled: its own weight had its gradient already
        ("full backward", ([14, 42, 210], [60, 30, 5, 1], [210, 70, 42])),
        ("parameter", ([14, 42, 210], [30, 15, 5, 1], [105, 140, 42])),
        ("post accumulate grad", ([14, 42, 210], [30, 15, 5, 1], [105, 140, 42])),
    ],
)
def test_times_two_at_b_changes_what_a_pencil_says(
    kind: Kind, expected: tuple[list[float], list[float], list[float]]
) -> None:
    assert numbers(run([flow.Hook(kind, on(kind), times(2))])) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_a_hook_that_returns_nothing_changes_nothing(kind: Kind) -> None:
    found = run([flow.Hook(kind, on(kind))])
    assert numbers(found) == PLAIN
    assert [each.replaced for each in found.fired] == [False]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (clamp(4), [24, 12, 4, 1]),
        (negate, [-30, -15, -5, 1]),
        (zero, [0, 0, 0, 1]),
        (positive, [30, 15, 5, 1]),
        (times(-0.5), [-15, -7.5, -2.5, 1]),
    ],
)
def test_each_action_does_to_the_tensor_what_it_is_called(
    action: Action, expected: list[float]
) -> None:
    assert numbers(run([flow.Hook("tensor", "b", action)]))[1] == expected


def test_positive_cuts_what_is_negative() -> None:
    assert positive(torch.tensor([-2.0, 0, 3])).tolist() == [0, 0, 3]


def test_noise_is_the_same_each_time_and_comes_from_its_own_generator() -> None:
    module, before = chain(), torch.get_rng_state()
    first, again = (run([flow.Hook("tensor", "b", noise(0.5, 3))], module) for _ in range(2))
    drawn = torch.randn((1, 1), generator=torch.Generator().manual_seed(3)).item()
    assert first.gradients["b"] == again.gradients["b"] == pytest.approx(5 + 0.5 * drawn)
    assert torch.equal(torch.get_rng_state(), before)


def test_what_is_kept_is_the_tensor_that_passed() -> None:
    kept: list[Tensor] = []
    run([flow.Hook("full backward", "b", keep(kept))])
    assert [each.item() for each in kept] == [15]


def in_plain_pytorch(module: nn.Sequential, value: Tensor) -> list[str]:
    """Register one hook of each kind on b by hand, and return which fired when."""
    log: list[str] = []
    layer = module.get_submodule("b")
    weight = module.get_parameter("b.weight")

    def hooked_output(_module: nn.Module, _args: object, output: Tensor) -> None:
        output.register_hook(lambda _grad: log.append("tensor"))

    handles = [
        layer.register_forward_pre_hook(lambda *_: log.append("forward pre")),
        layer.register_forward_hook(lambda *_: log.append("forward")),
        layer.register_full_backward_pre_hook(lambda *_: log.append("full backward pre")),
        layer.register_full_backward_hook(lambda *_: log.append("full backward")),
        layer.register_forward_hook(hooked_output),
        weight.register_hook(lambda _grad: log.append("parameter")),
        weight.register_post_accumulate_grad_hook(lambda _grad: log.append("post accumulate grad")),
    ]
    module(value).sum().backward()
    for handle in handles:
        handle.remove()
    return log


@pytest.mark.parametrize("turn", range(3))
def test_the_log_is_in_the_order_of_plain_pytorch_however_they_were_registered(turn: int) -> None:
    kinds = [*KINDS[2 * turn :], *KINDS[: 2 * turn]]
    found = run([flow.Hook(kind, on(kind)) for kind in kinds])
    told = [each.hook.kind for each in found.fired]
    assert told == in_plain_pytorch(chain(), one())
    assert told[:2] == ["forward pre", "forward"]
    assert [kinds[each.number] for each in found.fired] == told


def test_two_hooks_of_one_kind_fire_in_their_order_and_see_what_the_first_made() -> None:
    found = run([flow.Hook("tensor", "b", times(2)), flow.Hook("tensor", "b", times(3))])
    assert [each.number for each in found.fired] == [0, 1]
    assert [each.caught[0].item() for each in found.fired if each.caught[0] is not None] == [5, 10]
    assert numbers(found)[1] == [180, 90, 30, 1]


def test_the_arguments_are_told_with_types_and_shapes() -> None:
    (told,) = run([flow.Hook("full backward", "b")]).fired
    assert told.given == (
        Given("module", "Linear"),
        Given("grad_input", "tuple", ("Tensor",), ((1, 1),)),
        Given("grad_output", "tuple", ("Tensor",), ((1, 1),)),
    )
    (told,) = run([flow.Hook("forward", "b")]).fired
    assert told.given[2] == Given("output", "Tensor", (), ((1, 1),))


def test_the_names_of_the_arguments_are_those_of_pytorchs_documentation() -> None:
    documented = {
        "forward pre": nn.Module.register_forward_pre_hook.__doc__,
        "forward": nn.Module.register_forward_hook.__doc__,
        "full backward pre": nn.Module.register_full_backward_pre_hook.__doc__,
        "full backward": nn.Module.register_full_backward_hook.__doc__,
        "tensor": Tensor.register_hook.__doc__,
        "post accumulate grad": Tensor.register_post_accumulate_grad_hook.__doc__,
    }
    for kind, text in documented.items():
        (told,) = run([flow.Hook(kind, on(kind))]).fired  # type: ignore[arg-type]
        names = ", ".join(each.name for each in told.given)
        assert f"hook({names})" in str(text).replace("param: Tensor", "param"), kind


# What is left behind


def test_nothing_is_left_on_the_module() -> None:
    module = chain()
    with flow.Hooking(module, [flow.Hook(kind, on(kind), times(2)) for kind in KINDS]) as hooking:
        assert hooks_of(module), "else this test could not fail"
        hooking.run(one(), loss=torch.sum)
        hooking.run(one(), loss=torch.sum)
    assert hooks_of(module) == []
    assert all(each.grad is None for each in module.parameters())
    assert not any(handle.live for handle in hooking.handles)


def failing(_tensor: Tensor) -> Tensor:
    raise RuntimeError("caught on its way")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_where_a_hook_raises(kind: Kind) -> None:
    module = chain()
    module.get_parameter("a.weight").grad = torch.tensor([[4.0]])
    with (
        pytest.raises(RuntimeError, match="caught on its way"),
        flow.Hooking(module, [flow.Hook(kind, on(kind), failing)]) as hooking,
    ):
        hooking.run(one(), loss=torch.sum)
    assert hooks_of(module) == []
    assert [each.grad for each in module.parameters()] == [torch.tensor([[4.0]]), None, None]


def test_a_removed_hook_fires_no_more_and_its_handle_says_so() -> None:
    with flow.Hooking(chain()) as hooking:
        first, second = (hooking.add(flow.Hook("tensor", "b", times(2))) for _ in range(2))
        factors = []
        for remove in (None, first, second, second):
            if remove is not None:
                hooking.remove(remove)
            found = hooking.run(one(), loss=torch.sum)
            factors.append((numbers(found)[1][0] / 30, len(found.fired)))
        assert factors == [(4, 2), (2, 1), (1, 0), (1, 0)]
        assert [(each.live, each.fired) for each in hooking.handles] == [(False, 1), (False, 2)]


def test_a_graph_is_freed_with_its_run() -> None:
    kept: list[Tensor] = []
    hook = flow.Hook("forward", "b", keep(kept))
    with flow.Hooking(chain(), [hook]) as hooking:
        hooking.run(one(), loss=torch.sum)
    node = weakref.ref(kept[0])
    kept.clear()
    assert node() is None, "nothing but the list held what was kept"


def test_hooks_of_the_module_itself_stay() -> None:
    module = chain()
    own: list[str] = []
    module.get_submodule("b").register_forward_hook(lambda *_: own.append("own"))
    run([flow.Hook("forward", "b")], module)
    assert own == ["own"]
    assert len(hooks_of(module)) == len([module.get_submodule("b")._forward_hooks])


def test_a_run_of_flow_is_the_same_to_the_bit_before_and_after() -> None:
    module, value = cnn(), torch.ones(1, 1, 7, 7)

    def cells() -> list[bytes]:
        with flow.run(module, value, loss=torch.sum, seed=1) as found:
            nodes = [each for node in found.capture.nodes for each in node.upstream]
            return [each.tobytes() for each in nodes if each is not None]

    before = cells()
    with flow.Hooking(module, [flow.Hook("full backward", "conv2", times(2))]) as hooking:
        hooking.run(value, loss=torch.sum, seed=1)
    assert cells() == before


def test_a_run_under_no_hook_has_the_gradients_of_flow_to_the_bit() -> None:
    module, value = cnn(), torch.ones(2, 1, 7, 7)
    with flow.run(module, value, loss=torch.sum, seed=4) as run_, flow.Hooking(module) as hooking:
        found = hooking.run(value, loss=torch.sum, seed=4)
        layers = {layer.name: layer.upstream for layer in run_.capture.layers}
        weights = {each.name: each.gradient for each in run_.capture.parameters}
    assert set(layers) == set(found.values)
    for name, gradient in {**layers, **weights}.items():
        ours = {**found.gradients, **found.parameters}[name]
        assert gradient is not None
        assert ours is not None
        assert np.array_equal(ours, gradient), name


# What is refused


@pytest.mark.parametrize(
    ("hook", "told"),
    [
        (
            flow.Hook("forward", "d"),
            "on: it must name a layer for kind 'forward'; 'd' came. Take one of a, b, c.",
        ),
        (
            flow.Hook("parameter", "a"),
            "on: it must name a parameter for kind 'parameter'; 'a' came. "
            "Take one of a.weight, b.weight, c.weight.",
        ),
        (
            flow.Hook("backward", "a"),  # type: ignore[arg-type]
            "kind: it must be one of forward pre, forward, full backward pre, full backward, "
            "tensor, parameter, post accumulate grad; 'backward' came. Take one.",
        ),
    ],
)
def test_what_cannot_be_hooked_is_refused_in_words_and_leaves_nothing(
    hook: flow.Hook, told: str
) -> None:
    module = chain()
    with pytest.raises(flow.HookError) as error:
        flow.Hooking(module, [flow.Hook("forward", "a"), hook])
    assert str(error.value) == told
    assert hooks_of(module) == []


def test_a_frozen_parameter_and_an_unknown_handle_are_refused_in_words() -> None:
    module = chain()
    module.get_parameter("b.weight").requires_grad_(False)
    with flow.Hooking(module) as hooking:
        with pytest.raises(flow.HookError, match=r"b\.weight does not\. Set its requires_grad\."):
            hooking.add(flow.Hook("parameter", "b.weight"))
        with pytest.raises(flow.HookError, match=r"one of 0 handles, counted from 0; 5 came\."):
            hooking.remove(5)
        assert hooking.handles == ()


def test_a_loss_without_a_gradient_and_a_wrong_upstream_are_refused_in_words() -> None:
    module = chain().requires_grad_(False)
    with flow.Hooking(module) as hooking:
        with pytest.raises(flow.HookError, match=r"Set requires_grad on a parameter or"):
            hooking.run(torch.ones(1, 1), loss=torch.sum)
        with pytest.raises(flow.UpstreamError, match="either a loss or an upstream"):
            hooking.run(one(), loss=torch.sum, upstream=torch.ones(1, 1))
        with pytest.raises(flow.UpstreamError, match="the vector has shape"):
            hooking.run(one(), upstream=torch.ones(2, 1))
        with pytest.raises(flow.LossError, match="must be one number"):
            hooking.run(torch.ones(2, 1, requires_grad=True))
    assert module.training


def test_an_upstream_vector_is_what_the_backward_begins_with() -> None:
    with flow.Hooking(chain()) as hooking:
        found = hooking.run(one(), upstream=torch.tensor([[10.0]]))
    assert numbers(found)[1] == [300, 150, 50, 10]
    assert found.loss is None


# What layers can be


class Twice(nn.Module):
    """Calls one layer twice and an in-place ReLU after it."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(1, 1, bias=False)
        self.relu = nn.ReLU(inplace=True)
        nn.init.constant_(self.layer.weight, 3.0)

    def forward(self, x: Tensor) -> Tensor:
        """Multiply by 9."""
        result: Tensor = self.relu(self.layer(self.layer(x)))
        return result


def test_each_call_of_a_layer_has_a_name_and_an_in_place_one_hides_no_gradient() -> None:
    found = run([flow.Hook("tensor", "layer", times(2))], Twice())
    assert {name: each.item() for name, each in found.values.items()} == {
        "layer": 21,
        "layer#2": 63,
        "relu": 63,
    }
    gradients = {name: each.item() for name, each in found.gradients.items() if each is not None}
    assert gradients == {"(input)": 36, "layer": 12, "layer#2": 2, "relu": 1}


class Pair(nn.Module):
    """Returns what came in twice, once times 2, beside a word."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, str]:
        """Return a tuple."""
        return x * 1, x * 2, "word"


def test_every_tensor_of_a_tuple_is_replaced_and_what_is_no_tensor_stays() -> None:
    module = nn.Sequential()
    module.add_module("pair", Pair())
    with flow.Hooking(module, [flow.Hook("forward", "pair", times(10))]) as hooking:
        found = hooking.run(one(1.0), loss=lambda out: (out[0] + out[1]).sum() + len(out[2]))
    assert found.loss == 10 + 20 + 4
    assert found.fired[0].caught[2] is None
    assert found.fired[0].given[2].inside == ("Tensor", "Tensor", "str")
