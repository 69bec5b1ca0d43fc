"""The box for code of one's own: read as it stands, never run as Python."""

from __future__ import annotations

import re

import streamlit as st

from experiment.running.runs import Refused
from experiment.running.turnstile import Busy
from experiment.suiting import stand_ins, what_runs
from experiment.written.address import Experiment
from experiment.written.file import MAX_FILE
from experiment.written.pasted import Found, Pasted, PasteError, offered, read, ways_to_run
from models.budget import operations_text
from models.shapes import shape_text
from models.source import MAX_SOURCE, Offer
from pages.parts import link
from pages.parts.asking import execute
from pages.parts.text import _, say
from pages.parts.turns import said, waiting_room
from viz.language import retold
from viz.markdown import plain
from viz.markup import markup
from viz.scene.worth import worth_seeing

OPEN, READ, SHOWN = "paste_open", "paste_read", "paste_shown"
TEXT, NAME, ARGUMENTS, SHAPE = "paste_text", "paste_name", "paste_arguments", "paste_shape"
HEIGHT = 320
"""Pixels of the box: some fourteen lines."""
AROUND = 2
"""Lines shown above and below the one that is wrong."""
LONGEST_LINE = 160
EXAMPLE = """\
class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return F.relu(x + self.conv(x))


class Net(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.first = nn.Conv2d(1, 2, 3, padding=1)
        self.blocks = nn.Sequential(*[Block(2) for _ in range(2)])
        self.fc = nn.Linear(2, classes)

    def forward(self, x):
        x = self.blocks(self.first(x))
        return self.fc(x.mean((2, 3)))
"""


def opener() -> None:
    """Draw the button that opens the box."""
    st.button(_("Paste code"), icon=":material/content_paste:", key="paste_opener", on_click=_open)


def box() -> None:
    """Show the box while it is open."""
    if link.wants_to_paste():
        _open()
    if not st.session_state.get(OPEN):
        return
    title = _("Paste code")
    st.dialog(title, width="large", icon=":material/content_paste:", on_dismiss=_close)(_box)()


def notice(experiment: Experiment) -> None:
    """Say on what a network runs that came without data, at length when it was just pasted."""
    setting = experiment.setting
    shown, problems = st.session_state.get(SHOWN) or (None, ())
    just_pasted = shown == setting and setting.spec is not None
    what = what_runs(setting, say()) if just_pasted else stand_ins(setting, say())
    if not just_pasted and (experiment.view.editing or not what):
        return
    sentence = (
        _("Chosen for {name}: {what}.")
        if just_pasted
        else _("No data came with {name}; this stands in: {what}.")
    )
    chosen = sentence.format(name=setting.source.name, what=what)
    if just_pasted:
        how = _("*Input*, *Loss* and *Target* in the sidebar change it.")
        lines = "  \n".join([f"{plain(chosen)} {how}", *problems])
        st.info(lines, icon=":material/content_paste:")
    else:
        with st.container(key="not_in_room_stands_in"):
            st.caption(plain(chosen))


def _open() -> None:
    st.session_state[OPEN] = True


def _close() -> None:
    st.session_state[OPEN] = False


def _box() -> None:
    """Draw the box: text, what of it is run on which input, and what comes of it."""
    waiting_room("paste")
    st.text_area(
        _("nn.Module classes, lines that call layers on a tensor, or an experiment's JSON"),
        key=TEXT,
        height=HEIGHT,
        max_chars=MAX_FILE,
        persist_state="session",
        placeholder=_("class Net(nn.Module): …"),
        help=_("It is read and never run. Up to {most:,} characters of code.").format(
            most=MAX_SOURCE
        ),
    )
    answer = st.container(key="paste_answer")
    pasted = _fields()
    found, problem = _read(pasted)
    with st.container(horizontal=True, vertical_alignment="center", key="paste_buttons"):
        pressed = st.button(
            _("Run"),
            icon=":material/play_arrow:",
            type="primary",
            shortcut="Ctrl+Enter",
            key="paste_run",
        )
        if not pasted.text.strip():
            st.button(_("Try the example"), key="paste_example", on_click=_example)
        if st.button(_("Close"), key="paste_close", type="tertiary"):
            _close()
            st.rerun()
    if pressed and found is not None:
        problem = _run(found)
    with answer:
        _answer(pasted, found, problem, pressed)


def _example() -> None:
    st.session_state[TEXT] = EXAMPLE


def _fields() -> Pasted:
    """Draw the fields that the text calls for, and return everything that is filled in."""
    text = st.session_state.get(TEXT) or ""
    offers = offered(Pasted(text)) if text.strip() else ()
    name = arguments = shape = ""
    with st.container(horizontal=True, vertical_alignment="bottom", key="paste_fields"):
        if len(offers) > 1:
            names = [offer.name for offer in offers]
            if st.session_state.get(NAME) not in names:
                st.session_state[NAME] = names[0]
            name = st.selectbox(_("Which one is run"), names, key=NAME, persist_state="session")
        chosen = next((each for each in offers if each.name == name), next(iter(offers), None))
        if chosen is not None and chosen.parameters:
            arguments = _arguments(chosen)
        if offers:
            shape = st.text_input(
                _("Input shape"),
                key=SHAPE,
                persist_state="session",
                placeholder=_("found by itself"),
                help=_("Batch first, as in 1x3x32x32."),
            )
    default = not arguments.strip() and chosen is not None and chosen is offers[0]
    return Pasted(text, "" if default else name, arguments, shape)


def _arguments(offer: Offer) -> str:
    return st.text_input(
        _("Arguments of {name}").format(name=plain(offer.name)),
        key=ARGUMENTS,
        persist_state="session",
        placeholder=", ".join(offer.parameters)[:LONGEST_LINE],
        help=_("As in a call: 3, classes=10. What is left out has its default."),
    )


def _read(pasted: Pasted) -> tuple[Found | None, PasteError | None]:
    """Read the text; the last answer is kept."""
    if not pasted.text.strip():
        return None, None
    now = link.current()
    key = (pasted, now.setting)
    kept = st.session_state.get(READ)
    if kept is None or kept[0] != key:
        try:
            kept = (key, read(pasted, now, say()), None)
        except PasteError as error:
            kept = (key, None, error)
        st.session_state[READ] = kept
    return kept[1], kept[2]


def _run(found: Found) -> PasteError | None:
    """Show the network on the page; return why it cannot run if it cannot."""
    refusals = []
    for candidate in ways_to_run(found.experiment):
        try:
            capture = execute(candidate.setting).capture
        except Refused as refusal:
            refusals.append(str(refusal))
            continue
        except Busy as busy:
            return PasteError(plain(said(busy)))
        if candidate.setting.spec is not None and not candidate.view.node:
            candidate = candidate.changed(node=worth_seeing(capture))
        _show(candidate, found.problems)
    return PasteError(plain(retold(refusals[0], say())))


def _show(candidate: Experiment, problems: tuple[str, ...]) -> None:
    """Take the network over, close the box and draw the page anew."""
    shown = candidate.changed(hand="", compare=False, step=None)
    st.session_state[SHOWN] = (shown.setting, problems)
    link.begin(shown)
    _close()
    st.rerun()


def _answer(pasted: Pasted, found: Found | None, problem: PasteError | None, pressed: bool) -> None:
    """Say what the text stands for, or what of it cannot be run."""
    if problem is not None:
        st.error(problem.sentence)
        if problem.line:
            st.html(excerpt(pasted.text, problem.line, problem.column))
    elif found is not None:
        for sentence in found.problems:
            st.warning(sentence)
        chosen = _("Run on: {what}.").format(what=what_runs(found.experiment.setting, say()))
        st.success(plain(f"{_summary(found)} {chosen}"))
    elif pressed:
        st.info(_("Paste code first, or try the example."))
    else:
        st.caption(
            _(
                "Constructors, loops, several classes and the usual functions of torch are read. "
                "Lines without a class begin with a tensor, such as x = torch.ones(1, 1, 2, 2). "
                "What is not supported is named with its line."
            )
        )


def _summary(found: Found) -> str:
    """Name the network, its size, and which input it will run on."""
    setting, budget = found.experiment.setting, found.budget
    count = len(setting.network.layers)
    layers = _("1 layer") if count == 1 else _("{count} layers").format(count=count)
    if budget is None:
        sentence = _("{name}: {layers}, on an input {shape}.")
        return sentence.format(
            name=setting.source.name, layers=layers, shape=shape_text(setting.shape)
        )
    sentence = _("{name}: {layers}, {parameters:,} parameters, {shape} to {output}, {work}.")
    return sentence.format(
        name=setting.source.name,
        layers=layers,
        parameters=budget.parameters,
        shape=shape_text(setting.shape),
        output=shape_text(budget.output_shape),
        work=retold(operations_text(budget.operations), say()),
    )


def excerpt(text: str, line: int, column: int) -> str:
    """Return HTML of the lines around one, that one marked, with a caret below its column.

    Lines and columns count from 1; no caret is drawn for column 0. The text is escaped.
    """
    lines = re.split("\r\n|\r|\n", text)  # where Python ends a line, and nowhere else
    first, last = max(1, line - AROUND), min(len(lines), line + AROUND)
    width = len(str(last))
    lines_shown = [
        {
            "text": f"{number:>{width}}  {lines[number - 1].expandtabs(4)[:LONGEST_LINE]}",
            "marked": number == line,
            "caret": width + 1 + column if number == line and 0 < column <= LONGEST_LINE else 0,
        }
        for number in range(first, last + 1)
    ]
    return markup("excerpt", lines=lines_shown)
