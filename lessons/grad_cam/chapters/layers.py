"""Grad-CAM, taken apart, and CAM."""

from __future__ import annotations

from lessons.blocks import (
    Again,
    Choose,
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
    Walked,
)
from lessons.choosing.study import Study
from lessons.grad_cam import figures, pictures, readings, tables
from lessons.grad_cam.asked.pooled import CELLS
from lessons.grad_cam.chapters.again import DIGIT
from lessons.lesson import Step

ENLARGING = Place("interpolation", {"v": "2", "step": "bilinear"})


def cuts(study: Study) -> bool:
    """Tell whether the ReLU sets a cell to 0."""
    return readings.of_sum(study)["negative"] != "0"


def keeps_all(study: Study) -> bool:
    """Tell whether it leaves every cell as it is."""
    return not cuts(study)


def never(_study: Study) -> bool:
    """Tell a room nothing that its maps show."""
    return False


LAYERS = (
    Step(
        "alpha",
        "Weights",
        readings.weighing,
        (
            Predict(
                "alpha",
                given=(Maps("two_slopes", figures.slopes),),
                revealed=(Maps("two_alphas", figures.slopes_found),),
                said_below=True,
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
                said_below=True,
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
)
