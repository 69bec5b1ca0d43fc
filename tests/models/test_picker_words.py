"""The words a picker shows say what belongs to each entry, and to no other one of its list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pytest

from models.inputs import INPUTS
from models.layers import LAYERS
from models.losses import LOSSES
from models.targets import MAX_CLASSES, TARGETS


class Shown(Protocol):
    """What a picker shows of an entry."""

    @property
    def label(self) -> str: ...

    @property
    def help(self) -> str: ...


Words = Mapping[str, tuple[str, str]]
"""Entry -> its label, and what its help says of it alone, in parts that may stand apart (~)."""

KINDS: Words = {
    "Conv2d": ("Convolution", "slides learned kernels over the map ~ sums what they cover"),
    "Conv1d": ("Convolution along a line", "slides learned kernels along a line"),
    "ConvTranspose2d": ("Transposed convolution", "spreads every input cell over a kernel"),
    "ConvTranspose1d": (
        "Transposed convolution along a line",
        "spreads every cell of a line over a kernel",
    ),
    "MaxPool2d": ("Max pooling", "largest value of each window ~ only its cell gets"),
    "MaxPool1d": ("Max pooling along a line", "largest value of each stretch ~ only its cell gets"),
    "AvgPool2d": ("Average pooling", "the mean of each window ~ share the gradient equally"),
    "LPPool2d": ("Power-average pooling", "root of a sum of powers ~ the larger its share"),
    "AdaptiveAvgPool2d": ("Adaptive average pooling", "means of as many windows as cells"),
    "AdaptiveMaxPool2d": ("Adaptive max pooling", "largest value of as many windows as cells"),
    "MaxUnpool2d": ("Max unpooling", "back where its max pool found it ~ other cells are 0"),
    "BedOfNails": ("Bed-of-nails unpooling", "first cell of a block of zeros"),
    "UpsamplingNearest2d": ("Nearest upsampling", "copies each cell ~ backward sums the block"),
    "Upsample": ("Upsampling", "by copying cells or by mixing the nearest"),
    "PixelShuffle": ("Pixel shuffle", "groups of channels out as blocks"),
    "ReLU": ("ReLU", "keeps what is positive, cuts the rest to 0"),
    "LeakyReLU": ("Leaky ReLU", "positive and a little of what is negative"),
    "ELU": ("ELU", "negative values fade to -alpha"),
    "GELU": ("GELU", "how likely a normal value is smaller"),
    "SiLU": ("SiLU", "by its own sigmoid"),
    "Sigmoid": ("Sigmoid", "into 0 to 1 ~ almost no gradient"),
    "Tanh": ("Tanh", "into -1 to 1 ~ almost no gradient"),
    "Softmax": ("Softmax", "shares that add up to 1"),
    "LogSoftmax": ("Log softmax", "logarithm of softmax"),
    "BatchNorm2d": ("Batch normalisation", "each channel ~ over the batch"),
    "BatchNorm1d": ("Batch normalisation of features", "each feature ~ over the batch"),
    "LayerNorm": ("Layer normalisation", "each sample's last dimensions"),
    "GroupNorm": ("Group normalisation", "groups of channels of each sample"),
    "InstanceNorm2d": ("Instance normalisation", "scales each channel of each sample"),
    "Dropout": ("Dropout", "random cells to 0 and scales the others up ~ the same mask"),
    "Dropout2d": ("Dropout of channels", "random channels to 0 and scales the others up"),
    "Linear": ("Linear", "weighted sum of all input features"),
    "Embedding": ("Embedding", "a learned row for each whole number"),
    "RNN": ("Recurrent layer", "each step with the state before it"),
    "GRU": ("GRU", "two gates"),
    "LSTM": ("LSTM", "a memory cell"),
    "MultiheadAttention": ("Attention", "every token mixes the values of all tokens"),
    "TransformerEncoderLayer": ("Transformer block", "attention, then two linear layers"),
    "Flatten": ("Flatten", "in a single row ~ only reshaped"),
    "Unflatten": ("Unflatten", "cuts one dimension into several ~ only reshaped"),
    "View": ("View", "cells of each sample another shape ~ only reshaped"),
    "Transpose": ("Transpose", "swaps two dimensions ~ swapped back"),
    "Slice": ("Slice", "a part of one dimension; the rest gets gradient 0"),
    "Mean": ("Mean", "averages ~ the same share"),
    "Sum": ("Sum", "adds up over dimensions; every cell gets the whole gradient"),
    "Scale": ("Scale", "multiplies by a fixed number"),
    "Divide": ("Divide", "divides by a fixed number"),
    "Shift": ("Shift", "adds a fixed number; the gradient stays as it is"),
    "ZeroPad2d": ("Zero padding", "a frame of zeros"),
    "Detach": ("Detach", "hands the value on and stops the gradient"),
    "Add": ("Add", "sums its inputs ~ to each of them unchanged"),
    "Subtract": ("Subtract", "second input away from the first; the second gets the gradient neg"),
    "Multiply": ("Multiply", "multiplies its inputs; each gets the gradient times the others"),
    "Concat": ("Concatenate", "side by side ~ cut into the same parts"),
    "Identity": ("Identity", "hands on what comes in"),
}
OF_LOSSES: Words = {
    "mse": ("Mean squared error", "mean of (output - target) squared"),
    "l1": ("Mean absolute error", "mean of |output - target| ~ only its sign changes"),
    "huber": ("Huber", "squared near the target, straight further off"),
    "cross_entropy": ("Cross entropy", "the right class is: minus the log of its softmax"),
    "nll": ("Negative log likelihood", "minus the output of the right class ~ ends in logsoftmax"),
    "bce_with_logits": ("Binary cross entropy with logits", "sigmoid of the output"),
    "sum": ("Sum", "all outputs added: every upstream gradient is 1"),
    "mean": ("Mean", "mean of all outputs"),
    "cell": ("One cell of the output", "single output cell"),
    "vector": ("Sum of output times a vector", "exactly it arrives at the output"),
    "given": ("A given upstream gradient", "no loss at all ~ begins with this vector"),
}
OF_INPUTS: Words = {
    "arange": ("Counting", "1, 2, 3, ..."),
    "zeros": ("Zeros", "0 everywhere"),
    "ones": ("Ones", "1 everywhere"),
    "random": ("Random", "normal noise, mean 0 and deviation 1"),
    "checkerboard": ("Checkerboard", "1 and 0 in turn, 1 first"),
    "digit": ("Digit", "handwritten 3; a larger batch goes on with 4, 5"),
    "any_digit": ("Any digit", "handwritten digit that the seed chooses"),
    "photo": ("Photo", "flower"),
    "photo_of_house": ("Photo of a house", "roof"),
    "ramp": ("Ramp", "from 0 at the left to 1 at the right"),
    "impulse": ("Impulse", "a single 1 in the middle"),
    "corners": ("Corners", "00, 01, 10, 11, one a row"),
    "two_moons": ("Two moons", "the upper and the lower moon"),
    "spirals": ("Spirals", "three arms of a spiral"),
    "tokens": ("Token ids", "a row of the embedding's table"),
}
OF_TARGETS = {
    "zeros": "Zeros",
    "ones": "Ones",
    "xor": "0, 1, 1, 0",
    "counting": "1, 2, 3, \N{HORIZONTAL ELLIPSIS}",
    "large_small": "100, 0.1, 100, \N{HORIZONTAL ELLIPSIS}",
    "random": "Random",
    "checkerboard": "Checkerboard",
    "ramp": "Ramp",
    "impulse": "Impulse",
    "first_cell": "First cell",
    "middle_cell": "Middle cell",
    "last_cell": "Last cell",
    "class_by_sample": "Classes in turn",
    "own_label": "What the digit shows",
    **{f"class_{number}": f"Class {number}" for number in range(MAX_CLASSES)},
}


@pytest.mark.parametrize(
    ("entries", "words"),
    [(LAYERS, KINDS), (LOSSES, OF_LOSSES), (INPUTS, OF_INPUTS)],
    ids=["kinds", "losses", "inputs"],
)
def test_a_label_and_a_sentence_belong_to_one_entry_alone(
    entries: Mapping[str, Shown], words: Words
) -> None:
    shown = {name: (entry.label, entry.help.lower()) for name, entry in entries.items()}
    assert set(shown) == set(words), "a new entry needs its words"
    for name, (label, parts) in words.items():
        assert shown[name][0] == label
        says = [one for one, (_, help_text) in shown.items() if contains(help_text, parts)]
        assert says == [name], parts


def contains(sentence: str, parts: str) -> bool:
    return all(part in sentence for part in parts.split(" ~ "))


def test_every_target_is_called_by_its_values_or_its_cell() -> None:
    shown = {name: each.label.format(number=each.number) for name, each in TARGETS.items()}
    assert shown == OF_TARGETS
