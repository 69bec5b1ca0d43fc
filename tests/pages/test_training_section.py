"""A training below the run as Streamlit runs it: its plan, its presses, its sentences, its end."""

from __future__ import annotations

import threading
from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from experiment.packing import pack
from experiment.setting import of_preset
from experiment.training.training import Training
from experiment.training.work import TrainingWork
from models.spec import LayerSpec, ModelSpec
from models.training.plan import Plan
from models.training.step import Trouble
from pages.parts import following
from pages.training.trouble import sentences
from tests.pages.saying import data, says
from tests.pages.test_lesson_pages import START, goes_to
from tests.pages.test_playground_page import labelled, opened, press, ran

TIMELINE = "training_timeline"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk be a single step."""
    monkeypatch.setattr(following, "CHUNK", 0.0)


def done(page: AppTest) -> int:
    """How many steps are drawn."""
    return len(data(page, TIMELINE)["losses"])


def to_the_end(page: AppTest) -> AppTest:
    while any(each.label == "Pause" for each in page.button):
        ran(page.run())
    return page


def also(page: AppTest) -> str:
    """What the workbench puts into the address of the training."""
    (found,) = (
        each.proto.json for each in page.main.get("bidi_component") if "workbench" in each.proto.id
    )
    import json

    told: str = json.loads(found)["also"]
    return told


def words(page: AppTest) -> str:
    return "\n".join(each.value for each in (*page.markdown, *page.caption)).replace("\\", "")


def planes(page: AppTest) -> list[str]:
    """What is drawn of the plane."""
    bodies: list[str] = [each.proto.body for each in page.get("html")]
    return [body for body in bodies if 'class="plane"' in body]


def test_it_is_opened_by_a_switch_and_nothing_is_trained_before_it_is_asked_for() -> None:
    page = opened()
    assert "Training over many steps" not in words(page)
    ran(labelled(page.toggle, "Train over many steps").set_value(True).run())
    assert "Training over many steps" in words(page)
    assert done(page) == 0
    assert also(page) == "train=1"
    page = to_the_end(press(page, "Start"))
    assert done(page) == 100
    assert also(page) == "train=1&train_run=100"


def test_what_is_drawn_are_the_numbers_of_the_training() -> None:
    page = to_the_end(opened(model="moons", train="1", train_run="100"))
    steps = list(TrainingWork(of_preset("moons"), Plan("two_moons")).steps())
    told = data(page, TIMELINE)
    np.testing.assert_allclose(told["losses"], [step.loss for step in steps], rtol=1e-4)
    assert told["layers"] == ["fc1", "fc2", "fc3"]
    norms = [
        [float(np.hypot(*step.norms[2 * at : 2 * at + 2])) for step in steps] for at in range(3)
    ]
    np.testing.assert_allclose(told["norms"], norms, rtol=1e-4)
    last = steps[-1]
    assert "Step 99: all gradients together have norm" in words(page)
    percent = f"{100 * last.moved[0]:.2g}"
    assert (
        f"by this part of their norm: fc1.weight {percent}\N{NO-BREAK SPACE}%, fc1.bias"
        in words(page)
    )


@pytest.mark.usefixtures("slow")
def test_every_run_of_the_page_does_a_chunk_until_it_is_paused_and_goes_on() -> None:
    page = opened(train="1", train_steps="5", train_run="5")
    assert done(page) == 1
    assert done(ran(page.run())) == 2
    page = press(page, "Pause")
    assert also(page) == "train=1&train_steps=5&train_run=2"
    assert done(page) == done(ran(page.run())) == 2
    page = to_the_end(press(page, "Go on"))
    assert done(page) == 5
    assert not [each for each in page.button if each.label in ("Start", "Go on", "Pause")]
    page = press(page, "Begin anew")
    assert done(page) == 0
    assert also(page) == "train=1&train_steps=5"


@pytest.mark.usefixtures("slow")
def test_whoever_leaves_takes_the_training_along() -> None:
    page = opened(train="1", train_steps="50", train_run="50")
    progress = page.session_state["training"]
    before, threads = len(progress.frames), threading.active_count()
    for _visit in range(3):
        goes_to(page, START)
    assert len(progress.frames) == before
    assert threading.active_count() <= threads


def test_step_and_layer_that_the_browser_says_are_looked_at_and_in_the_link() -> None:
    page = to_the_end(opened(train="1", train_steps="6", train_run="6"))
    ran(says(page, (TIMELINE, {"step": 2, "layer": "conv2"})))
    assert also(page) == "train=1&train_steps=6&train_run=6&train_at=2&train_layer=conv2"
    assert "Step 2: all gradients together" in words(page)
    assert "of their norm: conv2.weight" in words(page)
    assert data(page, TIMELINE)["value"] == {"step": 2, "layer": "conv2"}


@pytest.mark.parametrize(
    "said",
    [
        None,
        3,
        {},
        {"step": 6, "layer": "fc"},
        {"step": -1, "layer": "fc"},
        {"step": True, "layer": "fc"},
        {"step": 1, "layer": 2},
        [1, "fc"],
    ],
)
def test_what_makes_no_sense_is_left(said: Any) -> None:
    page = to_the_end(opened(train="1", train_steps="6", train_run="6"))
    ran(says(page, (TIMELINE, said)))
    assert also(page) == "train=1&train_steps=6&train_run=6"


def test_a_layer_and_a_step_of_a_link_that_there_are_not_are_the_first_and_the_last() -> None:
    page = opened(train="1", train_steps="6", train_run="4", train_at="400", train_layer="nowhere")
    assert data(to_the_end(page), TIMELINE)["value"] == {"step": 3, "layer": "conv1"}


def test_another_optimizer_brings_its_rate_and_trains_anew() -> None:
    page = to_the_end(opened(train="1", train_steps="6", train_run="6"))
    ran(labelled(page.selectbox, "Optimizer").select("adam").run())
    assert also(page) == "train=1&train_with=adam&train_rate=0.01&train_steps=6"
    assert done(page) == 0
    assert "Adam · learning rate 0.01 · 6 steps" in words(page)


def test_another_seed_trains_anew_and_another_node_does_not() -> None:
    page = to_the_end(opened(train="1", train_steps="6", train_run="6"))
    ran(labelled(page.number_input, "Seed").set_value(4).run())
    assert done(page) == 0
    assert also(page) == "train=1&train_steps=6"


def test_momentum_and_batch_are_offered_where_they_matter() -> None:
    page = opened(model="lenet", train="1")
    labels = {each.label for each in page.number_input}
    assert {"Steps", "Clip norm at"} <= labels
    assert not {"Momentum", "Batch"} & labels
    page = opened(model="lenet", train="1", train_data="digits", train_with="momentum")
    assert {"Momentum", "Batch"} <= {each.label for each in page.number_input}


def test_only_data_that_fit_are_offered() -> None:
    page = opened(model="lenet", train="1")
    assert labelled(page.selectbox, "Data").options == ["Own input and target", "Digits"]
    assert "Data" not in {each.label for each in opened(train="1").selectbox}


def test_data_of_a_link_that_do_not_fit_are_said() -> None:
    page = opened(train="1", train_data="spirals", train_run="10")
    assert "This network cannot be trained on Spirals" in page.main.warning[0].value
    assert labelled(page.selectbox, "Data").value == "spirals"


def test_a_rate_that_is_none_is_said_and_changes_nothing() -> None:
    page = opened(train="1")
    box = labelled(page.selectbox, "Learning rate of the training")
    box.options.append("fast")  # a browser adds what is typed
    ran(box.set_value("fast").run())
    told = page.sidebar.error[0].value
    assert told.startswith("Learning rate of the training: it must be a learning rate above 0")
    assert also(page) == "train=1"


def test_what_was_typed_as_a_rate_is_no_longer_said_when_an_optimizer_brings_its_own() -> None:
    page = opened(train="1")
    box = labelled(page.selectbox, "Learning rate of the training")
    box.options.append("fast")
    ran(box.set_value("fast").run())
    ran(labelled(page.selectbox, "Optimizer").select("adam").run())
    assert labelled(page.selectbox, "Learning rate of the training").value == "0.01"
    assert not page.sidebar.error


def test_clipping_is_said_with_both_norms() -> None:
    page = to_the_end(opened(train="1", train_steps="2", train_run="1", train_clip="0.5"))
    (step, _) = TrainingWork(of_preset("test"), Plan(steps=2, clip=0.5)).steps()
    factor = f"{0.5 / step.total:.3g}"
    told = f"have norm {step.total:.3g}, clipped to 0.5: each was multiplied by {factor}."
    assert told in words(page)
    assert data(page, TIMELINE)["clips"]
    assert not data(opened(train="1"), TIMELINE)["clips"]


def test_the_loss_is_named_where_the_data_bring_their_own() -> None:
    asked = {"model": "lenet", "loss": "mse", "target": "zeros", "train": "1"}
    page = opened(**asked, train_data="digits")
    assert "Digits · loss Cross entropy · SGD" in words(page)
    assert "loss Cross entropy" not in words(opened(**asked))


def test_the_end_by_a_number_that_is_not_finite_is_said() -> None:
    page = to_the_end(opened(train="1", train_rate="1000", train_run="100"))
    (said,) = (each.value.replace("\\", "") for each in page.main.error)
    assert said.startswith(
        "Training ended at step 2: the loss is not finite. conv2 (Conv2d) turned"
    )
    assert said.endswith("Try a learning rate below 1000. Or clip the norm of the gradients.")
    assert data(page, TIMELINE)["steps"] == 3
    assert "Step 2: all gradients together have norm" in words(page)
    assert "moved parameters" not in words(page), "no step was taken"
    assert not [each for each in page.button if each.label in ("Start", "Go on")]


def test_what_is_to_be_tried_follows_what_happened() -> None:
    plan = Training(train_rate=3.0, train_clip=1.0)
    names = ("a.weight", "a.bias", "b.weight", "b.bias")
    gradient = sentences(plan, 4, Trouble("gradient", names, "told."))
    assert gradient == [
        "Training ended at step 4: the gradient of a.weight, a.bias, b.weight and 1 more is not "
        "finite.",
        "told.",
        "Try a learning rate below 3.",
    ]
    first = sentences(plan, 0, Trouble("loss", (), ""))
    assert first[-1] == "No step was taken before it: no learning rate would have done."
    weight = sentences(Training(), 0, Trouble("weight", ("a.weight",)))
    assert weight[0] == "Training ended: step 0 made a.weight not finite."
    assert weight[1] == "Try a learning rate below 0.1."


def test_where_only_the_loss_is_not_finite_that_is_said() -> None:
    page = to_the_end(opened(train="1", train_rate="20", train_run="100"))
    (said,) = (each.value.replace("\\", "") for each in page.main.error)
    assert "Every layer's output is still finite; the loss computed from it is not." in said
    assert "turned" not in said


def test_a_network_without_parameters_is_not_trained() -> None:
    bare = ModelSpec(layers=(LayerSpec(name="relu", kind="ReLU"),))
    page = opened(net=pack(bare), input_gradient="1", loss="sum", train="1")
    assert "a step moves nothing" in page.main.warning[-1].value


def test_frames_that_are_left_out_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.training.trainer.every", lambda _size, _steps: 4)
    page = to_the_end(opened(train="1", train_steps="8", train_run="8", train_at="6"))
    assert "these are of step 4." in words(page)
    assert "Step 6: all gradients together" in words(page)


def test_the_plane_is_drawn_for_points_only() -> None:
    page = to_the_end(opened(model="moons", train="1", train_steps="3", train_run="3"))
    (picture,) = planes(page)
    encoded = picture.partition("base64,")[2].partition('"')[0]
    assert b64decode(encoded).count(b"<circle") == 240
    assert 'alt="Decision regions' in picture
    assert "The network before step 2. Blue: class 0. Red: class 1." in words(page)
    page = to_the_end(
        opened(model="moons", train="1", train_data="own", train_steps="3", train_run="3")
    )
    assert not planes(page)


def test_points_are_trained_on_all_of_them_from_the_start_and_a_network_on_its_own_input() -> None:
    page = opened(model="moons", train="1")
    assert labelled(page.selectbox, "Data").value == "two_moons"
    assert also(page) == "train=1"
    ran(labelled(page.selectbox, "Model").select("lenet").run())
    assert labelled(page.selectbox, "Data").value == "own"
    assert also(page) == "train=1", "the section stays open"


def test_a_section_that_is_closed_lets_go_of_what_was_trained() -> None:
    page = to_the_end(opened(train="1", train_steps="3", train_run="3"))
    assert "training" in page.session_state
    ran(labelled(page.toggle, "Train over many steps").set_value(False).run())
    assert "training" not in page.session_state


def test_what_a_link_hides_no_training_tells() -> None:
    page = opened(train="1", train_run="5", hidden="conv2.downstream")
    assert "A map of this run is hidden" in page.main.warning[-1].value
    assert not [each for each in page.get("bidi_component") if TIMELINE in each.proto.id]
    assert "training" not in page.session_state
