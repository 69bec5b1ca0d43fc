"""Every offered way out is one that works; the expected one comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.draft import Draft, changes
from models.draft.diagnosis import diagnose
from models.draft.fixes import FIX_TEXT, fitted, fixes
from models.presets import PRESETS
from tests.models.draft.drafts import EMPTY, key_of, preset, wiring

TEST, UNET, RESIDUAL = preset(), preset("unet"), preset("residual")


def with_layer(draft: Draft, kind: str, after: str, **fields: int) -> Draft:
    """Add a layer with these fields."""
    longer = changes.add(draft, kind, key_of(draft, after))
    for name, value in fields.items():
        longer = changes.set_field(longer, max(longer.keys), name, value)
    return longer


BROKEN = {
    "channels": (changes.set_field(TEST, 3, "in_channels", 3), "Set in_channels=1 in conv2"),
    "features": (changes.set_field(TEST, 5, "in_features", 9), "Set in_features=4 in fc"),
    "batch norm": (
        changes.set_field(RESIDUAL, key_of(RESIDUAL, "bn1"), "num_features", 9),
        "Set num_features=4 in bn1",
    ),
    "padding": (changes.set_field(TEST, 3, "kernel_size", 7), "Set padding=2 in conv2"),
    "pool": (
        with_layer(TEST, "AvgPool2d", "upsample", kernel_size=9),
        "Set padding=3 in avgpool1",
    ),
    "window padding": (
        with_layer(TEST, "MaxPool2d", "upsample", padding=3),
        "Set padding=1 in maxpool1",
    ),
    "bounds": (changes.set_field(TEST, 3, "stride", 0), "Set stride=1 in conv2"),
    "groups": (changes.set_field(TEST, 3, "groups", 3), "Set groups=1 in conv2"),
    "flatten": (changes.remove(TEST, key_of(TEST, "flatten")), "Put Flatten before fc"),
    "after flatten": (
        with_layer(TEST, "Conv2d", "flatten", kernel_size=1),
        "Let conv3 read conv2",
    ),
    "indices": (
        changes.set_field(UNET, key_of(UNET, "pool1"), "return_indices", False),
        "Turn return_indices on in pool1",
    ),
    "in place": (with_layer(TEST, "ReLU", "input", inplace=True), "Turn inplace off in relu1"),
    "same name": (changes.rename(TEST, 4, "conv2"), "Rename it to conv3"),
    "no name": (changes.rename(TEST, 4, "2 x"), "Rename it to layer1"),
    "taken name": (changes.rename(TEST, 4, "train"), "Rename it to train1"),
    "dangling": (changes.rewire(TEST, 2, (4,)), "Let upsample read conv1"),
    "too few": (changes.rewire(TEST, 2, ()), "Let upsample read conv1"),
    "other pool": (
        changes.rewire(
            UNET, key_of(UNET, "unpool1"), (key_of(UNET, "relu4"), key_of(UNET, "relu1"))
        ),
        "Let unpool1 read relu4 + pool1",
    ),
    "shapes": (
        changes.rewire(
            UNET, key_of(UNET, "concat1"), (key_of(UNET, "unpool1"), key_of(UNET, "relu2"))
        ),
        "Let concat1 read unpool1 + relu1",
    ),
    "no way": (with_layer(TEST, "Conv2d", "fc", kernel_size=5), "Remove conv3"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_the_expected_fix_comes_first_and_every_fix_helps(what: str) -> None:
    draft, expected = BROKEN[what]
    problem = diagnose(draft).problem
    assert problem is not None
    offered = fixes(draft)
    assert 1 <= len(offered) <= 4
    assert FIX_TEXT[offered[0].way].format(**offered[0].words) == expected
    for fix in offered:
        after = diagnose(fix.draft).problem
        gone = problem.key not in fix.draft.keys
        assert gone or after is None or fix.draft.place(after.key) > fix.draft.place(problem.key)


def test_a_missing_flatten_is_put_in_with_the_features_that_come_out_of_it() -> None:
    draft = changes.set_field(changes.remove(TEST, key_of(TEST, "flatten")), 5, "in_features", 7)
    (fix, *_) = fixes(draft)
    assert wiring(fix.draft)[-2:] == ["flatten1 < conv2", "fc < flatten1"]
    assert fix.draft.layer(5).fields["in_features"] == 4
    assert fix.draft.layer(5).fields["out_features"] == 1
    assert diagnose(fix.draft).problem is None


@pytest.mark.parametrize("key", PRESETS)
def test_what_works_needs_no_fix(key: str) -> None:
    assert fixes(preset(key)) == ()


@pytest.mark.parametrize(
    "draft",
    [
        EMPTY,
        replace(TEST, input_shape=(0,)),
    ],
)
def test_what_lies_with_no_layer_has_no_fix(draft: Draft) -> None:
    assert diagnose(draft).problem is not None
    assert fixes(draft) == ()


def test_a_network_that_is_too_large_has_no_fix() -> None:
    draft = changes.set_field(
        changes.set_field(TEST, 5, "out_features", 10**6), 5, "in_features", 10**6
    )
    found = diagnose(draft)
    assert found.problem is not None
    assert found.problem.too_large
    assert fixes(draft, found) == ()


def test_a_new_layer_takes_the_sizes_that_come_in_and_hands_them_on_to_its_reader() -> None:
    draft = preset("lenet")
    longer = changes.add(draft, "Conv2d", key_of(draft, "conv1"))
    key = max(longer.keys)
    fields = fitted(longer, key).layer(key).fields
    channels = draft.layer(key_of(draft, "conv1")).fields["out_channels"]
    assert (fields["in_channels"], fields["out_channels"]) == (channels, channels)


def test_a_new_last_layer_keeps_its_own_output_size() -> None:
    longer = changes.add(changes.remove(TEST, 5), "Linear", 4)
    key = max(longer.keys)
    fields = fitted(longer, key).layer(key).fields
    assert (fields["in_features"], fields["out_features"]) == (4, 1)


def test_a_layer_that_fits_or_cannot_fit_is_left_as_it_is() -> None:
    assert fitted(TEST, 3) == TEST
    hopeless = with_layer(TEST, "Conv2d", "fc", kernel_size=5)
    assert fitted(hopeless, max(hopeless.keys)) == hopeless
