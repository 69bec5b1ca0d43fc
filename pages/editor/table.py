"""What every layer makes, costs and sees, as a table below the picture."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from models.budget import LayerCost, bytes_text
from models.draft import Draft, DraftLayer
from models.draft.diagnosis import Diagnosis
from models.receptive import Receptive, receptive
from pages.parts.text import _
from viz.peak import TIMES, shape_text

UNKNOWN = "\u2013"
"""In the place of what is not known, or has no extent."""


def table(draft: Draft, found: Diagnosis, chosen: int) -> None:
    """Draw one row a layer, the chosen one marked; folded away until it is wanted."""
    if not draft.layers:
        return
    with st.expander(_("Every layer"), key="editor_table"):
        head = "".join(f'<th scope="col">{escape(title)}</th>' for title in _titles())
        seen = seen_by(draft, found)
        rows = "".join(_row(layer, found, seen, chosen) for layer in draft.layers)
        label = escape(_("Every layer"))
        st.html(
            f'<div class="layers" role="region" tabindex="0" aria-label="{label}">'
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def seen_by(draft: Draft, found: Diagnosis) -> dict[str, Receptive]:
    """Return what the layers with a shape see of the input, by name."""
    if found.reached is None:
        return {}
    shapes = {cost.name: cost.output_shape for cost in found.costs.values()}
    return receptive(found.reached, draft.input_shape, shapes)


def field_text(seen: Receptive) -> str:
    """Write a receptive field; empty where it has no extent."""
    return shape_text(seen.field) if seen.field is not None else ""


def stride_text(seen: Receptive) -> str:
    """Write an output stride, once where it is the same along every axis; empty without one."""
    return TIMES.join(dict.fromkeys(map(str, seen.stride))) if seen.stride is not None else ""


def _titles() -> tuple[str, ...]:
    return (
        _("Layer"),
        _("Kind"),
        _("Output"),
        _("Parameters"),
        _("Receptive field"),
        _("Output stride"),
        _("Kept for backward"),
        _("FLOPs"),
    )


def _row(layer: DraftLayer, found: Diagnosis, seen: dict[str, Receptive], chosen: int) -> str:
    broken = found.problem is not None and found.problem.key == layer.key
    marks = (" chosen" if layer.key == chosen else "") + (" broken" if broken else "")
    cost = found.costs.get(layer.key)
    known = _cells(cost, seen.get(cost.name)) if cost else ("",) * (len(_titles()) - 2)
    cells = "".join(f"<td>{escape(text) or UNKNOWN}</td>" for text in (layer.kind, *known))
    name = escape(layer.name) or "?"
    return f'<tr class="layer{marks}"><th scope="row">{name}</th>{cells}</tr>'


def _cells(cost: LayerCost, seen: Receptive | None) -> Sequence[str]:
    shaped = bool(cost.output_shape)
    return (
        shape_text(cost.output_shape) if shaped else "",
        f"{cost.parameters:,}",
        field_text(seen) if seen else "",
        stride_text(seen) if seen else "",
        bytes_text(cost.saved_bytes) if shaped else "",
        f"{cost.operations:,}" if shaped else "",
    )
