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
    cell, across, down, label, stepX, stepY,
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
  const even = tight ? shareByCells(views.map((view) => view.spec), room) : null;
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
  const texts = values.length > MOST_MEASURED ? [] : Array.from(values, (v) => exactNumber(v, values));
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
