// Runs in every page before the page's own scripts, and keeps what the benchmarks ask for. Times
// are from the next press of the pointer until the frame is drawn that shows the answer.
(() => {
  /** @type {number[]} when messages went over the page's websockets, either way */
  const messages = [];
  const note = () => messages.push(performance.now());
  window.WebSocket = class extends WebSocket {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", note);
    }
    send(data) {
      note();
      super.send(data);
    }
  };

  let shift = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) shift += value;
  }).observe({ type: "layout-shift", buffered: true });

  let paints = 0;
  document.addEventListener("backlight:painted", () => (paints += 1));

  const next = (kind) =>
    new Promise((done) => document.addEventListener(kind, done, { capture: true, once: true }));

  const changed = () =>
    new Promise((done) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        done();
      });
      observer.observe(document, { subtree: true, childList: true, characterData: true });
    });

  /** Resolves after the next frame was drawn, to when that was. */
  const drawn = () =>
    new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now());
      requestAnimationFrame(() => port2.postMessage(null));
    });

  window.stopwatch = {
    /** How far the layout has moved by itself, as the browser sums it up. */
    shift: () => shift,
    /** How often maps were painted. */
    paints: () => paints,

    /** Until an element has a text. */
    async untilSays(selector, text) {
      const { timeStamp } = await next("pointerdown");
      while (document.querySelector(selector)?.textContent !== text) await changed();
      return { took: (await drawn()) - timeStamp };
    },

    /** Until the maps of a choice are painted: of which one, and how many messages went before. */
    async untilPainted() {
      const { timeStamp } = await next("pointerdown");
      const { detail } = await next("backlight:painted");
      const end = await drawn();
      const within = messages.filter((at) => timeStamp <= at && at <= end);
      const { search } = window.location;
      return { took: end - timeStamp, node: detail.node, query: search, messages: within.length };
    },
  };
})();
