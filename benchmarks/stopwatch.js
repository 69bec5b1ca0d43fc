// Times, inside the page, from the next press of the pointer until what is shown equals `expected`
// and the frame that shows it has been drawn.
() => {
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
    let begin = null;
    window.watched = new Promise((done) => {
      const observer = new MutationObserver(() => {
        if (begin === null || window.shown(selector) !== expected) return;
        observer.disconnect();
        drawn(() => done(performance.now() - begin));
      });
      const everything = { subtree: true, childList: true, characterData: true };
      for (const root of roots(document)) observer.observe(root, everything);
      const press = () => (begin = performance.now());
      document.addEventListener("pointerdown", press, { capture: true, once: true });
    });
  };
}
