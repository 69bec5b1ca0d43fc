"""What one explained cell costs: the engine's time, a frame while one points, bytes a selection."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from statistics import median
from urllib.parse import urlencode

import torch
from playwright.sync_api import Browser, sync_playwright
from torch import nn

import flow
from benchmarks.measure import Contestant, Effort, alternate, percentile
from benchmarks.table import number, table
from benchmarks.visit import SETTLE, visit
from flow.run import Run
from scripts.chromium import chromium
from scripts.served import Server, served

EFFORT = Effort(seconds=0.3, at_least=5, at_most=100)
SIZES = {"4x4": (1, 1, 4, 4), "28x28": (1, 1, 28, 28), "16x64x64": (1, 16, 64, 64)}
BARS = {"28x28": 1.0, "16x64x64": 5.0}
"""Milliseconds that one cell may take."""
FRAME = 16.0
"""Milliseconds of script that a frame leaves while one points."""
FRAMES = 120

OPERATIONS: dict[str, Callable[[int], nn.Module]] = {
    "convolution 3x3": lambda channels: nn.Conv2d(channels, channels, 3, padding=1),
    "transposed convolution": lambda channels: nn.ConvTranspose2d(channels, channels, 3, 2),
    "nearest upsampling": lambda _: nn.Upsample(scale_factor=2),
    "bilinear upsampling": lambda _: nn.Upsample(scale_factor=2, mode="bilinear"),
    "max pool": lambda _: nn.MaxPool2d(2),
    "average pool": lambda _: nn.AvgPool2d(2),
    "batch normalisation": lambda channels: nn.BatchNorm2d(channels),
    "group normalisation": lambda channels: nn.GroupNorm(1, channels),
    "bicubic upsampling": lambda _: nn.Upsample(scale_factor=2, mode="bicubic"),
    "reflection padding": lambda _: nn.ReflectionPad2d(1),
    "GELU": lambda _: nn.GELU(),
    "ReLU": lambda _: nn.ReLU(),
    "softmax": lambda _: nn.Softmax(-1),
    "linear": lambda _: nn.Sequential(nn.Flatten(), nn.LazyLinear(10)),
}
LAYERS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "convolution 4x4, stride 4": (lambda: nn.Conv2d(3, 96, 4, 4), (1, 3, 32, 32)),
    "depthwise convolution 7x7": (
        lambda: nn.Conv2d(192, 192, 7, padding=3, groups=192),
        (1, 192, 4, 4),
    ),
    "depthwise convolution 7x7 of one cell": (
        lambda: nn.Conv2d(768, 768, 7, padding=3, groups=768),
        (1, 768, 1, 1),
    ),
    "layer normalisation": (lambda: nn.LayerNorm(96), (1, 4, 4, 96)),
    "GELU": (nn.GELU, (1, 8, 8, 384)),
}
"""Layers of ConvNeXt-T, as an image of 32x32 meets them."""
FORWARD_BAR = 1000.0
"""Milliseconds in which all that is known of a layer's values is there."""
VIEWS = {
    "Test, upsample": ("test", "upsample"),
    "Test, conv2": ("test", "conv2"),
    "LeNet, conv2": ("lenet", "conv2"),
    "U-net, up1": ("unet", "up1"),
}
"""What is pointed at: preset and layer."""
# Points at another cell of the downstream map in every frame; milliseconds of each turn's script,
# and from each frame to the next.
POINT = """(scroller, frames) => new Promise((done) => {
  const { cell, across, stepX, stepY, label } = scroller.dataset;
  const box = scroller.getBoundingClientRect();
  const wide = Math.floor(stepX / cell);
  const high = Math.floor((stepY - label) / cell);
  const script = [];
  const between = [];
  let turn = 0;
  let before = null;
  const frame = (now) => {
    if (before !== null) between.push(now - before);
    before = now;
    if (turn === frames) return done({ script, between });
    const x = box.x + ((turn % wide) + 0.5) * cell;
    const y = box.y + Number(label) + ((Math.floor(turn / wide) % high) + 0.5) * cell;
    const begin = performance.now();
    const where = { clientX: x, clientY: y, bubbles: true, pointerType: "mouse" };
    scroller.dispatchEvent(new PointerEvent("pointermove", where));
    script.push(performance.now() - begin);
    turn += 1;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""


def report() -> str:
    """Measure the engine, then the browser; two tables and the bars."""
    engine = explained()
    with served() as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        rows = [[name, *pointed(browser, app, *view)] for name, view in VIEWS.items()]
        browser.close()
    head = ["view", "script, median", "script, 95 %", "frame to frame, 95 %", "bytes"]
    return "\n\n".join(
        (
            "## One cell explained",
            "Time of `run.explain` for the middle cell of the gradient at the input, one thread.",
            table(["operation", *SIZES], [[name, *shown(times)] for name, times in engine.items()]),
            verdict(engine),
            "Time of `run.forward`: how all cells of a layer's output are made, one thread "
            f"(bar: {number(FORWARD_BAR, ' ms')}).",
            table(["layer", "input", "coefficients", "time"], forwards()),
            f"Pointing at another cell in each of {FRAMES} frames (bar for the script: "
            f"{FRAME:g} ms), and what came from the server when the node was chosen.",
            table(head, rows),
        )
    )


def explained() -> dict[str, dict[str, float]]:
    """Milliseconds of one explanation, by operation and size."""
    torch.set_num_threads(1)
    found: dict[str, dict[str, float]] = {}
    for name, make in OPERATIONS.items():
        found[name] = {}
        for size, shape in SIZES.items():
            torch.manual_seed(0)
            with prepared(make(shape[1]), shape) as run:
                found[name][size] = taken(run)
    return found


def forwards() -> list[list[str]]:
    """How long a whole layer's table takes; without rows, how long until it is refused."""
    rows = []
    for name, (make, shape) in LAYERS.items():
        torch.manual_seed(0)
        with prepared(nn.Sequential(make()), shape) as run:
            found = run.forward("0")
            contestant = Contestant(partial(run.forward, "0"))
            time = alternate({"": contestant}, EFFORT)[""].middle
        count = f"{len(found.coefficients):,}" if not found.note else "too many"
        rows.append([name, "x".join(map(str, shape)), count, number(time, " ms")])
    return rows


def prepared(module: nn.Module, shape: tuple[int, ...]) -> Run:
    """Run a module on noise that asks for a gradient, from a random upstream vector."""
    values = torch.randn(shape)
    output = module(values)
    return flow.run(module, values.requires_grad_(), upstream=torch.randn_like(output))


def taken(run: Run) -> float:
    """Median milliseconds to explain the middle cell at the node next to the input."""
    node, which, cell = middle(run)
    gc.collect()
    gc.freeze()
    contestant = Contestant(lambda: run.explain(node, cell, input=which))
    contestant.act()
    return alternate({"": contestant}, EFFORT)[""].middle


def middle(run: Run) -> tuple[str, int, tuple[int, ...]]:
    """Return the node next to the input, which of its inputs that is, and the middle cell."""
    node, which = next(
        (node, which)
        for node in reversed(run.capture.nodes)
        for which, target in enumerate(node.targets)
        if target is not None and run.capture.node(target).parameter == "(input)"
    )
    if node.name == "ViewBackward0":  # of a flattened input, the layer behind is meant
        node, which = run.capture.nodes[0], 1
    gradient = node.downstream[which]
    assert gradient is not None
    return node.id, which, tuple(size // 2 for size in gradient.shape)


def shown(times: dict[str, float]) -> list[str]:
    """Write the milliseconds of one operation."""
    return [number(times[size], " ms") for size in SIZES]


def verdict(engine: dict[str, dict[str, float]]) -> str:
    """Say whether the bars hold, or which do not."""
    bars = ", ".join(f"{size} {bar:g} ms" for size, bar in BARS.items())
    missed = [
        f"{name} at {size}: {number(times[size], ' ms')}"
        for name, times in engine.items()
        for size, bar in BARS.items()
        if times[size] > bar
    ]
    return f"Bars: {bars}. " + (f"Missed: {'; '.join(missed)}." if missed else "All hold.")


def pointed(browser: Browser, app: Server, model: str, layer: str) -> list[str]:
    """Choose a layer for the first time and point at its map: times, and the bytes it took."""
    address = f"{app.url}/playground?{urlencode({'v': '2', 'model': model, 'node': 'n0'})}"
    button = f".backlight-strip button[data-layer='{layer}']"
    with visit(browser, address, lambda page: page.locator(button).wait_for()) as seen:
        before = seen.traffic.received
        seen.page.locator(button).click()
        seen.page.wait_for_timeout(SETTLE)
        size = seen.traffic.received - before
        scroller = seen.page.locator("[data-map=downstream] .scroller")
        measured = scroller.evaluate(POINT, FRAMES)
    script, between = measured["script"], measured["between"]
    return [
        number(median(script), " ms"),
        number(percentile(script, 0.95), " ms"),
        number(percentile(between, 0.95), " ms"),
        number(size / 1e3, " kB"),
    ]


if __name__ == "__main__":
    print(report())
