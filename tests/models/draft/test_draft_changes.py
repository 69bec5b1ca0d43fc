"""Changes of a draft: what reads what afterwards, and that the old draft stays as it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.draft import INPUT_KEY, Draft, changes, draft_of
from models.draft.diagnosis import diagnose
from models.layers import LAYERS
from models.presets import PRESETS
from tests.models.draft.drafts import EMPTY, key_of, preset, wiring

CHAIN = [
    "conv1 < input",
    "upsample < conv1",
    "conv2 < upsample",
    "flatten < conv2",
    "fc < flatten",
]


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_comes_back_from_its_draft(key: str) -> None:
    assert diagnose(preset(key)).spec == PRESETS[key].spec


def test_a_new_layer_stands_in_the_way_to_the_next_one() -> None:
    draft = changes.add(preset(), "ReLU", key_of(preset(), "conv1"))
    assert wiring(draft) == [CHAIN[0], "relu1 < conv1", "upsample < relu1", *CHAIN[2:]]
    assert wiring(changes.add(preset(), "ReLU"))[:2] == ["relu1 < input", "conv1 < relu1"]
    assert wiring(preset()) == CHAIN


def test_a_new_layer_does_not_take_over_the_skips_past_it() -> None:
    draft = preset("residual")
    before = wiring(draft)
    add = key_of(draft, "add")
    skip = draft.layer(add).reads[1]
    after = changes.add(draft, "Identity", skip)
    assert after.layer(add).reads == draft.layer(add).reads
    assert len(wiring(after)) == len(before) + 1


def test_a_new_layer_has_the_catalogues_defaults_and_a_free_name() -> None:
    draft = changes.add(changes.add(EMPTY, "Conv2d"), "Conv2d", 1)
    assert [layer.name for layer in draft.layers] == ["conv1", "conv2"]
    assert draft.layers[0].fields == {
        field.name: field.default for field in LAYERS["Conv2d"].fields
    }


def test_a_new_join_makes_a_way_around_the_layer_it_stands_behind() -> None:
    draft = changes.add(preset(), "Add", key_of(preset(), "conv1"))
    assert wiring(draft)[1:3] == ["add1 < conv1 + input", "upsample < add1"]


def test_a_new_unpool_takes_the_indices_of_the_nearest_pool() -> None:
    draft = changes.add(changes.add(EMPTY, "MaxPool2d"), "ReLU", 1)
    assert wiring(changes.add(draft, "MaxUnpool2d", 2))[-1] == "maxunpool1 < relu1 + maxpool1"


def test_the_readers_of_a_removed_layer_read_its_first_input() -> None:
    draft = preset()
    for name in ("upsample", "conv1"):
        draft = changes.remove(draft, key_of(draft, name))
    assert wiring(draft) == ["conv2 < input", *CHAIN[3:]]


def test_a_new_name_reaches_the_readers() -> None:
    assert wiring(changes.rename(preset(), 1, "stem"))[:2] == ["stem < input", "upsample < stem"]


def test_two_equal_names_keep_their_own_readers() -> None:
    twice = changes.rename(preset(), 3, "conv1")
    assert changes.rename(twice, 3, "conv2") == preset()


def test_what_a_layer_reads_is_chosen_freely_among_what_exists() -> None:
    assert wiring(changes.rewire(preset(), 3, (1,)))[2] == "conv2 < conv1"
    with pytest.raises(KeyError):
        changes.rewire(preset(), 3, (99,))


def test_a_field_keeps_what_was_typed_and_an_unknown_one_is_refused() -> None:
    assert changes.set_field(preset(), 3, "stride", -5).layer(3).fields["stride"] == -5
    with pytest.raises(KeyError):
        changes.set_field(preset(), 3, "colour", 1)


CHANGES: list[Callable[[Draft, int, int, str], Draft]] = [
    lambda draft, key, _other, kind: changes.add(draft, kind, key),
    lambda draft, key, _other, _kind: changes.remove(draft, key) if key else draft,
    lambda draft, key, other, _kind: changes.rewire(draft, key, (other,)) if key else draft,
    lambda draft, key, other, _kind: changes.rename(draft, key, f"n{other}") if key else draft,
]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(CHANGES),
            st.integers(0, 30),
            st.integers(0, 30),
            st.sampled_from(list(LAYERS)),
        ),
        max_size=12,
    )
)
def test_no_row_of_changes_loses_a_connection_or_breaks_the_diagnosis(
    changes: list[tuple[Callable[[Draft, int, int, str], Draft], int, int, str]],
) -> None:
    draft = preset()
    for change, one, other, kind in changes:
        keys = (INPUT_KEY, *draft.keys)
        draft = change(draft, keys[one % len(keys)], keys[other % len(keys)], kind)
        known = {INPUT_KEY, *draft.keys}
        assert len(known) == 1 + len(draft.layers)
        assert all(set(layer.reads) <= known for layer in draft.layers)
    found = diagnose(draft)
    assert (found.problem is None) == (found.spec is not None)
    if found.spec is not None:
        assert diagnose(draft_of(found.spec, draft.input_shape)).spec == found.spec
