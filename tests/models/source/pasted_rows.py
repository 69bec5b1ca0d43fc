"""Networks for rows of numbers, signals and sequences as people paste them."""

from __future__ import annotations

ROWS: dict[str, tuple[str, tuple[int, ...]]] = {
    "mlp with a module list": (
        """
import torch
import torch.nn as nn

class MLP(nn.Module):
    def __init__(self, sizes=[6, 8, 8, 3], act=nn.Tanh):
        super().__init__()
        self.layers = nn.ModuleList()
        self.activation = act()
        for n_in, n_out in zip(sizes[:-1], sizes[1:]):
            self.layers.append(nn.Linear(n_in, n_out))
        self.criterion = nn.CrossEntropyLoss()

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.layers) - 1:
                x = self.activation(x)
        return x

    def training_step(self, batch, batch_idx):
        x, y = batch
        return self.criterion(self(x), y)
""",
        (4, 6),
    ),
    "layers made in another order than called": (
        """
from torch import nn

class Backwards(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(4, 1)
        self.hidden = nn.Linear(3, 4)
        self.drop = nn.Dropout()

    def forward(self, x):
        return self.out(self.hidden(x).sigmoid())
""",
        (2, 3),
    ),
    "sequential without a class": (
        """
import torch
from torch.nn import Linear, ReLU, Sequential

width = 4 * 2
model = Sequential(Linear(3, width), ReLU(), Linear(width, 2))
loss = model(torch.ones(2, 3)).sum()
loss.backward()
""",
        (2, 3),
    ),
    "residual multilayer perceptron": (
        """
import torch.nn as nn

def block(n, *, scale=2):
    return nn.Sequential(
        nn.LayerNorm(n), nn.Linear(n, scale * n), nn.GELU(), nn.Linear(scale * n, n))

class ResidualMLP(nn.Module):
    def __init__(self, n=6, depth=3):
        super().__init__()
        blocks = [block(n) for _ in range(depth)]
        self.blocks = nn.ModuleList(blocks)
        self.head = nn.Linear(n, 2)

    def forward(self, x):
        for b in self.blocks:
            x = x + b(x)
        return self.head(x)
""",
        (3, 6),
    ),
    "gate": (
        """
import torch
import torch.nn as nn

class Base(nn.Module):
    hidden = 5

    def __init__(self, n):
        nn.Module.__init__(self)
        self.n = n
        self.body = nn.Linear(n, self.hidden)

    def extra(self, x):
        return torch.mul(x, 0.5)

class Gate(Base):
    hidden = 7

    def __init__(self, n=4):
        super().__init__(n)
        self.gate = nn.Linear(n, self.hidden)
        self.mix = nn.Linear(self.hidden, 1)

    def forward(self, x, mask=None):
        assert x.shape[1] == self.n, "wrong width"
        if mask is not None:
            x = x * mask
        value = torch.tanh(self.body(x))
        gated = value * torch.sigmoid(self.gate(x))
        return self.mix(self.extra(gated))
""",
        (2, 4),
    ),
    "convolution along a signal": (
        """
from torch import nn
from torch.nn import functional as F

class SignalNet(nn.Module):
    def __init__(self, channels=3, p=0.25):
        super().__init__()
        self.convs = nn.Sequential()
        for i in range(2):
            self.convs.add_module(f'conv{i}',
                nn.Conv1d(1 if i == 0 else channels, channels, 3, padding=2, dilation=2))
            self.convs.add_module("relu{}".format(i), nn.ReLU())
        self.p = p
        self.fc = nn.Linear(channels * 8, 2)

    def forward(self, x):
        x = self.convs(x)
        x = F.dropout(x, self.p, training=self.training)
        batch = x.shape[0]
        x = x.reshape(batch, -1)
        return F.log_softmax(self.fc(x), dim=1)
""",
        (2, 1, 8),
    ),
    "lstm classifier": (
        """
import torch
import torch.nn as nn

class LSTMClassifier(nn.Module):
    def __init__(self, n_features=3, hidden=5, layers=1):
        super().__init__()
        self.lstm = nn.LSTM(input_size=n_features, hidden_size=hidden,
                            num_layers=layers, batch_first=True)
        self.fc = nn.Linear(hidden, 2)

    def forward(self, x):
        out, (h_n, c_n) = self.lstm(x)
        out = self.fc(out[:, -1, :])
        return out
""",
        (2, 4, 3),
    ),
    "gru over steps first": (
        """
from torch import nn

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 4)
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        x, _ = self.gru(x)
        return self.fc(x)
""",
        (4, 2, 3),
    ),
    "attention block": (
        """
import torch.nn as nn

class Block(nn.Module):
    def __init__(self, dim=8, heads=2):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attn = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Linear(2 * dim, dim))

    def forward(self, x):
        y = self.norm1(x)
        attended, weights = self.attn(y, y, y)
        x = x + attended
        x = x + self.mlp(self.norm2(x))
        return x.transpose(1, 2)[:, 0:4]
""",
        (2, 3, 8),
    ),
}
