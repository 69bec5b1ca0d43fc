"""What keeps a draft from running, in words, with the ways out."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from experiment.address import Experiment
from experiment.runs import Refused
from experiment.setting import with_network
from models.draft import Draft
from models.draft.diagnosis import Diagnosis, Problem
from models.draft.fixes import fixes
from models.inputs import INPUTS
from models.losses import LOSSES
from pages.controls import targets
from pages.editor import history
from pages.parts import link
from pages.parts.asking import execute
from pages.parts.text import _
from viz.markdown import plain


def notice(draft: Draft, found: Diagnosis, runs: bool) -> None:
    """Say what is wrong with the first layer that cannot work, and offer what mends it."""
    problem = found.problem
    if problem is None:
        return
    if not draft.layers:
        st.info(_("There is no layer yet. Add the first one; until then the last run stays below."))
        return
    _error(problem.sentence, runs)
    offered = fixes(draft, found)
    with st.container(horizontal=True, key="editor_fixes"):
        for place, fix in enumerate(offered):
            words = {name: plain(word) for name, word in fix.words.items()}
            st.button(
                _(fix.text).format(**words),
                icon=":material/auto_fix_high:",
                key=f"editor_fix_{place}",
                on_click=_take_fix,
                args=(draft, fix.draft, problem),
            )
        if problem.key in draft.keys and problem.key != history.chosen(draft):
            st.button(
                _("Show {name}").format(name=plain(draft.name_of(problem.key))),
                key="editor_show_problem",
                on_click=history.select,
                args=(problem.key,),
            )


def _error(sentence: str, runs: bool) -> None:
    """Say a problem, and what is below it, if there is a run."""
    stays = f"  \n{_('The last run that worked stays below.')}" if runs else ""
    st.error(plain(sentence) + stays)


def _take_fix(before: Draft, after: Draft, problem: Problem) -> None:
    """Apply a fix to the draft that it was made for; after another change it means nothing."""
    history.renew()
    if history.current().present == before:
        history.change(lambda _draft: after, lambda _draft: problem.key)


def objection(sentence: str, draft: Draft, found: Diagnosis, runs: bool) -> None:
    """Say why a network that fits together cannot run with this input, loss and target."""
    _error(sentence, runs)
    with st.container(horizontal=True, key="editor_remedies"):
        for place, (label, remedy) in enumerate(_remedies(draft, found)):
            st.button(
                label,
                icon=":material/auto_fix_high:",
                key=f"editor_remedy_{place}",
                on_click=link.replace_with,
                args=(remedy,),
            )


def _remedies(draft: Draft, found: Diagnosis) -> list[tuple[str, Experiment]]:
    """Return experiments on the same network that run: another target, loss or input."""
    if found.spec is None or found.budget is None:
        return []
    now = link.current()
    setting = with_network(now.setting, found.spec, draft.input_shape)
    wanted = replace(now, setting=setting)
    suiting = LOSSES[setting.loss].choices(found.budget.output_shape)
    proposals = [
        *((targets.label(name), wanted.changed(target=name)) for name in suiting[:1]),
        (_(LOSSES["mse"].label), wanted.changed(loss="mse", target="zeros")),
        (_(INPUTS["random"].label), wanted.changed(input="random")),
    ]
    working = []
    for label, proposal in proposals:
        try:
            execute(proposal.setting)
        except Refused:
            continue
        working.append((_("Use {choice}").format(choice=label), proposal))
    return working
