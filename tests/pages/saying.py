"""What the browser's part of a page does, for tests without a browser: it says what it holds."""

from __future__ import annotations

import itertools
import json
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

_CLOCK = itertools.count(1)


def says(app: AppTest, *said: tuple[str, object]) -> AppTest:
    """Let components say what they hold, all before one run; each is named by its key."""
    states = app._tree.get_widget_states()
    for key, value in said:
        state = {"said": {"value": value, "since": next(_CLOCK)}}
        identity = component(app, key).id
        states.widgets.append(WidgetState(id=identity, json_value=json.dumps(state)))
    return app._run(states)


def component(app: AppTest, key: str) -> Any:
    """Return the message that mounts a component."""
    (found,) = (
        each.proto for each in app.get("bidi_component") if each.proto.id.endswith(f"-{key}")
    )
    return found


def data(app: AppTest, key: str) -> dict[str, Any]:
    """Return what a component is told."""
    told: dict[str, Any] = json.loads(component(app, key).json)
    return told


def press_number(app: AppTest, key: str, step: int = 1) -> AppTest:
    """Press a button of a number once."""
    told = data(app, key)
    count = told["most"] - told["least"] + 1
    return says(app, (key, told["least"] + (told["value"] + step - told["least"]) % count))


def new_weights(app: AppTest) -> AppTest:
    """Press the button of the playground once."""
    return press_number(app, "new_weights")
