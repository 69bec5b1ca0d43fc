"""Lesson: what a network looked at, and ways to ask."""

from __future__ import annotations

from functools import partial

from lessons.blocks import (
    Again,
    Bring,
    Choose,
    Code,
    Columns,
    Controls,
    Derivation,
    Drawn,
    Maps,
    Overlay,
    Place,
    Predict,
    Prose,
    Seen,
    Slide,
    Table,
    Uses,
    Walked,
)
from lessons.choosing.study import Study
from lessons.grad_cam import figures, pictures, readings, tables
from lessons.grad_cam.asked.pooled import CELLS
from lessons.grad_cam.asked.weighted import Weighing
from lessons.grad_cam.digit.network import DigitNet
from lessons.grad_cam.settings import ANSWERS, CHOICES
from lessons.lesson import Lesson, Step
from lessons.running.recipe import ran
from viz.language import english
from viz.thumbnail import matrices, thumbnail

DIGIT = Again(label="Another digit")
FORGET = Again(label="Another digit and other numbers")
BACK = english("Back to the shipped photographs")
ENLARGING = Place("interpolation", {"v": "2", "step": "bilinear"})


def card(dark: bool) -> str:
    """Draw the gradient at two small maps, and their Grad-CAM."""
    found = ran(Weighing())
    return thumbnail(*matrices(found.gradient[None], found.cam[None, None]), dark=dark)


def answered(vote: str, study: Study) -> bool:
    """Tell whether this was answered before any experiment."""
    return bool(study["vote"] == vote)


def is_there(study: Study) -> bool:
    """Tell whether the packages with the large network are installed."""
    return readings.seen(study) is not None


def is_missing(study: Study) -> bool:
    """Tell whether they are not."""
    return not is_there(study)


def is_of_maps(study: Study) -> bool:
    """Tell whether maps of the large network are asked for, not its pixels."""
    return is_there(study) and bool(study["view"] == "grad-cam")


def is_shipped(study: Study) -> bool:
    """Tell whether the large network looks at a photograph that is shipped."""
    return is_there(study) and not study["own"]


def is_own(study: Study) -> bool:
    """Tell whether it looks at one that the visitor brought."""
    return is_there(study) and bool(study["own"])


def cuts(study: Study) -> bool:
    """Tell whether the ReLU sets a cell to 0."""
    return readings.of_sum(study)["negative"] != "0"


def keeps_all(study: Study) -> bool:
    """Tell whether it leaves every cell as it is."""
    return not cuts(study)


def never(_study: Study) -> bool:
    """Tell a room nothing that its maps show."""
    return False


VERDICTS = tuple(Prose(f"vote {vote}", when=partial(answered, vote)) for vote in ANSWERS)

LESSON = Lesson(
    key="grad_cam",
    title="Saliency and Grad-CAM",
    question="What did the network look at?",
    card=card,
    choices=CHOICES,
    steps=(
        Step(
            "question",
            "Question",
            readings.best,
            (
                Columns(
                    0.56,
                    (
                        Prose("question", readings.of_question),
                        Choose(("vote",)),
                        Prose("noted", when=lambda study: bool(study["vote"])),
                        Drawn("scores", tables.scores),
                        Controls((DIGIT,)),
                    ),
                    (Overlay("digit", pictures.digit),),
                ),
            ),
        ),
        Step(
            "network",
            "Network",
            readings.best,
            (
                Columns(
                    0.4,
                    (*VERDICTS, Prose("network", readings.of_question)),
                    (Code(DigitNet.maps), Code(DigitNet.after)),
                ),
            ),
        ),
        Step(
            "saliency",
            "Saliency",
            readings.of_pixels,
            (
                Columns(
                    0.34,
                    (
                        Prose("saliency", readings.of_class),
                        Choose(("target", "sign")),
                        Prose("saliency found", readings.of_ink),
                        Controls((DIGIT,)),
                    ),
                    (Overlay("saliency", pictures.saliency),),
                ),
            ),
        ),
        Step(
            "channels",
            "Three channels",
            readings.coloured,
            (
                Predict(
                    "channels",
                    given=(Maps("colours", figures.colours),),
                    revealed=(Maps("coloured", figures.colours_found),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "softmax",
            "Score or probability",
            readings.of_pixels,
            (
                Columns(
                    0.46,
                    (
                        Prose("softmax", readings.of_class),
                        Choose(("target",)),
                        Table(tables.softened),
                        Controls((DIGIT,)),
                    ),
                    (Maps("softened", figures.softened),),
                ),
                Prose("softmax found", readings.of_chance),
            ),
        ),
        Step(
            "times_input",
            "Times input",
            readings.parted,
            (
                Columns(
                    0.58,
                    (
                        Prose("times input"),
                        Choose(("biased",)),
                        Table(tables.parts),
                        Prose("times input found", readings.of_parts),
                        Controls((Choose(("target",)), DIGIT)),
                    ),
                    (Overlay("times_input", pictures.times_input),),
                ),
            ),
        ),
        Step(
            "smooth",
            "SmoothGrad",
            readings.smoothing,
            (
                Columns(
                    0.36,
                    (
                        Prose("smooth"),
                        Choose(("copies", "sigma")),
                        Prose("smooth found", readings.of_noise),
                        Controls((Choose(("target",)), DIGIT)),
                    ),
                    (Overlay("smoothed", pictures.smooth),),
                ),
            ),
        ),
        Step(
            "path",
            "Integrated",
            readings.integrating,
            (
                Columns(
                    0.5,
                    (
                        Prose("path"),
                        Choose(("parts",)),
                        Prose("path found"),
                        Controls((Choose(("target",)), DIGIT)),
                    ),
                    (Overlay("integrated", pictures.path),),
                ),
            ),
        ),
        Step(
            "complete",
            "Completeness",
            readings.integrating,
            (
                Columns(
                    0.44,
                    (
                        Prose("complete", readings.of_way),
                        Choose(("parts",)),
                        Prose("complete found", readings.of_way),
                        Controls((Choose(("target",)), DIGIT)),
                    ),
                    (Drawn("way", tables.way),),
                ),
            ),
        ),
        Step(
            "random",
            "Control",
            readings.control,
            (
                Columns(
                    0.36,
                    (
                        Prose("random"),
                        Choose(("forgot", "method")),
                        Controls((FORGET,)),
                    ),
                    (Overlay("controlled", pictures.control),),
                ),
            ),
        ),
        Step(
            "ranks",
            "Measured",
            readings.ranking,
            (
                Prose("ranks", readings.of_control),
                Table(tables.control),
                Prose("ranks found", readings.of_control),
                Controls((Again(label="Other numbers"),)),
            ),
        ),
        Step(
            "alpha",
            "Weights",
            readings.weighing,
            (
                Predict(
                    "alpha",
                    given=(Maps("two_slopes", figures.slopes),),
                    revealed=(Maps("two_alphas", figures.slopes_found),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "maps",
            "Maps and weights",
            readings.of_layer,
            (
                Prose("maps"),
                Columns(
                    0.5,
                    (Maps("of_layer", figures.layer),),
                    (Choose(("layer",)), Drawn("alphas", tables.alphas)),
                ),
                Controls((Choose(("target",)), DIGIT)),
            ),
        ),
        Step(
            "cam_map",
            "Predict the map",
            readings.weighing,
            (
                Predict(
                    "cam",
                    given=(Maps("two_maps", figures.small_maps),),
                    revealed=(Maps("two_summed", figures.small_found),),
                    forward=True,
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "sum",
            "Sum and ReLU",
            readings.of_layer,
            (
                Prose("sum", readings.of_sum),
                Maps("summed", figures.summed),
                Prose("sum cuts", readings.of_sum, when=cuts, in_room=never),
                Prose("sum keeps", readings.of_sum, when=keeps_all, in_room=never),
                Controls((Choose(("target", "layer")), DIGIT)),
            ),
        ),
        Step(
            "resize",
            "Enlarge",
            readings.of_layer,
            (
                Prose("resize", readings.of_sizes),
                Columns(0.5, (Choose(("mode",)),), (Seen((ENLARGING,)),)),
                Maps("resized", figures.resized),
                Controls((Choose(("target", "layer")), DIGIT)),
            ),
        ),
        Step(
            "overlay",
            "Over the digit",
            readings.of_layer,
            (
                Columns(
                    0.34,
                    (
                        Prose("overlay", readings.of_class),
                        Choose(("target", "layer", "mode")),
                        Controls((DIGIT,)),
                    ),
                    (Overlay("over", pictures.over),),
                ),
            ),
        ),
        Step(
            "rule",
            "Rule",
            readings.pooled,
            (
                Columns(
                    0.52,
                    (Walked("cell", figures.pooled), Slide("cell", lambda _study: CELLS)),
                    (Derivation("rule", "cell"),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "cam",
            "CAM",
            readings.of_pixels,
            (
                Columns(
                    0.46,
                    (
                        Prose("cam", readings.of_equal),
                        Choose(("target",)),
                        Table(tables.compared),
                        Controls((DIGIT,)),
                    ),
                    (Drawn("equal", tables.equal), Prose("cam found")),
                ),
            ),
        ),
        Step(
            "photograph",
            "Photographs",
            readings.photographed,
            (
                Prose("photograph missing", when=is_missing),
                Columns(
                    0.5,
                    (
                        Prose("photograph", when=is_there),
                        Choose(("picture",), when=is_shipped),
                        Prose("photograph own", readings.of_own, when=is_own),
                        Choose(("rank", "view"), when=is_there),
                        Choose(("stage",), when=is_of_maps),
                        Table(tables.photographed, when=is_there),
                    ),
                    (
                        Controls((Bring("own", BACK, when=is_there),)),
                        Overlay("photograph", pictures.photograph, when=is_there),
                    ),
                ),
            ),
        ),
        Step(
            "end",
            "Takeaways",
            readings.best,
            (Uses("used", ("lenet", "dilated_blocks")), Prose("take away")),
        ),
    ),
)
