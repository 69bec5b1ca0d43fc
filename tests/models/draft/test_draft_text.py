"""A draft as a browser holds it comes back as it was; what is none is refused in a sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from models.draft.text import MAX_DRAFT, DraftError, read_draft, written
from models.fields import Fields
from models.presets import PRESETS
from models.shapes import shape_text
from models.spec import MAX_LAYERS
from tests.models.draft.drafts import preset

FIELDS = dict(preset().layers[0].fields)


def sent(**changes: Any) -> dict[str, Any]:
    """The draft of ``Test``, with changes to its first layer."""
    draft = written(preset(), "2x1x2x2")
    draft["layers"][0] |= changes
    return draft


@pytest.mark.parametrize("key", PRESETS)
def test_every_preset_comes_back(key: str) -> None:
    draft = preset(key)
    shape = shape_text(draft.input_shape)
    came = read_draft(json.dumps(written(draft, shape)))
    assert came.draft(draft.input_shape) == draft
    assert came.input_shape == shape
    assert came.fresh == ()


def test_what_was_typed_stays_as_it_was_typed() -> None:
    fields: dict[str, Any] = {**FIELDS, "kernel_size": "three", "stride": [1, 2]}
    came = read_draft(json.dumps(sent(name="2 x", fields=fields, fresh=True)))
    layer = came.draft(()).layers[0]
    assert layer.name == "2 x"
    assert layer.fields == Fields({**fields, "stride": (1, 2)})
    assert came.fresh == (1,)


HOSTILE: dict[str, Any] = {
    "no JSON": "{",
    "a list": "[]",
    "nothing": "{}",
    "another part": json.dumps(sent() | {"more": 1}),
    "too long": json.dumps(sent() | {"name": "x" * MAX_DRAFT}),
    "a long name": json.dumps(sent(name="x" * 201)),
    "an unknown kind": json.dumps(sent(kind="System")),
    "a missing field": json.dumps(sent(fields={})),
    "another field": json.dumps(sent(fields=FIELDS | {"colour": 1})),
    "a huge number": json.dumps(sent(fields=FIELDS | {"stride": [10**30]})),
    "no number": json.dumps(sent(fields=FIELDS | {"stride": float("nan")})),
    "too many numbers": json.dumps(sent(fields=FIELDS | {"stride": [1] * 9})),
    "an object": json.dumps(sent(fields=FIELDS | {"stride": {"a": 1}})),
    "no switch": json.dumps(sent(switches={})),
    "a text for a switch": json.dumps(sent(switches={"frozen": "yes"})),
    "the input's key": json.dumps(sent(key=0)),
    "two equal keys": json.dumps(sent(key=2)),
    "a key as text": json.dumps(sent(key="1")),
    "an unknown source": json.dumps(sent(reads=[99])),
    "too many sources": json.dumps(sent(reads=[0] * 9)),
    "too many layers": json.dumps(
        sent()
        | {
            "layers": [
                {**sent()["layers"][3], "key": key, "reads": [0]}
                for key in range(1, MAX_LAYERS + 2)
            ]
        }
    ),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_draft_is_refused(text: str) -> None:
    with pytest.raises(DraftError) as refusal:
        read_draft(text)
    assert 0 < len(str(refusal.value)) < 400
    assert "\n" not in str(refusal.value)
