"""The menu that lets a visitor take what is on screen along, and bring it back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from experiment.asking.answers import Answers
from experiment.take_away.offline import offline_page
from experiment.take_away.script import script
from experiment.training.suiting import refusal
from experiment.written import file as experiment_file
from experiment.written.address import Experiment, exercise
from flow.record import Array
from models.budget import bytes_text
from models.source import to_notebook
from models.training.plan import Plan
from pages.parts import link
from pages.parts.share import share
from pages.parts.text import _, language, say
from pages.parts.turns import in_turn, runs
from pages.take_away.large import large, on_screen
from viz.arrays import MAX_CSV_CELLS, MAX_NPZ_BYTES, captured, cells_csv, npz, total_bytes
from viz.hidden import is_hidden
from viz.maps.rows import Map
from viz.markdown import plain
from viz.scene.inspector import Chosen, title
from viz.share import Offer

UPLOADED, PASTED, COMPLAINT = "loaded_file", "loaded_text", "loading_complaint"
LARGEST_FILE = 1
"""MB of a file that is loaded."""

Rows = Sequence[Sequence[Map]]


def tools(experiment: Experiment) -> None:
    """Draw what concerns everything on screen: maps opened large, the link, files."""
    with st.container(horizontal=True, horizontal_alignment="right", key="tools"):
        if st.button(_("Open large"), icon=":material/open_in_full:", type="tertiary"):
            large(experiment)
        share("playground", lambda: _offers(experiment))
        menu = st.popover(
            _("Take away"),
            icon=":material/download:",
            type="tertiary",
            key="take_away",
            on_change="rerun",
        )
        if menu.open:
            with menu:
                _menu(experiment)


def _offers(experiment: Experiment) -> list[Offer]:
    """Offer the link of what is on screen; where that is in the midst of something, another too.

    Where something is hidden, the link to fill it in comes first.
    """
    exact, blank = link.link(), link.address_of(exercise(experiment))
    here = Offer(_("Link to this screen"), _("It opens exactly what is on screen."), exact)
    if experiment.view.hidden:
        about = _("The same run and layer. What is hidden is there to be filled in, and not told.")
        return [Offer(_("Exercise link"), about, blank), *([here] if blank != exact else [])]
    about = _("The same run and layer from the beginning: not in the midst of steps or a tool.")
    return [here, *([Offer(_("Exercise link"), about, blank)] if blank != exact else [])]


@in_turn("menu")
def _menu(experiment: Experiment) -> None:
    """Offer files; each is made when it is asked for."""
    chosen, shown = on_screen(experiment)
    if experiment.view.hidden:
        _caption(
            _("Files leave out what is hidden. Code, and the experiment, compute it when they run.")
        )
    if experiment.beside:
        _caption(
            _(
                "Two runs are open. The experiment holds both; where nothing else is said, "
                "a file holds run A."
            )
        )
    if experiment.setting.source.layers is not None:
        _caption(_("The run as code and data"))
        _code(experiment, chosen)
    _caption(_("What is on screen, without this server"))
    _page(experiment)
    _caption(_("The numbers, every bit of them"))
    _numbers(experiment, chosen, shown)
    with st.expander(_("Bring an experiment back")):
        _load()


def _caption(text: str) -> None:
    st.caption(plain(text))


def _row(key: str) -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, key=f"take_{key}", gap="small")


def _button(
    label: str,
    make: Callable[[], str | bytes],
    file: str,
    kind: str,
    help: str,  # noqa: A002
) -> None:
    st.download_button(
        label,
        data=_later(make),
        file_name=file,
        mime=kind,
        help=help,
        key=f"take_{label}",
        on_click="ignore",
    )


def _later(make: Callable[[], str | bytes]) -> Callable[[], bytes]:
    """Return a maker of the file's bytes, which is called in a thread without a visitor."""
    shared = runs()

    def made() -> bytes:
        with shared.turn(always=True):
            file = make()
        return file.encode() if isinstance(file, str) else file

    return made


def file_name(experiment: Experiment, *more: str) -> str:
    """Return a file name without anything that a file system could take amiss."""
    words = "-".join(("backlight", experiment.setting.source.name, *more))
    return re.sub(r"[^A-Za-z0-9._-]+", "_", words)


def _code(experiment: Experiment, chosen: Chosen) -> None:
    name = file_name(experiment)
    made = _script(replace(experiment, beside=()))
    with _row("code"):
        _button(
            _("Script .py"),
            made,
            f"{name}.py",
            "text/x-python",
            _("The network as a class, and the lines that give these gradients, to the bit."),
        )
        for other in experiment.beside[:1]:
            _button(
                _("Script of B .py"),
                _script(Experiment(other)),
                f"{name}-B.py",
                "text/x-python",
                _("The same for the other run."),
            )
        if _is_trained(experiment, chosen):
            _button(
                _("Training .py"),
                _script(replace(experiment, beside=()), experiment.training.plan),
                f"{name}-training.py",
                "text/x-python",
                _("The network and the loop that trains it, with the same losses, to the bit."),
            )
        _button(
            _("Notebook .ipynb"),
            lambda: to_notebook(made()),
            f"{name}.ipynb",
            "application/x-ipynb+json",
            _("The same for Jupyter."),
        )
        _button(
            _("Experiment .json"),
            lambda: experiment_file.to_json(experiment),
            f"{name}.json",
            "application/json",
            _("Network and settings, to be changed by hand and loaded again below."),
        )


def _script(experiment: Experiment, plan: Plan | None = None) -> Callable[[], str]:
    """Return what writes a run, or its training, as code; the link in it opens that run alone."""
    address, speaks = link.address_of(experiment), say()
    return lambda: script(experiment.setting, address, speaks, plan)


def _is_trained(experiment: Experiment, chosen: Chosen) -> bool:
    """Tell whether the training that is on screen can be done, and moves anything."""
    training = experiment.training
    moving = any(each.gradient is not None for each in chosen.capture.parameters)
    return training.train and moving and not refusal(experiment.setting, training.plan)


def _page(experiment: Experiment) -> None:
    address, spoken, name = link.link(), language(), file_name(experiment)
    live = Answers(runs(), experiment.setting, hidden=experiment.view.conceals)
    with _row("page"):
        _button(
            _("Web page .html"),
            lambda: offline_page(live, experiment.view, address, spoken, name),
            f"{name}.html",
            "text/html",
            _("One file with strip, steps, graph, maps and sums that needs no network."),
        )


def _numbers(experiment: Experiment, chosen: Chosen, shown: Rows) -> None:
    arrays = captured(chosen.capture)
    size = total_bytes(arrays)
    maps = shown_arrays(arrays, chosen, shown)
    cells = sum(array.size for array in maps.values())
    too_many = []
    with _row("numbers"):
        if cells <= MAX_CSV_CELLS:
            _button(
                _("Maps .csv"),
                lambda: cells_csv(maps),
                f"{file_name(experiment, title(chosen))}.csv",
                "text/csv",
                _("The tensors of the shown maps, one line a cell."),
            )
        else:
            sentence = _("The shown maps have {count:,} cells; a .csv file takes {most:,}.")
            too_many.append(sentence.format(count=cells, most=MAX_CSV_CELLS))
        if size <= MAX_NPZ_BYTES:
            _button(
                _("All tensors .npz"),
                lambda: npz(arrays),
                f"{file_name(experiment)}.npz",
                "application/zip",
                _("Values and gradients of every layer and parameter, for numpy.load."),
            )
        else:
            sentence = _("This run has {size}; an .npz file takes {most}.")
            most = bytes_text(MAX_NPZ_BYTES)
            too_many.append(sentence.format(size=bytes_text(size), most=most))
    for sentence in too_many:
        _caption(sentence)


def shown_arrays(arrays: dict[str, Array], chosen: Chosen, shown: Rows) -> dict[str, Array]:
    """Return the whole tensors of the shown maps under the names that all tensors have.

    What one layer hands on is what another receives: the chosen layer's own name is taken.
    """
    found = {}
    for each in (each for row in shown for each in row):
        if each.array is not None and not is_hidden(each.array):
            names = [name for name, array in arrays.items() if array is each.array]
            own = [name for name in names if name.startswith(f"{chosen.node.layer}.")]
            found[[*own, *names, f"{chosen.node.id}.{each.key}"][0]] = each.array
    return found


def _load() -> None:
    """Let the visitor bring a file, or its text."""
    complaint = st.session_state.get(COMPLAINT)
    if complaint:
        st.error(complaint)
    st.file_uploader(
        _("Experiment .json"),
        type="json",
        key=UPLOADED,
        on_change=_load_file,
        max_upload_size=LARGEST_FILE,
        label_visibility="collapsed",
    )
    st.text_area(
        _("or its text"),
        key=PASTED,
        persist_state="session",
        height=80,
        placeholder='{"network": {"name": …',
        max_chars=experiment_file.MAX_FILE,
    )
    st.button(_("Load this text"), on_click=_load_text, key="load_text")


def _load_file() -> None:
    file = st.session_state.get(UPLOADED)
    if file is not None:
        _take_over(file.getvalue().decode(errors="replace"))


def _load_text() -> None:
    _take_over(st.session_state.get(PASTED, ""))


def _take_over(text: str) -> None:
    """Run what a file says, or say why it cannot be read."""
    try:
        experiment, problems = experiment_file.from_json(text, link.current(), say())
    except experiment_file.FileError as error:
        st.session_state[COMPLAINT] = str(error)
        return
    st.session_state[COMPLAINT] = "\n".join(f"- {problem}" for problem in problems)
    link.replace_with(experiment)
