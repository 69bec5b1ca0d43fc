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
