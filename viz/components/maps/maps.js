// Rows of heatmaps on canvas: exact values under the pointer, keyboard, clicks.
//
// viz/maps.py joins the files of this folder to one module. Words, colours and thresholds come
// with the data; the scripts decide only where things go. A `stage` is one mounted component,
// a `view` is one map on it. A cell is named by its offset k among the cells that were sent.

const stages = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".maps");
  if (!data || !root) return undefined;
  const stage = stages.get(root) ?? { root, views: [], signature: "" };
  stages.set(root, stage);
  stage.onPicture ??= ({ detail }) => detail.what === "maps.png" && savePicture(stage, detail.file);
  stage.send = (value) => setTriggerValue("cell", value);
  show(stage, readPacket(data));
  const watcher = new ResizeObserver(() => arrange(stage));
  const repaint = (event) => {
    // Another theme (see maps.css), or a font that has arrived for the numbers.
    if (event.target === root || event.type === "loadingdone") arrange(stage, true);
  };
  watcher.observe(root);
  root.addEventListener("transitionend", repaint);
  document.fonts.addEventListener("loadingdone", repaint);
  document.addEventListener(PICTURE_BUS, stage.onPicture);
  return () => {
    watcher.disconnect();
    root.removeEventListener("transitionend", repaint);
    document.fonts.removeEventListener("loadingdone", repaint);
    document.removeEventListener(PICTURE_BUS, stage.onPicture);
  };
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
