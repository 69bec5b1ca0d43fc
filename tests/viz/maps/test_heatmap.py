"""Cells map to exactly the right index, and a figure shows exactly these cells."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest

from viz.maps.heatmap import FIGURE_CELLS, Choices, Role, Tiles, choices, figure, rectangle, tile

ROLES: tuple[Role, Role] = ("activation", "parameter")


def counting(shape: tuple[int, ...]) -> np.ndarray:
    """Every cell holds its own row-major offset."""
    return np.arange(prod(shape), dtype=np.float32).reshape(shape)


def every_cell(tiles: Tiles) -> list[tuple[int, int, int]]:
    places = np.ndindex(tiles.tiles, tiles.rows, tiles.columns)
    return [(t, r, c) for t, r, c in places][: tiles.count]


def test_every_cell_has_the_index_of_its_value_for_random_shapes() -> None:
    random = np.random.default_rng(0)
    for trial in range(150):
        shape = tuple(int(size) for size in random.integers(1, 5, size=trial % 7))
        role = ROLES[int(random.integers(2))]
        offered = choices(shape, role)
        sample = int(random.integers(offered.samples)) if offered.samples else 0
        channel = None
        if offered.channels and random.integers(2):
            channel = int(random.integers(offered.channels))
        array = counting(shape)
        tiles = tile(shape, role, sample, channel)
        indices = [tiles.index(*cell) for cell in every_cell(tiles)]
        assert [array[index] for index in indices] == tiles.block(array).tolist()
        expected = array
        if offered.samples:
            expected = expected[sample]
        if channel is not None:
            expected = expected[channel]
        assert {array[index] for index in indices} == set(expected.ravel().tolist())
        assert len(set(indices)) == expected.size


@pytest.mark.parametrize(("size", "written"), [(10, True), (11, False)])
def test_a_figure_of_few_cells_has_their_numbers_on_them(size: int, written: bool) -> None:
    array = counting((size, size))
    (trace,) = figure(array, tile(array.shape), title="t").data
    assert (trace.texttemplate == "%{z:.3~g}") is written


def test_a_scalar_is_one_cell_without_an_index() -> None:
    tiles = tile(())
    assert (tiles.tiles, tiles.rows, tiles.columns) == (1, 1, 1)
    assert tiles.index(0, 0, 0) == ()


def test_a_short_vector_is_one_row_and_a_long_one_a_rectangle_in_reading_order() -> None:
    short = tile((6,))
    assert (short.rows, short.columns, short.is_rectangle) == (1, 6, False)
    long = tile((71,), "parameter")
    assert (long.rows, long.columns, long.count, long.is_rectangle) == (8, 9, 71, True)
    assert long.index(0, 7, 7) == (70,)
    with pytest.raises(IndexError, match=r"cell \(0, 7, 8\)"):
        long.index(0, 7, 8)
    assert tile((1, 16)).index(0, 1, 0) == (0, 4)


@pytest.mark.parametrize(
    ("count", "sides"),
    [(7, (3, 3)), (10, (2, 5)), (16, (4, 4)), (108, (9, 12)), (120, (10, 12)), (127, (11, 12))],
)
def test_a_rectangle_is_nearly_a_square_and_full_where_it_can_be(
    count: int, sides: tuple[int, int]
) -> None:
    assert rectangle(count) == sides


def test_a_matrix_is_itself() -> None:
    tiles = tile((3, 5))
    assert (tiles.tiles, tiles.rows, tiles.columns) == (1, 3, 5)
    assert tiles.index(0, 2, 4) == (2, 4)


def test_a_batch_of_sequences_shows_channels_by_length_of_one_sample() -> None:
    tiles = tile((2, 3, 7), sample=1)
    assert (tiles.tiles, tiles.rows, tiles.columns) == (1, 3, 7)
    assert tiles.index(0, 2, 6) == (1, 2, 6)
    assert tile((2, 3, 7), sample=1, channel=2).index(0, 2, 0) == (1, 2, 6)


def test_a_batch_of_images_shows_one_tile_a_channel() -> None:
    tiles = tile((2, 3, 4, 5), sample=1)
    assert (tiles.tiles, tiles.rows, tiles.columns, tiles.across) == (3, 4, 5, None)
    assert tiles.index(2, 3, 1) == (1, 2, 3, 1)
    one = tile((2, 3, 4, 5), sample=1, channel=2)
    assert (one.tiles, one.rows, one.columns) == (1, 4, 5)
    assert one.index(0, 3, 1) == (1, 2, 3, 1)


def test_a_batch_of_volumes_shows_one_tile_a_channel_and_depth() -> None:
    tiles = tile((2, 3, 4, 5, 6), sample=1)
    assert (tiles.tiles, tiles.rows, tiles.columns, tiles.across) == (12, 5, 6, 4)
    assert tiles.index(2 * 4 + 3, 1, 5) == (1, 2, 3, 1, 5)
    assert tiles.label_axes == (1, 3)


def test_a_parameter_has_no_batch_axis() -> None:
    kernels = tile((8, 3, 5, 5), "parameter", sample=99)
    assert (kernels.tiles, kernels.rows, kernels.columns, kernels.across) == (24, 5, 5, 3)
    assert kernels.index(7 * 3 + 2, 4, 0) == (7, 2, 4, 0)
    assert kernels.label_axes == (0, 2)
    one_output = tile((8, 3, 5, 5), "parameter", channel=6)
    assert one_output.tiles == 3
    assert one_output.index(1, 0, 2) == (6, 1, 0, 2)


def test_kernels_of_one_cell_make_a_matrix_and_pooled_channels_a_vector() -> None:
    pointwise = tile((16, 8, 1, 1), "parameter")
    assert (pointwise.tiles, pointwise.rows, pointwise.columns) == (1, 16, 8)
    assert pointwise.index(0, 15, 7) == (15, 7, 0, 0)
    pooled = tile((2, 512, 1, 1), sample=1)
    assert (pooled.tiles, pooled.rows, pooled.columns) == (1, 16, 32)
    assert pooled.index(0, 15, 31) == (1, 511, 0, 0)


@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 3), (2, 0, 4, 4)])
def test_an_array_without_cells_has_no_tiles_and_an_empty_figure(shape: tuple[int, ...]) -> None:
    tiles = tile(shape)
    assert tiles.count == tiles.tiles == 0
    assert tiles.block(np.zeros(shape)).size == 0
    drawn = figure(np.zeros(shape), tiles, title="Nothing")
    assert len(drawn.data) == 0
    assert drawn.layout.title.text.startswith("Nothing")


def test_the_pickers_offer_what_can_be_picked() -> None:
    assert choices((4, 3, 8, 8)) == Choices(samples=4, channels=3)
    assert choices((16, 3, 5, 5), "parameter") == Choices(samples=0, channels=16)
    assert choices((4, 10)) == choices(()) == Choices(samples=0, channels=0)


def test_a_sample_or_channel_that_does_not_exist_is_named() -> None:
    with pytest.raises(IndexError, match=r"sample 2 does not exist.*has 2 samples. Choose 0 to 1"):
        tile((2, 3, 4, 4), sample=2)
    with pytest.raises(IndexError, match=r"channel -1 does not exist.*\[2, 3, 4, 4\]"):
        tile((2, 3, 4, 4), channel=-1)


def test_tiles_refuse_an_array_of_another_shape() -> None:
    with pytest.raises(ValueError, match=r"for shape \(2, 2\), not \(4,\)"):
        tile((2, 2)).block(np.zeros(4))


def test_only_whole_tiles_or_rows_are_kept() -> None:
    channels = tile((1, 512, 14, 14))
    kept = channels.first(128 * 196 + 100)
    assert (kept.tiles, kept.count) == (128, 128 * 196)
    assert channels.part(kept) == ("channels", 128, 512)
    matrix = tile((100, 50), "parameter")
    assert matrix.part(matrix.first(999)) == ("rows", 19, 100)
    assert matrix.first(999).index(0, 18, 49) == (18, 49)
    assert matrix.part(matrix.first(20)) == ("cells", 20, 5000)
    vector = tile((5000,), "parameter")
    assert vector.part(vector.first(1000)) == ("cells", 10 * 100, 5000)
    assert channels.first(512 * 196) is channels


def test_a_figure_is_one_trace_with_the_value_and_index_of_every_cell() -> None:
    random = np.random.default_rng(1)
    for shape in [(2, 7, 3, 4), (2, 4, 3, 2, 2), (70,), (3, 5)]:
        array = random.standard_normal(shape).astype(np.float32)
        tiles = tile(shape, sample=1)
        (trace,) = figure(array, tiles, title="t").data
        assert trace.z.dtype == np.float32
        assert trace.customdata.dtype == np.uint16
        cells = ~np.isnan(trace.z)
        shown = [tuple(index) for index in trace.customdata[cells]]
        assert sorted(shown) == sorted(tiles.index(*cell) for cell in every_cell(tiles))
        assert [array[index] for index in shown] == trace.z[cells].tolist()


def test_tiles_of_a_figure_stand_in_rows_with_one_gap_line() -> None:
    array = counting((1, 3, 2, 2)) + 1
    (trace,) = figure(array, tile(array.shape), title="t").data
    gap = np.nan
    np.testing.assert_array_equal(
        trace.z,
        [
            [1, 2, gap, 5, 6],
            [3, 4, gap, 7, 8],
            [gap, gap, gap, gap, gap],
            [9, 10, gap, gap, gap],
            [11, 12, gap, gap, gap],
        ],
    )


def test_a_figure_has_a_scale_centred_on_zero_and_says_what_it_shows() -> None:
    array = np.array([[1.5, -3.25], [np.nan, np.inf]], dtype=np.float32)
    drawn = figure(array, tile(array.shape), title="Upstream of conv2")
    (trace,) = drawn.data
    assert (trace.zmin, trace.zmax) == (-3.25, 3.25)
    assert trace.colorbar.ticktext == ("−3.25", "0", "3.25")
    assert trace.colorscale[4] == (0.5, "#f7f7f7")
    assert trace.hovertemplate.startswith("[%{customdata[0]}, %{customdata[1]}] = %{z:.9~g}")
    assert drawn.layout.title.text == (
        "Upstream of conv2 · shape [2, 2] · scale ±3.25 · 2 not finite, left blank"
    )
    (shared,) = figure(array, tile(array.shape), title="t", scale=10.0, dark=True).data
    assert (shared.zmin, shared.zmax) == (-10.0, 10.0)
    assert shared.colorscale[4] == (0.5, "#23252f")


def test_a_figure_of_zeros_is_drawn_and_says_so() -> None:
    drawn = figure(np.zeros((2, 2)), tile((2, 2)), title="t")
    assert "all zero" in drawn.layout.title.text
    assert drawn.data[0].zmin < 0 < drawn.data[0].zmax
    assert drawn.data[0].colorbar.ticktext == ("0",)


def test_a_figure_of_a_scalar_and_of_whole_numbers_is_exact() -> None:
    (trace,) = figure(np.array(7), tile(()), title="t").data
    assert trace.z.tolist() == [[7.0]]
    assert trace.z.dtype == np.float64


def test_a_figure_keeps_the_first_cells_of_a_huge_array() -> None:
    array = np.ones((1024, 1024), dtype=np.float32)
    drawn = figure(array, tile(array.shape), title="t")
    assert drawn.data[0].z.shape == (512, 1024)
    assert f"first {FIGURE_CELLS} of {1024 * 1024} cells" in drawn.layout.title.text


def test_a_complex_array_is_refused_with_a_way_out() -> None:
    array = np.ones((2, 2), dtype=np.complex64)
    with pytest.raises(ValueError, match="real part"):
        figure(array, tile(array.shape), title="t")
