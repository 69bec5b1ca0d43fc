"""Lesson: whether a transposed convolution undoes a convolution."""

from __future__ import annotations

from lessons.blocks import (
    Again,
    Choose,
    Columns,
    Controls,
    Derivation,
    Maps,
    Overlay,
    Predict,
    Prose,
    Slide,
    Table,
    Uses,
    Walked,
    Work,
)
from lessons.choosing.choice import Choice, Settable
from lessons.choosing.study import Study
from lessons.lesson import Lesson, Step
from lessons.showing.card import gradients
from lessons.transposed_convolution import (
    checkerboard,
    compared,
    figures,
    inverse,
    learning,
    learnt,
    matrix,
    restoring,
    sizes,
)
from lessons.transposed_convolution.spreading import SIDE, Spreading

CHOICES: dict[str, Settable] = {
    "stride": Choice(2, sizes.STRIDES, "Stride", looks=True),
    "cell": Choice(0, range(SIDE**2), "Cell", looks=True),
    "map": Choice("3x4", sizes.MAPS, "Input x"),
    "width": Choice(3, sizes.KERNELS, "kernel_size"),
    "by": Choice(2, sizes.STRIDES, "stride"),
    "padding": Choice(1, sizes.PADDINGS, "padding"),
    "extra": Choice(0, sizes.EXTRAS, "output_padding"),
    "dilation": Choice(1, sizes.DILATIONS, "dilation"),
    "blur": Choice(
        "blur", tuple(inverse.KERNELS), "Kernel", words=inverse.KERNEL_WORDS, looks=True
    ),
    "noise": Choice("0", inverse.NOISES, "Noise", looks=True),
    "kernel": Choice(4, learning.KERNELS, "Kernel", "{0}x{0}".format, looks=True),
    "steps": Choice(0, range(learning.MOST_STEPS + 1), "Steps of descent", looks=True),
    "laid": Choice(3, checkerboard.WIDTHS, "Kernel", "{0}x{0}".format, looks=True),
}

DESCENT = Work(
    "descent",
    "steps",
    (20, 100, learning.MOST_STEPS),
    learnt.learning,
    learnt.curves,
    learnt.errors,
)
RESTORED = (
    Prose("inverse singular", restoring.of_restored, when=restoring.is_singular),
    Prose("inverse singular noisy", restoring.of_restored, when=restoring.is_partly_amplified),
    Prose("inverse exact", restoring.of_restored, when=restoring.is_exact),
    Prose("inverse noisy", restoring.of_restored, when=restoring.is_amplified),
)
"""What there is to say of each kind of kernel and noise."""


def is_measured(study: Study) -> bool:
    """Tell whether steps were asked for."""
    return bool(study["steps"])


def is_unasked(study: Study) -> bool:
    """Tell whether all steps were taken without being asked for."""
    return not is_measured(study)


UNASKED = Prose("unasked", learnt.of_kernels, when=is_unasked)


LESSON = Lesson(
    key="transposed_convolution",
    title="Transposed convolution",
    question="Does it undo a convolution?",
    card=gradients(Spreading()),
    choices=CHOICES,
    steps=(
        Step(
            "undo",
            "Question",
            matrix.undoing,
            (
                Prose("question"),
                Predict(
                    "undo",
                    given=(Maps("convolved", matrix.convolved),),
                    revealed=(Maps("undone", matrix.undone),),
                    forward=True,
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "matrix",
            "Matrix",
            matrix.convolving,
            (
                Columns(0.66, (Prose("matrix"),), (Table(matrix.product),)),
                Maps("unrolled", matrix.rows_of_matrix),
                Controls((Again(),)),
            ),
        ),
        Step(
            "transpose",
            "Transpose",
            matrix.convolving,
            (
                Columns(
                    0.56,
                    (Prose("transpose"), Prose("products", matrix.products)),
                    (Table(matrix.three_ways),),
                ),
                Maps("adjoint", matrix.columns_of_matrix),
                Controls((Again(),)),
            ),
        ),
        Step(
            "spread",
            "Predict",
            figures.spreading,
            (
                Predict(
                    "spread",
                    given=(Maps("to_lay", figures.to_lay),),
                    revealed=(Maps("laid", figures.laid),),
                    forward=True,
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "zeros",
            "Zeros between",
            figures.strided,
            (
                Columns(
                    0.34,
                    (Prose("zeros"), Choose(("stride",)), Table(figures.both_ways)),
                    (Maps("zeros", figures.zeros),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "gradient",
            "Backward",
            figures.spreading,
            (
                Predict(
                    "gradient",
                    given=(Maps("arrived", figures.arrived),),
                    revealed=(Maps("read", figures.read),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "rule",
            "Rule",
            figures.spreading,
            (
                Columns(
                    0.52,
                    (Walked("cell", figures.ruled), Slide("cell", lambda _study: SIDE**2)),
                    (Derivation("rule", "cell"),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "size",
            "Size",
            figures.sizing,
            (
                Predict(
                    "size",
                    given=(Maps("of_sizes", figures.of_sizes),),
                    revealed=(Maps("sized", figures.sized),),
                    after=(Prose("formula", figures.formula),),
                    numbers=figures.written,
                    forward=True,
                ),
                Controls((Choose(figures.OF_SIZE, compact=True), Again())),
            ),
        ),
        Step(
            "lost",
            "Lost size",
            figures.strided,
            (
                Columns(
                    0.42,
                    (
                        Prose("lost", figures.of_lost),
                        Choose(("stride",)),
                        Prose("lost kept", when=lambda study: study["stride"] == 1),
                        Prose("lost again", when=lambda study: study["stride"] > 1),
                    ),
                    (Table(figures.lost),),
                ),
            ),
        ),
        Step(
            "inverse",
            "Inverse",
            restoring.blurring,
            (
                Columns(
                    0.34,
                    (
                        Prose("inverse"),
                        Choose(("blur", "noise")),
                        *RESTORED,
                    ),
                    (Maps("restored", restoring.restored), Table(restoring.facts)),
                ),
                Controls((Again(label="Another digit"),)),
            ),
        ),
        Step(
            "learn",
            "Learn",
            learnt.learnt,
            (
                Columns(
                    0.36,
                    (
                        Prose("learn"),
                        Choose(("kernel",)),
                        Prose("learn found", when=is_measured),
                    ),
                    (DESCENT,),
                ),
            ),
        ),
        Step(
            "learnt",
            "Learnt",
            learnt.learnt,
            (
                Columns(
                    0.4,
                    (Prose("learnt", learnt.of_kernels), UNASKED, Choose(("kernel",))),
                    (Maps("kernels", learnt.kernels),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "pictures",
            "Pictures",
            learnt.learnt,
            (
                Prose("pictures", learnt.of_kernels),
                UNASKED,
                Overlay("pictures", learnt.pictures),
                Controls((Choose(("kernel",)), Again(label="Another digit"))),
            ),
        ),
        Step(
            "checkerboard",
            "Checkerboard",
            restoring.checkered,
            (
                Columns(
                    0.4,
                    (
                        Prose("checkerboard"),
                        Choose(("laid", "stride")),
                        Prose("even", restoring.of_met, when=restoring.is_even),
                        Prose("uneven", restoring.of_met, when=restoring.is_uneven),
                        Prose("holes", restoring.of_met, when=restoring.has_holes),
                        Table(restoring.read_back),
                    ),
                    (Maps("met", restoring.met),),
                ),
            ),
        ),
        Step(
            "which",
            "Which one?",
            learnt.learnt,
            (
                Prose("which"),
                Table(compared.table),
                Prose("which found", compared.by_error),
                Controls((Choose(("kernel",)),)),
            ),
        ),
        Step(
            "end",
            "Takeaways",
            figures.spreading,
            (Uses("used", ("transposed",)), Prose("take away")),
        ),
    ),
)
