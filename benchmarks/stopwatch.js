// Times, inside the page, from the next press of the pointer until the frame is drawn that shows
// the answer: what is `expected`, or, where that is not known, what stays for QUIET milliseconds.
() => {
  const QUIET = 700;

  const roots = (root) => {
    const hosts = [...root.querySelectorAll("*")].filter((element) => element.shadowRoot);
    return [root, ...hosts.flatMap((host) => roots(host.shadowRoot))];
  };

  /** The text of everything that matches, shadow roots included. */
  window.shown = (selector) =>
    roots(document)
      .flatMap((root) => [...root.querySelectorAll(selector)])
      .map((element) => element.textContent)
      .join("\n");

  /** Calls back once, after the next frame was drawn. */
  const drawn = (done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    requestAnimationFrame(() => channel.port2.postMessage(null));
  };

  window.startWatch = (selector, expected) => {
    const before = window.shown(selector);
    let begin = null;
    let last = before;
    let quiet = null;
    window.watched = new Promise((done) => {
      const end = (took) => {
        observer.disconnect();
        done(took);
      };
      const observer = new MutationObserver(() => {
        const now = window.shown(selector);
        if (begin === null || now === last) return;
        last = now;
        drawn(() => {
          const took = performance.now() - begin;
          clearTimeout(quiet);
          if (now === expected) end(took);
          else if (expected === null && now !== before) quiet = setTimeout(end, QUIET, took);
        });
      });
      const everything = { subtree: true, childList: true, characterData: true };
      for (const root of roots(document)) observer.observe(root, everything);
      const press = () => (begin = performance.now());
      document.addEventListener("pointerdown", press, { capture: true, once: true });
    });
  };
}
