"""Numbers and messages of the runs, for the places in the text."""

from __future__ import annotations

from collections.abc import Mapping

from lessons.autograd.figures import seen
from lessons.autograd.settings import batches, followed, looked_at
from lessons.autograd.tape.play import LABELS, VALUES, WHY, why
from lessons.autograd.tried import cut, freed, in_place, zero
from lessons.choosing.study import Study
from lessons.nearest_upsampling.leaves import warning_of_a_map
from lessons.running.recipe import ran
from viz.markdown import plain
from viz.theme import format_number

REASONS = (*WHY.values(), "other")
"""What a message of PyTorch's can mean: each has a section ``why <reason>``."""


def refused(study: Study) -> bool:
    """Tell whether PyTorch refused the action that is looked at."""
    return bool(seen(study).message)


def refused_for(reason: str, study: Study) -> bool:
    """Tell whether that was for this reason."""
    message = seen(study).message
    return bool(message) and why(message) == reason


def begun(study: Study) -> bool:
    """Tell whether nothing was done yet in the state that is looked at."""
    return not seen(study).action


def done(study: Study) -> bool:
    """Tell whether PyTorch did the action that is looked at."""
    return not begun(study) and not refused(study)


def of_action(study: Study) -> Mapping[str, str]:
    """Return the action that is looked at, and the first sentence of what PyTorch said."""
    state = seen(study)
    sentence, more, _rest = state.message.partition(". ")
    return {
        "place": str(looked_at(study)),
        "action": LABELS[state.action] if state.action else "",
        "message": plain(sentence + (". …" if more else "")),
    }


def of_path(study: Study) -> Mapping[str, str]:
    """Return how many paths there are, and the cell that is looked at."""
    recipe = followed(study)
    found = ran(recipe)
    return {
        "count": str(len(found.paths)),
        "cell": str(recipe.cell),
        "value": format_number(VALUES["x"][recipe.cell]),
        "total": format_number(found.grad),
    }


def of_freed(_study: Study) -> Mapping[str, str]:
    """Return what PyTorch says to a second backward."""
    return {"message": plain(freed.first_message(ran(freed.FREED_TWICE)))}


def of_kept(_study: Study) -> Mapping[str, str]:
    """Return what PyTorch warns of where the gradient of an intermediate is read."""
    return {"warning": plain(warning_of_a_map(retain=False))}


def of_reset(_study: Study) -> Mapping[str, str]:
    """Return how far a step moves a weight after each kind of reset."""
    return {
        "rate": f"{zero.RATE:g}",
        "decay": f"{zero.DECAY:g}",
        "none": format_number(zero.moved(set_to_none=True)),
        "zeros": format_number(zero.moved(set_to_none=False), 3),
    }


def of_parts(study: Study) -> Mapping[str, str]:
    """Return how many parts there are."""
    return {"parts": study["parts"], "count": str(len(batches(study).parts))}


def of_cut(_study: Study) -> Mapping[str, str]:
    """Return what PyTorch says where every way is cut."""
    return {"message": plain(ran(cut.CUT)["leaf"].message)}


def of_change(_study: Study) -> Mapping[str, str]:
    """Return what PyTorch says of a saved result that was changed, and a gradient that is wrong."""
    found = ran(in_place.IN_PLACE)
    wrong, right = found["data"].grad, in_place.exact()
    assert wrong is not None  # noqa: S101 - nobody notices
    return {
        "message": plain(found["exp"].message.partition(" Hint:")[0]),
        "leaf": plain(found["leaf"].message),
        "wrong": format_number(wrong[0], 4),
        "right": format_number(right[0], 4),
    }
