"""Everything about one run: the workbench, and beside it the card for changes by hand."""

from __future__ import annotations

import streamlit as st

from experiment.address import Experiment
from experiment.runs import Outcome
from experiment.view import PLAIN
from flow.record import Problem
from pages.by_hand import card as by_hand
from pages.parts import link
from pages.parts.asking import answers
from pages.parts.text import say
from pages.parts.workbench import workbench
from viz.markdown import plain
from viz.scene.choice import choose


def stage(outcome: Outcome | None, shown: Experiment) -> None:
    """Show one run; of one that was refused only the address is kept.

    The card in which cells are changed by hand is in no fragment, as whatever is done there runs
    the network anew: a run of the whole page replaces one that is under way, where a run of a
    fragment would wait for its end.
    """
    notices = st.container(key="notices")
    row = st.container(horizontal=True, key="bench")
    beside = row.container(key="hand_card")
    if outcome is not None:
        with notices:
            shown = _settled(shown)
            by_hand.unfit(shown, outcome)
            _problems(outcome.capture.problems)
        if shown.view.hand:
            with beside, st.container(border=True, key="hand_frame"):
                by_hand.card(shown, outcome)
            shown = link.current()
    with row:
        workbench(shown, runs=outcome is not None)


def _settled(shown: Experiment) -> Experiment:
    """Return the experiment with what there is in place of what is asked for; say what is not."""
    live = answers(shown.setting)
    _chosen, complaints = choose(shown.view, shown.setting.source.look_at, live, say())
    if not complaints:
        return shown
    st.warning("  \n".join(complaints.values()))
    link.settle(**{field: getattr(PLAIN, field) for field in complaints})
    return link.current()


def _problems(problems: tuple[Problem, ...]) -> None:
    show = {"error": st.error, "warning": st.warning, "note": st.info}
    for problem in problems:
        show[problem.severity](plain(problem.message))
