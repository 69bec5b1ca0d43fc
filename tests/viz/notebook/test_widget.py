"""The workbench in a notebook: its questions, answered by the live run over messages."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
import torch
import traitlets
from torch import nn

import flow
from tests.viz.reading import read
from viz.front_code import ALONE
from viz.notebook import STATIC_ONLY, show
from viz.notebook.widget import APOLOGY, LONGEST, MOST_PARTS, UNREADABLE, Workbench

Answer = tuple[dict[str, Any], list[bytes]]


def made(scale: float = 1.0) -> tuple[nn.Module, torch.Tensor]:
    """Return a small network and its input."""
    with flow.Seeded(0):
        module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(32, 3))
        return module, (scale * torch.randn(2, 1, 6, 6)).requires_grad_()


def mean_square(out: torch.Tensor) -> torch.Tensor:
    return out.square().mean()


class Asked:
    """A widget on a run, and what it sends back to a browser."""

    def __init__(self, run: flow.Run, monkeypatch: pytest.MonkeyPatch) -> None:
        self.widget = show(run)
        self.sent: list[Answer] = []
        monkeypatch.setattr(
            self.widget, "send", lambda head, buffers=None: self.sent.append((head, buffers or []))
        )

    def message(self, content: object) -> Answer:
        """Hand the widget a message, as Jupyter does, and return the one that it sends."""
        before = len(self.sent)
        self.widget._handle_custom_msg(content, [])
        (answer,) = self.sent[before:]
        return answer

    def ask(self, name: str, **parts: str) -> Any:
        head, (answer,) = self.message({"id": "view 1", "name": name, "parts": parts})
        assert head["id"] == "view 1"
        return read(answer) if head["packet"] else json.loads(answer)

    def refused(self, name: str, **parts: str) -> str:
        head, buffers = self.message({"id": "view 1", "name": name, "parts": parts})
        assert buffers == []
        return str(head["sentence"])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    module, x = made()
    return Asked(flow.run(module, x, loss=mean_square), monkeypatch)


def node_of(run: flow.Run, layer: str) -> str:
    (node, *_) = run.capture.layer(layer).nodes
    return node


def test_the_maps_are_what_autograd_gives(asked: Asked) -> None:
    module, x = made()
    hidden = module[0](x)  # type: ignore[index]
    relu = module[1](hidden)  # type: ignore[index]
    loss = mean_square(module[3](module[2](relu)))  # type: ignore[index]
    handed, arrived, weight = torch.autograd.grad(
        loss,
        (hidden, relu, module[3].weight),  # type: ignore[index]
    )
    nodes = asked.ask("scene")["nodes"]
    (of_relu,) = [node for node in nodes.values() if node["title"] == "1"]
    page = of_relu["pages"]["gradient 0"]
    cells = {each["key"]: each["values"] for row in page["rows"] for each in row}
    assert cells["upstream"].tobytes() == arrived.numpy().tobytes()
    assert cells["downstream"].tobytes() == handed.numpy().tobytes()
    (of_linear,) = [node for node in nodes.values() if node["title"] == "3.weight"]
    (stored, *_) = [each for row in of_linear["pages"]["gradient 0"]["rows"] for each in row]
    assert stored["values"].tobytes() == weight.numpy().tobytes()


def test_a_cell_is_the_sum_that_its_answer_says(asked: Asked) -> None:
    run = asked.widget._live.run
    node = node_of(run, "3")  # type: ignore[arg-type]
    upstream = run.capture.node(node).upstream[0]
    module, _ = made()
    assert upstream is not None
    at = {"node": node, "page": f"gradient {drawn_part(run, node)}"}
    (link,) = asked.ask("cell", **at, map="downstream", index="1x7")["answer"]["links"]
    values = upstream.reshape(-1)[link["places"]].astype(np.float64)
    total = float((link["coefficients"] * values).sum())
    wanted = upstream[1].astype(np.float64) @ module[3].weight[:, 7].detach().double().numpy()  # type: ignore[index]
    assert total == pytest.approx(float(wanted), rel=1e-6)


def drawn_part(run: Any, node: str) -> int:
    """Return which downstream gradient of a linear layer goes on to the layer before."""
    handed = run.capture.node(node).downstream
    return next(at for at, array in enumerate(handed) if array is not None and array.ndim == 2)


def test_every_question_of_the_workbench_is_answered(asked: Asked) -> None:
    capture = asked.widget._live.capture
    assert asked.ask("scene")["whole"] is True
    for node in capture.nodes:
        assert asked.ask("nodes", nodes=node.id)["nodes"].keys() == {node.id}
        proof = asked.ask("proof", node=node.id)
        assert {check["state"] for check in proof["checks"]} <= {"passed", "skipped"}
        page = asked.ask("scene")["nodes"][node.id]["pages"]["values"]
        assert asked.ask("sums", node=node.id, page="values")["links"] or not page["sums"]
    assert len(asked.ask("steps", step="0")["sentences"]) == len(capture.nodes)
    assert {box["id"] for box in asked.ask("graph", tint="1")["nodes"]} >= {
        node.id for node in capture.nodes if not node.is_leaf
    }
    array = capture.node("n0").downstream[0]
    assert array is not None
    cells = asked.ask("cells", node="n0", page="gradient 0", map="downstream", start="2", count="3")
    assert cells["values"].tobytes() == array.reshape(-1)[2:5].tobytes()


@pytest.mark.parametrize(
    ("content", "id"),
    [
        (None, ""),
        ("scene", ""),
        ([1, 2], ""),
        ({}, ""),
        ({"id": 7, "name": "scene", "parts": {}}, ""),
        ({"id": "<b>" * 3, "name": "scene", "parts": {}}, ""),
        ({"id": "a" * 41, "name": "scene", "parts": {}}, ""),
        ({"id": "a", "parts": {}}, "a"),
        ({"id": "a", "name": ["scene"], "parts": {}}, "a"),
        ({"id": "a", "name": "scene", "parts": "node"}, "a"),
        ({"id": "a", "name": "scene", "parts": {"node": 3}}, "a"),
        ({"id": "a", "name": "scene", "parts": {"node": "n" * (LONGEST + 1)}}, "a"),
        ({"id": "a", "name": "s" * (LONGEST + 1), "parts": {}}, "a"),
        ({"id": "a", "name": "scene", "parts": {str(at): "" for at in range(MOST_PARTS + 1)}}, "a"),
    ],
)
def test_what_is_no_question_is_refused(asked: Asked, content: object, id: str) -> None:  # noqa: A002
    assert asked.message(content) == ({"id": id, "sentence": UNREADABLE}, [])


@pytest.mark.parametrize(
    ("name", "parts", "sentence"),
    [
        ("gradients", {}, "there is no question `gradients`, but scene, nodes, cells, "),
        ("proof", {}, "`of.node`: the question proof needs it."),
        ("proof", {"node": "n99"}, "node: n99 does not exist, the last of this run is n"),
        ("proof", {"node": "5"}, "of.node: it must be a node's id such as n5; `5` came."),
        ("scene", {"nodes": "n1", "colour": "red"}, "`of.colour`: no question has such a part."),
        ("steps", {"step": "-1"}, "of.step: it must be a whole number from 0 to 1000000; `-1` "),
        ("steps", {"step": "500"}, "step: 500 does not exist, the last one is "),
        ("sums", {"node": "n0", "page": "gradient 9"}, "page: n0 has no gradient 9, but "),
    ],
)
def test_a_question_without_an_answer_gets_a_sentence(
    asked: Asked, name: str, parts: dict[str, str], sentence: str
) -> None:
    assert sentence in asked.refused(name, **parts)


def test_what_goes_wrong_is_logged_and_answered_calmly(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(flow.Run, "check", lambda *_: 1 // 0)
    with caplog.at_level(logging.ERROR):
        assert asked.refused("proof", node="n0") == APOLOGY
    assert "ZeroDivisionError" in caplog.text


def test_a_closed_run_still_shows_its_maps_and_says_why_no_more(asked: Asked) -> None:
    run = asked.widget._live.run
    assert isinstance(run, flow.Run)
    run.close()
    assert asked.ask("scene")["count"] == len(run.capture.nodes)
    sentence = "This run was closed and its graph freed. Run the module again."
    assert asked.refused("proof", node="n0") == sentence
    assert asked.refused("graph") == sentence
    assert asked.refused("sums", node="n0", page="gradient 0") == sentence


def test_two_widgets_answer_of_their_own_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [flow.run(*made(scale), loss=mean_square) for scale in (1.0, 3.0)]
    both = [Asked(run, monkeypatch) for run in runs]
    for run, asked in zip(runs, both, strict=True):
        cells = asked.ask("cells", node="n0", page="values", map="output0", start="0", count="1")
        assert cells["values"] == run.capture.outputs[0][0, 0]
    both[0].widget.view = {"node": "n3"}
    assert both[1].widget.view["node"] != "n3"
    runs[0].close()
    assert both[1].ask("proof", node="n0")["checks"]


def test_a_view_can_be_read_and_set_and_what_is_not_said_begins_anew(asked: Asked) -> None:
    widget = asked.widget
    first = node_of(widget._live.run, "3")  # type: ignore[arg-type]
    begun = {"step": None, "part": None, "sample": 0, "channel": None, "show": "gradient"}
    assert widget.view == {"node": first, **begun}
    widget.view = {"node": "n1", "channel": 1}
    assert widget.view == {"node": "n1", **begun, "channel": 1}
    assert widget.cell is None


@pytest.mark.parametrize(
    ("view", "sentence"),
    [
        ({"node": "n99"}, "view: node: `n99` does not exist, the last of this run is n"),
        ({"node": ["n1"]}, "view: node: `['n1']` does not exist"),
        ({"step": 99}, "view: step: 99 does not exist, the last one is "),
        ({"sample": -1}, "view: sample: it must be a whole number from 0 on; `-1` came."),
        ({"sample": None}, "view: sample: it must be a whole number from 0 on; `None` came."),
        ({"channel": "all"}, "view: channel: it must be a whole number from 0 on; `all` came."),
        ({"show": "sums"}, "view: show: it must be one of gradient, values, parameters; `sums` "),
        ({"layer": "0"}, "view: there is no `layer`, but node, step, part, sample, channel, show."),
    ],
)
def test_a_view_that_cannot_be_is_refused_and_changes_nothing(
    asked: Asked, view: dict[str, Any], sentence: str
) -> None:
    before = asked.widget.view
    with pytest.raises(traitlets.TraitError) as refusal:
        asked.widget.view = view
    assert sentence in str(refusal.value)
    assert asked.widget.view == before


def test_the_workbench_opens_on_the_sample_and_channel_that_were_named() -> None:
    module, x = made()
    widget = show(flow.run(module, x, loss=mean_square), sample=1, channel=0)
    assert (widget.view["sample"], widget.view["channel"]) == (1, 0)


def test_the_front_end_comes_with_the_widget_and_asks_for_nothing(asked: Asked) -> None:
    widget = asked.widget
    assert isinstance(widget, Workbench)
    assert widget.get_state(["_esm"])["_esm"] == ALONE.read_text(encoding="utf-8")
    sheets = "".join(widget._given[name] for name in ("light", "dark", "sheet"))
    assert ".backlight-strip" in sheets
    for elsewhere in ("@import", "http:", "https:", "url("):
        assert elsewhere not in sheets


def test_without_anywidget_a_static_picture_comes_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module, x = made()
    run = flow.run(module, x, loss=mean_square)
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.warns(UserWarning, match=STATIC_ONLY):
        picture = show(run)
    assert isinstance(picture, go.Figure)
    assert picture.layout.title.text.startswith("3 · Linear(")
    assert picture.to_plotly_json() == show(run, "3").to_plotly_json()
    handed, arrived = sorted(picture.layout.annotations, key=lambda each: each.x)
    assert handed.text.startswith("Downstream"), "gradients go to the left"
    assert arrived.text.startswith("Upstream")
