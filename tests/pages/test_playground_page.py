"""The playground as Streamlit runs it, without a browser."""

from __future__ import annotations

import gettext
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast, get_args
from urllib.parse import parse_qsl

import numpy as np
import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox
from streamlit.util import calc_hash

from experiment.parameter import written
from experiment.setting import of_preset
from experiment.view import View
from experiment.written.address import from_address
from models.losses import LOSSES
from models.presets import PRESETS
from pages.parts import held
from pages.parts.addresses import PLAYGROUND
from scripts.served import ROOT
from tests.experiment.runs import answers, execute
from tests.pages.saying import new_weights
from viz.answering.sent import Place, Sent
from viz.language import english
from viz.scene import inspector
from viz.scene.choice import choose

PATIENCE = 600.0
"""Seconds to wait for one run: no measure of speed, a slow machine may need them."""
Widget = TypeVar("Widget")
WORKBENCH = "backlight_workbench"
COMPONENTS = [WORKBENCH, "backlight_room", "backlight_glossary"]


def opened(**query: str) -> AppTest:
    """Open the playground with these query parameters, and check that it ran to its end."""
    page = AppTest.from_file(str(ROOT / "pages" / "main.py"), default_timeout=PATIENCE)
    page._page_hash = calc_hash(PLAYGROUND)  # what its address stands for
    for name, value in query.items():
        page.query_params[name] = value
    return ran(page.run())


def ran(page: AppTest) -> AppTest:
    assert [error.message for error in page.exception] == []
    return page


def components(page: AppTest) -> list[str]:
    return [each.proto.component_name for each in page.main.get("bidi_component")]


def html(page: AppTest) -> str:
    return "\n".join(str(each.proto.body) for each in page.get("html"))


def press(page: AppTest, label: str) -> AppTest:
    return ran(labelled(page.button, label).click().run())


def labelled(widgets: Iterable[Widget], label: str) -> Widget:
    """Return the widget with this label: its key is another one after others changed its value."""
    (found,) = (each for each in widgets if each.label == label)  # type: ignore[attr-defined]
    return found


def told(page: AppTest) -> dict[str, Any]:
    """What the workbench is told."""
    (found,) = (
        each for each in page.get("bidi_component") if each.proto.component_name == WORKBENCH
    )
    data: dict[str, Any] = json.loads(found.proto.json)
    return data


def query(page: AppTest) -> dict[str, str]:
    """The query parameters as they stand in the address, once the workbench has written it."""
    data = told(page)
    if data["linked"]:
        items = page.query_params.items()
        return {name: value if isinstance(value, str) else value[-1] for name, value in items}
    looks = {
        name: written(value) for name, value in data["view"].items() if value != data["begun"][name]
    }
    runs = dict(parse_qsl(data["query"]))
    return {**({"v": data["version"]} if looks else {}), **runs, **looks}


def heading(page: AppTest) -> str:
    """Title of what the workbench shows first."""
    experiment = from_address(query(page))[0]
    live, look_at = answers(experiment.setting), experiment.setting.source.look_at
    return inspector.title(choose(experiment.view, look_at, live, english)[0])


def shown(page: AppTest) -> bool:
    """Whether the workbench is told to show a run."""
    return bool(told(page)["runs"])


# Presets


@pytest.mark.parametrize("model", PRESETS)
@pytest.mark.parametrize("show", get_args(inspector.Show))
def test_every_preset_is_shown_without_a_warning(model: str, show: str) -> None:
    page = opened(v="1", model=model, show=show)
    assert components(page) == COMPONENTS
    assert shown(page)
    assert told(page)["view"]["show"] == show
    assert not page.warning
    assert not page.error


def test_the_page_says_what_the_run_cost() -> None:
    (cost,) = (each.value for each in opened().caption if "recorded in" in each.value)
    # conv1 1+1, conv2 9+1, fc 4+1
    assert cost.startswith("17 parameters · ")


# Links


def test_what_does_not_exist_in_the_run_is_said_and_the_rest_is_intact() -> None:
    page = opened(v="1", node="n99", part="7", sample="9", channel="4")
    (warning,) = page.warning
    assert warning.value.split("  \n") == [
        "node: n99 does not exist, the last of this run is n12. The preset's own is shown.",
        "part: 7 does not exist, the last gradient that UpsampleNearest2DBackward0 hands on is 0. "
        "The default is shown.",
        "sample: 9 does not exist, the last of this batch is 1. 0 is shown.",
        "channel: 4 does not exist, the last one here is 0. All are shown.",
    ]
    assert shown(page)
    view = told(page)["view"]
    assert [view[name] for name in ("node", "part", "sample", "channel")] == ["", None, 0, None]
    assert not ran(new_weights(page)).warning


@pytest.mark.parametrize("name", ["node", "part", "sample", "channel"])
def test_each_index_out_of_range_is_said_alone(name: str) -> None:
    page = opened(**{name: "n99" if name == "node" else "99"})
    (warning,) = page.warning
    assert warning.value.startswith(f"{name}: ")
    assert shown(page)


def test_a_broken_link_is_explained_and_kept_on_the_page_and_in_the_address() -> None:
    broken = {"v": "1", "seed": "[x](http://e.example)", "colour": "red"}
    page = opened(**broken)
    (warning,) = page.warning
    assert warning.value.splitlines() == [
        "Part of this link could not be read:",
        "- seed: it must be a whole number from 0 to 4294967295; `[x](http://e.example)` came. "
        "The default is used: 0.",
        "- `colour`: the link has a part that means nothing here.",
    ]
    assert page.code[0].value == "v=1&seed=%5Bx%5D%28http%3A%2F%2Fe.example%29&colour=red"
    assert shown(page)
    assert query(page) == broken
    after = ran(new_weights(page))
    assert not after.warning
    assert query(after) == {"v": "2", "seed": "1"}


def test_a_device_this_server_lacks_is_said_and_the_cpu_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    page = opened(v="1", device="cuda:0")
    (warning,) = page.warning
    assert warning.value == "device: this server has cpu, not cuda:0. CPU is used."
    assert page.selectbox(key="control_device").value == "cpu"
    assert shown(page)


def test_a_run_that_is_refused_says_why_and_leaves_the_controls() -> None:
    page = opened(v="1", loss="cross_entropy", target="ones")
    (error,) = page.error
    assert error.value.endswith(r"has no target ones. Choose one of class\_0.")
    assert not shown(page)
    assert query(page) == {"v": "1", "loss": "cross_entropy", "target": "ones"}
    assert shown(press(page, "Reset"))


# Controls


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("model", ["lenet", "test"])
def test_another_loss_keeps_or_finds_a_target_that_fits(model: str, loss: str) -> None:
    page = opened(model=model)
    ran(page.selectbox(key="control_loss").set_value(loss).run())
    assert not page.error
    assert shown(page)
    targets = [box.value for box in page.selectbox if box.label == "Target"]
    assert len(targets) == bool(LOSSES[loss].targets)
    assert set(targets) <= set(LOSSES[loss].targets)


def options_of(page: AppTest, key: str) -> list[str]:
    return list(page.selectbox(key=key).options)


def test_every_class_of_the_output_is_offered_and_no_other() -> None:
    page = opened(model="lenet", loss="cross_entropy", target="class_1")
    assert options_of(page, "control_target") == [
        *(f"Class {index}" for index in range(10)),
        "Classes in turn",
        "What the digit shows",
    ]
    ran(page.selectbox(key="control_input").set_value("random").run())
    assert options_of(page, "control_target")[-1] == "Classes in turn"


def test_any_cell_of_the_output_can_be_chosen() -> None:
    page = opened(model="lenet", loss="cell", target="first_cell")
    assert options_of(page, "control_target")[-1] == "A cell of your choice"
    page = ran(page.selectbox(key="control_target").set_value("cell_0_0").run())
    assert [page.number_input(key=f"control_cell_{axis}").max for axis in (0, 1)] == [1, 9]
    assert page.number_input(key="control_cell_0").disabled, "there is one sample only"
    page = ran(page.number_input(key="control_cell_1").set_value(7).run())
    assert query(page)["target"] == "cell_0_7"
    upstream = execute(from_address(query(page))[0].setting).capture.layers[-1].upstream
    assert upstream is not None
    assert np.flatnonzero(upstream).tolist() == [7]
    page = ran(page.selectbox(key="control_loss").set_value("mse").run())
    assert not [box for box in page.number_input if str(box.key).startswith("control_cell")]


def test_a_cell_outside_the_output_is_refused_and_mended_by_any_number() -> None:
    page = opened(model="lenet", loss="cell", target="cell_0_12")
    (error,) = page.error
    assert error.value.startswith("the cell must lie in the output 1x10, counted from 0")
    page = ran(page.number_input(key="control_cell_1").set_value(9).run())
    assert not page.error
    assert query(page)["target"] == "cell_0_9"


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("control_target", "Class 3"),
        ("control_model", "A network of yesterday"),
        ("control_loss", "A loss of yesterday"),
    ],
)
def test_a_choice_from_a_list_that_has_changed_since_is_left_alone(
    key: str, label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(node="n1")
    crossed = page.selectbox(key=key)._widget_state
    crossed.string_value = label
    usual = cast("property", Selectbox._widget_state).__get__
    monkeypatch.setattr(
        Selectbox,
        "_widget_state",
        property(lambda each: crossed if each.key == key else usual(each)),
    )
    after = ran(page.run())
    monkeypatch.undo()
    assert query(after) == {"node": "n1"}
    assert shown(ran(after.run()))


def test_new_weights_count_the_seed_up_and_reset_returns() -> None:
    page = opened(model="mlp")
    assert query(ran(new_weights(page))) == {"v": "2", "model": "mlp", "seed": "1"}
    assert query(press(page, "Reset")) == {"v": "2", "model": "mlp"}


def test_after_the_last_seed_comes_the_first() -> None:
    assert query(ran(new_weights(opened(seed="4294967295")))) == {}


def test_an_address_that_the_browser_has_not_told_takes_nothing_back() -> None:
    page = ran(new_weights(opened()))
    for said in ({}, {"v": "2"}):
        page.query_params.clear()
        page.query_params.update(said)
        assert labelled(ran(page.run()).number_input, "Seed").value == 1
        assert query(page) == {"v": "2", "seed": "1"}


def test_going_back_reads_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ran(new_weights(opened()))
    page.query_params.clear()
    monkeypatch.setattr(held, "went_back", lambda: True)
    page = ran(page.run())
    assert labelled(page.number_input, "Seed").value == 0
    assert told(page)["heard"] is None
    assert query(page) == {}


def test_a_link_is_not_rewritten_before_something_changes() -> None:
    assert query(opened(model="test", seed="0")) == {"model": "test", "seed": "0"}


# Translation

MARK = "⟦"


class Marked(gettext.NullTranslations):
    """A language in which every text is itself between marks."""

    def gettext(self, message: str) -> str:
        return f"{MARK}{super().gettext(message)}⟧"


def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the browser ask for that language, which no run has been drawn in before."""
    found = gettext.translation

    def translation(domain: str, folder: Path, languages: list[str], **how: Any) -> Any:
        return Marked() if languages == ["xx"] else found(domain, folder, languages, **how)

    monkeypatch.setattr(gettext, "translation", translation)
    monkeypatch.setattr(type(st.context), "locale", "xx")


def labels(page: AppTest) -> Iterator[str]:
    """Every text of the page that is no number, name, address or style."""
    for element in (*page.main, *page.sidebar):
        proto: Any = getattr(element, "proto", None)
        if proto is None or element.type == "code":
            continue
        for field in ("label", "help", "body", "placeholder"):
            yield str(getattr(proto, field, ""))


def is_said(option: str) -> bool:
    """Whether an option is translated, or is a number or a name."""
    return MARK in option or option == "CPU" or option.replace(".", "").isdigit()


def test_every_label_can_be_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    marked(monkeypatch)
    page = opened(v="1", tint="1")
    seen = [label for label in labels(page) if label and "<style>" not in label]
    assert len(seen) > 25
    assert [label for label in seen if MARK not in label] == []
    for box in page.selectbox:
        assert [option for option in box.options if not is_said(option)] == []


def test_every_word_that_the_workbench_is_sent_can_be_translated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    marked(monkeypatch)
    sent = Sent(answers(of_preset("test")), "xx")
    scene = header(sent.scene("", changes=False))
    graph = json.loads(sent.graph(View(tint=True)))
    proof = json.loads(sent.proof("n9"))
    said = [
        *scene["steps"]["sentences"],
        *(scene["strip"]["verdict"][0]["text"], scene["finding"]["sentence"]),
        *(graph["legend"][part] for part in ("arrows", "fill")),
        *(key["says"] for key in graph["legend"]["keys"]),
        *(check[part] for check in proof["checks"] for part in ("name", "figures")),
        *(
            link["words"][name]
            for link in header(sent.sums(Place("n9", "gradient 0")))["links"]
            for name in link["words"]
        ),
    ]
    assert len(said) > 20
    formulas = {"∂L/∂input"}
    assert [text for text in said if MARK not in text and text not in formulas] == []


def header(packet: bytes) -> dict[str, Any]:
    """The words of an answer with numbers."""
    length = int.from_bytes(packet[:4], "little")
    found: dict[str, Any] = json.loads(packet[4 : 4 + length])
    return found
