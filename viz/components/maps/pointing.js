// Pointing at a cell by mouse, touch and keys; what is pointed at, in words and in outline.

const PAGE_ROWS = 10; // rows that PageUp and PageDown go in a single matrix

// Show in outline and in words what is pointed at, or else what is pinned.
function refresh(view) {
  const { spec, readout, stage } = view;
  const k = view.hovered ?? view.pinned;
  const cells = [];
  if (view.pinned !== null) cells.push({ k: view.pinned, colour: stage.palette.accent });
  if (view.hovered !== null) cells.push({ k: view.hovered, colour: stage.palette.text });
  paintOutlines(view, cells);
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
  element(readout, "span", "index", `[${index.join(", ")}] =`);
  readout.append(" ");
  element(readout, "span", "value", value);
}

function hover(view, k) {
  if (k === view.hovered) return;
  view.hovered = k;
  refresh(view);
}

// One cell of all maps is pinned at a time.
function pin(view, k) {
  for (const other of view.stage.views) {
    if (other === view || other.pinned === null) continue;
    other.pinned = null;
    refresh(other);
  }
  view.pinned = k;
  view.hovered = null;
  refresh(view);
  view.stage.send({ map: view.spec.key, index: k === null ? null : fullIndex(view.spec, k) });
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
    const to = k === null ? 0 : moved(view, k, event.key, event.ctrlKey);
    scrollTo(view, to);
    hover(view, to);
  } else if ((event.key === "Enter" || event.key === " ") && k !== null) {
    pin(view, k);
  } else if (event.key === "Escape" && k !== null) {
    if (view.pinned !== null) pin(view, null);
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
    if (k !== null) pin(view, k);
  });
  scroller.addEventListener("keydown", (event) => onKey(view, event));
  scroller.addEventListener("blur", () => hover(view, null));
  scroller.addEventListener("scroll", () => {
    paintCells(view);
    refresh(view);
  });
}
