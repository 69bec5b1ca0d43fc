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
    top += words + Math.max(...row.map(({ height }) => height)) + PICTURE_LEGEND.height + PICTURE_MARGIN;
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
