// Made by python -m scripts.front bundle; change the modules it names.
"use strict";
(() => {
  // viz/front/dag/dag.css
  var dag_default = '.backlight-dag {\n  --ink: var(--st-text-color, #1f1d36);\n  --paper: var(--st-background-color, white);\n  --accent-line: color-mix(in srgb, var(--accent) 70%, var(--ink));\n  max-height: 15rem;\n  overflow: auto;\n  color: var(--ink);\n  scrollbar-width: thin;\n}\n\n.backlight-dag svg {\n  display: block;\n  max-width: none;\n  margin-inline: auto;\n}\n\n.graph > polygon {\n  fill: none;\n}\n\n.node polygon {\n  fill: color-mix(in srgb, var(--ink) 5%, var(--paper));\n  stroke: color-mix(in srgb, var(--ink) 45%, var(--paper));\n}\n\n.node text,\n.edge text {\n  fill: var(--ink);\n}\n\n.node[role="button"] {\n  cursor: pointer;\n}\n\n.node[data-state="output"] polygon {\n  fill: none;\n  stroke-dasharray: 3 2;\n}\n\n.node[data-state="input"] polygon {\n  stroke-dasharray: 3 2;\n}\n\n.node[data-state="unknown"] polygon {\n  fill: var(--paper);\n  stroke-dasharray: 2 3;\n}\n\n.node[data-state="broken"] polygon {\n  fill: color-mix(in srgb, #c0392b 18%, var(--paper));\n  stroke: #c0392b;\n  stroke-width: 2.5;\n}\n\n.node[role="button"]:hover polygon {\n  stroke: var(--accent-line);\n  stroke-width: 2;\n}\n\n.node.chosen polygon {\n  stroke: var(--accent-line);\n  stroke-width: 3;\n}\n\n.node.chosen:not([data-state="broken"]) polygon {\n  fill: color-mix(in srgb, var(--accent) 14%, var(--paper));\n}\n\n.node:focus {\n  outline: none;\n}\n\n.node:focus-visible {\n  outline: 3px solid var(--accent-line);\n  outline-offset: 2px;\n}\n\n.edge {\n  pointer-events: none;\n}\n\n.edge path,\n.edge polygon {\n  stroke: color-mix(in srgb, var(--ink) 75%, var(--paper));\n}\n\n.edge polygon {\n  fill: color-mix(in srgb, var(--ink) 75%, var(--paper));\n}\n';

  // viz/front/element.js
  function element(parent, tag, className = "", text = "") {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    parent.append(made);
    return made;
  }
  function focused(part2) {
    const root = part2.getRootNode();
    return root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
  }

  // viz/front/mounting.js
  function mounting(className, make) {
    const mounted = /* @__PURE__ */ new WeakMap();
    function begin2(parent, data) {
      const root = element(parent, "div", className);
      const view = make(root, data);
      const leave = () => {
        view.remove?.();
        root.remove();
        mounted.delete(parent);
      };
      mounted.set(parent, { view, leave });
      return { view, leave };
    }
    return ({ data, parentElement, setTriggerValue, setStateValue }) => {
      if (!data) return void 0;
      const { view, leave } = mounted.get(parentElement) ?? begin2(parentElement, data);
      view.update(data, setTriggerValue, setStateValue ?? setTriggerValue);
      return leave;
    };
  }

  // viz/front/svg.js
  function parseSvg(text) {
    const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    if (!(svg instanceof SVGSVGElement)) throw new Error("The drawing is not SVG.");
    for (const bad of svg.querySelectorAll("script, foreignObject, image, style, a, use")) {
      bad.remove();
    }
    for (const part2 of [svg, ...svg.querySelectorAll("*")]) {
      for (const { name } of [...part2.attributes]) {
        if (/^on|href$|^style$/i.test(name)) part2.removeAttribute(name);
      }
    }
    return svg;
  }

  // viz/front/dag/dag.js
  var ID_PREFIX = "layer-";
  var MARGIN = 48;
  function scrolling(low, high, from, to) {
    return low < from + MARGIN ? low - from - MARGIN : Math.max(high - to + MARGIN, 0);
  }
  function movedTo(ids, id, key) {
    const at = ids.indexOf(id);
    const last = ids.length - 1;
    const places = /* @__PURE__ */ new Map([
      ["ArrowLeft", at - 1],
      ["ArrowUp", at - 1],
      ["ArrowRight", at + 1],
      ["ArrowDown", at + 1],
      ["Home", 0],
      ["End", last]
    ]);
    const place = places.get(key);
    return place === void 0 ? void 0 : ids[Math.min(Math.max(place, 0), last)];
  }
  var DagView = class {
    /**
     * @param {HTMLElement} root
     * @param {DagData} data
     */
    constructor(root, data) {
      this.root = root;
      this.data = data;
      this.shown = null;
      this.send = () => {
      };
      this.parts = /* @__PURE__ */ new Map();
      root.addEventListener("click", (event) => this.select(idOf(event.target)));
      root.addEventListener("keydown", (event) => this.key(event));
    }
    /**
     * @param {DagData} data
     * @param {Send} send
     */
    update(data, send) {
      const redraw = this.shown?.svg !== data.svg;
      const reveal = redraw || this.shown?.chosen !== data.chosen;
      const at = idOf(focused(this.root));
      this.data = data;
      this.shown = data;
      this.send = send;
      this.root.style.setProperty("--accent", data.colours.accent);
      this.root.style.setProperty("--accent-ink", data.colours.ink);
      if (redraw) this.draw();
      this.name();
      this.choose(data.chosen, reveal);
      if (at) this.focus(at);
    }
    draw() {
      const svg = document.importNode(parseSvg(this.data.svg), true);
      const { width, height } = svg.viewBox.baseVal;
      svg.setAttribute("width", String(width));
      svg.setAttribute("height", String(height));
      svg.setAttribute("role", "group");
      for (const title of svg.querySelectorAll("title")) title.remove();
      this.parts = /* @__PURE__ */ new Map();
      for (const part2 of svg.querySelectorAll("g")) {
        if (part2.matches(".node")) this.parts.set(part2.id.slice(ID_PREFIX.length), part2);
      }
      this.root.replaceChildren(svg);
    }
    /** Ids of the boxes that can be chosen. */
    get ids() {
      return this.data.nodes.filter(({ state }) => state !== "output").map(({ id }) => id);
    }
    /** Give every box its spoken name and its state. */
    name() {
      this.root.firstElementChild?.setAttribute("aria-label", this.data.label);
      for (const { id, title, state } of this.data.nodes) {
        const part2 = this.parts.get(id);
        if (!part2) continue;
        part2.dataset.state = state;
        part2.setAttribute("aria-label", title);
        if (state === "output") continue;
        part2.setAttribute("role", "button");
        part2.setAttribute("tabindex", "-1");
      }
    }
    /**
     * @param {string} id
     * @param {boolean} reveal
     */
    choose(id, reveal) {
      for (const other of this.ids) {
        this.parts.get(other)?.classList.toggle("chosen", other === id);
        this.parts.get(other)?.setAttribute("aria-pressed", String(other === id));
      }
      this.rove(id);
      if (reveal) this.reveal(id);
    }
    /**
     * Move the single tab stop.
     * @param {string} id
     */
    rove(id) {
      for (const part2 of this.root.querySelectorAll("[tabindex='0']")) {
        part2.setAttribute("tabindex", "-1");
      }
      this.parts.get(id)?.setAttribute("tabindex", "0");
    }
    /**
     * Scroll the picture, never the page, until a box is in view.
     * @param {string} id
     */
    reveal(id) {
      const box = this.parts.get(id)?.getBoundingClientRect();
      if (!box) return;
      const frame = this.root.getBoundingClientRect();
      this.root.scrollLeft += scrolling(box.left, box.right, frame.left, frame.right);
      this.root.scrollTop += scrolling(box.top, box.bottom, frame.top, frame.bottom);
    }
    /** @param {KeyboardEvent} event */
    key(event) {
      const id = idOf(event.target);
      if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
      const to = movedTo(this.ids, id, event.key);
      if (event.key === "Enter" || event.key === " ") this.select(id);
      else if (to !== void 0) this.focus(to);
      else return;
      event.preventDefault();
    }
    /** @param {string} id */
    focus(id) {
      if (!this.parts.has(id)) return;
      this.rove(id);
      this.parts.get(id)?.focus({ preventScroll: true });
      this.reveal(id);
    }
    /**
     * The visitor chose a box: light it, then tell the server.
     * @param {string} id
     */
    select(id) {
      if (!id) return;
      this.choose(id, false);
      this.send("select", { id });
    }
  };
  function idOf(target) {
    const part2 = target instanceof Element ? target.closest("g.node[role=button]") : null;
    return part2 ? part2.id.slice(ID_PREFIX.length) : "";
  }

  // viz/front/dag/mount.js
  var mount_default = mounting(
    "backlight-dag",
    (root, data) => new DagView(root, data)
  );

  // viz/front/offline/part.js
  function begin(part2, sheet) {
    const root = part2.attachShadow({ mode: "open" });
    const styles = new CSSStyleSheet();
    styles.replaceSync(sheet);
    root.adoptedStyleSheets = [styles];
    return root;
  }
  function showing(part2, mount, sheet) {
    const parentElement = begin(part2, sheet);
    return (data, setTriggerValue) => {
      mount({ data, parentElement, setTriggerValue, setStateValue: setTriggerValue });
    };
  }

  // viz/front/offline/offline.js
  function part(id) {
    const found = document.getElementById(id);
    if (!found) throw new Error(`The file has no element "${id}".`);
    return found;
  }
  var { network } = JSON.parse(part("data").textContent);
  var show = showing(part("network"), mount_default, dag_default);
  function choose(chosen) {
    show({ ...network, chosen }, (_, sent) => choose(
      /** @type {{id: string}} */
      sent.id
    ));
  }
  choose(network.chosen);
})();
