"""Linear layers, tables, and layers that read sequences."""

from __future__ import annotations

from torch import nn

from models import agreement, expressions, fitting_rows, fused, operations, sequences
from models.fields import Field
from models.kinds.kind import LayerKind
from models.settings import BIAS, MAX_CHANNELS, MAX_FEATURES, number, size, whole

MAX_STACKED = 4
"""Recurrent layers on top of each other."""
MAX_HEADS = 64

INPUT_SIZE = size("input_size", 8, MAX_CHANNELS, "Features of one time step.")
HIDDEN_SIZE = size("hidden_size", 8, MAX_CHANNELS, "Features of the state.")
STACKED = whole("num_layers", 1, 1, MAX_STACKED, "Layers on top of each other.")
BATCH_FIRST = Field(
    "batch_first",
    "bool",
    True,
    required=True,
    help="Whether the batch comes before the time, as in all other layers.",
)
OUTPUTS = Field(
    "outputs",
    "choice",
    "all",
    choices=("all", "last"),
    at_call=True,
    help="Whether the states of all steps go out, or the last one.",
)
NONLINEARITY = Field(
    "nonlinearity", "choice", "tanh", choices=("tanh", "relu"), help="What bounds the state."
)

SEQUENCES: dict[str, LayerKind] = {
    "Linear": LayerKind(
        label="Linear",
        help="Every output is a weighted sum of all input features.",
        module=nn.Linear,
        fields=(
            size("in_features", 1, MAX_FEATURES, "Size of the last dimension that comes in."),
            size("out_features", 1, MAX_FEATURES, "Size of the last dimension that goes out."),
            BIAS,
        ),
        fits=fitting_rows.fits_linear,
        operations=operations.features_per_output,
        positional=2,
    ),
    "Embedding": LayerKind(
        label="Embedding",
        help="Looks up a learned row for each whole number; only rows used get a gradient.",
        module=sequences.Embedding,
        fields=(
            size("num_embeddings", 16, MAX_FEATURES, "Rows of the table: numbers from 0 on."),
            size("embedding_dim", 4, MAX_CHANNELS, "Features of a row."),
        ),
        fits=fitting_rows.fits_embedding,
        operations=operations.nothing,
        positional=2,
        code=expressions.looked_up,
    ),
    "RNN": LayerKind(
        label="Recurrent layer",
        help="Mixes each step with the state before it; the gradient walks back through time.",
        module=sequences.RNN,
        fields=(INPUT_SIZE, HIDDEN_SIZE, STACKED, NONLINEARITY, BIAS, BATCH_FIRST, OUTPUTS),
        fits=fitting_rows.fits_recurrent,
        operations=operations.gates_per_step(1),
        positional=2,
        code=expressions.recurrent,
        keeps=("outputs",),
        saves_output=True,
    ),
    "GRU": LayerKind(
        label="GRU",
        help="A recurrent layer whose two gates choose what to forget and what to take over.",
        module=sequences.GRU,
        fields=(INPUT_SIZE, HIDDEN_SIZE, STACKED, BIAS, BATCH_FIRST, OUTPUTS),
        fits=fitting_rows.fits_recurrent,
        operations=operations.gates_per_step(3),
        positional=2,
        code=expressions.recurrent,
        keeps=("outputs",),
        saves_output=True,
    ),
    "LSTM": LayerKind(
        label="LSTM",
        help="A recurrent layer with a memory cell that gradients pass almost unchanged.",
        module=sequences.LSTM,
        fields=(INPUT_SIZE, HIDDEN_SIZE, STACKED, BIAS, BATCH_FIRST, OUTPUTS),
        fits=fitting_rows.fits_recurrent,
        operations=operations.gates_per_step(4),
        positional=2,
        code=expressions.recurrent,
        keeps=("outputs",),
        saves_output=True,
    ),
    "MultiheadAttention": LayerKind(
        label="Attention",
        help="Every token mixes the values of all tokens, weighted by how well they match.",
        module=sequences.MultiheadAttention,
        fields=(
            size("embed_dim", 8, MAX_CHANNELS, "Features of a token."),
            size("num_heads", 2, MAX_HEADS, "Heads that share the features equally."),
            number("dropout", 0.0, 0.0, 1.0, "How likely a weight is dropped."),
            BIAS,
            BATCH_FIRST,
        ),
        inputs=(1, 2),
        verify=agreement.heads_divide("embed_dim", "num_heads"),
        fits=fitting_rows.fits_attention("embed_dim"),
        operations=operations.attention,
        positional=2,
        code=expressions.attended,
    ),
    "TransformerEncoderLayer": LayerKind(
        label="Transformer block",
        help="Attention, then two linear layers, each with a skip and a normalisation.",
        module=sequences.TransformerEncoderLayer,
        fields=(
            size("d_model", 8, MAX_CHANNELS, "Features of a token."),
            size("nhead", 2, MAX_HEADS, "Heads that share the features equally."),
            size("dim_feedforward", 16, MAX_CHANNELS, "Features between the linear layers."),
            Field("dropout", "float", 0.0, 0.0, 1.0, required=True, help="How likely a drop is."),
            Field(
                "activation",
                "choice",
                "relu",
                choices=("relu", "gelu"),
                required=True,
                help="What stands between the linear layers.",
            ),
            BATCH_FIRST,
            Field("norm_first", "bool", False, help="Whether normalisations come first."),
        ),
        verify=agreement.heads_divide("d_model", "nhead"),
        fits=fitting_rows.fits_attention("d_model"),
        operations=operations.encoder,
        saved_beside=fused.attention_saved_beside,
        captured_beside=fused.attention_captured_beside,
        positional=2,
    ),
}
