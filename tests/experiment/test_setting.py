"""What runs: which networks are the preset's own, which changes stay, and what is fed."""

from __future__ import annotations

from dataclasses import replace

from experiment.packing import pack, unpack
from experiment.setting import DEFAULT, of_preset, with_network
from models.cell_edits import Edits
from models.fields import Fields
from models.presets import PRESETS
from models.spec import LayerSpec, ModelSpec
from tests.experiment.runs import execute

TABLE = ModelSpec(
    layers=(LayerSpec(name="table", kind="Embedding", fields=Fields({"num_embeddings": 7})),)
)


def test_a_network_equal_to_the_presets_is_the_presets() -> None:
    preset = PRESETS["test"]
    other = with_network(DEFAULT, PRESETS["unet"].spec, (1, 1, 8, 8))
    assert (other.network, other.shape) == (PRESETS["unet"].spec, (1, 1, 8, 8))
    assert with_network(other, preset.spec, preset.input_shape) == DEFAULT


def test_training_decides_how_dropout_behaves() -> None:
    layer = LayerSpec.model_validate({"name": "drop", "kind": "Dropout"})
    trained = with_network(replace(DEFAULT, loss="sum"), ModelSpec(layers=(layer,)), (64,))
    for training, kinds in ((True, {0.0, 2.0}), (False, {1.0})):
        setting = replace(trained, training=training, input_gradient=True)
        found = execute(setting).capture.layer("drop").downstream[0]
        assert found is not None
        assert set(found.tolist()) == kinds


def test_equal_networks_share_a_run_and_others_do_not() -> None:
    spec = PRESETS["mlp"].spec
    one = with_network(DEFAULT, spec, (2, 64))
    two = with_network(DEFAULT, unpack(pack(spec)), (2, 64))
    assert execute(one) is execute(two)
    other = spec.model_copy(update={"name": "Other"})
    assert execute(with_network(DEFAULT, other, (2, 64))) is not execute(one)


def test_another_network_keeps_the_edits_of_cells_that_are_still_the_same() -> None:
    preset = PRESETS["test"]
    edits = (
        Edits()
        .with_cells("input", {0: 5})
        .with_cells("conv2.weight", {0: 5})
        .with_cells("fc.bias", {0: 5})
    )
    begun = replace(DEFAULT, edits=edits)
    assert with_network(begun, preset.spec, (9, 1, 2, 2)).edits == edits
    assert set(with_network(begun, preset.spec, (2, 1, 3, 2)).edits.names()) == {
        "conv2.weight",
        "fc.bias",
    }
    layers = [layer.model_dump() for layer in preset.spec.layers]
    layers[2]["fields"] = {**layers[2]["fields"], "kernel_size": 2}
    other = ModelSpec.model_validate({"name": "Own", "layers": layers})
    assert set(with_network(begun, other, (2, 1, 2, 2)).edits.names()) == {"input", "fc.bias"}


def test_a_network_that_begins_with_a_table_is_fed_ids_and_another_one_numbers() -> None:
    edited = replace(
        DEFAULT, edits=Edits().with_cells("input", {1: 0.5}).with_cells("target", {0: 1})
    )
    table = with_network(edited, TABLE, (2, 3))
    assert table.input == "tokens"
    assert list(table.edits.names()) == ["target"]
    assert with_network(table, DEFAULT.network, DEFAULT.shape).input == "arange"
    words = of_preset("words")
    assert with_network(words, DEFAULT.network, (1, 1, 2, 2)).input == "random"
