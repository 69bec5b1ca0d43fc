"""A run as a file: exact where cells were changed, and the same as a notebook."""

from __future__ import annotations

import ast
import base64
import contextlib
import io
import json
import re
import tokenize
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import flow
from models.build import build
from models.literals import FEW_CELLS, changes, literal, same_bits
from models.losses import LOSSES, Loss
from models.presets import PRESETS
from models.sgd import Sgd
from models.source import Exact, Setting, from_source, to_notebook, to_script
from tests.models.source.test_source_corpus import PASTED, executed
from viz.language import speaking

pytestmark = pytest.mark.usefixtures("one_thread")

SEED = 5
SPACE: dict[str, Any] = {"torch": torch, "base64": base64, "zlib": zlib}


def run_text(*texts: str) -> dict[str, Any]:
    """Run pieces of code one after the other in one namespace, and return it."""
    space: dict[str, Any] = {"__name__": "written"}
    with torch.random.fork_rng(), contextlib.redirect_stdout(io.StringIO()):
        for text in texts:
            exec(compile(text, "written.py", "exec"), space)  # noqa: S102 - text that we wrote
    return space


def changed(key: str) -> tuple[Setting, flow.Run]:
    """Run a preset with cells of its input, a weight and its target changed by hand."""
    preset = PRESETS[key]
    module, kind = build(preset.spec, SEED), LOSSES[preset.loss]
    values = preset.values(SEED)
    values.view(-1)[:: max(1, values.numel() // 100)] = -0.25
    parameters = dict(module.named_parameters())
    with torch.no_grad():
        for parameter in parameters.values():
            parameter.view(-1)[0] = 0.123456789
        output = build(preset.spec, SEED)(values)
    target = kind.target(tuple(output.shape), preset.target) if kind.targets else None
    if target is not None and target.is_floating_point():
        target.view(-1)[-1] = 7.5
    loss = Loss(kind.name, kind.compare, torch.zeros(()) if target is None else target)
    setting = Setting(
        input=preset.input,
        shape=preset.input_shape,
        loss=preset.loss,
        target=preset.target,
        seed=SEED,
        exact=Exact(values, parameters, target),
    )
    return setting, flow.run(module, values, loss=loss, seed=SEED)


def assert_same(space: dict[str, Any], run: flow.Run) -> None:
    capture = run.capture
    assert space["loss"].item() == capture.loss
    assert torch.equal(space["x"], torch.tensor(capture.inputs[0]))
    for record in capture.parameters:
        parameter = space["model"].get_parameter(record.name)
        assert torch.equal(parameter.detach(), torch.tensor(record.value)), record.name
        if record.gradient is not None:
            assert torch.equal(parameter.grad, torch.tensor(record.gradient)), record.name


@pytest.mark.parametrize("key", ["test", "lenet", "mlp", "residual", "unet"])
def test_cells_changed_by_hand_are_in_the_script(key: str) -> None:
    setting, run = changed(key)
    script = to_script(PRESETS[key].spec, setting)
    with run:
        assert_same(run_text(script), run)
    assert from_source(script) == PRESETS[key].spec


@pytest.mark.parametrize("key", ["test", "unet"])
def test_a_notebook_runs_from_top_to_bottom_and_gives_the_same_bits(key: str) -> None:
    setting, run = changed(key)
    script = to_script(PRESETS[key].spec, setting, "http://127.0.0.1/?v=1")
    book = json.loads(to_notebook(script))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in book["cells"]]
    assert len(set(ids)) == len(ids)
    code = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    with run:
        assert_same(run_text(*code), run)
    heading = "".join(book["cells"][0]["source"])
    assert f"{PRESETS[key].spec.name}: forward and backward once, seed {SEED}." in heading
    assert "Seen at http://127.0.0.1/?v=1" in heading
    assert len(code) > 4
    kept = [line for line in script.splitlines() if line.strip() and not line.startswith("# ")]
    assert [line for text in code for line in text.splitlines() if line.strip()] == kept


def test_a_script_in_korean_is_the_same_code_with_korean_comments() -> None:
    setting, _run = changed("unet")
    setting = replace(setting, sgd=Sgd(steps=2))
    english, korean = (
        to_script(PRESETS["unet"].spec, setting, "http://a/", speaking(language))
        for language in ("en", "ko")
    )
    assert ast.dump(ast.parse(korean)) == ast.dump(ast.parse(english))
    assert len(comments(korean)) == len(comments(english)) > 6
    assert [each for each in comments(korean) if not re.search("[가-힣]", each)] == []


def comments(script: str) -> list[str]:
    """The comments of a script."""
    tokens = tokenize.generate_tokens(io.StringIO(script).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def test_an_input_without_a_name_is_written_as_it_was() -> None:
    values = torch.rand(2, 1, 2, 2, generator=torch.Generator().manual_seed(1))
    setting = Setting("upload", (2, 1, 2, 2), "sum", exact=Exact(values, {}, None))
    assert torch.equal(run_text(to_script(PRESETS["test"].spec, setting))["x"], values)


def test_a_device_is_named_once_for_each_tensor() -> None:
    script = to_script(
        PRESETS["test"].spec,
        Setting("arange", (2, 1, 2, 2), "mse", "zeros", device="cuda:0", input_gradient=True),
    )
    lines = script.splitlines()
    assert lines.index('x = x.to("cuda:0")') < lines.index("x.requires_grad_()")
    assert 'model.to("cuda:0")' in lines
    assert "target = torch.full((2, 1), 0.0).to(x.device)" in lines


@pytest.mark.parametrize(
    ("key", "wanted"), [("lenet", False), ("mlp with a module list", True), ("vgg", True)]
)
def test_a_script_says_whether_a_state_dict_of_the_pasted_class_does_not_fit(
    key: str, wanted: bool
) -> None:
    text, shape = PASTED[key]
    spec = from_source(text)
    theirs = executed(text, spec.name)
    script = to_script(spec, Setting("random", shape, "sum"))
    ours = run_text(script)["model"].state_dict()
    assert (set(theirs.state_dict()) != set(ours)) is wanted
    sentence = (
        "\n# Some layers have other names than in the pasted class: a state_dict of that class "
        "does not fit.\n"
    )
    assert (sentence in script) is wanted
    assert sentence not in to_script(from_source(script), Setting("random", shape, "sum"))


def test_a_line_break_in_an_address_stays_in_the_comment() -> None:
    setting = Setting("arange", (2, 1, 2, 2), "sum")
    script = to_script(PRESETS["test"].spec, setting, "http://a/\nraise SystemExit")
    assert "\nraise" not in script
    assert "# Seen at http://a/ raise SystemExit\n" in script


numbers = st.sampled_from([np.float32, np.float64, np.int64]).flatmap(
    lambda kind: arrays.arrays(
        kind, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6)
    )
)


@settings(max_examples=200, deadline=None)
@given(numbers)
def test_every_tensor_is_written_bit_for_bit(cells: Any) -> None:
    tensor = torch.from_numpy(np.array(cells))
    if tensor.is_floating_point():
        tensor[tensor.isnan()] = float("nan")  # a script says nan, whichever bits it had
    again = eval(literal(tensor), dict(SPACE))  # noqa: S307 - text that we wrote
    assert again.dtype == tensor.dtype
    assert again.shape == tensor.shape
    assert again.numpy().tobytes() == tensor.numpy().tobytes()


@pytest.mark.parametrize("count", [0, 1, 3, FEW_CELLS, FEW_CELLS + 1, 400])
def test_changed_cells_turn_one_tensor_into_the_other(count: int) -> None:
    before = torch.zeros(20, 20)
    after = before.clone()
    after.view(-1)[torch.randperm(400, generator=torch.Generator().manual_seed(1))[:count]] = 0.1
    lines = list(changes("x.view(-1)", before, after))
    space = {**SPACE, "x": before.clone()}
    for line in lines:
        exec(line, space)  # noqa: S102 - text that we wrote
    assert same_bits(space["x"], after)
    assert len(lines) == (1 if count else 0)


def test_minus_zero_and_nan_are_changes_like_any_other() -> None:
    before = torch.tensor([0.0, 1.0, float("nan")])
    after = torch.tensor([-0.0, float("nan"), float("nan")])
    space = {**SPACE, "x": before.clone()}
    for line in changes("x.view(-1)", before, after):
        exec(line, space)  # noqa: S102 - text that we wrote
    assert same_bits(space["x"], after)
