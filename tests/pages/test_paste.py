"""The box for a class of one's own, as Streamlit runs it."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode

import pytest
from streamlit.testing.v1 import AppTest

from experiment.written.address import Experiment, begun, from_address, to_address
from experiment.written.file import to_json
from experiment.written.pasted import Pasted, PasteError, read
from models.presets import PRESETS
from models.source import from_source, to_source
from pages.controls import paste
from pages.parts.asking import answers
from tests.models.source.pasted_vision import VISION
from tests.pages.saying import new_weights
from tests.pages.test_lesson_pages import goes_to
from tests.pages.test_playground_page import (
    MARK,
    html,
    marked,
    opened,
    press,
    query,
    shown,
)
from viz.scene.worth import worth_seeing

WRONG = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 2)

    def forward(self, x):
        return self.b(x)  # <script>alert(1)</script> & **bold**
"""
SIZED = """\
class Net(nn.Module):
    def __init__(self, wide):
        super().__init__()
        self.a = nn.Conv2d(1, wide, 3)

    def forward(self, x):
        y = self.a(x)
        return F.interpolate(y, size=x.shape[2:]) + x
"""


PASTED_FOR_LINES = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv1d(2, 16, 3, padding=1)
        self.fc = nn.Linear(8192, 2)

    def forward(self, x):
        return self.fc(self.a(x).flatten(1))
"""


def box(**parameters: str) -> AppTest:
    """Open the box on the playground."""
    return press(opened(**parameters), "Paste code")


def write(page: AppTest, text: str) -> AppTest:
    return page.text_area(key=paste.TEXT).set_value(text).run()


def stands_in(page: AppTest) -> list[str]:
    """What is said of the data that a network came without."""
    return [each.value for each in page.caption if each.value.startswith("No data came")]


def pasted(page: AppTest) -> Experiment:
    experiment, problems = from_address(query(page))
    assert problems == ()
    return experiment


def test_an_empty_box_offers_an_example_that_runs() -> None:
    page = press(press(box(), "Run"), "Try the example")
    assert page.text_area(key=paste.TEXT).value == paste.EXAMPLE
    (summary,) = page.success
    assert summary.value == (
        "Net\\: 9 layers, 105 parameters, 1x1x8x8 to 1x3, 12,174 operations. "
        "Run on\\: input Random, 1x1x8x8; loss Cross entropy; target Class 0."
    )
    page = press(page, "Run")
    assert shown(page)
    assert pasted(page).setting.network == from_source(paste.EXAMPLE)
    assert pasted(page).setting.shape == (1, 1, 8, 8)
    assert not page.error
    assert not page.text_area
    assert page.selectbox(key="control_model").options[0] == "Net (your own)"


def test_a_wrong_text_stays_and_its_line_is_shown() -> None:
    page = press(write(box(), WRONG), "Run")
    (error,) = page.error
    assert error.value == "Line 7\\: Net has no 'b' here. It has a."
    excerpt = html(page)
    assert "<mark>7          return self.b(x)  # &lt;script&gt;alert(1)" in excerpt
    assert "<script>" not in excerpt
    assert page.text_area(key=paste.TEXT).value == WRONG
    page = press(page, "Close")
    assert not page.text_area
    page = new_weights(page)
    assert "net" not in query(page)
    goes_to(page, "nearest_upsampling")
    page.switch_page("playground.py").run()
    assert press(page, "Paste code").text_area(key=paste.TEXT).value == WRONG


def test_which_class_its_arguments_and_its_input_can_be_chosen() -> None:
    text, _ = VISION["resnet with basic blocks"]
    page = write(box(), text)
    assert page.selectbox(key=paste.NAME).options == ["ResNet", "BasicBlock", "ResNetSmall"]
    assert page.text_input(key=paste.ARGUMENTS).placeholder == "block, num_blocks, num_classes=10"
    page.text_input(key=paste.ARGUMENTS).set_value("BasicBlock, [1, 1], num_classes=4").run()
    page.text_input(key=paste.SHAPE).set_value("2, 3, 8, 8").run()
    experiment = pasted(press(page, "Run"))
    assert experiment.setting.shape == (2, 3, 8, 8)
    assert experiment.setting.network == from_source(
        text.replace("[2, 1]", "[1, 1]").replace("num_classes=10", "num_classes=4")
    )
    page = press(page, "Paste code")
    page.selectbox(key=paste.NAME).set_value("BasicBlock").run()
    page.text_input(key=paste.ARGUMENTS).set_value("3, 2").run()
    assert pasted(press(page, "Run")).setting.network.name == "BasicBlock"


def test_a_refusal_of_the_input_keeps_everything_that_was_typed() -> None:
    page = write(box(), SIZED)
    assert "wide" in page.error[0].value
    page.text_input(key=paste.ARGUMENTS).set_value("2").run()
    assert "1x1x8x8 to 1x2x8x8" in page.success[0].value
    page.text_input(key=paste.SHAPE).set_value("1x3x8x8").run()
    page = press(page, "Run")
    assert page.error[0].value.startswith("Line 7\\: a\\: in\\_channels is 1")
    page.text_input(key=paste.SHAPE).set_value("many").run()
    assert page.error[0].value.startswith("Input shape: it must be sizes such as 2x1x8x8")
    assert page.text_area(key=paste.TEXT).value == SIZED
    assert page.text_input(key=paste.ARGUMENTS).value == "2"
    page.text_input(key=paste.SHAPE).set_value("(1, 1, 6, 6)").run()
    assert pasted(press(page, "Run")).setting.shape == (1, 1, 6, 6)


def test_the_json_of_an_experiment_is_taken_in_the_same_box() -> None:
    wanted = begun("lenet")
    page = write(box(), to_json(wanted))
    assert "LeNet\\: 10 layers" in page.success[0].value
    assert pasted(press(page, "Run")) == wanted
    page = press(write(press(page, "Paste code"), '{"network": {"layers": []}}'), "Run")
    assert "a model has 1 to 256 layers" in page.error[0].value
    page = press(write(page, '{"network": '), "Run")
    assert page.error[0].value.startswith("this is no JSON.")


def test_a_network_alone_gets_an_input_on_which_it_runs() -> None:
    network = PRESETS["mlp"].spec.model_dump_json(exclude_defaults=True)
    for text in (network, json.dumps({"network": json.loads(network)})):
        found = read(Pasted(text), Experiment()).experiment.setting
        assert found.network == PRESETS["mlp"].spec
        assert found.shape == (1, 64)


@pytest.mark.parametrize("key", PRESETS)
def test_every_presets_source_comes_back_through_the_box(key: str) -> None:
    spec = PRESETS[key].spec
    found = read(Pasted(to_source(spec)), Experiment()).experiment.setting
    assert found.network == spec


def test_what_was_chosen_for_a_pasted_class_is_said_until_it_is_changed() -> None:
    page = press(write(box(model="lenet"), f"{paste.EXAMPLE}\nprint(Net())\n"), "Run")
    (told,) = page.info
    assert told.value.startswith(
        "Chosen for Net\\: input Random, 1x1x8x8; loss Cross entropy; target Class 0. *Input*"
    )
    assert told.value.endswith("Not read\\: lines 21.")
    capture = answers(pasted(page).setting).capture
    assert pasted(page).view.node == worth_seeing(capture)
    page = new_weights(page)
    assert not page.info
    assert stands_in(page), "whoever opens the link"
    (caption,) = stands_in(opened(**query(page)))
    assert caption.startswith(
        "No data came with Net; this stands in\\: input Random, 1x1x8x8; loss Cross entropy;"
    )
    begins = "No data came with Net; this stands in\\: "
    (caption,) = stands_in(opened(**{**query(page), "loss": "mean"}))
    assert caption == f"{begins}input Random, 1x1x8x8."
    (caption,) = stands_in(opened(**{**query(page), "input": "digit"}))
    assert caption == f"{begins}loss Cross entropy; target Class 0."
    (caption,) = stands_in(opened(**{**query(page), "target": "class_1"}))
    assert caption == f"{begins}input Random, 1x1x8x8; loss Cross entropy."
    assert not stands_in(opened(**{**query(page), "input": "digit", "loss": "mean"}))
    assert not stands_in(opened(model="lenet"))


def test_a_text_over_the_budget_is_refused_with_the_reason() -> None:
    large = WRONG.replace("3, 2", "9000, 9000").replace("self.b", "self.a")
    with pytest.raises(PasteError, match=r"a.*: the model needs .* for parameters"):
        read(Pasted(large), Experiment())


def test_a_guessed_input_is_said_before_a_layer_is_blamed_for_it() -> None:
    given = PASTED_FOR_LINES.replace("8192", "17")
    with pytest.raises(PasteError) as caught:
        read(Pasted(given), Experiment())
    assert caught.value.sentence.startswith(
        "The input shape was guessed, and no guess works. Write yours in the field Input shape. "
        "On 1x2x8, the guess that gets furthest\\: Line 8\\: fc\\: in\\_features is 17, but"
    )
    assert caught.value.line == 8
    with pytest.raises(PasteError) as caught:
        read(Pasted(given, shape="1x2x16"), Experiment())
    assert caught.value.sentence.startswith("Line 8\\: fc\\: in\\_features is 17, but")
    rows = "y = self.a(x)\n        return self.fc(y.view(y.size(0), y.size(1) * y.size(2)))"
    sized = given.replace("return self.fc(self.a(x).flatten(1))", rows)
    with pytest.raises(PasteError, match=r"The input shape was guessed.* On 1x2x8"):
        read(Pasted(sized), Experiment())
    assert read(Pasted(PASTED_FOR_LINES), Experiment()).experiment.setting.shape == (1, 2, 512)


def test_what_is_wrong_on_every_shape_is_not_laid_to_the_guess() -> None:
    pooled = PASTED_FOR_LINES.replace("self.a(x)", "self.a(x).mean(2)")
    with pytest.raises(PasteError) as caught:
        read(Pasted(pooled), Experiment())
    assert caught.value.line == 8
    assert caught.value.sentence.startswith("Line 8\\: fc\\: in\\_features is 8192, but")
    assert caught.value.sentence.endswith("Set in\\_features=16.")
    sized = PASTED_FOR_LINES.replace("self.a(x)", "self.a(x * x.size(1)).cumsum(0)")
    with pytest.raises(PasteError) as caught:
        read(Pasted(sized), Experiment())
    assert caught.value.sentence.startswith("Line 8\\: 'cumsum' is not supported.")


def test_the_excerpt_marks_the_line_as_it_stands() -> None:
    text = "a\r\nb <i>\n\tc\fd\ne\nf"
    assert paste.excerpt(text, 3, 2) == (
        '<pre class="excerpt">1  a\n2  b &lt;i&gt;\n<mark>3      c\x0cd</mark>\n'
        '<b aria-hidden="true">    ^</b>\n4  e\n5  f</pre>'
    )
    assert paste.excerpt("", 1, 0) == '<pre class="excerpt"><mark>1  </mark></pre>'
    assert len(paste.excerpt("x" * 10_000, 1, 9000)) < 300
    assert json.dumps(paste.excerpt("a", 7, 1))


@pytest.mark.parametrize("key", PRESETS)
def test_the_link_of_a_pasted_preset_is_short_enough_for_a_chat(key: str) -> None:
    source = to_source(PRESETS[key].spec).replace(f"class {PRESETS[key].spec.name}(", "class Mine(")
    experiment = read(Pasted(source), Experiment()).experiment
    link = urlencode(to_address(experiment))
    assert len(link) < 700
    assert from_address(dict(parse_qsl(link))) == (experiment, ())


def test_every_label_of_the_box_can_be_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    marked(monkeypatch)
    page = opened()
    page.session_state[paste.OPEN] = True
    said: list[str] = []
    for text in ("", paste.EXAMPLE, WRONG):
        page.session_state[paste.TEXT] = text
        page.run()
        fields = [*page.text_area, *page.text_input, *page.selectbox, *page.button]
        said += [str(getattr(each.proto, name, "")) for each in fields for name in NAMED]
        said += [each.value for each in (*page.caption, *page.error, *page.success)]
    assert {each for each in said if each and MARK not in each} == {"classes=3"}
    assert any("Arguments of" in each for each in said)
    assert any("Line 7" in each for each in said)
    assert any("9 layers" in each for each in said)


NAMED = ("label", "help", "placeholder")
