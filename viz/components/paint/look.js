// How the cells look: size, colour, number, mark, legend, what is read out.

const CELL = { smallest: 5, biggest: 72 }; // px
const GRID_HEIGHT = 400; // px that a map should fit in
const FONT = { smallest: 12, largest: 15, perCell: 0.24, letter: 0.62 }; // px, px a px of cell, em

function make(parent, tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  parent.append(made);
  return made;
}

function isDark(root) {
  const numbers = getComputedStyle(root).backgroundColor.match(/[\d.]+/g) ?? [255, 255, 255];
  return Number(numbers[0]) + Number(numbers[1]) + Number(numbers[2]) < 384;
}

// Find the cells' size, and lay the whole map out anew.
function layOut(board) {
  const { spec, grid, root } = board;
  const width = root.clientWidth;
  if (!width || !spec) return;
  const most = Math.min(width / spec.columns, GRID_HEIGHT / spec.rows, CELL.biggest);
  board.size = Math.max(CELL.smallest, Math.floor(most));
  board.table = isDark(root) ? spec.theme.dark : spec.theme.light;
  grid.style.gridTemplateColumns = `repeat(${spec.columns}, ${board.size}px)`;
  grid.style.setProperty("--cell", `${board.size}px`);
  drawAll(board);
}

// Draw every cell: the scale or the numbers' length may have changed.
function drawAll(board) {
  board.scale = board.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  board.text = chooseText(board);
  board.grid.style.fontSize = board.text ? `${board.text.font}px` : "";
  board.cells.forEach((_, k) => drawCell(board, k));
  drawLegend(board);
}

// How many digits let every number fit in its cell; null when none does.
function chooseText({ spec, values, size }) {
  const font = Math.min(FONT.largest, Math.max(FONT.smallest, size * FONT.perCell));
  for (let digits = spec.theme.digits; digits > 0; digits -= 1) {
    const texts = Array.from(values, (value) => shortNumber(value, digits, spec.theme));
    const longest = Math.max(...texts.map((text) => text.length));
    for (const each of [font, FONT.smallest]) {
      if (longest * each * FONT.letter + 4 <= size) return { digits, font: each };
    }
  }
  return null;
}

function drawCell(board, k) {
  const { spec, table, scale, text } = board;
  const cell = board.cells[k];
  const value = board.values[k];
  const { half } = spec.theme;
  const entry = 4 * (scale ? half + Math.round((half * value) / scale) : half);
  const edited = board.edited.has(k);
  cell.style.backgroundColor = `rgb(${table[entry]}, ${table[entry + 1]}, ${table[entry + 2]})`;
  cell.style.color = spec.theme.inks[table[entry + 3]];
  cell.textContent = text ? shortNumber(value, text.digits, spec.theme) : "";
  cell.classList.toggle("edited", edited);
  cell.dataset.value = exactNumber(value, board.values);
  cell.setAttribute("aria-label", describe(board, k));
}

function indexText(board, k) {
  return `[${fullIndex(board.spec, k).join(", ")}]`;
}

function describe(board, k) {
  const { labels } = board.spec;
  return fill(board.edited.has(k) ? labels.changed : labels.cell, {
    index: indexText(board, k),
    value: exactNumber(board.values[k], board.values),
    before: exactNumber(board.spec.original[k], board.spec.original),
  });
}

// Say what is pointed at or focused, or else what can be done.
function readOut(board) {
  const { labels } = board.spec;
  const isFocused = board.grid.contains(board.grid.getRootNode().activeElement);
  const k = board.hovered ?? (isFocused ? board.focused : null);
  board.readout.textContent = k === null || k >= board.spec.count ? labels.hint : describe(board, k);
  board.readout.classList.toggle("idle", k === null);
}

function drawLegend(board) {
  const { legend, scale, table, spec } = board;
  const stops = [];
  for (let entry = 0; entry < table.length; entry += 4 * 17) {
    stops.push(`rgb(${table[entry]}, ${table[entry + 1]}, ${table[entry + 2]})`);
  }
  legend.replaceChildren();
  make(legend, "div", "bar").style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  const ends = make(legend, "div", "ends");
  for (const end of scale ? [-scale, 0, scale] : [0]) {
    make(ends, "span", "", shortNumber(end, spec.theme.digits, spec.theme));
  }
}
