// One file without a server: mounts the app's own components on the data that the file holds.
//
// In front of this stand the components, each as a function of its name, and COMPONENTS with
// their html and css. The data are the JSON of the element "data", see viz/offline.py.

const data = JSON.parse(document.getElementById("data").textContent);
const part = (name) => document.getElementById(name);
const mounted = new Map();

/** Call a component as the app does: in a shadow root of its own, again when its data change. */
function show(name, componentData, onTrigger) {
  const { html, css, mount } = COMPONENTS[name];
  const before = mounted.get(name);
  before?.leave?.();
  const root = before?.root ?? part(name).attachShadow({ mode: "open" });
  if (!before) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    root.append(document.createRange().createContextualFragment(html));
  }
  const leave = mount({ data: componentData, parentElement: root, setTriggerValue: onTrigger });
  mounted.set(name, { root, leave });
}

function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** The maps of one node, or a sentence where the file does not hold them. */
function inspect(node) {
  const view = data.views[node];
  part("absent").hidden = Boolean(view);
  for (const name of ["subtitle", "maps", "proof"]) part(name).hidden = !view;
  part("heading").textContent = view?.heading ?? node;
  if (!view) return;
  part("subtitle").textContent = view.subtitle;
  const lines = view.proof.map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  });
  part("proof").replaceChildren(...lines);
  show("maps", bytes(view.maps), () => {});
}

show("strip", data.strip, (_, chosen) => inspect(chosen.node));
if (data.graph) show("graph", data.graph, (_, chosen) => inspect(chosen.id));
inspect(data.node);
