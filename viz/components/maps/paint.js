// Colours, numbers, labels and outlines on the canvases of a view, and its legend.

const BORDERS_FROM = 10; // px of a cell from which on cells have borders and hatching
const FRAMED_FROM = 44; // px of a cell from which on each linked cell has a frame of its own
const FRAME = { inset: 2.5, widths: [5, 3] }; // px: edge, then colour
const RIM = { inset: 2, widths: [4, 2] };
const MOST_NUMBERS = 4096; // more cells never have room for numbers
const FONT = { smallest: 13, largest: 16, perCell: 0.2 }; // px

function readPalette(stage) {
  const style = getComputedStyle(stage.root);
  const dot = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  dot.fillStyle = style.backgroundColor;
  dot.fillRect(0, 0, 1, 1);
  const [red, green, blue] = dot.getImageData(0, 0, 1, 1).data;
  const { theme } = stage.packet;
  const table = red + green + blue < 384 ? theme.dark : theme.light;
  const odd = Number.parseInt(theme.non_finite.slice(1), 16);
  return {
    table,
    pixels: Uint32Array.from({ length: table.length / 4 }, (_, at) => pixel(table, 4 * at)),
    oddPixel: pixel([odd >> 16, (odd >> 8) & 255, odd & 255], 0),
    text: style.color,
    background: style.backgroundColor,
    border: style.getPropertyValue("--st-border-color") || style.color,
    accent: style.getPropertyValue("--st-primary-color") || style.color,
    linked: theme.linked[0],
    linkedEdge: theme.linked[1],
    numbers: style.getPropertyValue("--st-code-font") || "monospace",
    type: Number(style.getPropertyValue("--backlight-type")) || 1, // above 1 for a room
  };
}

// One opaque pixel of an ImageData (red first in memory, whatever the byte order).
function pixel(colours, at) {
  const bytes = Uint8Array.of(colours[at], colours[at + 1], colours[at + 2], 255);
  return new Uint32Array(bytes.buffer)[0];
}

// Where in the colour table a value stands; -1 when it is not finite.
function step(view, value) {
  if (!Number.isFinite(value)) return -1;
  const { half } = view.stage.packet.theme;
  return view.spec.scale ? half + Math.round((half * value) / view.spec.scale) : half;
}

// How many digits and which size let every number fit in its cell; null when none does.
function chooseTexts(view) {
  const { spec, layout } = view;
  if (spec.count > MOST_NUMBERS || layout.cell < FONT.smallest) return null;
  const { theme } = view.stage.packet;
  const context = view.cells.getContext("2d");
  const usual = Math.min(FONT.largest, Math.max(FONT.smallest, layout.cell * FONT.perCell));
  const wanted = usual * view.stage.palette.type;
  for (let digits = theme.digits; digits > 0; digits -= 1) {
    const texts = Array.from(spec.values, (value) => shortNumber(value, digits, theme));
    const longest = texts.reduce((a, b) => (b.length > a.length ? b : a));
    for (const size of [wanted, FONT.smallest]) {
      const font = `${size}px ${view.stage.palette.numbers}`;
      context.font = font;
      if (context.measureText(longest).width + 6 <= layout.cell) return { texts, font };
    }
  }
  return null;
}

function begin(view, canvas) {
  const context = canvas.getContext("2d");
  const ratio = view.ratio ?? window.devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, view.seen.width, view.seen.height);
  context.translate(-view.scroller.scrollLeft, -view.scroller.scrollTop);
  return context;
}

function paintCells(view) {
  const { spec, layout, scroller, seen } = view;
  const context = begin(view, view.cells);
  const down = Math.floor(scroller.scrollTop / layout.stepY);
  const across = Math.floor(scroller.scrollLeft / layout.stepX);
  const lastDown = Math.min(layout.down - 1, (scroller.scrollTop + seen.height) / layout.stepY);
  const lastAcross = Math.min(
    layout.across - 1,
    (scroller.scrollLeft + seen.width) / layout.stepX,
  );
  for (let y = down; y <= lastDown; y += 1) {
    for (let x = across; x <= lastAcross; x += 1) {
      const tile = y * layout.across + x;
      if (tile < spec.tiles) paintTile(view, context, tile);
    }
  }
}

function paintTile(view, context, tile) {
  const { spec, layout, scroller, seen } = view;
  const { x, y } = cornerOf(view, tile * spec.rows * spec.columns);
  const range = (start, visible, count) => [
    Math.max(0, Math.floor((start.scroll - start.at) / layout.cell)),
    Math.min(count, Math.ceil((start.scroll + visible - start.at) / layout.cell)),
  ];
  const [top, bottom] = range({ scroll: scroller.scrollTop, at: y }, seen.height, spec.rows);
  const [left, right] = range({ scroll: scroller.scrollLeft, at: x }, seen.width, spec.columns);
  if (layout.label) paintLabel(view, context, tile, x, y);
  if (top >= bottom || left >= right) return;
  paintColours(view, context, tile, { x, y, top, bottom, left, right });
  if (layout.cell < BORDERS_FROM) return;
  const each = (draw) => {
    for (let row = top; row < bottom; row += 1) {
      const first = (tile * spec.rows + row) * spec.columns;
      for (let column = left; column < right && first + column < spec.count; column += 1) {
        draw(first + column, x + column * layout.cell, y + row * layout.cell);
      }
    }
  };
  each((k, cellX, cellY) => paintNumber(view, context, k, cellX, cellY));
  context.beginPath();
  each((_, cellX, cellY) => context.rect(cellX + 0.5, cellY + 0.5, layout.cell, layout.cell));
  context.strokeStyle = view.stage.palette.border;
  context.lineWidth = 1;
  context.stroke();
}

// One pixel a cell, then scaled up at once: quick for any number of cells.
function paintColours(view, context, tile, { x, y, top, bottom, left, right }) {
  const { spec, layout } = view;
  const { pixels: colours, oddPixel } = view.stage.palette;
  const picture = new ImageData(right - left, bottom - top);
  const pixels = new Uint32Array(picture.data.buffer);
  let at = 0;
  for (let row = top; row < bottom; row += 1) {
    const first = (tile * spec.rows + row) * spec.columns;
    for (let k = first + left; k < first + right; k += 1, at += 1) {
      if (k >= spec.count) continue;
      const entry = step(view, spec.values[k]);
      pixels[at] = entry < 0 ? oddPixel : colours[entry];
    }
  }
  const scratch = new OffscreenCanvas(picture.width, picture.height);
  scratch.getContext("2d").putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(
    scratch, x + left * layout.cell, y + top * layout.cell,
    picture.width * layout.cell, picture.height * layout.cell,
  );
}

// The number of one cell, over hatching where it is not finite.
function paintNumber(view, context, k, x, y) {
  const { layout, spec, texts, stage } = view;
  const { theme } = stage.packet;
  const entry = step(view, spec.values[k]);
  if (entry < 0) paintHatch(context, x, y, layout.cell, theme.hatch);
  if (!texts) return;
  context.font = texts.font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const middle = { x: x + layout.cell / 2, y: y + layout.cell / 2 + 1 };
  if (entry < 0) {
    const width = context.measureText(texts.texts[k]).width + 4;
    context.fillStyle = theme.non_finite;
    context.fillRect(middle.x - width / 2, middle.y - 10, width, 18);
  }
  context.fillStyle = theme.inks[entry < 0 ? 0 : stage.palette.table[4 * entry + 3]];
  context.fillText(texts.texts[k], middle.x, middle.y);
}

function paintHatch(context, x, y, cell, colour) {
  context.save();
  context.beginPath();
  context.rect(x, y, cell, cell);
  context.clip();
  context.beginPath();
  for (let shift = 4; shift < 2 * cell; shift += 8) {
    context.moveTo(x + shift, y);
    context.lineTo(x + shift - cell, y + cell);
  }
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
  context.restore();
}

function paintLabel(view, context, tile, x, y) {
  const { spec, layout, stage } = view;
  const [from, to] = spec.label_axes;
  const index = fullIndex(spec, tile * spec.rows * spec.columns).slice(from, to).join(",");
  const named = stage.packet.labels.channel.replace("{index}", index);
  context.font = `${FONT.smallest}px ${stage.palette.numbers}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillStyle = stage.palette.text;
  const room = layout.stepX - TILE_GAP / 2;
  const choices = spec.named_channels ? [named, index] : [index];
  const text = choices.find((each) => context.measureText(each).width <= room);
  if (text) context.fillText(text, x, y - 5);
}

// Outline groups of cells, over the colours and without repainting them: [{ cells, colour, edge }].
function paintOutlines(view, groups) {
  const context = begin(view, view.outlines);
  const framed = view.layout.cell >= FRAMED_FROM;
  context.lineCap = "square";
  for (const { cells, colour, edge } of groups) {
    const path = framed ? frames(view, cells) : rim(view, cells);
    [edge, colour].forEach((stroke, at) => {
      context.lineWidth = (framed ? FRAME : RIM).widths[at];
      context.strokeStyle = stroke;
      context.stroke(path);
    });
  }
}

// A frame inside each large cell.
function frames(view, cells) {
  const path = new Path2D();
  const side = view.layout.cell + 1 - 2 * FRAME.inset;
  for (const k of cells) {
    const { x, y } = cornerOf(view, k);
    path.rect(x + FRAME.inset, y + FRAME.inset, side, side);
  }
  return path;
}

// A line around small cells, drawn only where a cell of the group meets another one.
function rim(view, cells) {
  const { spec, layout } = view;
  const path = new Path2D();
  const group = new Set(cells);
  const within = (at, size) => Math.min(Math.max(at, RIM.inset), size - RIM.inset);
  for (const k of group) {
    const corner = cornerOf(view, k);
    const column = k % spec.columns;
    const row = Math.floor(k / spec.columns) % spec.rows;
    const [left, right] = [corner.x, corner.x + layout.cell].map((x) => within(x + 0.5, layout.width));
    const [top, bottom] = [corner.y, corner.y + layout.cell].map((y) => within(y + 0.5, layout.height));
    const line = (open, fromX, fromY, toX, toY) => {
      if (!open) return;
      path.moveTo(fromX, fromY);
      path.lineTo(toX, toY);
    };
    line(row === 0 || !group.has(k - spec.columns), left, top, right, top);
    line(row === spec.rows - 1 || !group.has(k + spec.columns), left, bottom, right, bottom);
    line(column === 0 || !group.has(k - 1), left, top, left, bottom);
    line(column === spec.columns - 1 || !group.has(k + 1), right, top, right, bottom);
  }
  return path;
}

function showLegend(view) {
  const { spec, legend, stage } = view;
  const { table } = stage.palette;
  const { half, non_finite: odd, hatch } = stage.packet.theme;
  const colours = [];
  for (let at = 0; at <= 2 * half; at += half / 15) {
    colours.push(`rgb(${table.subarray(4 * at, 4 * at + 3).join(" ")})`);
  }
  legend.replaceChildren();
  const scale = element(legend, "div", "scale");
  element(scale, "div", "bar").style.background = `linear-gradient(90deg, ${colours.join(", ")})`;
  const ends = element(scale, "div", "ends");
  for (const end of spec.ends) element(ends, "span", "", end);
  if (!spec.non_finite) return;
  const note = element(legend, "span", "odd");
  const swatch = element(note, "span", "swatch");
  const stripes = `${odd} 0 4px, ${hatch} 4px 5.5px`;
  swatch.style.background = `repeating-linear-gradient(135deg, ${stripes})`;
  note.append(spec.non_finite);
}
