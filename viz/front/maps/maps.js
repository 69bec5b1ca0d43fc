// @ts-nocheck
/* eslint-disable */
// Pictures as files. Put in front of the scripts of the components that can be saved.

const PICTURE_BUS = "backlight:picture"; // on document; detail: {what, file}
const PICTURE_SCALE = 2; // pixels of a PNG for one on screen, so that it can be projected
const PICTURE_SIDE = 16000; // pixels; browsers draw no larger canvas
const PICTURE_AREA = 64e6; // pixels; 256 MB while it is drawn

/** The scale at which a picture of this size can still be drawn. */
function pictureScale(width, height) {
  const largest = Math.min(
    PICTURE_SIDE / Math.max(width, height),
    Math.sqrt(PICTURE_AREA / (width * height)),
  );
  return Math.min(PICTURE_SCALE, largest);
}

function saveFile(blob, file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
// The bytes from viz/maps.py, which documents their layout, and how numbers are written.

const KINDS = {
  float32: Float32Array,
  float64: Float64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
};

function readPacket(data) {
  const whole = new Uint8Array(data); // a copy, so that blobs are aligned
  const length = new DataView(whole.buffer).getUint32(0, true);
  const start = Math.ceil((4 + length) / 8) * 8;
  const blob = ({ type, offset, count }) => new KINDS[type](whole.buffer, start + offset, count);
  const text = new TextDecoder().decode(whole.subarray(4, 4 + length));
  return JSON.parse(text, (_, value) => (value && value.type in KINDS ? blob(value) : value));
}

// Put values into a sentence of the visitor's language: "{count} cells".
function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function oddNumber(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : null;
}

// The same text as viz.theme.format_number.
function shortNumber(value, digits, theme) {
  const odd = oddNumber(value);
  if (odd || value === 0) return odd ?? "0";
  const [mantissa, exponent] = value
    .toExponential(digits - 1)
    .split("e")
    .map(Number);
  const size = Math.abs(value);
  if (size < theme.smallest_plain || size >= theme.largest_plain) return `${mantissa}e${exponent}`;
  return String(Number(exponent >= digits ? value.toFixed(0) : value.toPrecision(digits)));
}

// The fewest digits that name this number and no other of its type.
function exactNumber(value, values) {
  const odd = oddNumber(value);
  if (odd) return odd;
  for (let digits = 1; values instanceof Float32Array && digits < 9; digits += 1) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(values instanceof Float32Array ? Number(value.toPrecision(9)) : value);
}

function fullIndex(spec, k) {
  const index = [];
  let rest = spec.start + k;
  for (let axis = spec.shape.length - 1; axis >= 0; axis -= 1) {
    index[axis] = rest % spec.shape[axis];
    rest = Math.floor(rest / spec.shape[axis]);
  }
  return index;
}
// Where every map and every cell stands.

const BIGGEST_CELL = 92; // px; larger cells only waste room
const SMALLEST_TILE = 36; // px of a tile's longer side; below it one scrolls
const SMALLEST_STRIP = { side: 48, cell: 6 }; // px of a matrix's shorter side, and most px a cell for it
const ONE_TILE_HEIGHT = 280; // px that one matrix should fit in
const MANY_TILES_HEIGHT = 300; // px that all channels should fit in
const SCROLL_HEIGHT = 420; // px that are shown of a map that does not fit
const SCROLLBAR = 16; // px kept free for a scroll bar
const CARD_WIDTH = 200; // px that title, readout and legend need
const TITLE_LETTER = 8.8; // px a letter of a title, which is not broken where there is room
const BETWEEN_WIDTH = { text: 170, arrow: 40 }; // px of the column between the first two maps
const NARROWEST = 120; // px of a map beside two others
const EVEN_CELL = 64; // px at most where three maps share a row: a number fits, and a slide is not filled
const COLUMN_GAP = 22; // px between columns, as in maps.css
const STACK_BELOW = 600; // px of width under which maps stand below each other
const TILE_GAP = 6; // px between tiles
const MOST_MEASURED = 256; // cells of which every number is written to find the longest
const LONGEST_NUMBER = 24; // characters of any exact number
const LABEL_HEIGHT = 18; // px above a tile for its label

// Find the largest cells with which the whole map fits; else the smallest, and one scrolls.
function layOut(spec, width, most = BIGGEST_CELL) {
  const many = spec.tiles > 1;
  const height = many ? MANY_TILES_HEIGHT : ONE_TILE_HEIGHT;
  const least = many
    ? Math.max(2, Math.ceil(SMALLEST_TILE / Math.max(spec.rows, spec.columns)))
    : Math.min(
        SMALLEST_STRIP.cell,
        Math.ceil(SMALLEST_STRIP.side / Math.min(spec.rows, spec.columns)),
      );
  for (let cell = most; cell > least; cell -= 1) {
    const layout = layOutCells(spec, width, cell, many);
    if (layout.width <= width && layout.height <= height) return layout;
  }
  return layOutCells(spec, width - SCROLLBAR, least, many);
}

function layOutCells(spec, width, cell, many) {
  const gap = many ? TILE_GAP : 0;
  const stepX = spec.columns * cell + gap;
  const fitting = Math.max(1, Math.floor((width + gap) / stepX));
  const across = Math.min(spec.across ?? fitting, spec.tiles);
  const labelled = many && spec.columns * cell >= SMALLEST_TILE;
  const label = labelled ? LABEL_HEIGHT : 0;
  const stepY = spec.rows * cell + gap + label;
  const down = Math.ceil(spec.tiles / across);
  // One pixel more, so that the borders of the last cells are whole.
  return {
    cell,
    across,
    down,
    label,
    stepX,
    stepY,
    width: across * stepX - gap + 1,
    height: down * stepY - gap + 1,
  };
}

// Narrow maps get what they wish, wide ones an equal part of the rest.
function share(wishes, total) {
  const shares = [];
  let left = total;
  const order = wishes.map((_, at) => at).sort((a, b) => wishes[a] - wishes[b]);
  order.forEach((at, done) => {
    shares[at] = Math.floor(Math.min(wishes[at], left / (order.length - done)));
    left -= shares[at];
  });
  return shares;
}

// Where three maps have not the room they wish, cells of one size compare best; null where that
// leaves one of them too narrow.
function shareByCells(specs, total) {
  const columns = specs.reduce((sum, spec) => sum + spec.columns, 0);
  const cell = Math.floor((total - specs.length) / columns);
  const shares = specs.map((spec) => spec.columns * cell + 1);
  const simple = specs.every((spec) => spec.tiles === 1 && !spec.missing);
  return simple && Math.min(...shares) >= NARROWEST ? shares : null;
}

function arrange(stage, force = false) {
  const width = stage.root.clientWidth;
  if (!width || (!force && width === stage.width)) return;
  stage.width = width;
  stage.palette = readPalette(stage);
  stage.packet.rows.forEach((_, row) => arrangeRow(stage, row, width));
  reserve(stage);
  relate(stage);
}

function arrangeRow(stage, row, width) {
  const views = stage.views.filter((view) => view.row === row);
  if (!views.length) return;
  const parent = views[0].card.parentElement;
  const between = parent.querySelector(".between");
  const stacked = width < STACK_BELOW;
  const { packet } = stage;
  const column = BETWEEN_WIDTH[packet.between.length ? "text" : "arrow"];
  const taken = (views.length - 1) * COLUMN_GAP + (between ? column + COLUMN_GAP : 0);
  const room = stacked ? width : width - taken;
  const wishes = views.map(({ spec }) => {
    const title = Math.min(spec.title.length * TITLE_LETTER, room / views.length);
    return Math.max(CARD_WIDTH, title, spec.missing ? 0 : layOut(spec, room).width);
  });
  const tight = views.length > 2 && wishes.reduce((sum, wish) => sum + wish, 0) > room;
  const even = tight
    ? shareByCells(
        views.map((view) => view.spec),
        room,
      )
    : null;
  const shares = stacked ? views.map(() => room) : (even ?? share(wishes, room));
  const columns = shares.map((each) => `${each}px`);
  if (between) columns.splice(1, 0, `${column}px`);
  parent.classList.toggle("stacked", stacked);
  parent.style.gridTemplateColumns = stacked ? "" : columns.join(" ");
  Array.from(parent.children).forEach((child, at) => {
    child.style.gridColumn = stacked ? "" : at + 1;
  });
  const most = !stacked && even ? EVEN_CELL : BIGGEST_CELL;
  views.forEach((view, at) => !view.spec.missing && place(view, shares[at], most));
}

function place(view, width, most) {
  const { scroller, content, spec } = view;
  const layout = layOut(spec, width, most);
  const scrollsDown = layout.height > SCROLL_HEIGHT;
  const scrollsAcross = layout.width > width - (scrollsDown ? SCROLLBAR : 0);
  const boxWidth = Math.min(width, layout.width + (scrollsDown ? SCROLLBAR : 0));
  const boxHeight = Math.min(layout.height, SCROLL_HEIGHT) + (scrollsAcross ? SCROLLBAR : 0);
  view.layout = layout;
  Object.assign(scroller.style, { width: `${boxWidth}px`, height: `${boxHeight}px` });
  Object.assign(content.style, { width: `${layout.width}px`, height: `${layout.height}px` });
  for (const part of ["cell", "across", "label", "stepX", "stepY"]) {
    scroller.dataset[part] = layout[part];
  }
  const seen = {
    width: Math.min(scroller.clientWidth, layout.width),
    height: Math.min(scroller.clientHeight, layout.height),
  };
  view.seen = seen;
  Object.assign(view.window.style, { width: `${seen.width}px`, height: `${seen.height}px` });
  for (const canvas of [view.cells, view.outlines]) {
    canvas.width = Math.ceil(seen.width * window.devicePixelRatio);
    canvas.height = Math.ceil(seen.height * window.devicePixelRatio);
    Object.assign(canvas.style, { width: `${seen.width}px`, height: `${seen.height}px` });
  }
  view.texts = chooseTexts(view);
  keepReadout(view, width);
  showLegend(view);
  readOut(view);
  paintCells(view);
}

// Keep room below a map for the longest text that pointing at it can bring.
function keepReadout(view, width) {
  const { spec, stage, readout } = view;
  const style = getComputedStyle(readout);
  const context = view.cells.getContext("2d");
  const wide = (family, text) => {
    context.font = `650 ${style.fontSize} ${family}`;
    return context.measureText(text).width;
  };
  const hint = wide(getComputedStyle(stage.root).fontFamily, stage.packet.labels.hint);
  const lines = Math.max(hint, wide(stage.palette.numbers, longestReadout(spec))) > width ? 2 : 1;
  readout.style.minHeight = `${lines * parseFloat(style.lineHeight)}px`;
}

function longestReadout({ values, shape }) {
  const index = shape.map((size) => size - 1).join(",");
  const texts =
    values.length > MOST_MEASURED ? [] : Array.from(values, (v) => exactNumber(v, values));
  const digits = values.length > MOST_MEASURED ? LONGEST_NUMBER : 0;
  const longest = Math.max(digits, ...texts.map((text) => text.length));
  return `[${index}] = ${"0".repeat(longest)}`;
}

// Top left corner of a cell on the whole map, in px.
function cornerOf(view, k) {
  const { spec, layout } = view;
  const size = spec.rows * spec.columns;
  const tile = Math.floor(k / size);
  const row = Math.floor((k % size) / spec.columns);
  return {
    x: (tile % layout.across) * layout.stepX + (k % spec.columns) * layout.cell,
    y: Math.floor(tile / layout.across) * layout.stepY + layout.label + row * layout.cell,
  };
}

// The cell at a point of the whole map; null on gaps, labels and past the end.
function cellAt(view, x, y) {
  const { spec, layout } = view;
  const across = Math.floor(x / layout.stepX);
  const down = Math.floor(y / layout.stepY);
  const column = Math.floor((x - across * layout.stepX) / layout.cell);
  const row = Math.floor((y - down * layout.stepY - layout.label) / layout.cell);
  const inside = row >= 0 && row < spec.rows && column >= 0 && column < spec.columns;
  if (!inside || across < 0 || across >= layout.across || down < 0) return null;
  const k = ((down * layout.across + across) * spec.rows + row) * spec.columns + column;
  return k < spec.count ? k : null;
}
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
  const lastAcross = Math.min(layout.across - 1, (scroller.scrollLeft + seen.width) / layout.stepX);
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
    scratch,
    x + left * layout.cell,
    y + top * layout.cell,
    picture.width * layout.cell,
    picture.height * layout.cell,
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
  const index = fullIndex(spec, tile * spec.rows * spec.columns)
    .slice(from, to)
    .join(",");
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
    const [left, right] = [corner.x, corner.x + layout.cell].map((x) =>
      within(x + 0.5, layout.width),
    );
    const [top, bottom] = [corner.y, corner.y + layout.cell].map((y) =>
      within(y + 0.5, layout.height),
    );
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
// Which cells belong to the one pointed at: the cells it sums, or the cells it feeds.
//
// A link is a sparse linear relation from viz/linking.py. Cells are named as on screen; a slot
// past the cells on screen is a summed cell that is not shown. Nothing here draws.

const NOWHERE = 0xffffffff; // no cell: the coefficient itself is the term; no tap

// Where in the cells on screen a full index stands; it may lie outside them.
function offsetOf(spec, index) {
  return index.reduce((flat, at, axis) => flat * spec.shape[axis] + at, 0) - spec.start;
}

// The index of a row-major position in a whole array.
function indexOf(spec, flat) {
  return fullIndex(spec, flat - spec.start);
}

// The cell that the outlines and the sum are about: the pinned one, or the one pointed at.
function findSubject(stage) {
  const view = stage.views.find((each) => each.pinned !== null) ?? stage.pointing;
  const k = view?.pinned ?? view?.hovered ?? null;
  return k === null ? null : subjectOf(stage, view, k);
}

// What is known about a cell; null when no link is about its map.
function subjectOf(stage, view, k) {
  const { answer } = stage.packet;
  const { key } = view.spec;
  const answered = answer?.map === key && offsetOf(view.spec, answer.index) === k ? answer : null;
  const links = answered?.links ?? stage.packet.links;
  const explaining = links.filter((link) => link.from === key);
  const feeding = links.filter((link) => link.to === key);
  // Of what a cell feeds, the first map decides: a reach without it would mislead.
  const fed = feeding[0]?.large ? feeding : feeding.filter((link) => !link.large);
  const chosen = explaining.length ? explaining : fed;
  if (!chosen.length) return answered?.note ? noted(stage, view, k, answered.note) : null;
  const { words } = chosen[0];
  const subject = { view, k, links: chosen, words, note: answered?.note ?? "" };
  const unknown = { ...subject, kind: answered ? "too large" : "large" };
  if (chosen.some((link) => link.large)) return unknown;
  const found = explaining.length ? sumOf(stage, subject) : reachOf(stage, subject);
  if (found && explaining.length) found.note = subject.note || noteOf(chosen[0], k);
  return found ? { ...subject, ...found } : unknown;
}

// A cell of which the server could only say why there is no sum.
function noted(stage, view, k, note) {
  return { view, k, links: [], words: stage.packet.links[0].words, note, kind: "note" };
}

function rowOf(link, k) {
  let low = 0;
  let high = link.cells.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (link.cells[middle] === k) return middle;
    if (link.cells[middle] < k) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

// The sentence that the sum of cell k needs; empty for a plain one.
function noteOf(link, k) {
  const which = link.note_of?.[rowOf(link, k)] ?? NOWHERE;
  return which === NOWHERE ? "" : link.notes[which];
}

function viewOf(stage, key) {
  return stage.byKey.get(key);
}

// The map whose cells a link sums; of one that is not drawn, its title and shape without cells.
function summedSpec(stage, link) {
  if (!link.undrawn) return viewOf(stage, link.to).spec;
  return { ...link.undrawn, start: 0, count: 0, values: link.hidden_values };
}

// The summed cell behind coefficient number `at`; 1 for a constant term.
function summedValue(stage, link, at) {
  const slot = link.places[at];
  if (slot === NOWHERE) return 1;
  const spec = summedSpec(stage, link);
  return slot < spec.count ? spec.values[slot] : link.hidden_values[slot - spec.count];
}

// Whether every number is a float32, so that products and sums are rounded as in the engine.
function isSingle(stage, links) {
  return links.every(
    (link) =>
      link.coefficients instanceof Float32Array &&
      summedSpec(stage, link).values instanceof Float32Array,
  );
}

// Add in the order in which the terms stand, rounding after every step.
function addUp(terms, round) {
  if (!terms.length) return 0;
  return terms.reduce((sum, { product }, at) => (at ? round(sum + product) : product), 0);
}

// The terms of cell k and their total; null when some link does not know this cell.
function sumOf(stage, { view, k, links }) {
  const rows = links.map((link) => rowOf(link, k));
  if (rows.includes(-1)) return null;
  const single = isSingle(stage, links);
  const round = single ? Math.fround : Number;
  const terms = [];
  let size = 0;
  links.forEach((link, part) => {
    for (let at = link.offsets[rows[part]]; at < link.offsets[rows[part] + 1]; at += 1) {
      const value = summedValue(stage, link, at);
      const factor = link.function ? 1 : value;
      const product = round(link.coefficients[at] * factor);
      terms.push({ link, at, value, product });
      size += Math.abs(product);
    }
  });
  const total = addUp(terms, round);
  const recorded = view.spec.values[k];
  const same = total === recorded || (Number.isNaN(total) && Number.isNaN(recorded));
  const difference = same ? 0 : Math.abs(total - recorded);
  const share = Math.max(...links.map((link) => link.rounding)) * Math.sqrt(terms.length + 4);
  const tolerance = share * size + Math.max(...links.map((link) => link.slack));
  return {
    kind: links[0].adds ? "sum" : "mixed",
    terms,
    total,
    recorded,
    difference,
    single,
    round,
    agrees: difference <= tolerance,
  };
}

// For every summed cell on screen, the rows and coefficients it stands in. Made once a link.
function transposed(link, count) {
  if (link.transposed) return link.transposed;
  const offsets = new Uint32Array(count + 1);
  for (const slot of link.places) if (slot < count) offsets[slot + 1] += 1;
  for (let slot = 0; slot < count; slot += 1) offsets[slot + 1] += offsets[slot];
  const next = offsets.slice();
  const cells = new Uint32Array(offsets[count]);
  const coefficients = new Uint32Array(offsets[count]);
  link.cells.forEach((cell, row) => {
    for (let at = link.offsets[row]; at < link.offsets[row + 1]; at += 1) {
      const slot = link.places[at];
      if (slot >= count) continue;
      cells[next[slot]] = cell;
      coefficients[next[slot]] = at;
      next[slot] += 1;
    }
  });
  link.transposed = { offsets, cells, coefficients };
  return link.transposed;
}

// The explained cells that cell k feeds.
function reachOf(stage, { view, k, links }) {
  const value = view.spec.values[k];
  const terms = [];
  for (const link of links) {
    const { offsets, cells, coefficients } = transposed(link, view.spec.count);
    for (let entry = offsets[k]; entry < offsets[k + 1]; entry += 1) {
      terms.push({ link, at: coefficients[entry], cell: cells[entry], value });
    }
  }
  return { kind: "reach", terms, value, single: isSingle(stage, links) };
}

// The cells of every map that are outlined for this subject: Map(view -> Set of cells).
function outlined(stage, subject) {
  const found = new Map();
  const add = (key, k) => {
    const view = viewOf(stage, key);
    if (!found.has(view)) found.set(view, new Set());
    if (k < view.spec.count) found.get(view).add(k);
  };
  for (const { link, at, cell } of subject?.terms ?? []) {
    if (subject.kind === "reach") {
      add(link.from, cell);
      continue;
    }
    if (!link.undrawn) add(link.to, link.places[at]);
    if (link.tap && link.coefficients[at] !== 0) add(link.tap, link.taps[at]);
  }
  return found;
}

function slopeOf({ link, at }) {
  return link.coefficients[at];
}

// The terms to write out: all, or the largest first where there are too many.
function largest(terms, most, sizeOf = ({ product }) => product) {
  if (terms.length <= most) return { shown: terms, rest: [] };
  const size = (term) => (Number.isFinite(sizeOf(term)) ? Math.abs(sizeOf(term)) : Infinity);
  const shown = [];
  for (const term of terms) {
    let at = shown.length;
    while (at > 0 && size(shown[at - 1]) < size(term)) at -= 1;
    if (at < most) shown.splice(at, 0, term);
    if (shown.length > most) shown.pop();
  }
  const chosen = new Set(shown);
  return { shown, rest: terms.filter((term) => !chosen.has(term)) };
}
// The line under the maps: the sum behind a cell with its numbers, or what a cell feeds.

const MOST_TERMS = 10; // terms written out, as of a 3x3 kernel and a bias; of more, the largest
const MOST_FED = 3; // fed cells written out
const SPEAK_AFTER = 400; // ms of rest before a screen reader is told
const SAMPLES = 12; // sums tried to find how much room the longest needs
// What a coefficient is called says its number already: "1 (copy)", "1/4 (average)", "a = 0.42".
const SAYS_ITS_NUMBER = /^[-+]?[\d./]+( ?\(.*\))?$|=/;

function buildSum(stage) {
  const box = element(stage.root, "div", "sum");
  const sum = {
    box,
    terms: element(box, "div", "terms"),
    verdict: element(box, "div", "verdict"),
    spoken: element(stage.root, "div", "spoken"),
  };
  sum.spoken.setAttribute("aria-live", "polite");
  return sum;
}

function number(stage, value) {
  const { theme } = stage.packet;
  return shortNumber(value, theme.digits, theme);
}

function exactly(value, single) {
  return exactNumber(value, single ? new Float32Array() : new Float64Array());
}

// One term as the parts of its line: coefficient, its name, and the summed cell.
function partsOf(stage, { link, at, value }) {
  if (link.function) {
    return { coefficient: `${link.function}(${number(stage, value)})`, name: "", value: "" };
  }
  const name = link.name_of ? link.names[link.name_of[at]] : "";
  const coefficient = SAYS_ITS_NUMBER.test(name) ? name : number(stage, link.coefficients[at]);
  const named = coefficient === name ? "" : name;
  const constant = link.places[at] === NOWHERE;
  return { coefficient, name: named, value: constant ? "" : number(stage, value) };
}

function termText(stage, term) {
  const { coefficient, name, value } = partsOf(stage, term);
  const named = name ? `${coefficient} ${name}` : coefficient;
  return value ? `${named} × ${value}` : named;
}

function writeTerm(stage, parent, term) {
  const { coefficient, name, value } = partsOf(stage, term);
  const line = element(parent, "span", "term");
  element(line, "span", "coefficient", coefficient);
  if (name) element(line, "span", "name", ` ${name}`);
  if (value) line.append(` × ${value}`);
  const spec = summedSpec(stage, term.link);
  const slot = term.link.places[term.at];
  if (slot === NOWHERE) return;
  const hidden = slot >= spec.count;
  const flat = hidden ? term.link.hidden[slot - spec.count] : spec.start + slot;
  line.dataset.from = indexOf(spec, flat).join(",");
  line.title = `${spec.title} [${indexOf(spec, flat).join(", ")}]`;
}

// The sentences of a subject: what is written, as a function that writes it, and what is spoken.
const KINDS_OF_LINE = { sum: sumLine, mixed: mixedLine, reach: reachLine, note: noteLine };

function sumLine(stage, subject) {
  const { view, terms, total, recorded, difference, single, round, agrees, words, note } = subject;
  const { shown, rest } = largest(terms, MOST_TERMS);
  const left = { count: rest.length, value: number(stage, addUp(rest, round)) };
  const more = rest.length ? fill(words.more, left) : "";
  const start = `${number(stage, recorded)} = `;
  const totals = [
    fill(words.total, { value: number(stage, total) }),
    fill(words.recorded, { value: number(stage, recorded) }),
  ];
  const odds = fill(words.differs, { difference: number(stage, difference) });
  const nothing = terms.length ? "" : words.nothing;
  const written = shown.map((term) => termText(stage, term)).join(" + ");
  const explanation = note || nothing;
  return {
    write(box) {
      element(box, "span", "value", start);
      shown.forEach((term, at) => {
        if (at) box.append(" + ");
        writeTerm(stage, box, term);
      });
      if (!terms.length) box.append("0");
      if (more) element(box, "span", "more", ` ${more}`);
      if (explanation) element(box, "div", "note", explanation);
    },
    verdict(box) {
      element(box, "span", "total", totals[0]);
      element(box, "span", "recorded", totals[1]);
      const tick = element(box, "span", agrees ? "tick" : "cross", agrees ? "✓" : `✗ ${odds}`);
      tick.title = agrees && difference ? odds : "";
    },
    note: explanation,
    spoken: [
      `${start}${written || "0"} ${more}`,
      ...totals,
      agrees ? words.agrees : odds,
      explanation,
    ],
    data: {
      total: exactly(total, single),
      autograd: exactNumber(recorded, view.spec.values),
      difference: String(difference),
      agrees: String(agrees),
      terms: String(terms.length),
      shown: String(shown.length),
    },
  };
}

// A cell that is made of others, but not by adding: only the slopes are said.
function mixedLine(stage, { terms, recorded, words }) {
  const { shown } = largest(terms, MOST_FED, slopeOf);
  const start = fill(words.mixed, { value: number(stage, recorded), count: terms.length });
  const listed = shown.map((term) => {
    const spec = summedSpec(stage, term.link);
    const slot = term.link.places[term.at];
    const flat = slot < spec.count ? spec.start + slot : term.link.hidden[slot - spec.count];
    return slopeText(stage, `${spec.title} [${indexOf(spec, flat).join(",")}]`, term);
  });
  return listLine(start, listed, terms, words, { terms: String(terms.length) });
}

function slopeText(stage, cell, term) {
  return fill(term.link.words.slope, { cell, value: number(stage, slopeOf(term)) });
}

function noteLine(stage, { note }) {
  return plainLine(note);
}

function plainLine(line, data = {}) {
  return { write: (box) => box.append(line), verdict() {}, spoken: [line], data };
}

// A sentence and what it lists, as far as that is written out.
function listLine(start, listed, terms, words, data) {
  const left = terms.length - listed.length;
  if (left > 0) listed.push(fill(words.more_cells, { count: left }));
  const shown = String(listed.length - (left > 0 ? 1 : 0));
  return plainLine(`${start} ${listed.join("; ")}`, { ...data, shown });
}

function reachLine(stage, { terms, value, words }) {
  const { adds } = terms[0]?.link ?? { adds: true };
  const shown = adds ? terms.slice(0, MOST_FED) : largest(terms, MOST_FED, slopeOf).shown;
  const count = new Set(terms.map(({ link, cell }) => `${link.from} ${cell}`)).size;
  const sentence = [words.feeds_none, words.feeds_one][count] ?? words.feeds;
  const start = fill(sentence, { value: number(stage, value), count });
  const fed = shown.map((term) => {
    const { spec } = viewOf(stage, term.link.from);
    const cell = `${term.link.words.explained}[${fullIndex(spec, term.cell).join(",")}]`;
    if (!adds) return slopeText(stage, cell, term);
    return fill(words.gets, { cell, term: termText(stage, term) });
  });
  return listLine(start, fed, terms, words, { cells: String(count), terms: String(terms.length) });
}

function lineOf(stage, subject) {
  const own = KINDS_OF_LINE[subject.kind];
  if (own) return own(stage, subject);
  const { words, view } = subject;
  const sentences = { large: view.pinned === null ? words.large : words.asking };
  return plainLine(sentences[subject.kind] ?? words.too_large);
}

function writeLine(stage, subject) {
  const { terms, verdict } = stage.sum;
  terms.replaceChildren();
  verdict.replaceChildren();
  const line = lineOf(stage, subject);
  line.write(terms);
  line.verdict(verdict);
  if (subject.view.pinned === subject.k) element(verdict, "span", "pinned", subject.words.pinned);
  return line;
}

// What one may do with the first link's maps.
function hintOf({ links: [first] }) {
  return (first?.large ? first.words.large : first?.words.hint) ?? "";
}

// Write what the subject is about; without one, what one may do.
function writeSum(stage) {
  const { sum, subject, packet } = stage;
  const { box, terms, verdict } = sum;
  for (const name of Object.keys(box.dataset)) delete box.dataset[name];
  box.classList.toggle("idle", !subject);
  box.classList.toggle("pinned", Boolean(subject) && subject.view.pinned === subject.k);
  box.dataset.kind = subject?.kind ?? "idle";
  if (!subject) {
    terms.textContent = hintOf(packet);
    verdict.replaceChildren();
    speak(stage, []);
    return;
  }
  const { view, k } = subject;
  const line = writeLine(stage, subject);
  const cell = fullIndex(view.spec, k).join(",");
  const pinned = String(view.pinned === k);
  Object.assign(box.dataset, line.data, { map: view.spec.key, cell, pinned });
  terms.scrollTop = 0;
  speak(stage, [`${view.spec.title} [${cell}]`, ...line.spoken]);
}

// A screen reader hears where one came to rest, not every cell on the way.
function speak(stage, sentences) {
  clearTimeout(stage.speaking);
  stage.speaking = setTimeout(() => {
    const said = sentences.map((sentence) => sentence.trim()).filter(Boolean);
    stage.sum.spoken.textContent = said.join(". ");
  }, SPEAK_AFTER);
}

// Keep room for the longest sum, so that nothing below moves while one points.
function reserve(stage) {
  const { box, terms, verdict } = stage.sum;
  box.hidden = !stage.packet.links.length && !stage.packet.answer;
  if (box.hidden) return;
  const measure = element(box, "div", "measure");
  const tried = samples(stage).map((subject) => {
    const line = lineOf(stage, subject);
    const written = element(measure, "div", "terms", line.spoken[0]);
    if (line.note) element(written, "div", "note", line.note);
    const said = element(measure, "div", "verdict");
    line.verdict(said);
    element(said, "span", "pinned", subject.words.pinned);
    return { written, verdict: said };
  });
  const hint = element(measure, "div", "terms", hintOf(stage.packet));
  const tallest = (elements) => Math.max(0, ...elements.map((each) => each.offsetHeight));
  terms.style.height = `${tallest([hint, ...tried.map((each) => each.written)])}px`;
  verdict.style.height = `${tallest(tried.map((each) => each.verdict))}px`;
  measure.remove();
}

// Subjects with long lines: of every map those with the most terms, and some spread over it.
function samples(stage) {
  const { links, answer } = stage.packet;
  const subjects = [];
  const add = (view, k) => {
    const subject = view && k >= 0 && k < view.spec.count && subjectOf(stage, view, k);
    if (subject) subjects.push(subject);
  };
  if (answer) {
    const view = viewOf(stage, answer.map);
    add(view, offsetOf(view.spec, answer.index));
  }
  for (const link of links) {
    if (link.large) add(viewOf(stage, link.from), 0);
    if (link.large || !link.cells.length) continue;
    const { cells, offsets } = link;
    const longest = cells.reduce(
      (best, _, row) => {
        const count = offsets[row + 1] - offsets[row];
        return count > best.count ? { row, count } : best;
      },
      { row: 0, count: -1 },
    );
    add(viewOf(stage, link.from), cells[longest.row]);
    link.notes.forEach((_, which) => {
      add(viewOf(stage, link.from), cells[link.note_of.indexOf(which)] ?? -1);
    });
    for (let part = 0; part < SAMPLES; part += 1) {
      add(viewOf(stage, link.from), cells[Math.floor((part * cells.length) / SAMPLES)]);
      const to = viewOf(stage, link.to);
      if (to) add(to, Math.floor((part * to.spec.count) / SAMPLES));
    }
  }
  return subjects;
}
// Pointing at a cell by mouse, touch and keys; what is pointed at, in words and in outline.

const PAGE_ROWS = 10; // rows that PageUp and PageDown go in a single matrix
const SIGHT_GAP = 16; // px between a pinned sum and the cell it is about
const MOST_LISTED = 512; // outlined cells that are listed for tests

// Show in words what of this map is pointed at, or else what is pinned.
function readOut(view) {
  const { spec, readout, stage } = view;
  const k = view.hovered ?? view.pinned;
  readout.replaceChildren();
  readout.classList.toggle("idle", k === null);
  if (k === null) {
    readout.textContent = stage.packet.labels.hint;
    delete readout.dataset.index;
    delete readout.dataset.value;
    return;
  }
  const index = fullIndex(spec, k);
  const value = exactNumber(spec.values[k], spec.values);
  readout.dataset.index = index.join(",");
  readout.dataset.value = value;
  element(readout, "span", "index", `[${index.join(",")}] =`);
  readout.append(" ");
  element(readout, "span", "value", value);
}

// Outline in every map what belongs to the subject, and what is pointed at or pinned.
function outline(stage) {
  const { subject } = stage;
  const linked = outlined(stage, subject);
  for (const view of stage.views) {
    if (view.spec.missing) continue;
    const groups = groupsOf(view, linked.get(view) ?? new Set());
    if (groups.length || view.marked) paintOutlines(view, groups);
    view.marked = groups.length > 0;
    const cells = [...(linked.get(view) ?? [])];
    view.scroller.dataset.linkedCount = cells.length;
    view.scroller.dataset.linked = cells.slice(0, MOST_LISTED).map((k) => view.spec.start + k);
  }
}

function groupsOf(view, linked) {
  const { stage, pinned, hovered } = view;
  const { accent, background, text, linked: orange, linkedEdge } = stage.palette;
  const groups = [];
  if (linked.size) groups.push({ cells: linked, colour: orange, edge: linkedEdge });
  if (hovered !== null && hovered !== pinned) {
    const explained = stage.subject?.view === view && stage.subject.k === hovered;
    groups.push({
      cells: [hovered],
      colour: explained ? orange : text,
      edge: explained ? linkedEdge : background,
    });
  }
  if (pinned !== null) groups.push({ cells: [pinned], colour: accent, edge: background });
  return groups;
}

// Show what has changed by pointing, pinning or other data.
function relate(stage) {
  stage.subject = findSubject(stage);
  outline(stage);
  if (!stage.sum.box.hidden) writeSum(stage);
}

function hover(view, k) {
  if (k === view.hovered) return;
  const { stage } = view;
  view.hovered = k;
  view.cursor = k ?? view.cursor;
  stage.pointing = k === null ? stage.views.find((each) => each.hovered !== null) : view;
  readOut(view);
  relate(stage);
}

// One cell of all maps is pinned at a time; null frees it.
function pin(view, k) {
  const { stage } = view;
  for (const other of stage.views) {
    if (other === view || other.pinned === null) continue;
    other.pinned = null;
    readOut(other);
  }
  view.pinned = k;
  view.hovered = null;
  view.cursor = k ?? view.cursor;
  stage.touched = true;
  readOut(view);
  relate(stage);
  if (k !== null) keepInSight(view, k);
  ask(stage, view, k);
}

// Only what the browser cannot say by itself is asked of the server; a freed answer is taken back.
// Of one map the server is told every pinned cell.
function ask(stage, view, k) {
  const { subject, packet, send } = stage;
  if (k !== null && (subject?.kind === "large" || packet.told === view.spec.key)) {
    send({ map: view.spec.key, index: fullIndex(view.spec, k) });
  } else if (k === null && packet.answer) send({ map: view.spec.key, index: null });
}

// A pinned sum stays at the rim of the window: scroll if it would cover the cell it is about.
function keepInSight(view, k) {
  const { window: parent, scroller, layout, stage } = view;
  if (stage.sum.box.hidden) return;
  const { x, y } = cornerOf(view, k);
  const anchor = element(parent, "div", "anchor");
  Object.assign(anchor.style, {
    left: `${x - scroller.scrollLeft}px`,
    top: `${y - scroller.scrollTop}px`,
    width: `${layout.cell}px`,
    height: `${layout.cell}px`,
    scrollMarginBottom: `${stage.sum.box.offsetHeight + SIGHT_GAP}px`,
  });
  anchor.scrollIntoView({ block: "nearest", inline: "nearest" });
  anchor.remove();
}

// Show the cell that the server was asked about, unless the visitor went on meanwhile.
function pinAnswered(stage) {
  const { answer } = stage.packet;
  if (!answer || stage.touched) return;
  const view = viewOf(stage, answer.map);
  const k = view ? offsetOf(view.spec, answer.index) : -1;
  if (k < 0 || k >= (view.spec.count ?? 0)) return;
  view.pinned = k;
  view.cursor = k;
  readOut(view);
}

function pointed(view, event) {
  const box = view.outlines.getBoundingClientRect();
  const x = event.clientX - box.left + view.scroller.scrollLeft;
  const y = event.clientY - box.top + view.scroller.scrollTop;
  return cellAt(view, x, y);
}

// Where a key leads from cell k: to a neighbour, over the edge of a tile too, to an end of the
// row (with Control: of the map), or to the same cell of another tile. Back to k at the rim.
function moved(view, k, key, control) {
  const { spec, layout } = view;
  const size = spec.rows * spec.columns;
  const tile = Math.floor(k / size);
  const place = {
    x: (tile % layout.across) * spec.columns + (k % spec.columns),
    y: Math.floor(tile / layout.across) * spec.rows + Math.floor((k % size) / spec.columns),
  };
  const last = layout.across * spec.columns - 1;
  const page = (step) => {
    if (spec.tiles > 1) return k + step * size;
    const row = Math.min(Math.max(place.y + step * PAGE_ROWS, 0), spec.rows - 1);
    return at(place.x, row);
  };
  const at = (x, y) => {
    const tileAt = Math.floor(y / spec.rows) * layout.across + Math.floor(x / spec.columns);
    const inTile = (y % spec.rows) * spec.columns + (x % spec.columns);
    return x < 0 || y < 0 || x > last ? -1 : tileAt * size + inTile;
  };
  const endOfRow = () => {
    let x = last;
    while (at(x, place.y) >= spec.count) x -= 1;
    return at(x, place.y);
  };
  const target = {
    ArrowLeft: () => at(place.x - 1, place.y),
    ArrowRight: () => at(place.x + 1, place.y),
    ArrowUp: () => at(place.x, place.y - 1),
    ArrowDown: () => at(place.x, place.y + 1),
    Home: () => (control ? 0 : at(0, place.y)),
    End: () => (control ? spec.count - 1 : endOfRow()),
    PageUp: () => page(-1),
    PageDown: () => page(1),
  }[key]();
  return target >= 0 && target < spec.count ? target : k;
}

function scrollTo(view, k) {
  const { scroller, seen, layout } = view;
  const { x, y } = cornerOf(view, k);
  const within = (scroll, at, visible) =>
    Math.min(Math.max(scroll, at + layout.cell + 4 - visible), at - 4);
  scroller.scrollLeft = within(scroller.scrollLeft, x, seen.width);
  scroller.scrollTop = within(scroller.scrollTop, y, seen.height);
}

function onKey(view, event) {
  const k = view.hovered ?? view.pinned;
  const moves = /^(Arrow(Left|Right|Up|Down)|Home|End|Page(Up|Down))$/.test(event.key);
  if (moves) {
    const from = k ?? view.cursor;
    const to = from === null ? 0 : moved(view, from, event.key, event.ctrlKey);
    scrollTo(view, to);
    hover(view, to);
  } else if ((event.key === "Enter" || event.key === " ") && k !== null) {
    pin(view, k === view.pinned ? null : k);
  } else if (event.key === "Escape") {
    const pinned = view.stage.views.find((each) => each.pinned !== null);
    if (!pinned && k === null) return;
    if (pinned) pin(pinned, null);
    hover(view, null);
  } else return;
  event.preventDefault();
}

function listen(view) {
  const { scroller } = view;
  const byMouse = (event) => event.pointerType !== "touch";
  scroller.addEventListener("pointermove", (event) => {
    if (byMouse(event)) hover(view, pointed(view, event));
  });
  scroller.addEventListener("pointerleave", (event) => byMouse(event) && hover(view, null));
  scroller.addEventListener("click", (event) => {
    const k = pointed(view, event);
    if (k !== null) pin(view, k === view.pinned ? null : k);
  });
  scroller.addEventListener("keydown", (event) => onKey(view, event));
  scroller.addEventListener("blur", () => hover(view, null));
  scroller.addEventListener("scroll", () => {
    paintCells(view);
    outline(view.stage);
  });
}
// All maps as one picture: each as large as it needs, with its title and scale, nothing cut off.

const PICTURE_WIDTH = 900; // px that one map may take
const PICTURE_CARD = 240; // px that its words need
const PICTURE_MARGIN = 24; // px around the maps and between them
const PICTURE_LINES = { title: 15, subtitle: 13.5, notes: 13.5 }; // px, as in maps.css
const PICTURE_LINE = 20; // px from line to line
const PICTURE_LEGEND = { width: 170, bar: 8, height: 34 }; // px

// A view that is painted whole, on a canvas of its own.
function stillOf(view, scale) {
  const { spec } = view;
  if (spec.missing) return { view, width: PICTURE_CARD, height: 0 };
  const layout = layOut(spec, PICTURE_WIDTH);
  const { width, height } = layout;
  const cells = document.createElement("canvas");
  [cells.width, cells.height] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  const scroller = { scrollLeft: 0, scrollTop: 0 };
  const still = { ...view, layout, cells, scroller, seen: { width, height }, ratio: scale };
  still.texts = chooseTexts(still);
  return { view: still, width: Math.max(width, PICTURE_CARD), height };
}

function wordsOf({ spec }) {
  const lines = Object.keys(PICTURE_LINES).map((part) => ({ part, text: spec[part] ?? "" }));
  if (spec.missing) lines.push({ part: "notes", text: spec.missing });
  return lines.filter(({ text }) => text);
}

// Where each map stands: rows as on the page, every map at its own size.
function composition(stage, scale) {
  const rows = [];
  for (const view of stage.views) (rows[view.row] ??= []).push(stillOf(view, scale));
  const placed = [];
  let top = PICTURE_MARGIN;
  let right = 0;
  for (const row of rows.filter(Boolean)) {
    const words = Math.max(...row.map(({ view }) => wordsOf(view).length)) * PICTURE_LINE;
    let left = PICTURE_MARGIN;
    for (const still of row) {
      placed.push({ ...still, left, top, words });
      left += still.width + PICTURE_MARGIN;
    }
    right = Math.max(right, left);
    top +=
      words + Math.max(...row.map(({ height }) => height)) + PICTURE_LEGEND.height + PICTURE_MARGIN;
  }
  return { placed, width: right, height: top };
}

function paintWords(context, palette, family, { view, left, top, width }) {
  wordsOf(view).forEach(({ part, text }, line) => {
    context.font = `${part === "title" ? "650 " : ""}${PICTURE_LINES[part]}px ${family}`;
    context.fillStyle = palette.text;
    context.fillText(text, left, top + (line + 0.7) * PICTURE_LINE, width);
  });
}

function paintScale(context, palette, { view, left, top, words, height }) {
  const { half } = view.stage.packet.theme;
  const { width, bar } = PICTURE_LEGEND;
  const y = top + words + height + 6;
  const colours = context.createLinearGradient(left, 0, left + width, 0);
  for (let at = 0; at <= 2 * half; at += half / 15) {
    const colour = palette.table.subarray(4 * at, 4 * at + 3).join(" ");
    colours.addColorStop(at / (2 * half), `rgb(${colour})`);
  }
  context.fillStyle = colours;
  context.fillRect(left, y, width, bar);
  context.fillStyle = palette.text;
  context.font = `13px ${palette.numbers}`;
  const { ends } = view.spec;
  const places = ends.length > 1 ? [0, 0.5, 1] : [0.5];
  ends.forEach((end, at) => {
    context.textAlign = { 0: "left", 0.5: "center", 1: "right" }[places[at]];
    context.fillText(end, left + places[at] * width, y + bar + 14);
  });
  context.textAlign = "left";
}

function savePicture(stage, file) {
  const { palette } = stage;
  const size = composition(stage, 0);
  const scale = pictureScale(size.width, size.height);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.ceil(size.width * scale), Math.ceil(size.height * scale)];
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.fillStyle = palette.background;
  context.fillRect(0, 0, size.width, size.height);
  const family = getComputedStyle(stage.root).fontFamily;
  for (const still of composition(stage, scale).placed) {
    paintWords(context, palette, family, still);
    if (still.view.spec.missing) continue;
    paintCells(still.view);
    const { layout, cells } = still.view;
    context.drawImage(cells, still.left, still.top + still.words, layout.width, layout.height);
    paintScale(context, palette, still);
  }
  canvas.toBlob((blob) => blob && saveFile(blob, file), "image/png");
}
// Rows of heatmaps on canvas: exact values under the pointer, keyboard, clicks.
//
// viz/maps.py joins the files of this folder to one module. Words, colours and thresholds come
// with the data; the scripts decide only where things go. A `stage` is one mounted component,
// a `view` is one map on it. A cell is named by its offset k among the cells that were sent.

const stages = new WeakMap();

export class Maps {
  constructor(root, { onCell }) {
    root.classList.add("maps");
    this.stage = { root, views: [], signature: "", send: onCell };
    this.watcher = new ResizeObserver(() => this.stage.packet && arrange(this.stage));
    this.watcher.observe(root);
  }
  show(packet) {
    show(this.stage, packet);
  }
  save(file) {
    savePicture(this.stage, file);
  }
  remove() {
    this.watcher.disconnect();
  }
}
function element(parent, tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  parent.append(made);
  return made;
}

// Elements are kept while the same maps come again, so that focus and scroll position stay. Where
// other maps come, the one in the place of the one that had the focus gets it.
function show(stage, packet) {
  const keys = packet.rows.map((row) => row.map((spec) => spec.key));
  const signature = JSON.stringify([keys, packet.between, packet.arrow]);
  stage.packet = packet;
  const focused = stage.root.getRootNode().activeElement;
  const held = stage.views.findIndex((view) => view.scroller === focused);
  const anew = signature !== stage.signature;
  if (anew) build(stage, packet);
  stage.signature = signature;
  packet.rows.flat().forEach((spec, at) => update(stage.views[at], spec));
  stage.byKey = new Map(stage.views.map((view) => [view.spec.key, view]));
  stage.root.style.setProperty("--maps-linked", packet.theme.linked[0]);
  pinAnswered(stage);
  arrange(stage, true);
  if (anew && held >= 0) stage.views[held]?.scroller.focus({ preventScroll: true });
}

function build(stage, packet) {
  stage.root.replaceChildren();
  Object.assign(stage, { views: [], pointing: undefined, subject: null, touched: false });
  packet.rows.forEach((row, rowAt) => {
    const parent = element(stage.root, "div", "row");
    row.forEach((spec, at) => {
      if (rowAt === 0 && at === 1) buildBetween(parent, packet);
      stage.views.push(buildCard(stage, parent, spec, rowAt));
    });
    if (rowAt === 0) stage.sum = buildSum(stage);
  });
}

function buildBetween(parent, { between, arrow }) {
  if (!between.length && !arrow) return;
  const block = element(parent, "div", "between");
  for (const line of between) element(block, "p", "", line);
  if (arrow) element(block, "div", "arrow", "→").setAttribute("aria-hidden", "true");
}

function buildCard(stage, parent, spec, row) {
  const card = element(parent, "section", "card");
  const view = { stage, card, row, hovered: null, pinned: null, cursor: null, marked: false };
  card.dataset.map = spec.key;
  for (const part of ["title", "subtitle", "notes"]) view[part] = element(card, "div", part);
  view.title.setAttribute("role", "heading");
  view.title.setAttribute("aria-level", "4");
  view.body = element(card, "div", "body");
  view.missing = element(view.body, "p", "missing");
  view.scroller = element(view.body, "div", "scroller");
  view.content = element(view.scroller, "div", "content");
  view.window = element(view.content, "div", "window");
  view.cells = element(view.window, "canvas", "cells");
  view.outlines = element(view.window, "canvas", "outlines");
  view.readout = element(card, "div", "readout");
  view.legend = element(card, "div", "legend");
  listen(view);
  return view;
}

function update(view, spec) {
  const same = ["title", "subtitle", "start", "shape"].every(
    (part) => JSON.stringify(view.spec?.[part]) === JSON.stringify(spec[part]),
  );
  for (const cell of ["pinned", "hovered", "cursor"]) {
    if (!same || view[cell] >= (spec.count ?? 0)) view[cell] = null;
  }
  view.spec = spec;
  view.texts = null;
  for (const part of ["title", "subtitle"]) view[part].textContent = spec[part];
  view.notes.textContent = spec.notes ?? "";
  view.missing.textContent = spec.missing ?? "";
  view.missing.hidden = !spec.missing;
  for (const part of ["scroller", "readout", "legend"]) view[part].hidden = Boolean(spec.missing);
  view.card.dataset.shape = spec.shape?.join(",") ?? "";
  view.card.dataset.scale = spec.scale ?? "";
  view.scroller.tabIndex = spec.missing ? -1 : 0;
  view.scroller.setAttribute("role", "application");
  view.scroller.setAttribute("aria-label", spec.summary ?? "");
}
