"""A list of actions: what PyTorch tells after each, against pencil, plain PyTorch and torchviz."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
import torchviz
from torch import Tensor

from lessons.autograd.said import REASONS
from lessons.autograd.tape.expression import Expression, read
from lessons.autograd.tape.observed import Observer
from lessons.autograd.tape.pictured import pictured
from lessons.autograd.tape.play import ACTIONS, LABELS, WHY, State, Tape, play, why
from lessons.autograd.tape.programs import EXPONENTIAL, PROGRAMS, TRIPLE, TWO, VECTOR, WAYS
from lessons.text import read as read_text
from tests.lessons.autograd.runs import played

close = pytest.approx


def grads(states: tuple[State, ...], name: str = "x") -> list[list[float] | None]:
    found = [state[name].grad for state in states]
    return [None if grad is None else [round(each, 5) for each in grad] for grad in found]


def refusal(call: Callable[[], object]) -> str:
    """The first line of what this PyTorch says."""
    with pytest.raises((RuntimeError, AttributeError)) as raised:
        call()
    return str(raised.value).splitlines()[0]


def leaf() -> Tensor:
    return torch.tensor([2.0, 3.0], requires_grad=True)


V = torch.tensor([100.0, 0.1])

# Numbers from a pencil


def test_one_backward_brings_the_vector_times_three_and_another_adds_as_much() -> None:
    states = play(TRIPLE, VECTOR, ("bvr", "bvr", "bv"))
    assert grads(states) == [None, [300, 0.3], [600, 0.6], [900, 0.9]]
    assert grads(states, "y") == [None] * 4


@pytest.mark.parametrize(
    ("key", "grad"),
    [
        ("triple", [300, 0.3]),
        ("square", [400, 0.6]),
        ("shift", [100, 0.1]),
        ("exponential", [100 * math.exp(2), 0.1 * math.exp(3)]),
        ("total", [100, 100]),
        ("two", [900, 0.7]),
    ],
)
def test_every_expression_brings_what_a_pencil_gives(key: str, grad: list[float]) -> None:
    assert play(PROGRAMS[key], VECTOR, ("bv",))[1]["x"].grad == close(grad, rel=1e-6)


def test_two_leaves_get_their_own_and_a_kept_intermediate_too() -> None:
    """W = x + y, z = w x: dz/dw = x, dz/dx = w + x, dz/dy = x."""
    state = play(TWO, VECTOR, ("retain", "bv"))[-1]
    found = {name: state[name].grad for name in ("x", "y", "w", "z")}
    assert found["x"] == close([900, 0.7])
    assert found["y"] == close([200, 0.3])
    assert found["w"] == close([200, 0.3])
    assert found["z"] == close([100, 0.1])


def test_each_action_does_what_its_label_says() -> None:
    once, none, again, zeros = play(TRIPLE, VECTOR, ("bv", "none", "again", "zeros"))[1:]
    assert once["x"].grad == close([300, 0.3])
    assert none["x"].grad is None
    assert not again.message
    assert zeros.message
    filled = play(TRIPLE, VECTOR, ("bv", "zeros"))[-1]
    assert filled["x"].grad == (0, 0)
    detached = play(TRIPLE, VECTOR, ("detach",))[-1]["y"]
    assert (detached.grad_fn, detached.requires_grad, detached.is_leaf) == ("", False, True)
    assert detached.value == (6, 9)
    without = play(TRIPLE, VECTOR, ("no_grad",))[-1]["y"]
    assert (without.grad_fn, without.requires_grad) == ("", False)
    off, on = play(TRIPLE, VECTOR, ("off", "on"))[1:]
    assert (off["x"].requires_grad, on["x"].requires_grad) == (False, True)
    added = play(TRIPLE, VECTOR, ("off", "add"))[-1]["x"]
    assert (added.value, added.version) == ((3, 4), 1)
    doubled, backward = play(TRIPLE, VECTOR, ("mul", "bv"))[1:]
    assert (doubled["y"].value, doubled["y"].version) == ((12, 18), 1)
    assert backward["x"].grad == close([600, 0.6])


def test_what_a_node_saved_that_no_variable_names_is_told_too() -> None:
    """A change in place puts a node before that of exp, whose tensor PyTorch will refuse."""
    before, after = play(EXPONENTIAL, VECTOR, ("mul",))
    assert [(one.node, one.name, one.fate) for one in before["y"].saved] == [("", "result", "held")]
    assert [(one.node, one.name, one.bytes, one.fate) for one in after["y"].saved] == [
        ("", "other", 8, "held"),
        ("ExpBackward0", "result", 8, "changed"),
    ]
    (reciprocal,) = play(read("1 / x"), VECTOR, ())
    assert [one.node for one in reciprocal["z"].saved] == ["", "ReciprocalBackward0"]


def test_a_node_that_a_variable_names_is_told_of_there_alone() -> None:
    (state,) = play(read("exp(exp(x))"), VECTOR, ())
    assert [[one.node for one in each.saved] for each in state.variables] == [[], [""], [""]]


def test_every_action_has_a_label_and_every_reason_a_section() -> None:
    assert list(ACTIONS) == list(LABELS)
    for language in ("en", "ko"):
        sections = read_text("autograd", language).sections
        assert {f"why {reason}" for reason in REASONS} <= set(sections)
    assert len(set(REASONS)) == len(WHY) + 1


# What a variable holds


def test_variables_tell_their_place_in_the_graph() -> None:
    (state,) = play(TWO, VECTOR, ())
    told = [
        (each.name, each.requires_grad, each.is_leaf, each.grad_fn, each.following)
        for each in state.variables
    ]
    assert told == [
        ("x", True, True, "", ()),
        ("y", True, True, "", ()),
        ("w", True, False, "AddBackward0", ("AccumulateGrad (x)", "AccumulateGrad (y)")),
        ("z", True, False, "MulBackward0", ("AddBackward0", "AccumulateGrad (x)")),
    ]
    (triple,) = play(TRIPLE, VECTOR, ())
    assert triple["y"].following == ("AccumulateGrad (x)", "None")


@pytest.mark.parametrize(
    ("text", "saved"),
    [
        ("x + 1", []),
        ("sum(x)", []),
        ("-x", []),
        ("3 * x", [("other", 8)]),
        ("x * x", [("other", 8), ("self", 8)]),
        ("exp(x)", [("result", 8)]),
        ("x ** 2", [("self", 8)]),
    ],
)
def test_what_a_node_saves_is_held_until_a_backward_frees_it(
    text: str, saved: list[tuple[str, int]]
) -> None:
    """Two float32 cells take 8 bytes, and so does the number 3, which is kept as one float64."""
    states = played(text, "bvr", "bv", "bvr")
    for state, fate in zip(states, ("held", "held", "freed", "freed"), strict=True):
        assert [(one.name, one.bytes) for one in state["z"].saved] == saved
        assert {one.fate for one in state["z"].saved} <= {fate}
    assert bool(states[-1].message) == bool(saved), "what saved nothing can go on for ever"


def test_a_saved_operand_is_the_variable_itself_and_not_a_copy() -> None:
    x = leaf()
    node = (x * x).grad_fn
    assert node is not None
    places = [getattr(node, name).data_ptr() for name in ("_saved_self", "_saved_other")]
    assert places == [x.data_ptr()] * 2


def test_a_saved_tensor_that_was_changed_is_told_from_one_that_is_gone() -> None:
    x = leaf()
    y = torch.exp(x)
    node = y.grad_fn
    observer = Observer()
    assert [one.fate for one in observer.look({"y": y})[0].saved] == ["held"]
    with torch.no_grad():
        y.add_(1)
    assert y.grad_fn is node
    (changed,) = observer.look({"y": y})[0].saved
    assert (changed.fate, changed.bytes) == ("changed", 8)


# PyTorch's own messages


def twice(y: Tensor) -> None:
    y.backward(V)
    y.backward(V)


@pytest.mark.parametrize(
    ("expression", "actions", "reason", "call"),
    [
        (TRIPLE, ("b",), "vector", lambda: (3 * leaf()).backward()),
        (TRIPLE, ("bv", "bv"), "freed", lambda: twice(3 * leaf())),
        (TRIPLE, ("detach", "bv"), "cut", lambda: (3 * leaf()).detach().backward(V)),
        (EXPONENTIAL, ("mul", "bv"), "changed", lambda: leaf().exp().mul_(2).backward(V)),
        (TRIPLE, ("add",), "leaf", lambda: leaf().add_(1)),
        (TRIPLE, ("zeros",), "nothing", lambda: leaf().grad.zero_()),  # type: ignore[union-attr]
        (TRIPLE, ("no_grad", "retain"), "retain", lambda: torch.ones(2).retain_grad()),
    ],
)
def test_a_refusal_is_what_this_pytorch_says_and_it_is_explained(
    expression: Expression, actions: tuple[str, ...], reason: str, call: Callable[[], object]
) -> None:
    state = play(expression, VECTOR, actions)[-1]
    assert state.message == refusal(call)
    assert why(state.message) == reason


def test_every_message_that_any_short_list_comes_to_is_explained() -> None:
    for expression in (TRIPLE, EXPONENTIAL, PROGRAMS["total"]):
        for actions in itertools.product(ACTIONS, repeat=3):
            for state in play(expression, VECTOR, actions):
                assert not state.message or why(state.message) != "other", actions


def test_after_a_refusal_the_list_goes_on() -> None:
    states = play(TRIPLE, VECTOR, ("b", "bv", "bv", "again", "bv"))
    assert [bool(state.message) for state in states] == [False, True, False, True, False, False]
    assert grads(states)[-1] == [600, 0.6]


# The graph


@pytest.mark.parametrize("key", [*PROGRAMS, *WAYS])
def test_the_graph_has_the_nodes_and_arrows_of_torchviz(key: str) -> None:
    """Of the result; every other variable has one box and one arrow of its own besides."""
    expression = PROGRAMS.get(key) or WAYS[key]
    variables = Tape(expression, VECTOR).variables
    picture = pictured(variables)
    drawn = torchviz.make_dot(variables[expression.result]).body
    arrows = [line for line in drawn if "->" in line]
    boxes = [line for line in drawn if "->" not in line]
    besides = len(expression.lines) - 1
    assert len(picture.edges) - besides == len(arrows)
    assert len(picture.nodes) - besides == len(boxes)
    named = [node.label for node in picture.nodes if node.kind == "function"]
    assert all(any(name in box for box in boxes) for name in named)
    assert [node.label for node in picture.nodes if node.kind == "leaf"] == [
        f"{name} (2)" for name in expression.leaves
    ]


def test_what_is_detached_hangs_on_nothing() -> None:
    state = play(TRIPLE, VECTOR, ("detach",))[-1]
    assert {node.id for node in state.picture.nodes} == {"vx", "vy"}
    assert state.picture.edges == ()


# Nobody else is touched


def told(states: tuple[State, ...]) -> list[object]:
    return [(state.action, state.message, state.variables) for state in states]


def test_eight_threads_at_once_get_the_same_states() -> None:
    lists = list(itertools.product(("bvr", "bv", "mul", "retain", "no_grad"), repeat=2))
    alone = [told(play(TWO, VECTOR, actions)) for actions in lists]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(4):
            together = pool.map(lambda actions: told(play(TWO, VECTOR, actions)), lists)
            assert list(together) == alone


@pytest.mark.parametrize("mode", [torch.no_grad, torch.enable_grad, torch.inference_mode])
def test_grad_mode_and_random_numbers_are_left_as_they_were(mode: Callable[[], object]) -> None:
    before = torch.get_rng_state()
    with mode():  # type: ignore[attr-defined]
        enabled = torch.is_grad_enabled()
        if mode is not torch.inference_mode:
            assert grads(play(TRIPLE, VECTOR, tuple(ACTIONS)))[2] == [300, 0.3]
        assert torch.is_grad_enabled() == enabled
    assert torch.equal(before, torch.get_rng_state())
