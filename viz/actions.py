"""A list of actions that a visitor puts together: data of the ``actions`` component, its holder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

ACTIONS_WORDS: Mapping[str, str] = {
    "offered": "Actions to add",
    "list": "Actions in order",
    "empty": "Nothing yet. Press a button to add an action.",
    "remove": "Remove {place}: {action}",
    "undo": "Undo",
    "clear": "Clear all",
    "full": "No more than {most} actions. Remove one to add another.",
    "added": "{place}: {action}",
    "removed": "Removed: {action}",
    "cleared": "Removed all.",
}
"""What the browser says, in English."""


def actions_data(
    value: Sequence[str],
    heard: float | None,
    offered: Mapping[str, str],
    *,
    most: int,
) -> dict[str, Any]:
    """Return the data of the ``actions`` component, ready for JSON.

    ``value`` are the keys of the actions in order, and ``heard`` is since when they were what the
    browser said last. ``offered`` says by key what stands on the buttons, in their order. What is
    not offered is left out, and so is what comes after the first ``most`` actions.
    """
    return {
        "value": [key for key in value if key in offered][:most],
        "heard": heard,
        "offered": [list(action) for action in offered.items()],
        "most": most,
    }
