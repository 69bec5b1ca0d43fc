"""Everything about one run: what is wrong with it, in words, and the workbench."""

from __future__ import annotations

import streamlit as st

from experiment.feeding import misfits
from experiment.running.runs import Outcome
from experiment.view import PLAIN
from experiment.without_slope import why_all_zero
from experiment.written.address import Experiment
from flow.record import Problem
from pages.parts import link
from pages.parts.asking import answers
from pages.parts.text import _, say
from pages.parts.workbench import workbench
from viz.language import retold
from viz.markdown import plain
from viz.scene.choice import choose


def stage(outcome: Outcome | None, shown: Experiment, apart: str = "") -> None:
    """Show one run; of one that was refused only the address is kept.

    ``apart`` says what tells it from the run beside it, where there is one to show.
    """
    notices = st.container(key="notices")
    if outcome is not None:
        with notices:
            shown = _settled(shown)
            _unfit(shown, outcome)
            _no_slope(shown, outcome)
            _problems(answers(shown.setting, shown.view.conceals).capture.problems)
    workbench(shown, runs=outcome is not None, apart=apart)


def _unfit(experiment: Experiment, outcome: Outcome) -> None:
    """Say which changes by hand have no place in this run, and offer to discard them."""
    if not experiment.setting.edits:
        return
    found = misfits(experiment.setting, outcome.output_shape, outcome.capture)
    if not found:
        return
    lines = "  \n".join(plain(retold(misfit.sentence, say())) for misfit in found)
    st.warning(f"{lines}  \n{_('Everything else runs as it is shown.')}")
    names = tuple(misfit.name for misfit in found)
    st.button(_("Discard changes"), key="unfit", on_click=_discard, args=names)


def _no_slope(experiment: Experiment, outcome: Outcome) -> None:
    """Say of a run without any gradient why its loss gives none."""
    sentence = why_all_zero(experiment.setting, outcome.capture, say())
    if sentence:
        st.warning(plain(sentence))


def _discard(*names: str) -> None:
    link.change(edits=link.current().setting.edits.without(*names))


def _settled(shown: Experiment) -> Experiment:
    """Return the experiment with what there is in place of what is asked for; say what is not."""
    live = answers(shown.setting, shown.view.conceals)
    _chosen, complaints = choose(shown.view, shown.setting.source.look_at, live, say())
    if not complaints:
        return shown
    st.warning("  \n".join(complaints.values()))
    link.settle(**{field: getattr(PLAIN, field) for field in complaints})
    return link.current()


def _problems(problems: tuple[Problem, ...]) -> None:
    """Say the most serious one; the others can be unfolded."""
    if not problems:
        return
    first, *others = problems
    _tell(first)
    if others:
        label = _("{count} more on this run").format(count=len(others))
        with st.expander(label, icon=":material/info:"):
            for problem in others:
                _tell(problem)


def _tell(problem: Problem) -> None:
    show = {"error": st.error, "warning": st.warning, "note": st.info}
    show[problem.severity](plain(retold(problem.message, say())))
