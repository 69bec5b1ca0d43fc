"""How source code writes one call of a layer: one rule a kind, from names of variables.

Every rule takes the layer's fields, its name and the variables that it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models.fields import Fields

Code = Callable[[Fields, str, Sequence[str]], str]


def called(_fields: Fields, name: str, data: Sequence[str]) -> str:
    """Call the module."""
    return f"self.{name}({', '.join(data)})"


def infix(sign: str) -> Code:
    """Return the rule that puts a sign between the values."""
    return lambda _fields, _name, data: f" {sign} ".join(data)


def concatenated(fields: Fields, _name: str, data: Sequence[str]) -> str:
    """``torch.cat``."""
    return f"torch.cat([{', '.join(data)}], dim={fields['dim']})"


def viewed(fields: Fields, _name: str, data: Sequence[str]) -> str:
    """``reshape``, the batch kept."""
    sizes = ", ".join(map(str, fields.sizes("shape")))
    return f"{data[0]}.reshape({data[0]}.shape[0], {sizes})"


def transposed(fields: Fields, _name: str, data: Sequence[str]) -> str:
    """``transpose``."""
    return f"{data[0]}.transpose({fields['dim0']}, {fields['dim1']})"


def sliced(fields: Fields, _name: str, data: Sequence[str]) -> str:
    """A slice along one dimension."""
    before = ":, " * fields.whole("dim")
    end = fields["end"] or ""
    step = f":{fields['step']}" if fields["step"] != 1 else ""
    return f"{data[0]}[{before}{fields['start'] or ''}:{end}{step}]"


def reduced(function: str) -> Code:
    """Return the rule of a sum or mean over dimensions."""

    def write(fields: Fields, _name: str, data: Sequence[str]) -> str:
        sizes = fields.sizes("dim")
        dims = sizes[0] if len(sizes) == 1 else sizes
        keep = ", keepdim=True" if fields["keepdim"] else ""
        return f"{data[0]}.{function}(dim={dims}{keep})"

    return write


def scaled(fields: Fields, _name: str, data: Sequence[str]) -> str:
    """A number times the value."""
    return f"{fields['factor']} * {data[0]}"


def divided(fields: Fields, _name: str, data: Sequence[str]) -> str:
    """The value divided by a number."""
    return f"{data[0]} / {fields['divisor']}"


def shifted(fields: Fields, _name: str, data: Sequence[str]) -> str:
    """The value plus a number."""
    return f"{data[0]} + {fields['amount']}"


def detached(_fields: Fields, _name: str, data: Sequence[str]) -> str:
    """``detach``."""
    return f"{data[0]}.detach()"


def nailed(fields: Fields, _name: str, data: Sequence[str]) -> str:
    """A max unpooling to the first cell of every block."""
    factor, x = fields.whole("scale_factor"), data[0]
    places = f"torch.arange({factor**2} * {x}[0, 0].numel()).view({factor} * {x}.shape[2], -1)"
    corners = f"{places}[::{factor}, ::{factor}].expand({x}.shape).contiguous()"
    return f"nn.functional.max_unpool2d({x}, {corners}, {factor})"


def looked_up(_fields: Fields, name: str, data: Sequence[str]) -> str:
    """An embedding reads whole numbers."""
    return f"self.{name}({data[0]}.long())"


def recurrent(fields: Fields, name: str, data: Sequence[str]) -> str:
    """All outputs of a recurrent layer, or the last step's."""
    last = "[:, -1]" if fields["batch_first"] else "[-1]"
    return f"self.{name}({data[0]})[0]{last if fields['outputs'] == 'last' else ''}"


def attended(_fields: Fields, name: str, data: Sequence[str]) -> str:
    """Self-attention, or attention to another sequence."""
    other = data[-1]
    return f"self.{name}({data[0]}, {other}, {other})[0]"
