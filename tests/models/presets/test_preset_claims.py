"""What the gallery says of each preset is what its gradients show, with whatever seed."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import torch

import flow
from flow.record import Array, Capture
from models.build import build
from models.losses import LOSSES
from models.presets import PRESETS

SEEDS = range(3)


@cache
def recorded(key: str, seed: int) -> Capture:
    """Run a preset with the weights of a seed, its input asking for a gradient."""
    preset = PRESETS[key]
    network, x = build(preset.spec, seed), preset.values()
    loss = LOSSES[preset.loss].make(tuple(network(x).shape), preset.target)
    values = x.detach().requires_grad_() if x.is_floating_point() else x
    with flow.run(build(preset.spec, seed), values, loss) as run:
        return run.capture


def upstream(key: str, layer: str, seed: int = 0) -> Array:
    found = recorded(key, seed).layer(layer).upstream
    assert found is not None
    return found


def downstream(key: str, layer: str, seed: int = 0) -> Array:
    found = recorded(key, seed).layer(layer).downstream[0]
    assert found is not None
    return found


def parameter(key: str, name: str, seed: int = 0) -> Array:
    found = {each.name: each for each in recorded(key, seed).parameters}[name].gradient
    assert found is not None
    return found


def blocks(array: Array, side: int) -> Array:
    """Sum the blocks of ``side`` x ``side`` cells on the last two axes."""
    *lead, height, width = array.shape
    cut = array.reshape(*lead, height // side, side, width // side, side)
    return np.asarray(cut.sum((-3, -1)))


def test_every_card_has_a_test_here_or_counts_by_hand_elsewhere() -> None:
    """A card that is added needs its claim tested."""
    counted = {"triple", "routing", "unpool_nearest", "unpool_nails", "unpool_max"}
    here = {name.removeprefix("test_claim_of_") for name in globals() if "test_claim_of_" in name}
    assert counted | here == set(PRESETS)


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_test(seed: int) -> None:
    handed = downstream("test", "upsample", seed)
    assert np.allclose(handed, blocks(upstream("test", "upsample", seed), 2), rtol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_xor(seed: int) -> None:
    """A positive gradient pulls the output down; three points on one line cannot alternate."""
    signs = np.sign(upstream("xor", "fc", seed).ravel())
    assert signs.tolist() == [1, -1, -1, 1]


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_mlp(seed: int) -> None:
    y = recorded("mlp", seed).layer("tanh1").output
    assert y is not None
    slope = 1 - np.asarray(y, np.float64) ** 2
    expected = upstream("mlp", "tanh1", seed) * slope
    assert np.allclose(downstream("mlp", "tanh1", seed), expected, rtol=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_moons(seed: int) -> None:
    """Softmax minus one at the right class, which goes in turn, over the sixteen points."""
    scores = recorded("moons", seed).layer("fc3").output
    assert scores is not None
    powers = np.exp(scores.astype(np.float64))
    expected = powers / powers.sum(1, keepdims=True) - np.eye(2)[np.arange(16) % 2]
    np.testing.assert_allclose(upstream("moons", "fc3", seed), expected / 16, rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_spirals(seed: int) -> None:
    """A point for which a unit is off has no part in what reaches the unit's weights."""
    capture = recorded("spirals", seed)
    output = capture.layer("relu1").output
    assert output is not None
    off = np.equal(output, 0)
    assert off.any()
    handed = downstream("spirals", "relu1", seed)
    assert (handed[off] == 0).all()
    points = capture.inputs[0].astype(np.float64)
    expected = np.where(off, 0, handed).astype(np.float64).T @ points
    found = parameter("spirals", "fc1.weight", seed)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_lenet(seed: int) -> None:
    assert PRESETS["lenet"].look_at == "pool1"
    handed = downstream("lenet", "pool1", seed)
    assert (blocks((handed != 0).astype(int), 2) <= 1).all()
    assert (handed == 0).mean() >= 0.75


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_vanishing(seed: int) -> None:
    sizes = [np.abs(upstream("vanishing", f"sigmoid{step}", seed)).max() for step in range(1, 9)]
    assert all(earlier < 0.5 * later for earlier, later in pairwise(sizes))
    for step in range(1, 9):
        arrived = upstream("vanishing", f"sigmoid{step}", seed)
        handed = downstream("vanishing", f"sigmoid{step}", seed)
        assert (np.abs(handed) <= 0.25 * np.abs(arrived)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_twins(seed: int) -> None:
    end = np.abs(upstream("twins", "both", seed)).mean()
    assert np.abs(upstream("twins", "plain_tanh1", seed)).mean() < 0.5 * end
    assert np.abs(upstream("twins", "skip_add1", seed)).mean() >= end


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_residual(seed: int) -> None:
    first, second = recorded("residual", seed).layer("add").downstream
    assert first is not None
    assert second is not None
    assert np.array_equal(first, upstream("residual", "add", seed))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_lstm(seed: int) -> None:
    rows = np.abs(downstream("lstm", "lstm", seed)[0]).sum(-1)
    ratios = rows[:-1] / rows[1:]
    assert (ratios < 1).all()
    assert 0.5 < ratios.mean() < 0.7


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_words(seed: int) -> None:
    (ids,) = recorded("words", seed).inputs
    handed = upstream("words", "embedding", seed).reshape(-1, 4)
    table = parameter("words", "embedding.weight", seed)
    counts = np.bincount(ids.ravel(), minlength=5)
    assert set(counts) >= {0, 2}, "a row is read twice and one is not read"
    for row, count in enumerate(counts):
        assert np.allclose(table[row], handed[ids.ravel() == row].sum(0), rtol=1e-5)
        assert count or not table[row].any()


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_attention(seed: int) -> None:
    capture = recorded("attention", seed)
    softmax = next(node for node in capture.nodes if node.name == PRESETS["attention"].node)
    (handed,) = softmax.downstream
    assert handed is not None
    assert np.abs(handed).max() > 0
    assert np.abs(handed.sum(-1)).max() < 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_unet(seed: int) -> None:
    """The indices of the pool say from where each gradient is fetched."""
    pooled = recorded("unet", seed).layer("pool1").outputs
    places = pooled[1]
    assert places is not None
    arrived = upstream("unet", "unpool1", seed)
    flat = arrived.reshape(*arrived.shape[:2], -1)
    fetched = np.take_along_axis(flat, places.reshape(*places.shape[:2], -1), -1)
    assert np.array_equal(downstream("unet", "unpool1", seed), fetched.reshape(places.shape))


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_fpn(seed: int) -> None:
    handed = downstream("fpn", "up3", seed)
    assert np.allclose(handed, blocks(upstream("fpn", "up3", seed), 2), rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_psp(seed: int) -> None:
    """Shares add up to 1 for each upstream cell; the pool hands each cell of a region the same."""
    arrived = upstream("psp", "up2", seed)
    assert np.allclose(
        downstream("psp", "up2", seed).sum((-2, -1)), arrived.sum((-2, -1)), rtol=1e-3, atol=1e-7
    )
    pooled = downstream("psp", "pool2", seed)
    expected = np.kron(upstream("psp", "pool2", seed), np.ones((4, 4))) / 16
    assert np.allclose(pooled, expected, rtol=1e-5)


def bottlenecks(blocks: int, stride: int, dilation: int, *, dilate: bool) -> list[tuple[int, int]]:
    """Return stride and dilation of the 3x3 of each block, as torchvision's ``_make_layer`` does.

    The first block of a stage keeps the dilation of before; ``dilate`` turns its stride into one.
    """
    before = dilation
    if dilate:
        dilation, stride = dilation * stride, 1
    return [(stride, before), *[(1, dilation)] * (blocks - 1)]


def test_claim_of_dilated_blocks() -> None:
    """Stage 1 has a stride, stage 2 a dilation for it: a cell reads taps that lie two apart."""
    capture = recorded("dilated_blocks", 0)
    layer = capture.layer("stage2b_conv2")
    assert layer.input_shapes[0][2:] == layer.output_shapes[0][2:] == (8, 8)
    module = build(PRESETS["dilated_blocks"].spec, 0)
    middles = [module.get_submodule(f"stage{name}_conv2") for name in ("1a", "2a", "2b")]
    stages = bottlenecks(1, 2, 1, dilate=False) + bottlenecks(2, 2, 1, dilate=True)
    assert stages == [(2, 1), (1, 1), (1, 2)]
    found = [(int(m.stride[0]), int(m.dilation[0])) for m in middles]  # type: ignore[index, arg-type]
    assert found == stages
    assert [tuple(m.padding) for m in middles] == [(d, d) for _, d in stages]  # type: ignore[arg-type]
    impulse = torch.zeros(1, 4, 8, 8)
    impulse[0, 0, 4, 4] = 1
    asking = torch.zeros(1, 4, 8, 8, requires_grad=True)
    with flow.run(middles[2], asking, upstream=impulse) as run:
        (handed,) = run.capture.nodes[0].downstream[:1]
    assert handed is not None
    rows, columns = np.nonzero(handed[0].any(0))
    assert sorted(set(rows)) == sorted(set(columns)) == [2, 4, 6]


def test_claim_of_linear() -> None:
    with_corners = _shares("linear", "aligned")
    without = _shares("linear", "plain")
    assert without <= {"1", "1/4", "3/4", "1/2"}
    assert {"1/4", "3/4"} <= without
    assert {share for share in with_corners if share != "1"} == {"1/5", "2/5", "3/5", "4/5"}


def _shares(key: str, layer: str) -> set[str]:
    """Return the coefficients of a layer as its names write them."""
    preset = PRESETS[key]
    network, x = build(preset.spec, 0), preset.values()
    loss = LOSSES[preset.loss].make(tuple(network(x).shape), preset.target)
    with flow.run(network, x, loss) as run:
        table = run.table(run.capture.layer(layer).nodes[0])
        return {name.partition(" ")[0] for name in table.names}


def test_claim_of_bilinear() -> None:
    assert "3/16" in _shares("bilinear", "plain")  # 3/4 x 1/4
    assert _shares("bilinear", "plain") == {"1", "1/4", "3/4", "1/16", "3/16", "9/16"}


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_transposed(seed: int) -> None:
    module = build(PRESETS["transposed"].spec, seed).get_submodule("up")
    kernel = module.get_parameter("weight").detach().double().numpy()[0, 0]
    arrived = upstream("transposed", "up", seed)[0, 0]
    handed = downstream("transposed", "up", seed)[0, 0]
    for row, column in np.ndindex(*handed.shape):
        seen = arrived[2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
        assert np.isclose(handed[row, column], (seen * kernel).sum(), rtol=1e-4, atol=1e-6)


def test_claim_of_kernel() -> None:
    preset = PRESETS["kernel"]
    network, x = build(preset.spec, 0), preset.values()
    loss = LOSSES[preset.loss].make(tuple(network(x).shape), preset.target)
    with flow.run(network, x, loss) as run:
        node = run.capture.layer("conv").nodes[0]
        assert sorted(run.explain(node, (0, 0, 1, 1)).places.tolist()) == [0, 1, 2, 3]
        assert len(run.explain(node, (0, 0, 0, 0)).terms) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_claim_of_dilation(seed: int) -> None:
    reached = downstream("dilation", "conv1", seed)[0, 0] != 0
    rows, columns = np.nonzero(reached)
    assert rows.max() - rows.min() + 1 == columns.max() - columns.min() + 1 == 15
    assert reached.sum() == 225
