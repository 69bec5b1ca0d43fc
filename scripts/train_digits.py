"""Train the network that reads digits in the lesson on Grad-CAM, and write its parameters.

They are shipped, so that every machine shows the same numbers to the bit.
"""

from __future__ import annotations

import numpy as np

from lessons.grad_cam.digit.network import WEIGHTS
from lessons.grad_cam.digit.training import halves, right, train


def main() -> None:
    """Train, say how many of the digits held out are read right, and write the parameters."""
    network = train()
    _seen, held_out = halves()
    np.savez(WEIGHTS, **{name: each.numpy() for name, each in network.state_dict().items()})
    print(f"{right(network)} of {len(held_out.labels)} right; wrote {WEIGHTS}")


if __name__ == "__main__":
    main()
