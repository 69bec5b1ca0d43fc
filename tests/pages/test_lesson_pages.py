"""The lessons as Streamlit runs them, without a browser."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from experiment.written.address import Experiment, from_address, to_address
from lessons import text
from lessons.asking.answers import short
from lessons.asking.exercise import Array
from lessons.catalogue import LESSONS
from lessons.convolution_backward.recipe import MOST_CELLS, Convolving
from lessons.convolution_backward.settings import PARTS
from lessons.nearest_upsampling.recipe import Enlarging
from scripts.served import ROOT
from tests.experiment.runs import execute
from tests.lessons.steps import EXERCISES, STEPS
from tests.pages.saying import data, press_number, says
from tests.pages.test_playground_page import PATIENCE
from viz.peak import shown_shape

UPSAMPLING, CONVOLUTION = "nearest_upsampling", "convolution_backward"


START = ""
"""Address of the start page, below that of the app."""


def opened(page: str, **query: str) -> AppTest:
    """Open one page of the app, and check that it ran to its end."""
    app = AppTest.from_file(str(ROOT / "pages" / "main.py"), default_timeout=PATIENCE)
    return goes_to(app.run(), page, **query)


def goes_to(app: AppTest, page: str, **query: str) -> AppTest:
    """Go on to a page by its address, and check that it ran to its end."""
    for name in list(app.query_params):
        del app.query_params[name]
    for name, value in query.items():
        app.query_params[name] = value
    (app._page_hash,) = (
        key for key, each in app._registered_pages.items() if each.get("url_pathname") == page
    )
    return ran(app.run())


def ran(app: AppTest) -> AppTest:
    assert [error.message for error in app.exception] == []
    return app


def attempts(app: AppTest, lesson: str, exercise: str, **changed: object) -> AppTest:
    """Change an attempt as the cells on the page do."""
    key = f"{lesson}_guess_{exercise}"
    return ran(says(app, (key, {**data(app, key)["value"], **changed})))


def written(app: AppTest) -> str:
    return "\n".join(each.value for each in app.markdown)


def captions(app: AppTest) -> str:
    return "\n".join(each.value for each in app.caption)


def step_labels(app: AppTest) -> list[str]:
    (steps,) = (each for each in app.button_group if each.label == "Steps of this lesson")
    return [option.content for option in steps.proto.options]


def opens(app: AppTest) -> Experiment:
    """Return what the link to the playground opens."""
    link = next(each for each in app.get("page_link") if "playground" in each.proto.label)
    experiment, problems = from_address(dict(parse_qsl(link.proto.query_string)))
    assert problems == ()
    return experiment


def query(app: AppTest) -> dict[str, str]:
    items = app.query_params.items()
    return {name: value if isinstance(value, str) else value[-1] for name, value in items}


@pytest.mark.parametrize(
    ("lesson", "step"), [(lesson, step) for lesson, steps in STEPS.items() for step in steps]
)
@pytest.mark.parametrize("present", ["0", "1"])
def test_every_step_is_drawn_without_a_complaint(lesson: str, step: str, present: str) -> None:
    app = opened(lesson, step=step, present=present)
    assert not app.error
    assert not app.warning
    places = [label.split()[0] for label in step_labels(app)]
    assert places == [str(place) for place in range(1, len(STEPS[lesson]) + 1)]


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_steps_can_be_walked_from_first_to_last_and_back(lesson: str) -> None:
    app = opened(lesson)
    onward = f"{lesson}_onward"
    for step in STEPS[lesson][1:]:
        ran(press_number(app, onward))
        assert query(app)["step"] == step
    told = data(app, onward)
    assert told["value"] == told["most"] == len(STEPS[lesson]) - 1
    assert not told["around"]
    ran(press_number(app, onward, -1))
    assert query(app)["step"] == STEPS[lesson][-2]


@pytest.mark.parametrize("sent", [-1, 9, 1.0, True, "1", None, [1]])
def test_what_is_no_step_is_left(sent: object) -> None:
    app = opened(UPSAMPLING, step="rule")
    says(app, (f"{UPSAMPLING}_onward", sent))
    assert query(ran(app)) == {"step": "rule"}


def test_what_is_said_twice_counts_once_and_the_last_that_is_said_counts() -> None:
    app = opened(UPSAMPLING)
    for place in (3, 3, 1, 4):
        says(app, (f"{UPSAMPLING}_onward", place))
    assert query(ran(app))["step"] == STEPS[UPSAMPLING][4]


# Predict, then reveal. Seed 0, scale 2: the upstream is -4 -2 | -1 3 / 4 1 | 1 1 / ...


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("-0.25_1_-1.25_-3.75", "Averaged instead of added."),
        ("-4_-1_2_-2", "The other copies were forgotten."),
        ("4_3_2_-2", "The largest gradient was picked."),
    ],
)
def test_a_wrong_prediction_gets_the_name_of_its_mistake(typed: str, name: str) -> None:
    app = opened(UPSAMPLING, step="predict", predict=typed)
    (verdict,) = (each.value for each in app.warning)
    assert name in verdict
    assert "0 of 4 cells are right." in verdict or "of 4 cells are right." in verdict
    assert not app.success


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("0_0_0_0_0_1_2_0_3_3_4_0_0_0_4_4", "Both cells of the tie got the whole gradient."),
        ("0_0_0_0_0_1_2_0_0_3_0_0_0_0_0_4", "The last winner was chosen."),
        ("1_1_2_2_1_1_2_2_3_3_4_4_3_3_4_4", "Copied to the whole block."),
    ],
)
def test_a_wrong_route_gets_the_name_of_its_mistake(typed: str, name: str) -> None:
    app = opened(UPSAMPLING, step="router", router=typed)
    (verdict,) = (each.value for each in app.warning)
    assert name in verdict
    assert not app.success


def test_a_right_prediction_is_confirmed_and_the_sums_are_shown() -> None:
    app = opened(UPSAMPLING, step="predict", predict="-1_4_-5_-15")
    (verdict,) = (each.value for each in app.success)
    assert verdict.startswith("Right in every cell.")
    told = data(app, f"{UPSAMPLING}_guess_predict")
    assert told["solved"]
    assert (told["true"], told["palette"]) == ([], [])


def test_a_link_with_a_right_answer_ticks_its_step() -> None:
    for typed, sign in (("-1_4_-5_-15", " ✓"), ("-1_4_-5_15", "")):
        app = opened(UPSAMPLING, step="predict", predict=typed)
        assert step_labels(app)[2] == f"3 Predict{sign}"


def test_a_link_with_all_right_answers_ticks_their_steps_wherever_it_opens() -> None:
    right = {"output": "37.5_47.5_67.5_77.5", "kernel": "9.5_12_17_19.5"}
    wrong = {"downstream": "1_1_-2_5_5.5_-3_6_9.5_3"}
    app = opened(CONVOLUTION, step="end", **right, **wrong)
    ticked = [
        step
        for step, label in zip(STEPS[CONVOLUTION], step_labels(app), strict=True)
        if label.endswith("✓")
    ]
    assert ticked == ["output", "kernel"]
    assert query(app) == {"step": "end", **right, **wrong}
    app = opened(CONVOLUTION, step="end", stride="2", padding="same", **right)
    assert not any(label.endswith("✓") for label in step_labels(app))


def test_a_rule_is_written_with_the_numbers_on_screen() -> None:
    app = opened(UPSAMPLING, step="rule", cell="3")
    assert "(−2) + (−5) + (−5) + (−3) = −15" in written(app)
    assert "$y_1, \\dots, y_n$; here\n$n = 4$" in written(app)
    assert r"\sum_{k=1}^{n}" in written(app)
    app = opened(CONVOLUTION, step="kernel_rule", window="1")
    assert "2 · 1 + 3 · (−1) + 5 · 2 + 6 · 0.5 = 12" in written(app)
    app = opened(CONVOLUTION, step="downstream_rule", window="4")
    assert "4 · 1 + 3 · (−1) + 2 · 2 + 1 · 0.5 = 5.5" in written(app)


def test_more_numbers_than_cells_in_a_link_are_told() -> None:
    app = opened(UPSAMPLING, step="predict", predict="-1_4_-5_-15_7")
    assert "The link has 5 numbers for 4 cells" in captions(app)
    assert app.success


def test_a_large_map_is_asked_in_part() -> None:
    app = opened(CONVOLUTION, step="output", size="7", padding="2")
    whole, asked = shown_shape((10, 10)), shown_shape((8, 8))
    assert f"Of {whole} cells only the {asked} at the top left" in captions(app)


def test_an_answer_that_no_mistake_gives_is_counted_and_a_hint_is_offered() -> None:
    app = opened(UPSAMPLING, step="predict", predict="-1_77_78_79")
    (verdict,) = (each.value for each in app.warning)
    assert verdict.startswith("1 of 4 cells are right.")
    assert "Open a hint" in verdict


def test_an_answer_that_is_none_of_the_options_is_said_to_be_none() -> None:
    """Only a link that was written by hand has one."""
    app = opened("dilation", step="bias", bias="7")
    (warning,) = (each.value for each in app.warning)
    assert warning == "The link has an answer that is none of the options. Choose one."


def test_hints_open_one_by_one_and_beginning_anew_closes_them() -> None:
    app = opened(UPSAMPLING, step="predict")
    hints = [text.read(UPSAMPLING, "en").section(f"predict hint {n}", scale="2") for n in (1, 2)]
    assert data(app, f"{UPSAMPLING}_guess_predict")["hints"] == 3
    attempts(app, UPSAMPLING, "predict", hints=1)
    assert hints[0] in written(app)
    assert hints[1] not in written(app)
    attempts(app, UPSAMPLING, "predict", hints=2)
    assert hints[1] in written(app)
    assert query(app)["predict_hints"] == "2"
    attempts(app, UPSAMPLING, "predict", typed=[], hints=0)
    assert hints[0] not in written(app)
    assert "predict_hints" not in query(app)


def test_new_numbers_change_the_seed_and_begin_the_exercise_anew() -> None:
    app = opened(UPSAMPLING, step="predict", predict="1_2_3_4")
    press_number(app, f"{UPSAMPLING}_again_seed")
    assert query(ran(app)) == {"v": "2", "step": "predict", "seed": "1"}


@pytest.mark.parametrize("first", ["guess", "seed"])
def test_an_answer_to_other_numbers_is_left_whichever_is_heard_first(first: str) -> None:
    app = opened(UPSAMPLING, step="predict")
    guess, seed = f"{UPSAMPLING}_guess_predict", f"{UPSAMPLING}_again_seed"
    attempt = {**data(app, guess)["value"], "typed": ["-1", "4", "-5", "-15"]}
    said = [(guess, attempt), (seed, 5)]
    says(app, *(said if first == "guess" else said[::-1]))
    assert query(ran(app)) == {"v": "2", "step": "predict", "seed": "5"}
    says(app, (guess, attempt))  # it was still under way
    assert query(ran(app)) == {"v": "2", "step": "predict", "seed": "5"}
    assert data(app, guess)["value"]["typed"] == []


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        {},
        {"typed": "1", "hints": 0, "revealed": False},
        {"typed": [1], "hints": 0, "revealed": False},
        {"typed": [], "hints": True, "revealed": False},
        {"typed": [], "hints": 10, "revealed": False},
        {"typed": [], "hints": 0, "revealed": 1},
    ],
)
def test_what_is_no_attempt_is_left(sent: object) -> None:
    app = opened(UPSAMPLING, step="predict", predict="1_2_3_4")
    key = f"{UPSAMPLING}_guess_predict"
    numbers = data(app, key)["value"]["numbers"]
    says(app, (key, {**sent, "numbers": numbers} if isinstance(sent, dict) else sent))
    assert query(ran(app)) == {"step": "predict", "predict": "1_2_3_4"}


def test_what_is_checked_is_tidied_graded_and_stands_in_the_link() -> None:
    app = opened(UPSAMPLING, step="predict")
    attempts(app, UPSAMPLING, "predict", typed=[" -1", "8/2", "\N{MINUS SIGN}5", "-15,0"])
    assert query(app)["predict"] == "-1_8/2_-5_-15.0"
    assert app.success
    assert step_labels(app)[2] == "3 Predict ✓"


def test_an_empty_cell_of_what_is_checked_counts_as_the_block_says() -> None:
    app = opened(UPSAMPLING, step="router")
    typed = ["", "", "", "", "", "1", "2", "", "3", "", "4", *[""] * 5]
    attempts(app, UPSAMPLING, "router", typed=typed)
    assert app.success
    assert query(app)["router"].startswith("0_0_0_0_0_1")


def test_the_answer_can_be_shown_at_any_time_and_hidden_again() -> None:
    app = opened(CONVOLUTION, step="kernel")
    assert "Cell" not in [each.label for each in app.slider]
    attempts(app, CONVOLUTION, "kernel", revealed=True)
    assert "Cell" in [each.label for each in app.slider]
    assert query(app)["kernel_shown"] == "1"
    attempts(app, CONVOLUTION, "kernel", revealed=False)
    assert "kernel_shown" not in query(app)


@pytest.mark.parametrize(
    ("step", "typed", "name"),
    [
        ("output", "23.5_33.5_53.5_63.5", "The kernel was turned by 180 degrees."),
        ("output", "37_47_67_77", "The bias was forgotten."),
        ("kernel", "19.5_17_12_9.5", "Turned where nothing turns."),
        ("kernel", "2.375_3_4.25_4.875", "Averaged over the windows."),
        ("downstream", "4_-1_-3_10_7_0.5_4_3_0.5", "The kernel was not turned."),
        ("downstream", "1_-1_-2_2_0.5_1_6_1.5_2", "Overlaps were overwritten."),
        ("downstream", "1_0.5_-2_2.5_1.375_-1.5_6_4.75_2", "Overlaps were averaged."),
    ],
)
def test_the_mistakes_of_the_convolution_get_their_names(step: str, typed: str, name: str) -> None:
    app = opened(CONVOLUTION, step=step, **{step: typed})
    (verdict,) = (each.value for each in app.warning)
    assert name in verdict


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("output", "37.5_47.5_67.5_77.5"),
        ("kernel", "9.5_12_17_19.5"),
        ("downstream", "1_1_-2_5_5.5_-3_6_9.5_2"),
    ],
)
def test_the_right_convolution_is_confirmed(step: str, typed: str) -> None:
    app = opened(CONVOLUTION, step=step, **{step: typed})
    assert app.success[0].value.startswith("Right")
    assert not app.warning


def test_an_empty_cell_of_the_router_is_not_wrong_before_it_is_checked() -> None:
    app = opened(UPSAMPLING, step="router", router="0_0_0_0_0_1_2_0_3_0_4_0_0_0_0_0")
    assert app.success[0].value.startswith("Right")


def test_the_last_cell_of_the_largest_map_stands_in_a_link() -> None:
    sizes = {"size": "7", "width": "1", "padding": "2", "channels": "3", "out": "3", "batch": "2"}
    app = opened(CONVOLUTION, step="downstream_rule", window="293", **sizes)
    assert "`x[1,2,6,6]`" in written(app)
    last = {"window": str(MOST_CELLS - 1)}
    app = opened(CONVOLUTION, step="output", output_shown="1", **last, **sizes)
    assert not app.warning
    (slider,) = (each for each in app.slider if each.label == "Cell")
    assert (slider.value, slider.max) == (MOST_CELLS, MOST_CELLS)


def test_the_hints_and_the_rules_hold_for_a_stride_and_a_dilation() -> None:
    """The formula is evaluated as it is written, over every window and tap."""
    sizes = {"size": "5", "width": "2", "stride": "2", "dilation": "2", "padding": "1"}
    app = opened(CONVOLUTION, step="downstream_rule", window="8", **sizes)
    recipe = Convolving(5, 2, 2, "1", 2)
    upstream, kernel = recipe.upstream()[0, 0], recipe.weight()[0, 0]
    terms = [
        upstream[i, j] * kernel[a, b]
        for i, j in np.ndindex(*upstream.shape)
        for a, b in np.ndindex(*kernel.shape)
        if (2 * i + 2 * a - 1, 2 * j + 2 * b - 1) == (1, 3)
    ]
    assert len(terms) == 4
    assert r"\substack{i s + a d - p \,=\, m \\ j s + b d - p \,=\, n}" in written(app)
    assert f"= {sum(terms):g}**" in written(app)
    app = opened(CONVOLUTION, step="kernel", kernel_hints="3", **sizes)
    assert "stand 2 apart (the stride)" in written(app)
    assert "2 further right (the dilation)" in written(app)


def test_the_playground_opens_what_the_step_shows() -> None:
    sizes = {"size": "4", "channels": "2", "out": "3"}
    shape = (1, 2, 4, 4)
    for step, expected in (("output", shape), ("turning", (1, 1, 4, 4)), ("batch", (2, 2, 4, 4))):
        assert opens(opened(CONVOLUTION, step=step, **sizes)).setting.shape == expected
    question = opens(opened(UPSAMPLING))
    assert to_address(question) == to_address(Enlarging().in_playground())
    heavy = opens(opened(UPSAMPLING, step="experiment", weights="3"))
    assert to_address(heavy)["seed"] == "3"
    leaf = opens(opened(UPSAMPLING, step="leaf", turn="9"))
    assert (leaf.view.node, leaf.view.step) == ("n8", 8)
    last = opens(opened(UPSAMPLING, step="leaf", turn="32"))
    assert last.view.step is not None
    assert execute(last.setting).capture.nodes[-1].id == last.view.node


# What is sent before it is asked for


def sent(app: AppTest) -> dict[str, bytes]:
    """Everything that the components of a page are sent, by key."""
    protos = [each.proto for each in app.get("bidi_component")]
    return {
        proto.id: proto.json.encode() if proto.WhichOneof("data") == "json" else proto.bytes
        for proto in protos
    }


def tells(message: bytes, truth: Array, whole: tuple[int, int] | None = None) -> bool:
    """Whether the cells stand in a message, as numbers of any kind or as text.

    Of the corner of a ``whole`` map, each row stands by itself.
    """
    if whole and all(tells(message, row) for row in truth):
        return True
    kinds = (truth.astype(kind).tobytes() for kind in ("f4", "f8", ">f4", ">f8"))
    texts = [json.dumps([write(v) for v in truth.flat]) for write in (float, str, short)]
    texts.append(json.dumps([short(value).replace("-", "−") for value in truth.flat]))
    return any(each in message for each in (*kinds, *(text.encode() for text in texts)))


@pytest.mark.parametrize(("lesson", "step", "key"), EXERCISES)
@pytest.mark.parametrize("seed", ["0", "3"])
def test_nothing_of_what_is_asked_is_sent_before_it_is_answered(
    lesson: str, step: str, key: str, seed: str
) -> None:
    app = opened(lesson, step=step, seed=seed)
    study = LESSONS[lesson].beginning.changed(step=step, seed=int(seed))
    exercise = LESSONS[lesson].exercises(study)[key]
    assert data(app, f"{lesson}_guess_{key}")["true"] == []
    if exercise.kind != "cells":
        attempts(app, lesson, key, revealed=True)
        assert data(app, f"{lesson}_guess_{key}")["true"]
        return
    truth = exercise.truth

    def telling() -> list[str]:
        found = sent(app).items()
        return [name for name, message in found if tells(message, truth, exercise.whole)]

    assert telling() == []
    attempts(app, lesson, key, revealed=True)
    told = telling()
    least = 1 if exercise.heads else 2  # no map has a shape in its cells
    assert len(told) >= least, "the maps and the cells: else this test could not fail"


# What is set


def test_what_cannot_run_is_refused_in_words_and_the_controls_stay() -> None:
    app = opened(CONVOLUTION, step="kernel", stride="2", padding="same")
    (refusal,) = (each.value for each in app.error)
    assert "keeps the size of the map" in refusal
    (stride,) = (each for each in app.selectbox if each.label == "Stride")
    assert len(app.expander) == 1
    ran(stride.set_value(1).run())
    assert not app.error
    assert query(app) == {"v": "2", "step": "kernel", "padding": "same"}


@pytest.mark.parametrize("step", ["slide", "output", "kernel", "downstream", "turning", "batch"])
def test_the_sizes_stand_below_what_is_asked_or_tried(step: str) -> None:
    app = opened(CONVOLUTION, step=step)
    kinds = [getattr(each, "type", "") for each in app.main]  # in the order of the page
    below_the_steps = kinds[kinds.index("button_group") :]
    assert below_the_steps.index("bidi_component") < below_the_steps.index("expander")


def test_a_link_from_before_begins_with_the_question_that_it_began_with() -> None:
    app = opened(CONVOLUTION, v="1", size="4")
    assert "**Predict the output**" in written(app)
    assert "**Predict the output**" in written(opened(CONVOLUTION, v="2", size="4"))
    assert "**Predict the output**" not in written(opened(CONVOLUTION))


@pytest.mark.parametrize(
    ("sizes", "filled"),
    [
        ({}, r"\frac{3 + 0 + 0 - 1\,(2 - 1) - 1}{1}"),
        (
            {"size": "5", "width": "2", "padding": "same", "dilation": "1"},
            r"\frac{5 + 0 + 1 - 1\,(2 - 1) - 1}{1}",
        ),
        (
            {"size": "7", "width": "3", "stride": "2", "padding": "1", "dilation": "2"},
            r"\frac{7 + 1 + 1 - 2\,(3 - 1) - 1}{2}",
        ),
    ],
)
def test_the_size_of_the_output_is_written_with_its_numbers(
    sizes: dict[str, str], filled: str
) -> None:
    app = opened(CONVOLUTION, step="size", **sizes)
    assert filled in written(app)


def test_the_first_bug_is_found_and_all_three_are_told() -> None:
    app = opened(CONVOLUTION, step="bugs")
    assert "stride: int" in app.code[0].value
    app = opened(CONVOLUTION, step="bugs", bugged="2_2")
    (verdict,) = (each.value for each in app.warning)
    assert "That is what was asked for" in verdict
    app = opened(CONVOLUTION, step="bugs", bugged="3_3")
    assert app.success[0].value.startswith("Right: 3x3.")
    for step, function in (("even", "convolve_same"), ("uncut", "hand_on")):
        (code,) = opened(CONVOLUTION, step=step).code
        assert code.value.startswith(f"def {function}(")
    app = opened(CONVOLUTION, step="unseen")
    (table,) = (each.value for each in app.markdown if "elsewhere" in each.value)
    rows = [[cell.strip() for cell in line.split("|")[2:-1]] for line in table.splitlines()[2:]]
    assert rows == [["3×3", "2×2", "✓"], ["2×2", "3×3", "✓"], ["5×5", "3×3", "✓"]]


def test_the_layer_by_hand_is_read_a_function_at_a_time() -> None:
    for part in PARTS:
        (code,) = opened(CONVOLUTION, step="scratch", part=part).code
        assert code.value.startswith(f"def {part}(")


def test_many_sizes_are_folded_under_a_line_that_says_what_they_are() -> None:
    app = opened(CONVOLUTION, step="kernel", stride="2", size="5")
    (folded,) = app.expander
    assert folded.label.startswith("Image 5x5 · Kernel 2x2 · Stride 2 · Padding valid")
    assert not folded.proto.expanded
    assert len(folded.selectbox) == len(app.selectbox) == 8


def test_a_full_convolution_with_a_stride_is_refused_with_what_to_do_instead() -> None:
    app = opened(CONVOLUTION, step="turning", stride="2", size="5")
    (refusal,) = (each.value for each in app.error)
    assert "the stride must be 1, 2 came" in refusal
    assert "zero-stuffing" in written(app)


@pytest.mark.parametrize("padding", ["valid", "same", "1", "2"])
@pytest.mark.parametrize("seed", ["0", "5"])
def test_the_code_on_the_page_and_pytorch_differ_by_nothing(padding: str, seed: str) -> None:
    app = opened(
        CONVOLUTION, step="scratch", padding=padding, seed=seed, size="5", width="2", channels="2"
    )
    (table,) = (each.value for each in app.markdown if "largest difference" in each.value)
    rows = [line.split("|") for line in table.splitlines()[2:]]
    assert [row[3].strip() for row in rows] == ["0", "0", "0", "0"]
    assert "def backward(self" in app.code[-1].value


def test_only_the_sum_survives_the_experiment() -> None:
    for weights in ("0", "1", "7"):
        app = opened(UPSAMPLING, step="experiment", weights=weights, vote="mean")
        (table,) = (
            each.value for each in app.markdown if "autograd" in each.value and "|" in each.value
        )
        signs = [line.split("|")[-2].strip() for line in table.splitlines()[2:]]
        assert signs == ["✓", "✗", "✗", "✗"]
        assert "**their mean** ←" in table


def test_a_broken_link_is_told_and_kept() -> None:
    app = opened(UPSAMPLING, scale="7", step="nowhere", evil="<script>")
    (problem,) = (each.value for each in app.warning)
    assert "scale: it must be a number from 1.1 to 4, with at most two decimals; `7`" in problem
    assert "step:" in problem
    assert "`evil`: the link has a part that means nothing here." in problem
    assert "script" in app.code[-1].value


# Between the pages


def test_a_visitor_who_comes_back_finds_what_was_left() -> None:
    app = opened(UPSAMPLING, step="predict", predict="1_2_3_4", seed="3")
    goes_to(app, START)
    goes_to(app, UPSAMPLING)  # as a browser does, without a query
    assert query(app) == {"v": "2", "step": "predict", "seed": "3", "predict": "1_2_3_4"}
